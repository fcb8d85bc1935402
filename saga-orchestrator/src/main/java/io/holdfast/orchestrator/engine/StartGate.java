package io.holdfast.orchestrator.engine;

import io.holdfast.contracts.saga.SagaContract;
import io.holdfast.messaging.Throttle;
import java.time.Duration;
import java.util.Set;
import java.util.function.IntUnaryOperator;

/**
 * Lets no more sagas begin while many wait for the first answers to their tries. Without it a crowd
 * is worked off breadth first: all are tried before the first is confirmed, deadlines pass while
 * commands stand in line, and re-sends make the lines longer.
 *
 * <p>A saga that has had to ask again does not count: it waits for something slow, and that must
 * not keep out the others. Several instances count the same rows, so together they overshoot by
 * what each lets in between two counts.
 */
final class StartGate implements Throttle {

  private static final Set<String> STARTS = Set.of(SagaContract.REQUESTS_TOPIC);
  private static final Duration RECOUNT_AFTER = Duration.ofMillis(50);

  private final int most;
  private final IntUnaryOperator countFirstTries;
  private int room;
  private boolean closed;
  private long countedAtNanos;

  /**
   * @param most first tries at the same time
   * @param countFirstTries how many there are, counted no further than its argument
   */
  StartGate(int most, IntUnaryOperator countFirstTries) {
    this.most = most;
    this.countFirstTries = countFirstTries;
  }

  synchronized void began(int sagas) {
    room -= sagas;
  }

  /** Closed when there is no room, open again when half of it is free. */
  @Override
  public synchronized Set<String> waiting() {
    boolean ask = closed ? System.nanoTime() - countedAtNanos > RECOUNT_AFTER.toNanos() : room <= 0;
    if (ask) {
      room = most - countFirstTries.applyAsInt(most);
      countedAtNanos = System.nanoTime();
      closed = room < (closed ? (most + 1) / 2 : 1);
    }
    return closed ? STARTS : Set.of();
  }
}
