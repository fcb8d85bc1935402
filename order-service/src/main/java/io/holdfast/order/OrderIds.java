package io.holdfast.order;

import java.util.UUID;

/** Order ids as clients write them. */
final class OrderIds {

  private OrderIds() {}

  /**
   * @throws OrderProblem for an unknown order if the text cannot be an order's id: the answer tells
   *     nothing about which ids exist
   */
  static UUID parse(String text) {
    try {
      var id = UUID.fromString(text);
      if (text.length() == 36) {
        return id;
      }
    } catch (IllegalArgumentException _) {
      // falls through: what is no id is no order's id
    }
    throw OrderProblem.unknownOrder();
  }
}
