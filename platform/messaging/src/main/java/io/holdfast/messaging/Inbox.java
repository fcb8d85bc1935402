package io.holdfast.messaging;

import java.util.ArrayList;
import java.util.Comparator;
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
   *
   * @throws org.springframework.dao.DuplicateKeyException if another transaction has claimed one of
   *     them at the same time
   */
  List<Envelope> claim(String consumer, List<Envelope> batch) {
    var byId = LinkedHashMap.<UUID, Envelope>newLinkedHashMap(batch.size());
    for (var message : batch) {
      byId.putIfAbsent(message.id(), message);
    }
    var unseen = insert(consumer, byId.keySet().stream().sorted(AS_POSTGRES_SORTS).toList());
    var fresh = new ArrayList<>(byId.values());
    fresh.removeIf(message -> !unseen.contains(message.id()));
    return fresh;
  }

  private static final Comparator<UUID> AS_POSTGRES_SORTS =
      Comparator.comparing(UUID::getMostSignificantBits, Long::compareUnsigned)
          .thenComparing(UUID::getLeastSignificantBits, Long::compareUnsigned);

  /**
   * Known ids are looked up once for the batch, and the rest inserted plainly: "on conflict do
   * nothing" would look up each id again and write a third log record for it, and costs half as
   * much again. Only the first and the last id tell the planner which partitions need not be looked
   * at. Ids are inserted in order, so that two batches with common messages wait for each other
   * instead of deadlocking.
   */
  static final String INSERT =
      """
      insert into inbox (message_id, consumer)
      select id, ?
      from unnest(?::uuid[]) id
      where id <> all (array(
        select message_id
        from inbox
        where message_id = any (?::uuid[]) and message_id between ? and ? and consumer = ?))
      order by id
      returning message_id
      """;

  private Set<UUID> insert(String consumer, List<UUID> ids) {
    var array = SqlArrays.uuids(ids);
    return new HashSet<>(
        jdbc.sql(INSERT)
            .params(consumer, array, array, ids.getFirst(), ids.getLast(), consumer)
            .query(UUID.class)
            .list());
  }
}
