package io.holdfast.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.holdfast.messaging.PackedMessages;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads that write rows in interleaved transactions, some rolled back, and go on through crashes.
 */
final class Writers implements AutoCloseable {

  private final TestPostgres postgres;
  private final String topic;
  private final AtomicInteger acknowledged = new AtomicInteger();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean stopping;

  Writers(TestPostgres postgres, String topic, int count) {
    this.postgres = postgres;
    this.topic = topic;
    for (int i = 0; i < count; i++) {
      int writer = i;
      threads.add(Thread.ofPlatform().start(() -> write(writer)));
    }
  }

  private void write(int writer) {
    int n = 0;
    while (!stopping) {
      try (var connection = postgres.connect()) {
        connection.setAutoCommit(false);
        while (!stopping) {
          String body = writer + "-" + n++;
          Outboxes.append(connection, "orders", List.of(Outboxes.message(topic, body)));
          if (ThreadLocalRandom.current().nextInt(10) == 0) {
            connection.rollback();
          } else {
            connection.commit();
            acknowledged.incrementAndGet();
          }
        }
      } catch (SQLException e) {
        // The server is down: what was in progress is decided by what it has afterwards.
        Thread.onSpinWait();
      }
    }
  }

  int count() {
    return acknowledged.get();
  }

  /** Bodies of all rows that the database has, whatever became of the answer to their commit. */
  Set<String> committed() throws SQLException {
    var bodies = new HashSet<String>();
    try (var connection = postgres.connect();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("select payload from orders.outbox")) {
      while (rows.next()) {
        byte[] payload = rows.getBytes(1);
        if (new String(payload, UTF_8).contains(topic)) {
          PackedMessages.unpack(payload)
              .forEach(message -> bodies.add(new String(message.body(), UTF_8)));
        }
      }
    }
    return bodies;
  }

  void stop() throws InterruptedException {
    stopping = true;
    for (Thread thread : threads) {
      thread.join();
    }
  }

  @Override
  public void close() throws InterruptedException {
    stop();
  }
}
