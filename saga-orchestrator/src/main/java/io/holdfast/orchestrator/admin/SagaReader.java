package io.holdfast.orchestrator.admin;

import io.holdfast.contracts.Reason;
import io.holdfast.orchestrator.engine.SagaDefinitions;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads sagas for people; writes nothing. */
@Component
class SagaReader {

  private final JdbcClient jdbc;
  private final SagaDefinitions definitions;

  SagaReader(JdbcClient jdbc, SagaDefinitions definitions) {
    this.jdbc = jdbc;
    this.definitions = definitions;
  }

  private static final String FIND =
      """
      select * from saga where id = ?
      """;

  Optional<SagaView> find(UUID id) {
    return jdbc.sql(FIND)
        .param(id)
        .query(
            (row, _) ->
                new Found(
                    summary(row),
                    row.getString("input"),
                    row.getString("answers"),
                    row.getLong("version")))
        .optional()
        .map(
            saga ->
                new SagaView(
                    saga.summary(), saga.input(), saga.answers(), timeline(id, saga.version())));
  }

  /** The row, read to its end before the next statement asks for a connection. */
  private record Found(SagaView.Summary summary, String input, String answers, long version) {}

  private static final String LIST =
      """
      select * from saga
      where (?::text is null or state = ?::text) and (?::uuid is null or id < ?::uuid)
      order by id desc
      limit ?
      """;

  /** The few that have not ended are found by an index of their own, however many have. */
  private static final String LIST_OPEN =
      """
      select * from saga
      where next_action_at is not null and state = ? and (?::uuid is null or id < ?::uuid)
      order by id desc
      limit ?
      """;

  List<SagaView.Summary> list(SagaView.@Nullable State state, @Nullable UUID after, int limit) {
    var statement =
        state == null || state.isTerminal()
            ? jdbc.sql(LIST).param(name(state)).param(name(state))
            : jdbc.sql(LIST_OPEN).param(state.name());
    return statement.param(after).param(after).param(limit).query((row, _) -> summary(row)).list();
  }

  private static final String TIMELINE =
      """
      select at, event, state from saga_history where saga_id = ? and version <= ? order by version
      """;

  /** What led to {@code version}: a timeline never runs ahead of the state beside it. */
  private List<SagaView.Entry> timeline(UUID id, long version) {
    return jdbc.sql(TIMELINE)
        .params(id, version)
        .query(
            (row, _) ->
                new SagaView.Entry(
                    row.getTimestamp("at").toInstant(),
                    row.getString("event"),
                    SagaView.State.valueOf(row.getString("state"))))
        .list();
  }

  private SagaView.Summary summary(ResultSet row) throws SQLException {
    var state = SagaView.State.valueOf(row.getString("state"));
    String reasonCode = row.getString("reason_code");
    String definition = row.getString("definition");
    int version = row.getInt("definition_version");
    return new SagaView.Summary(
        row.getObject("id", UUID.class),
        definition,
        version,
        state,
        reasonCode == null ? null : new Reason(reasonCode, row.getString("reason_detail")),
        row.getString("attention"),
        definitions.waitingFor(
            definition, version, state == SagaView.State.PIVOTING, row.getLong("open_steps")),
        row.getInt("attempt"),
        row.getTimestamp("started_at").toInstant(),
        row.getTimestamp("deadline_at").toInstant(),
        instant(row.getTimestamp("ended_at")),
        instant(row.getTimestamp("next_action_at")));
  }

  private static @Nullable String name(SagaView.@Nullable State state) {
    return state == null ? null : state.name();
  }

  private static @Nullable Instant instant(@Nullable Timestamp timestamp) {
    return timestamp == null ? null : timestamp.toInstant();
  }
}
