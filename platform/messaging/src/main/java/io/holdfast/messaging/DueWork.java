package io.holdfast.messaging;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Has the outside world do what due rows wait for: claim, call, record.
 *
 * <ul>
 *   <li><b>Claim</b>, in a transaction: due rows are leased. Where it matters whose answer counts,
 *       the lease carries a generation that says whose claim is the newest. No more are claimed
 *       than there are free places.
 *   <li><b>Call</b>, outside of any transaction: each claim on a thread of its own, because it
 *       waits for the outside world.
 *   <li><b>Record</b>, in a transaction: what was answered while the round before was recorded is
 *       the next round. So an idle service records an answer at once, and a busy one many for the
 *       price of one. A row whose claim was lost meanwhile is left alone; a round that cannot be
 *       recorded is halved, until what is wrong with it stands alone.
 * </ul>
 *
 * <p>A crash anywhere in between leaves a lease that runs out, and a row that says what may have
 * been done: whoever claims it next asks before it does anything again.
 *
 * @param <C> a claimed row
 * @param <A> what the outside world answers
 */
public final class DueWork<C, A> implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(DueWork.class);
  private static final int MAX_REDOS = 10;

  /** PostgreSQL's class of deadlocks and of transactions that cannot be serialised. */
  private static final String ROLLED_BACK = "40";

  private static final String LOCK_NOT_AVAILABLE = "55P03";
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

  /** The rows, and whom to call about them. */
  public interface Work<C, A> {

    /** Leases due rows to the caller alone. Runs in a transaction. */
    List<C> claim(int limit);

    /**
     * How long until the next row is due; {@code atMost} if none is before that. Runs in the
     * transaction of the claim.
     */
    Duration untilNextDue(Duration atMost);

    /**
     * Calls the outside world, within less time than the lease. Runs outside of any transaction.
     */
    A call(C claim);

    /**
     * Stores what was answered, and what follows from it. Runs in a transaction: it locks the rows
     * first, and passes over those whose claim is not the newest any more, or that somebody else
     * has ended.
     *
     * @param round in the order of the answers; one row may be in it twice
     * @throws RedoBatch if another transaction came in between
     */
    void record(List<Answered<C, A>> round);
  }

  /** A claimed row, and what the outside world has answered about it. */
  public record Answered<C, A>(C claim, A answer) {}

  private record Claimed<C>(List<C> claims, Duration untilNextDue) {}

  /** An answer that waits to be recorded. Whoever records it says so before it lets go the lock. */
  private static final class Waiting<C, A> {
    private final Answered<C, A> answered;
    private boolean recorded;

    Waiting(Answered<C, A> answered) {
      this.answered = answered;
    }
  }

  private final String name;
  private final Work<C, A> work;
  private final TransactionOperations transactions;
  private final TimerLoop timer;
  private final Semaphore free;
  private final ExecutorService calls;
  private final ConcurrentLinkedQueue<Waiting<C, A>> answers = new ConcurrentLinkedQueue<>();
  private final ReentrantLock recording = new ReentrantLock();

  /**
   * @param parallel most rows that are claimed and not recorded at the same time
   */
  public DueWork(String name, int parallel, TransactionOperations transactions, Work<C, A> work) {
    this.name = name;
    this.work = work;
    this.transactions = transactions;
    this.timer = new TimerLoop(name, this::startDue);
    this.free = new Semaphore(parallel);
    this.calls =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name(name + "-", 0).factory());
  }

  /** What looks for due rows; runs as long as the service. */
  public TimerLoop timer() {
    return timer;
  }

  /** Says that a row is due: once the surrounding transaction has committed, if there is one. */
  public void wakeUp() {
    AfterCommit.run(() -> timer.wakeUpIn(Duration.ZERO));
  }

  private Duration startDue() {
    int permits = free.drainPermits();
    if (permits == 0) {
      return TimerLoop.LONGEST_SLEEP;
    }
    int started = 0;
    try {
      var claimed = transactions.execute(_ -> claim(permits));
      for (var claim : claimed.claims()) {
        started++;
        calls.execute(() -> handle(claim));
      }
      return claimed.untilNextDue();
    } finally {
      free.release(permits - started);
    }
  }

  private Claimed<C> claim(int limit) {
    var claims = work.claim(limit);
    return new Claimed<>(
        claims,
        claims.size() == limit
            ? TimerLoop.LONGEST_SLEEP
            : work.untilNextDue(TimerLoop.LONGEST_SLEEP));
  }

  private void handle(C claim) {
    try {
      record(claim, work.call(claim));
    } catch (RuntimeException e) {
      log.warn("{}: {} failed; it is taken up again when its lease is over", name, claim, e);
    } finally {
      free.release();
      wakeUp();
    }
  }

  /**
   * Records an answer in the next round: also one that came in another way than by a call.
   *
   * @return false if it could not be recorded
   */
  public boolean record(C claim, A answer) {
    var waiting = new Waiting<>(new Answered<>(claim, answer));
    answers.add(waiting);
    recording.lock();
    try {
      var round = new ArrayList<Waiting<C, A>>();
      for (var next = answers.poll(); next != null; next = answers.poll()) {
        round.add(next);
      }
      if (!round.isEmpty()) {
        recordOrHalve(round);
      }
      return waiting.recorded;
    } finally {
      recording.unlock();
    }
  }

  private void recordOrHalve(List<Waiting<C, A>> round) {
    try {
      redoing(round.stream().map(waiting -> waiting.answered).toList());
      round.forEach(waiting -> waiting.recorded = true);
    } catch (RuntimeException e) {
      if (round.size() == 1 || isOfAllRows(e)) {
        log.warn(
            "{}: {} answers cannot be recorded, one about {}; they are asked for again when their lease is over",
            name,
            round.size(),
            round.getFirst().answered.claim(),
            e);
      } else {
        int middle = round.size() / 2;
        recordOrHalve(round.subList(0, middle));
        recordOrHalve(round.subList(middle, round.size()));
      }
    }
  }

  /** Another transaction may come in between: then what the answers mean is decided anew. */
  private void redoing(List<Answered<C, A>> round) {
    for (int redo = 0; ; redo++) {
      try {
        transactions.executeWithoutResult(_ -> work.record(round));
        return;
      } catch (RedoBatch | DataAccessException e) {
        if (redo == MAX_REDOS || !cameInBetween(e)) {
          throw e;
        }
      }
    }
  }

  /** It is over at once: waiting for a lock is not, and would hold up all answers each time. */
  private static boolean cameInBetween(RuntimeException e) {
    return e instanceof RedoBatch || sqlState(e).startsWith(ROLLED_BACK);
  }

  /** The database is not to be reached; a row that somebody else keeps locked is only itself. */
  private static boolean isOfAllRows(RuntimeException e) {
    return BatchConsumer.isTransient(e) && !sqlState(e).equals(LOCK_NOT_AVAILABLE);
  }

  private static String sqlState(RuntimeException e) {
    return e instanceof DataAccessException data
            && data.getMostSpecificCause() instanceof SQLException sql
            && sql.getSQLState() != null
        ? sql.getSQLState()
        : "";
  }

  /** Lets running calls end; those that do not are taken up by whoever runs next. */
  @Override
  public void close() {
    calls.shutdown();
    try {
      if (!calls.awaitTermination(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        calls.shutdownNow();
      }
    } catch (InterruptedException e) {
      calls.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
