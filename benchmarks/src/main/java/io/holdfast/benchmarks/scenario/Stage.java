package io.holdfast.benchmarks.scenario;

import io.holdfast.benchmarks.scenario.Actors.Actor;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.IntStream;

/** Where a scenario takes place. */
record Stage(
    ScenarioSettings settings,
    Client client,
    Shop shop,
    CardProvider provider,
    Journal journal,
    Tally tally,
    Actors actors) {

  static Stage on(Target target, ScenarioSettings settings) {
    var client = new Client(target);
    var journal = new Journal();
    var tally = new Tally();
    return new Stage(
        settings,
        client,
        new Shop(client, journal, tally),
        new CardProvider(client, journal),
        journal,
        tally,
        new Actors(settings.seed(), settings.length().plus(settings.limit()), journal));
  }

  /** As many customers as there are actors, one for each. */
  List<UUID> customers(long balanceMinor) {
    return IntStream.range(0, settings.actors())
        .parallel()
        .mapToObj(_ -> shop.customer(balanceMinor))
        .toList();
  }

  /** Each actor acts once. */
  void all(Actor actor) throws InterruptedException {
    actors.act(settings.actors(), actor);
  }

  /**
   * Puts something of the target's back as it was. If the process is told to end before that, only
   * a target that goes on without it needs it.
   */
  Restoring restoring(Runnable restore) {
    return settings.running() ? Restoring.whateverHappens(restore) : Restoring.whenClosed(restore);
  }

  /** When the time that was asked for will be over, by {@link System#nanoTime}. */
  long end() {
    return System.nanoTime() + settings.length().toNanos();
  }

  static boolean isBefore(long end) {
    return System.nanoTime() - end < 0;
  }

  /** Does nothing for a moment. */
  static void pause(SplittableRandom random, Duration atMost) throws InterruptedException {
    Thread.sleep(Duration.ofNanos(random.nextLong(atMost.toNanos())));
  }

  static <T> T any(List<T> things, SplittableRandom random) {
    return things.get(random.nextInt(things.size()));
  }
}
