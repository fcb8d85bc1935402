package io.holdfast.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.uuid.Generators;
import io.holdfast.messaging.OutboxMessage;
import io.holdfast.messaging.PackedMessages;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Writes to an outbox as a service does. */
final class Outboxes {

  private Outboxes() {}

  static OutboxMessage message(String topic, String body) {
    return message(topic, body, body);
  }

  static OutboxMessage message(String topic, String id, String body) {
    return new OutboxMessage(
        topic,
        "key-" + id,
        List.of(new OutboxMessage.Header("ce_id", id), new OutboxMessage.Header("ce_type", "T")),
        body.getBytes(UTF_8));
  }

  static List<OutboxMessage> messages(String topic, List<String> bodies) {
    var messages = new ArrayList<OutboxMessage>();
    bodies.forEach(body -> messages.add(message(topic, body)));
    return messages;
  }

  static UUID append(Connection connection, String schema, List<OutboxMessage> messages)
      throws SQLException {
    return append(connection, schema, PackedMessages.pack(messages));
  }

  static UUID append(Connection connection, String schema, byte[] payload) throws SQLException {
    UUID id = Generators.timeBasedEpochGenerator().generate();
    try (var insert =
        connection.prepareStatement(
            "insert into %s.outbox (id, payload) values (?, ?)".formatted(schema))) {
      insert.setObject(1, id);
      insert.setBytes(2, payload);
      insert.executeUpdate();
    }
    return id;
  }
}
