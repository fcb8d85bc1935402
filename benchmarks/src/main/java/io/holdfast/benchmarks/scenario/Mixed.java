package io.holdfast.benchmarks.scenario;

import io.holdfast.benchmarks.scenario.CardProvider.Manners;
import io.holdfast.quickstart.Service;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Everything at once: orders by wallet, card and voucher, cancels, refunds, approvals, shipping
 * from a clumsy warehouse, withdrawals, top-ups, metered services, receipts and adjustments.
 */
final class Mixed implements Scenario {

  private static final int GOODS = 8;
  private static final long PRICE_MINOR = 10_00;
  private static final long PIECES = 300;
  private static final long EXPENSIVE_MINOR = 600_00;
  private static final long APPROVAL_ABOVE_MINOR = 500_00;
  private static final long BALANCE_MINOR = 200_00;
  private static final long UNIT_PRICE_MINOR = 7;
  private static final int FREE_UNITS = 20;
  private static final int MOST_UNITS = 30;
  private static final int VOUCHERS = 5;
  private static final long VOUCHER_MINOR = 12_00;
  private static final int VOUCHER_USES = 10;
  private static final int LARGEST_ORDER = 4;
  private static final int LARGEST_AMOUNT_MINOR = 60_00;
  private static final int CUSTOMERS_PER_REVIEWER = 10;
  private static final long LOOK_EVERY_MILLIS = 200;
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(400);
  private static final Duration LONGEST_DOUBT = Duration.ofMillis(150);
  private static final Duration QUIET_LIMIT = Duration.ofMinutes(1);
  private static final List<String> CARDS =
      List.of(
          "pm_card_visa",
          "pm_card_visa",
          "pm_card_visa",
          "pm_card_chargeDeclined",
          "pm_card_captureDeclined",
          "pm_card_lostAnswer",
          "pm_card_refundPending");
  private static final List<String> TOP_UP_CARDS =
      List.of("pm_card_visa", "pm_card_pending", "pm_card_pendingDeclined");

  @Override
  public String name() {
    return "mixed";
  }

  @Override
  public String about() {
    return "all that together with cancels, refunds, approvals, shipping and stock adjustments";
  }

  @Override
  public Set<String> sizes() {
    return Set.of(ScenarioSettings.SECONDS);
  }

  @Override
  public List<String> serviceArguments() {
    return List.of(
        "--holdfast.order.fulfilment.enabled=true",
        "--holdfast.order.approval.above-minor.EUR=" + APPROVAL_ABOVE_MINOR,
        "--holdfast.wallet.quota.sms.allowance=" + FREE_UNITS,
        "--holdfast.wallet.quota.sms.unit-price-minor=" + UNIT_PRICE_MINOR,
        "--holdfast.wallet.quota.sms.currency=" + Shop.CURRENCY);
  }

  /** How the simulated warehouse behaves. */
  private record Warehouse(
      String delay, double damagedShare, double failureShare, double lostAnswerShare) {

    static final Warehouse CLUMSY = new Warehouse("PT0.05S", 0.03, 0.05, 0.05);
  }

  @Override
  public void run(Stage stage) throws InterruptedException {
    var provider = stage.provider();
    var manners = provider.manners();
    var warehouse = stage.client().get(Service.INVENTORY_SERVICE, "/warehouse").path("settings");
    try (var _ = stage.restoring(() -> provider.behave(manners));
        var _ = stage.restoring(() -> behave(stage, warehouse))) {
      provider.behave(Manners.worst(2));
      behave(stage, Warehouse.CLUMSY);
      new Day(stage).pass();
      provider.awaitQuiet(QUIET_LIMIT);
      provider.checkNewest();
    }
  }

  private static void behave(Stage stage, Object warehouse) {
    stage.client().put(Service.INVENTORY_SERVICE, "/warehouse", warehouse);
  }

  /** What happens to the run's own goods, wallets and vouchers. */
  private static final class Day {

    private final Stage stage;
    private final Shop shop;
    private final long end;
    private final List<String> goods;
    private final String expensive;
    private final String units;
    private final List<String> vouchers;
    private final List<UUID> wallets;
    private final ReviewDesk desk;
    private final ConcurrentLinkedQueue<UUID> confirmed = new ConcurrentLinkedQueue<>();

    Day(Stage stage) {
      this.stage = stage;
      this.shop = stage.shop();
      this.goods = times(GOODS, () -> shop.good(PRICE_MINOR, PIECES));
      this.expensive = shop.good(EXPENSIVE_MINOR, PIECES);
      this.units = shop.units(UNIT_PRICE_MINOR);
      this.vouchers = times(VOUCHERS, () -> shop.voucher(VOUCHER_MINOR, VOUCHER_USES));
      this.wallets = stage.customers(BALANCE_MINOR);
      this.desk = new ReviewDesk(shop, stage.settings().actors());
      this.end = stage.end();
    }

    private static List<String> times(int count, Supplier<String> made) {
      return Stream.generate(made).limit(count).toList();
    }

    void pass() throws InterruptedException {
      int customers = stage.settings().actors();
      int reviewers = customers / CUSTOMERS_PER_REVIEWER;
      stage
          .actors()
          .act(
              customers + reviewers + 1,
              (number, random) -> {
                if (number < customers) {
                  live(wallets.get(number), random);
                } else if (number < customers + reviewers) {
                  desk.work();
                } else {
                  watchNotifications();
                }
              });
    }

    /** Only the newest can be looked at: so that is done often. */
    private void watchNotifications() throws InterruptedException {
      while (Stage.isBefore(end)) {
        stage.provider().checkNewest();
        Thread.sleep(LOOK_EVERY_MILLIS);
      }
    }

    private void live(UUID wallet, SplittableRandom random) throws InterruptedException {
      try {
        while (Stage.isBefore(end)) {
          act(wallet, random);
          Stage.pause(random, LONGEST_PAUSE);
        }
      } finally {
        desk.customerLeaves();
      }
    }

    private void act(UUID wallet, SplittableRandom random) throws InterruptedException {
      int dice = random.nextInt(100);
      if (dice < 25) {
        buy(basket(wallet, random));
      } else if (dice < 38) {
        buy(basket(wallet, random).paidByCard(Stage.any(CARDS, random)));
      } else if (dice < 45) {
        buy(basket(wallet, random).withVoucher(Stage.any(vouchers, random)));
      } else if (dice < 48) {
        buyExpensive(wallet, random);
      } else if (dice < 58) {
        changeMind(wallet, random);
      } else if (dice < 70) {
        giveBack(random);
      } else if (dice < 78) {
        withdraw(wallet, random);
      } else if (dice < 84) {
        shop.credit(wallet, random.nextInt(1, LARGEST_AMOUNT_MINOR));
      } else if (dice < 89) {
        shop.topUp(
            wallet, random.nextInt(1, LARGEST_AMOUNT_MINOR), Stage.any(TOP_UP_CARDS, random));
      } else if (dice < 93) {
        use(wallet, random);
      } else if (dice < 96) {
        shop.receive(Stage.any(goods, random), random.nextInt(1, 20));
      } else {
        shop.adjust(Stage.any(goods, random), random.nextBoolean() ? 3 : -7);
      }
    }

    /** Some units are free in a month, whoever asks for them. */
    private void use(UUID wallet, SplittableRandom random) {
      int some = random.nextInt(1, MOST_UNITS);
      if (random.nextBoolean()) {
        shop.charge(wallet, some);
      } else {
        buy(Basket.ofUnits(wallet, units, some));
      }
    }

    private Basket basket(UUID wallet, SplittableRandom random) {
      return Basket.of(wallet, Stage.any(goods, random), 1 + random.nextInt(LARGEST_ORDER));
    }

    private void buy(Basket basket) {
      var order = shop.order(basket);
      if (order != null && order.isConfirmed()) {
        confirmed.add(order.orderId());
      }
    }

    private void buyExpensive(UUID wallet, SplittableRandom random) {
      var order = shop.placeOnly(Basket.of(wallet, expensive, 1).paidByCard("pm_card_visa"));
      if (order != null && order.approval() != null) {
        desk.order(order.orderId(), random);
      }
    }

    private void changeMind(UUID wallet, SplittableRandom random) throws InterruptedException {
      var order = shop.placeOnly(basket(wallet, random));
      if (order != null) {
        Stage.pause(random, LONGEST_DOUBT);
        shop.cancel(order.orderId());
      }
    }

    /** Of some orders several refunds are asked for at the same time. */
    private void giveBack(SplittableRandom random) {
      var order = confirmed.poll();
      if (order != null) {
        if (random.nextBoolean()) {
          confirmed.add(order);
        }
        shop.refund(order, random.nextBoolean() ? null : 1L, random.nextBoolean());
      }
    }

    private void withdraw(UUID wallet, SplittableRandom random) {
      var withdrawal =
          shop.withdraw(
              wallet, random.nextInt(1, LARGEST_AMOUNT_MINOR), Withdrawals.destination(random));
      if (withdrawal != null) {
        desk.withdrawal(withdrawal, random);
      }
    }
  }
}
