package io.holdfast.messaging;

import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The business of a service that only counts: stores the number in each message. */
final class EffectStore {

  private final JdbcClient jdbc;

  EffectStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Body of a message.
   *
   * @param number what to store; the database refuses a negative one
   */
  record Counted(int number) {}

  /** A stored number, in the order of storing. */
  record Effect(UUID messageId, UUID sagaId, int number) {}

  private static final String INSERT =
      """
      insert into effect (consumer, message_id, saga_id, number)
      select ?, * from unnest(?, ?, ?)
      """;

  /**
   * @throws InvalidMessage if a body is not a number
   */
  void store(String consumer, List<Envelope> batch) {
    jdbc.sql(INSERT)
        .params(
            consumer,
            SqlArrays.uuids(batch, Envelope::id),
            SqlArrays.uuids(batch, message -> message.sagaId().value()),
            SqlArrays.ints(batch, message -> Json.read(message.body(), Counted.class).number()))
        .update();
  }

  private static final String SELECT =
      """
      select message_id, saga_id, number from effect
      where consumer = ?
      order by position
      """;

  List<Effect> of(String consumer) {
    return jdbc.sql(SELECT).param(consumer).query(new DataClassRowMapper<>(Effect.class)).list();
  }

  List<Integer> numbersOf(String consumer) {
    return of(consumer).stream().map(Effect::number).toList();
  }
}
