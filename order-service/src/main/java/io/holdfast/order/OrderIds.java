package io.holdfast.order;

import java.util.Optional;
import java.util.UUID;

/** Order ids as clients write them. */
final class OrderIds {

  private OrderIds() {}

  /**
   * @throws io.holdfast.web.Problem for an unknown order if the text cannot be an order's id: the
   *     answer tells nothing about which ids exist
   */
  static UUID parse(String text) {
    return find(text).orElseThrow(OrderProblem::unknownOrder);
  }

  /** The id; empty if the text cannot be an order's. */
  static Optional<UUID> find(String text) {
    try {
      var id = UUID.fromString(text);
      return text.length() == 36 ? Optional.of(id) : Optional.empty();
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
