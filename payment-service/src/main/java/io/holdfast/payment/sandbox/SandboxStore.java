package io.holdfast.payment.sandbox;

import io.holdfast.messaging.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** The tables {@code sandbox_payment_intent} and {@code sandbox_answer}. */
class SandboxStore {

  private final JdbcClient jdbc;
  private final TransactionTemplate transactions;

  SandboxStore(JdbcClient jdbc, TransactionTemplate transactions) {
    this.jdbc = jdbc;
    this.transactions = transactions;
  }

  SandboxReply inTransaction(Supplier<SandboxReply> work) {
    return transactions.execute(_ -> work.get());
  }

  private static final String INSERT =
      """
      insert into sandbox_payment_intent (id, created_at, amount, amount_received, currency, payment_method, status, metadata)
      values (?, ?, ?, 0, ?, ?, ?, ?::jsonb)
      """;

  void insert(SandboxIntent intent) {
    jdbc.sql(INSERT)
        .params(
            intent.id(),
            intent.created().atOffset(ZoneOffset.UTC),
            intent.amount(),
            intent.currency(),
            intent.paymentMethod(),
            intent.status().wire(),
            Json.text(intent.metadata()))
        .update();
  }

  private static final String UPDATE =
      """
      update sandbox_payment_intent
      set status = ?, amount_received = ?
      where id = ?
      """;

  void update(SandboxIntent intent) {
    jdbc.sql(UPDATE).params(intent.status().wire(), intent.amountReceived(), intent.id()).update();
  }

  private static final String LOAD =
      """
      select *
      from sandbox_payment_intent
      where id = ?
      """;

  Optional<SandboxIntent> load(String id) {
    return jdbc.sql(LOAD).param(id).query(SandboxStore::intent).optional();
  }

  private static final String LOAD_LOCKED =
      """
      select *
      from sandbox_payment_intent
      where id = ?
      for update
      """;

  Optional<SandboxIntent> loadLocked(String id) {
    return jdbc.sql(LOAD_LOCKED).param(id).query(SandboxStore::intent).optional();
  }

  private static final String LIST =
      """
      select *
      from sandbox_payment_intent
      where created_at >= ?
        and created_at < ?
        and (created_at, id) < (
          coalesce((select created_at from sandbox_payment_intent where id = ?), 'infinity'), coalesce(?, ''))
      order by created_at desc, id desc
      limit ?
      """;

  /** Newest first. */
  List<SandboxIntent> list(Instant from, Instant before, @Nullable String after, int limit) {
    return jdbc.sql(LIST)
        .param(from.atOffset(ZoneOffset.UTC))
        .param(before.atOffset(ZoneOffset.UTC))
        .param(after)
        .param(after)
        .param(limit)
        .query(SandboxStore::intent)
        .list();
  }

  /**
   * What was answered to an idempotency key.
   *
   * @param request what was asked under it
   */
  record Answered(String request, SandboxReply reply) {}

  private static final String ANSWERED =
      """
      select request, status, body
      from sandbox_answer
      where idempotency_key = ?
      """;

  Optional<Answered> answered(String key) {
    return jdbc.sql(ANSWERED)
        .param(key)
        .query(
            (row, _) ->
                new Answered(
                    row.getString("request"),
                    new SandboxReply(row.getInt("status"), row.getString("body"))))
        .optional();
  }

  private static final String KEEP =
      """
      insert into sandbox_answer (idempotency_key, request, status, body)
      values (?, ?, ?, ?)
      """;

  void keep(String key, String request, SandboxReply reply) {
    jdbc.sql(KEEP).params(key, request, reply.status(), reply.body()).update();
  }

  @SuppressWarnings("unchecked")
  private static SandboxIntent intent(ResultSet row, int number) throws SQLException {
    return new SandboxIntent(
        row.getString("id"),
        row.getObject("created_at", OffsetDateTime.class).toInstant(),
        row.getLong("amount"),
        row.getString("currency"),
        row.getString("payment_method"),
        SandboxIntent.Status.of(row.getString("status")),
        new TreeMap<>((Map<String, String>) Json.read(row.getString("metadata"), Map.class)));
  }
}
