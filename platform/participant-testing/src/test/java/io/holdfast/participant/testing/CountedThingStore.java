package io.holdfast.participant.testing;

import static io.holdfast.messaging.SqlArrays.longs;
import static io.holdfast.messaging.SqlArrays.texts;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table {@code counted_thing}: two statements a batch. */
final class CountedThingStore {

  private final JdbcClient jdbc;

  CountedThingStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  private static final String LOCK =
      """
      select key, available, held, taken from counted_thing
      where key = any(?)
      order by key
      for update
      """;

  Map<String, CountedThing> lock(Collection<String> keys) {
    var things = new HashMap<String, CountedThing>();
    jdbc.sql(LOCK)
        .param(texts(keys))
        .query(new DataClassRowMapper<>(CountedThing.class))
        .list()
        .forEach(thing -> things.put(thing.key(), thing));
    return things;
  }

  private static final String SAVE =
      """
      update counted_thing thing
      set available = changed.available, held = changed.held, taken = changed.taken
      from unnest(?::text[], ?::bigint[], ?::bigint[], ?::bigint[])
        changed (key, available, held, taken)
      where thing.key = changed.key
      """;

  void save(List<CountedThing> things) {
    jdbc.sql(SAVE)
        .param(texts(things, CountedThing::key))
        .param(longs(things, CountedThing::available))
        .param(longs(things, CountedThing::held))
        .param(longs(things, CountedThing::taken))
        .update();
  }

  private static final String SUPPLY =
      """
      insert into counted_thing (key, available, held, taken)
      values (?, ?, 0, 0)
      on conflict (key) do update set available = counted_thing.available + excluded.available
      """;

  void supply(String key, long count) {
    jdbc.sql(SUPPLY).params(key, count).update();
  }

  private static final String FIND =
      """
      select key, available, held, taken from counted_thing
      where key = ?
      """;

  Optional<CountedThing> find(String key) {
    return jdbc.sql(FIND).param(key).query(new DataClassRowMapper<>(CountedThing.class)).optional();
  }
}
