package io.holdfast.benchmarks.scenario;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What one order asks for.
 *
 * @param card pays what the wallet does not; null: the wallet pays all
 * @param voucher pays its part first; null for none
 * @param metered whether it is for units of a service, of which some are free
 */
record Basket(
    UUID customer,
    String sku,
    long quantity,
    @Nullable String card,
    @Nullable String voucher,
    boolean metered) {

  static Basket of(UUID customer, String sku, long quantity) {
    return new Basket(customer, sku, quantity, null, null, false);
  }

  static Basket ofUnits(UUID customer, String sku, long units) {
    return new Basket(customer, sku, units, null, null, true);
  }

  Basket paidByCard(String newCard) {
    return new Basket(customer, sku, quantity, newCard, voucher, metered);
  }

  Basket withVoucher(String code) {
    return new Basket(customer, sku, quantity, card, code, metered);
  }
}
