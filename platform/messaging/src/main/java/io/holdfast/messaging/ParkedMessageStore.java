package io.holdfast.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Messages that cannot be handled, kept aside so that those behind them go on. */
final class ParkedMessageStore {

  private final JdbcClient jdbc;

  ParkedMessageStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  private static final String INSERT =
      """
      insert into parked_message
        (topic, partition, log_offset, consumer, message_key, headers, body, reason)
      values (?, ?, ?, ?, ?, ?::jsonb, ?, ?)
      on conflict do nothing
      """;

  void park(String consumer, ConsumerRecord<String, byte[]> record, String reason) {
    var headers = new ArrayList<Map<String, String>>();
    for (var header : record.headers()) {
      String value = header.value() == null ? "" : new String(header.value(), UTF_8);
      headers.add(Map.of(storable(header.key()), storable(value)));
    }
    jdbc.sql(INSERT)
        .param(record.topic())
        .param(record.partition())
        .param(record.offset())
        .param(consumer)
        .param(record.key() == null ? null : storable(record.key()))
        .param(Json.text(List.copyOf(headers)))
        .param(record.value())
        .param(storable(reason))
        .update();
  }

  /** PostgreSQL's text holds neither NUL nor half characters; parking must never fail on them. */
  private static String storable(String text) {
    return new String(text.getBytes(UTF_8), UTF_8).replace('\0', '\uFFFD');
  }
}
