package io.holdfast.contracts.saga;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Input of the saga {@code place-order}.
 *
 * @param walletId who pays
 * @param lines what is bought, at least one
 * @param totalMinor what it costs in all, in minor units of the currency
 * @param currency ISO 4217 code
 * @param paymentMethod the provider's token of the card that pays what the wallet does not; null:
 *     the wallet pays all
 */
public record PlaceOrder(
    UUID walletId,
    List<Line> lines,
    long totalMinor,
    String currency,
    @Nullable String paymentMethod) {

  /** The name of the definition that takes this input. */
  public static final String DEFINITION = "place-order";

  public PlaceOrder {
    lines = List.copyOf(lines);
  }

  /**
   * @param sku which good
   * @param quantity how many pieces, at least 1
   */
  public record Line(String sku, long quantity) {}
}
