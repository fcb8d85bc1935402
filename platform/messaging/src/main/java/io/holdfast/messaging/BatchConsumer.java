package io.holdfast.messaging;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.kafka.listener.BatchConsumerAwareMessageListener;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionOperations;

/**
 * One poll, one transaction. Offsets follow the commit, never the other way round.
 *
 * <p>Three kinds of failure, kept apart: the infrastructure fails, then the exception leaves this
 * class and the container polls the same records again, for ever, with backoff; something is not
 * visible yet, then the batch is redone here, a limited number of times; a message is impossible,
 * then the batch is halved until it stands alone, and it is parked.
 */
final class BatchConsumer implements BatchConsumerAwareMessageListener<String, byte[]> {

  private static final Logger log = LoggerFactory.getLogger(BatchConsumer.class);
  private static final int MAX_REDOS = 12;
  private static final Duration FIRST_REDO_AFTER = Duration.ofMillis(1);
  private static final Duration LAST_REDO_AFTER = Duration.ofMillis(100);

  private final Subscription subscription;
  private final Inbox inbox;
  private final ParkedMessageStore parked;
  private final TransactionOperations transactions;
  private final MeterRegistry metrics;
  private final DistributionSummary batchSize;

  BatchConsumer(
      Subscription subscription,
      Inbox inbox,
      ParkedMessageStore parked,
      TransactionOperations transactions,
      MeterRegistry metrics) {
    this.subscription = subscription;
    this.inbox = inbox;
    this.parked = parked;
    this.transactions = transactions;
    this.metrics = metrics;
    this.batchSize = metrics.summary("inbox.batch.size", "consumer", subscription.consumer());
  }

  private record Message(ConsumerRecord<String, byte[]> record, Envelope envelope) {}

  @Override
  public void onMessage(
      List<ConsumerRecord<String, byte[]>> records, @Nullable Consumer<?, ?> consumer) {
    onMessage(records);
    throttle(requireNonNull(consumer));
  }

  /** Says it again each time: partitions come and go, and none keeps what was said before. */
  void throttle(Consumer<?, ?> consumer) {
    var waiting = subscription.throttle().waiting();
    if (waiting.isEmpty() && consumer.paused().isEmpty()) {
      return;
    }
    var pause = new ArrayList<TopicPartition>();
    var resume = new ArrayList<TopicPartition>();
    for (var partition : consumer.assignment()) {
      (waiting.contains(partition.topic()) ? pause : resume).add(partition);
    }
    consumer.pause(pause);
    consumer.resume(resume);
  }

  @Override
  public void onMessage(List<ConsumerRecord<String, byte[]>> records) {
    var messages = new ArrayList<Message>(records.size());
    for (var record : records) {
      try {
        messages.add(new Message(record, EnvelopeCodec.decode(record)));
      } catch (InvalidMessage e) {
        park(record, e);
      }
    }
    if (!messages.isEmpty()) {
      handle(messages);
      batchSize.record(messages.size());
    }
  }

  private void handle(List<Message> messages) {
    try {
      redoWhileUnseen(messages.stream().map(Message::envelope).toList());
    } catch (RuntimeException e) {
      if (isTransient(e)) {
        throw e;
      }
      if (messages.size() == 1) {
        park(messages.getFirst().record(), e);
      } else {
        int middle = messages.size() / 2;
        handle(messages.subList(0, middle));
        handle(messages.subList(middle, messages.size()));
      }
    }
  }

  private void redoWhileUnseen(List<Envelope> batch) {
    var pause = FIRST_REDO_AFTER;
    for (int redo = 0; ; redo++) {
      try {
        boolean isOrphan = redo == MAX_REDOS && batch.size() == 1;
        inTransaction(batch, isOrphan);
        return;
      } catch (RedoBatch | DuplicateKeyException e) {
        // A key that another transaction has inserted since this one looked is seen next time.
        metrics.counter("inbox.batch.redone", "consumer", subscription.consumer()).increment();
        if (redo == MAX_REDOS) {
          throw e;
        }
        pause = waitAndDouble(pause);
      }
    }
  }

  private void inTransaction(List<Envelope> batch, boolean isOrphan) {
    transactions.executeWithoutResult(
        _ -> {
          var fresh = inbox.claim(subscription.consumer(), batch);
          if (isOrphan && fresh.size() == 1) {
            subscription.handler().handleOrphan(fresh.getFirst());
          } else if (!fresh.isEmpty()) {
            subscription.handler().handle(fresh);
          }
          metrics
              .counter("inbox.duplicates", "consumer", subscription.consumer())
              .increment(batch.size() - fresh.size());
        });
  }

  private void park(ConsumerRecord<String, byte[]> record, RuntimeException cause) {
    log.error(
        "{} parks a message that it cannot handle: {}-{}@{}, key {}",
        subscription.consumer(),
        record.topic(),
        record.partition(),
        record.offset(),
        record.key(),
        cause);
    parked.park(subscription.consumer(), record, String.valueOf(cause));
    metrics.counter("inbox.parked", "consumer", subscription.consumer()).increment();
  }

  private static Duration waitAndDouble(Duration pause) {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a batch waits to be redone", e);
    }
    var doubled = pause.multipliedBy(2);
    return doubled.compareTo(LAST_REDO_AFTER) < 0 ? doubled : LAST_REDO_AFTER;
  }

  /**
   * Whether the same batch may well pass later: connections, deadlocks, timeouts, a server that is
   * going down.
   */
  static boolean isTransient(RuntimeException e) {
    if (e instanceof TransientDataAccessException
        || e instanceof DataAccessResourceFailureException
        || e instanceof QueryTimeoutException
        || e instanceof CannotGetJdbcConnectionException
        || e instanceof TransactionException
        || Thread.currentThread().isInterrupted()) {
      return true;
    }
    return e instanceof DataAccessException data
        && data.getMostSpecificCause() instanceof SQLException sql
        && sql.getSQLState() != null
        && isTransientState(sql.getSQLState());
  }

  /** Classes of PostgreSQL error codes, appendix A of its manual. */
  private static boolean isTransientState(String state) {
    return switch (state.substring(0, 2)) {
      case "08", "25", "28", "40", "53", "55", "57", "58" -> true;
      default -> false;
    };
  }
}
