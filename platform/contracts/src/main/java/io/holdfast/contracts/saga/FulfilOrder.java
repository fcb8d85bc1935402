package io.holdfast.contracts.saga;

import java.util.List;
import java.util.UUID;

/**
 * Input of the saga {@code fulfil-order}, which the order service starts when an order is
 * confirmed.
 *
 * @param orderId which order
 * @param lines what is to be sent
 */
public record FulfilOrder(UUID orderId, List<PlaceOrder.Line> lines) {

  /** The name of the definition that takes this input. */
  public static final String DEFINITION = "fulfil-order";

  public FulfilOrder {
    lines = List.copyOf(lines);
  }

  /**
   * Result of the saga once it is confirmed.
   *
   * @param trackingCode by which the carrier knows the parcel
   */
  public record Shipped(String trackingCode) {}
}
