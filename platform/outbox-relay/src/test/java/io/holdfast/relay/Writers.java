package io.holdfast.relay;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Threads that write rows in interleaved transactions, some rolled back, and go on through crashes.
 * A commit whose outcome is unknown is looked up, so that {@link #committed} is exactly what the
 * database has.
 */
final class Writers implements AutoCloseable {

  private final TestPostgres postgres;
  private final String topic;
  private final Set<String> committed = ConcurrentHashMap.newKeySet();
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
      String doubtful = null;
      try (var connection = postgres.connect()) {
        connection.setAutoCommit(false);
        while (!stopping) {
          String body = writer + "-" + n++;
          Outboxes.append(connection, "orders", List.of(Outboxes.message(topic, body)));
          if (ThreadLocalRandom.current().nextInt(10) == 0) {
            connection.rollback();
          } else {
            doubtful = body;
            connection.commit();
            committed.add(body);
            doubtful = null;
          }
        }
      } catch (SQLException e) {
        if (doubtful != null) {
          resolve(doubtful);
        }
      }
    }
  }

  private void resolve(String body) {
    while (true) {
      try (var connection = postgres.connect();
          var query =
              connection.prepareStatement(
                  "select 1 from orders.outbox where position(? in encode(payload, 'escape')) > 0")) {
        query.setString(1, topic + "\\000\\000\\000\\" + "%03o".formatted(4 + body.length()) + "key-" + body);
        if (query.executeQuery().next()) {
          committed.add(body);
        }
        return;
      } catch (SQLException e) {
        Thread.onSpinWait();
      }
    }
  }

  int count() {
    return committed.size();
  }

  Set<String> committed() {
    return Set.copyOf(committed);
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
