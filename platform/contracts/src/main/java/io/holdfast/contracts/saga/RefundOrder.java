package io.holdfast.contracts.saga;

import java.util.List;
import java.util.UUID;

/**
 * Input of the saga {@code refund-order}, in whole or in part.
 *
 * @param orderId which order; also the id of its saga and its card payment
 * @param refundId which refund of it
 * @param walletId who gets back what the wallet paid
 * @param walletMinor that amount, in minor units of the currency; 0 if nothing
 * @param cardMinor what goes back to the card; 0 if nothing
 * @param currency ISO 4217 code
 * @param returned goods that come back into stock; none for goods that are lost
 */
public record RefundOrder(
    UUID orderId,
    UUID refundId,
    UUID walletId,
    long walletMinor,
    long cardMinor,
    String currency,
    List<PlaceOrder.Line> returned) {

  /** The name of the definition that takes this input. */
  public static final String DEFINITION = "refund-order";

  public RefundOrder {
    returned = List.copyOf(returned);
  }
}
