package io.holdfast.benchmarks.scenario;

import java.util.List;
import java.util.Set;

/**
 * In each round all order at once, with a voucher that one of them can use, and again with one that
 * a tenth of them can use. All could pay without.
 */
final class VoucherRace implements Scenario {

  private static final long PRICE_MINOR = 10_00;
  private static final long VOUCHER_MINOR = 7_00;
  private static final long PLENTY = 1_000_000;
  private static final int ACTORS_PER_USE = 10;

  @Override
  public String name() {
    return "voucher";
  }

  @Override
  public String about() {
    return "many orders for one single-use voucher, and for one that a tenth of them can use";
  }

  @Override
  public Set<String> sizes() {
    return Set.of(ScenarioSettings.ROUNDS);
  }

  @Override
  public void run(Stage stage) throws InterruptedException {
    var shop = stage.shop();
    String sku = shop.good(PRICE_MINOR, PLENTY);
    var customers = stage.customers(PLENTY);
    for (int round = 0; round < stage.settings().rounds(); round++) {
      String once = shop.voucher(VOUCHER_MINOR, 1);
      String limited = shop.voucher(VOUCHER_MINOR, stage.settings().actors() / ACTORS_PER_USE);
      stage.all(
          (number, random) -> {
            var basket = Basket.of(customers.get(number), sku, 1);
            boolean onceFirst = random.nextBoolean();
            shop.order(basket.withVoucher(onceFirst ? once : limited));
            shop.order(basket.withVoucher(onceFirst ? limited : once));
          });
    }
  }

  @Override
  public List<Invariant> invariants() {
    return List.of(
        new Invariant(
            "each voucher is used by exactly as many as may use it",
            MoneyInvariants::vouchersUsedUp),
        new Invariant(
            "whoever came too late was refused for that", TradeInvariants::refusedForTheVoucher));
  }
}
