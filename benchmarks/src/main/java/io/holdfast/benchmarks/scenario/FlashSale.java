package io.holdfast.benchmarks.scenario;

import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** Everybody wants the same good, of which there is less than is wanted. All could pay. */
final class FlashSale implements Scenario {

  private static final long PRICE_MINOR = 5_00;
  private static final long PLENTY = 1_000_000_00;
  private static final int LARGEST = 3;

  @Override
  public String name() {
    return "flash-sale";
  }

  @Override
  public String about() {
    return "orders for one good of which there is less than is wanted, one to three pieces each";
  }

  @Override
  public Set<String> sizes() {
    return Set.of(ScenarioSettings.ORDERS, ScenarioSettings.STOCK);
  }

  @Override
  public void run(Stage stage) throws InterruptedException {
    var shop = stage.shop();
    String sku = shop.good(PRICE_MINOR, stage.settings().stock());
    var customers = stage.customers(PLENTY);
    var begun = new AtomicInteger();
    stage.all(
        (number, random) -> {
          while (begun.getAndIncrement() < stage.settings().orders()) {
            shop.order(Basket.of(customers.get(number), sku, 1 + random.nextInt(LARGEST)));
          }
        });
  }

  @Override
  public List<Invariant> invariants() {
    return List.of(
        new Invariant(
            "nobody was refused as long as there was enough", TradeInvariants::goodsAreUsedUp));
  }
}
