package io.holdfast.benchmarks.scenario;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * All want to withdraw from the same few wallets, whose money is not enough for all, while others
 * approve and reject the same withdrawals and money comes in.
 */
final class Withdrawals implements Scenario {

  private static final int WALLETS = 5;
  private static final long START_MINOR = 1_000_00;
  private static final int SMALLEST_MINOR = 5_00;
  private static final int LARGEST_MINOR = 50_00;
  private static final int CUSTOMERS_PER_REVIEWER = 5;
  private static final int CREDITORS = 5;
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE_OF_CREDITORS = Duration.ofMillis(200);

  @Override
  public String name() {
    return "withdrawals";
  }

  @Override
  public String about() {
    return "withdrawals from few wallets, approved and rejected at the same time, while money comes"
        + " in";
  }

  @Override
  public Set<String> sizes() {
    return Set.of(ScenarioSettings.SECONDS);
  }

  @Override
  public void run(Stage stage) throws InterruptedException {
    var shop = stage.shop();
    var wallets = IntStream.range(0, WALLETS).mapToObj(_ -> shop.customer(START_MINOR)).toList();
    int customers = stage.settings().actors();
    int reviewers = customers / CUSTOMERS_PER_REVIEWER;
    var desk = new ReviewDesk(shop, customers);
    long end = stage.end();
    stage
        .actors()
        .act(
            customers + reviewers + CREDITORS,
            (number, random) -> {
              if (number < customers) {
                withdraw(shop, wallets, desk, end, random);
              } else if (number < customers + reviewers) {
                desk.work();
              } else {
                credit(shop, wallets, end, random);
              }
            });
  }

  private static void withdraw(
      Shop shop, List<UUID> wallets, ReviewDesk desk, long end, SplittableRandom random)
      throws InterruptedException {
    try {
      while (Stage.isBefore(end)) {
        var withdrawal =
            shop.withdraw(
                Stage.any(wallets, random),
                random.nextInt(SMALLEST_MINOR, LARGEST_MINOR),
                destination(random));
        if (withdrawal != null) {
          desk.withdrawal(withdrawal, random);
        }
        Stage.pause(random, LONGEST_PAUSE);
      }
    } finally {
      desk.customerLeaves();
    }
  }

  /** One bank in ten takes nothing, another does not answer. */
  static String destination(SplittableRandom random) {
    return switch (random.nextInt(10)) {
      case 0 -> "ba_declined";
      case 1 -> "ba_lostAnswer";
      default -> "ba_good";
    };
  }

  private static void credit(Shop shop, List<UUID> wallets, long end, SplittableRandom random)
      throws InterruptedException {
    while (Stage.isBefore(end)) {
      shop.credit(Stage.any(wallets, random), random.nextInt(1, LARGEST_MINOR));
      Stage.pause(random, LONGEST_PAUSE_OF_CREDITORS);
    }
  }
}
