package io.holdfast.messaging;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Which messages a consumer has seen, kept in the transaction of their effect. */
final class Inbox {

  private final JdbcClient jdbc;

  Inbox(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * The messages of {@code batch} that {@code consumer} has not seen, in their order, each once.
   */
  List<Envelope> claim(String consumer, List<Envelope> batch) {
    var byId = LinkedHashMap.<UUID, Envelope>newLinkedHashMap(batch.size());
    for (var message : batch) {
      byId.putIfAbsent(message.id(), message);
    }
    var unseen = insert(consumer, byId.keySet());
    var fresh = new ArrayList<>(byId.values());
    fresh.removeIf(message -> !unseen.contains(message.id()));
    return fresh;
  }

  /**
   * Ids are inserted in order, so that two batches with common messages wait for each other instead
   * of deadlocking.
   */
  private static final String INSERT =
      """
      insert into inbox (message_id, consumer)
      select id, ? from unnest(?::uuid[]) id order by id
      on conflict do nothing
      returning message_id
      """;

  private Set<UUID> insert(String consumer, Set<UUID> ids) {
    return new HashSet<>(
        jdbc.sql(INSERT).params(consumer, SqlArrays.uuids(ids)).query(UUID.class).list());
  }
}
