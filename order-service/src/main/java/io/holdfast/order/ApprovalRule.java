package io.holdfast.order;

import java.util.Map;

/**
 * Which orders a reviewer has to approve.
 *
 * @param aboveMinor by currency, the largest total that needs no approval; other currencies never
 *     do
 */
record ApprovalRule(Map<String, Long> aboveMinor) {

  ApprovalRule {
    aboveMinor = Map.copyOf(aboveMinor);
  }

  boolean asksFor(long totalMinor, String currency) {
    Long limit = aboveMinor.get(currency);
    return limit != null && totalMinor > limit;
  }
}
