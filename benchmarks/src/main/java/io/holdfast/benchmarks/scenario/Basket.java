package io.holdfast.benchmarks.scenario;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What one order asks for.
 *
 * @param card pays what the wallet does not; null: the wallet pays all
 * @param voucher pays its part first; null for none
 */
record Basket(
    UUID customer, String sku, long quantity, @Nullable String card, @Nullable String voucher) {

  static Basket of(UUID customer, String sku, long quantity) {
    return new Basket(customer, sku, quantity, null, null);
  }

  Basket paidByCard(String newCard) {
    return new Basket(customer, sku, quantity, newCard, voucher);
  }

  Basket withVoucher(String code) {
    return new Basket(customer, sku, quantity, card, code);
  }
}
