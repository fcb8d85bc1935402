package io.holdfast.relay;

import io.debezium.pipeline.DataChangeEvent;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.connect.data.Struct;

/**
 * Between the thread that reads the log and the one that sends to Kafka. The reader waits when it
 * is full; the sender waits, asleep, when it is empty, and takes all there is: what gathered while
 * the last batch was sent is the next batch.
 */
final class HandoverBuffer {

  /** Below Debezium's own max.queue.size, so that its polling wait for room is never reached. */
  static final int MAX_EVENTS = 16_384;

  private static final long MAX_BYTES = 64L << 20;
  private static final long BYTES_BESIDE_PAYLOAD = 512;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition notEmpty = lock.newCondition();
  private final Condition notFull = lock.newCondition();
  private final ArrayDeque<DataChangeEvent> events = new ArrayDeque<>();
  private long bytes;

  void put(DataChangeEvent event) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (events.size() >= MAX_EVENTS || bytes >= MAX_BYTES) {
        notFull.await();
      }
      events.add(event);
      bytes += size(event);
      notEmpty.signal();
    } finally {
      lock.unlock();
    }
  }

  /** All that is there, up to a limit, oldest first; empty if nothing came in time. */
  List<DataChangeEvent> take(int limit, Duration patience) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = patience.toNanos();
      while (events.isEmpty() && left > 0) {
        left = notEmpty.awaitNanos(left);
      }
      var taken = new ArrayList<DataChangeEvent>(Math.min(limit, events.size()));
      while (taken.size() < limit && !events.isEmpty()) {
        DataChangeEvent event = events.remove();
        bytes -= size(event);
        taken.add(event);
      }
      notFull.signal();
      return taken;
    } finally {
      lock.unlock();
    }
  }

  int size() {
    lock.lock();
    try {
      return events.size();
    } finally {
      lock.unlock();
    }
  }

  private static long size(DataChangeEvent event) {
    if (event.getRecord().value() instanceof Struct value
        && value.schema().field("after") != null
        && value.get("after") instanceof Struct after
        && after.schema().field("payload") != null
        && after.get("payload") instanceof ByteBuffer payload) {
      return payload.remaining() + BYTES_BESIDE_PAYLOAD;
    }
    return BYTES_BESIDE_PAYLOAD;
  }
}
