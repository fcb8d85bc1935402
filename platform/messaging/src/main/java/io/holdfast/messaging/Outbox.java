package io.holdfast.messaging;

import java.util.ArrayList;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * What a service has to say, stored in the transaction that made it true: one appended row per
 * transaction. A relay reads the rows from the database's log and sends their messages.
 */
public class Outbox {

  /**
   * The largest body of one message; far below what the broker accepts, so that no row can block
   * the relay.
   */
  static final int MAX_BODY_BYTES = 256 * 1024;

  private static final int MAX_MESSAGES_PER_ROW = 2_000;
  private static final int MAX_BYTES_PER_ROW = 4 * 1024 * 1024;

  private final JdbcClient jdbc;

  Outbox(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** A message and the topic that it goes to. */
  public record Outgoing(String topic, Envelope envelope) {}

  /**
   * Appends {@code messages}, to be sent in this order once the surrounding transaction commits.
   *
   * @throws IllegalArgumentException if a body is larger than {@value #MAX_BODY_BYTES} bytes
   * @throws org.springframework.transaction.IllegalTransactionStateException outside of a
   *     transaction
   */
  @Transactional(propagation = Propagation.MANDATORY)
  public void append(List<Outgoing> messages) {
    var row = new ArrayList<OutboxMessage>();
    int bytes = 0;
    for (var message : messages) {
      int size = message.envelope().body().length;
      if (size > MAX_BODY_BYTES) {
        throw new IllegalArgumentException(
            "the body of a %s has %d bytes, more than %d"
                .formatted(message.envelope().type(), size, MAX_BODY_BYTES));
      }
      if (bytes + size > MAX_BYTES_PER_ROW || row.size() == MAX_MESSAGES_PER_ROW) {
        insert(row);
        row.clear();
        bytes = 0;
      }
      row.add(EnvelopeCodec.encode(message.topic(), message.envelope()));
      bytes += size;
    }
    if (!row.isEmpty()) {
      insert(row);
    }
  }

  private static final String INSERT =
      """
      insert into outbox (id, payload)
      values (?, ?)
      """;

  private void insert(List<OutboxMessage> row) {
    jdbc.sql(INSERT).params(UuidV7.next(), PackedMessages.pack(row)).update();
  }
}
