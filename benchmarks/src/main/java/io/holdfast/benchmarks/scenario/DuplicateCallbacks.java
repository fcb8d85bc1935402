package io.holdfast.benchmarks.scenario;

import io.holdfast.benchmarks.scenario.CardProvider.Manners;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Orders paid by card and top-ups, while the provider sends each notification several times and out
 * of order, repeats old ones, tells wrong amounts, and somebody forges notifications.
 */
final class DuplicateCallbacks implements Scenario {

  private static final long PRICE_MINOR = 10_00;
  private static final long BALANCE_MINOR = 4_00;
  private static final long PLENTY = 1_000_000;
  private static final int TOP_UP_MINOR = 50_00;
  private static final int COPIES = 3;
  private static final int FORGERS = 3;
  private static final long FORTUNE_MINOR = 99_999_00;
  private static final Duration LONGEST_PAUSE_OF_FORGERS = Duration.ofMillis(500);
  private static final Duration LONG_AGO = Duration.ofHours(1);
  private static final Duration QUIET_LIMIT = Duration.ofSeconds(90);
  private static final List<String> CARDS =
      List.of("pm_card_visa", "pm_card_visa", "pm_card_lostAnswer", "pm_card_captureDeclined");
  private static final List<String> TOP_UP_CARDS =
      List.of(
          "pm_card_visa",
          "pm_card_pending",
          "pm_card_pendingDeclined",
          "pm_card_lostAnswer",
          "pm_card_chargeDeclined");

  @Override
  public String name() {
    return "duplicate-callbacks";
  }

  @Override
  public String about() {
    return "card orders and top-ups, their notifications repeated, out of order, wrong and forged";
  }

  @Override
  public Set<String> sizes() {
    return Set.of(ScenarioSettings.ROUNDS);
  }

  @Override
  public void run(Stage stage) throws InterruptedException {
    var provider = stage.provider();
    var before = provider.counts();
    var manners = provider.manners();
    try (var _ = stage.restoring(() -> provider.behave(manners))) {
      provider.behave(Manners.worst(COPIES));
      act(stage);
      provider.awaitQuiet(QUIET_LIMIT);
      provider.checkNewest();
    }
    provider
        .counts()
        .forEach((what, now) -> stage.tally().count(what, now - before.getOrDefault(what, 0L)));
  }

  private static void act(Stage stage) throws InterruptedException {
    int customers = stage.settings().actors();
    String sku = stage.shop().good(PRICE_MINOR, PLENTY);
    var wallets = stage.customers(BALANCE_MINOR);
    var busy = new AtomicInteger(customers);
    stage
        .actors()
        .act(
            customers + FORGERS,
            (number, random) -> {
              if (number < customers) {
                try {
                  buy(stage, sku, wallets.get(number), number, random);
                } finally {
                  busy.decrementAndGet();
                }
              } else {
                while (busy.get() > 0) {
                  forge(stage, random);
                  Stage.pause(random, LONGEST_PAUSE_OF_FORGERS);
                }
              }
            });
  }

  /** One half orders while the other half tops up, then the other way round. */
  private static void buy(
      Stage stage, String sku, UUID wallet, int number, SplittableRandom random) {
    for (int round = 0; round < stage.settings().rounds(); round++) {
      if ((number + round) % 2 == 0) {
        stage.shop().order(Basket.of(wallet, sku, 1).paidByCard(Stage.any(CARDS, random)));
      } else {
        stage
            .shop()
            .topUp(wallet, random.nextInt(1, TOP_UP_MINOR), Stage.any(TOP_UP_CARDS, random));
      }
    }
  }

  private static void forge(Stage stage, SplittableRandom random) {
    var provider = stage.provider();
    var topUps = List.copyOf(stage.journal().topUps());
    if (!topUps.isEmpty()) {
      provider.forge(Stage.any(topUps, random), FORTUNE_MINOR);
    }
    var events = provider.checkNewest();
    if (!events.isEmpty()) {
      provider.repeat(Stage.any(events, random), COPIES);
      provider.replay(Stage.any(events, random), LONG_AGO);
      provider.mistake(Stage.any(events, random), FORTUNE_MINOR);
    }
  }
}
