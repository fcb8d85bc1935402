package io.holdfast.benchmarks.scenario;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * One run of a scenario: it acts, somebody looks meanwhile, all comes to rest, books are checked.
 */
final class ScenarioRun {

  private static final Duration PROGRESS_EVERY = Duration.ofSeconds(3);
  private static final Duration LOOK_EVERY = Duration.ofMillis(500);

  /** What has ended is told to others by messages, a moment later. */
  private static final int LAST_LOOKS = 4;

  private static final Duration CLOCKS_DIFFER = Duration.ofSeconds(2);

  private final Target target;
  private final ScenarioSettings settings;
  private final Consumer<String> progress;

  /**
   * @param progress hears how far it is
   */
  ScenarioRun(Target target, ScenarioSettings settings, Consumer<String> progress) {
    this.target = target;
    this.settings = settings;
    this.progress = progress;
  }

  Verdict run() throws InterruptedException {
    var stage = Stage.on(target, settings);
    var begin = Instant.now();
    long beginNanos = System.nanoTime();
    progress.accept("%s: %s".formatted(settings.scenario().name(), settings.scenario().about()));
    var teller = Thread.ofVirtual().start(() -> tell(stage.tally(), beginNanos));
    try (var observer = new Observer(stage.client(), stage.journal())) {
      settings.scenario().run(stage);
    } finally {
      teller.interrupt();
    }
    double seconds = (System.nanoTime() - beginNanos) / 1e9;
    var reader =
        new BooksReader(
            stage.client(), stage.journal(), target.auditor(), begin.minus(CLOCKS_DIFFER));
    return settle(reader, seconds, stage.tally());
  }

  private void tell(Tally tally, long beginNanos) {
    try {
      while (true) {
        Thread.sleep(PROGRESS_EVERY);
        progress.accept(
            "%4d s  %s"
                .formatted(
                    (System.nanoTime() - beginNanos) / 1_000_000_000,
                    tally.counts().entrySet().stream()
                        .map(count -> "%s %,d".formatted(count.getKey(), count.getValue()))
                        .collect(Collectors.joining(", "))));
      }
    } catch (InterruptedException _) {
      // the scenario is over
    }
  }

  /** Waits until nothing is open, and reads the books until they are good or do not change. */
  private Verdict settle(BooksReader reader, double seconds, Tally tally)
      throws InterruptedException {
    progress.accept("waiting until all has come to rest");
    long end = System.nanoTime() + settings.limit().toNanos();
    while (reader.openSagas() > 0 && Stage.isBefore(end)) {
      Thread.sleep(LOOK_EVERY);
    }
    progress.accept("checking the books");
    var verdict = Verdict.of(settings, seconds, tally, reader.read());
    for (int look = 1; !verdict.isGood() && (look < LAST_LOOKS || verdict.hasOpen()); look++) {
      if (!Stage.isBefore(end)) {
        break;
      }
      Thread.sleep(LOOK_EVERY.multipliedBy(look));
      verdict = Verdict.of(settings, seconds, tally, reader.read());
    }
    return verdict;
  }
}
