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

/** The tables of the sandbox. */
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
      insert into sandbox_payment_intent (id, created_at, amount, amount_received, currency, payment_method, automatic, status,
        metadata, settles_at)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?)
      """;

  void insert(SandboxIntent intent) {
    var settlesAt = intent.settlesAt();
    jdbc.sql(INSERT)
        .param(intent.id())
        .param(intent.created().atOffset(ZoneOffset.UTC))
        .param(intent.amount())
        .param(intent.amountReceived())
        .param(intent.currency())
        .param(intent.paymentMethod())
        .param(intent.automatic())
        .param(intent.status().wire())
        .param(Json.text(intent.metadata()))
        .param(settlesAt == null ? null : settlesAt.atOffset(ZoneOffset.UTC))
        .update();
  }

  private static final String UPDATE =
      """
      update sandbox_payment_intent
      set status = ?,
        amount_received = ?,
        amount_refunded = ?,
        settles_at = null
      where id = ?
      """;

  void update(SandboxIntent intent) {
    jdbc.sql(UPDATE)
        .params(
            intent.status().wire(), intent.amountReceived(), intent.amountRefunded(), intent.id())
        .update();
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

  private static final String SEARCH =
      """
      select *
      from sandbox_payment_intent
      where metadata @> jsonb_build_object(?::text, ?::text)
      order by created_at desc, id desc
      limit ?
      """;

  /** Newest first. */
  List<SandboxIntent> search(String note, String value, int limit) {
    return jdbc.sql(SEARCH).params(note, value, limit).query(SandboxStore::intent).list();
  }

  private static final String SETTLING =
      """
      select *
      from sandbox_payment_intent
      where settles_at <= ?
      order by id
      for update skip locked
      """;

  /** Those that come to their end, locked. */
  List<SandboxIntent> settlingLocked(Instant now) {
    return jdbc.sql(SETTLING)
        .param(now.atOffset(ZoneOffset.UTC))
        .query(SandboxStore::intent)
        .list();
  }

  private static final String INSERT_TRANSFER =
      """
      insert into sandbox_transfer (id, object, created_at, amount, currency, status, payment_intent, destination, metadata,
        settles_at)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?)
      """;

  void insert(SandboxTransfer transfer) {
    var settlesAt = transfer.settlesAt();
    jdbc.sql(INSERT_TRANSFER)
        .param(transfer.id())
        .param(transfer.object())
        .param(transfer.created().atOffset(ZoneOffset.UTC))
        .param(transfer.amount())
        .param(transfer.currency())
        .param(transfer.status())
        .param(transfer.paymentIntent())
        .param(transfer.destination())
        .param(Json.text(transfer.metadata()))
        .param(settlesAt == null ? null : settlesAt.atOffset(ZoneOffset.UTC))
        .update();
  }

  private static final String UPDATE_TRANSFER =
      """
      update sandbox_transfer
      set status = ?,
        settles_at = null
      where id = ?
      """;

  void update(SandboxTransfer transfer) {
    jdbc.sql(UPDATE_TRANSFER).params(transfer.status(), transfer.id()).update();
  }

  private static final String LOAD_TRANSFER =
      """
      select *
      from sandbox_transfer
      where object = ?
        and id = ?
      """;

  Optional<SandboxTransfer> loadTransfer(String object, String id) {
    return jdbc.sql(LOAD_TRANSFER).params(object, id).query(SandboxStore::transfer).optional();
  }

  private static final String SETTLING_TRANSFERS =
      """
      select *
      from sandbox_transfer
      where settles_at <= ?
      order by id
      for update skip locked
      """;

  /** Those that come to their end, locked. */
  List<SandboxTransfer> settlingTransfersLocked(Instant now) {
    return jdbc.sql(SETTLING_TRANSFERS)
        .param(now.atOffset(ZoneOffset.UTC))
        .query(SandboxStore::transfer)
        .list();
  }

  private static final String LIST_TRANSFERS =
      """
      select *
      from sandbox_transfer
      where object = ?
        and created_at >= ?
        and created_at < ?
        and (cast(? as text) is null or payment_intent = ?)
        and (created_at, id) < (
          coalesce((select created_at from sandbox_transfer where id = ?), 'infinity'), coalesce(?, ''))
      order by created_at desc, id desc
      limit ?
      """;

  /** Newest first. */
  List<SandboxTransfer> listTransfers(
      String object,
      Instant from,
      Instant before,
      @Nullable String paymentIntent,
      @Nullable String after,
      int limit) {
    return jdbc.sql(LIST_TRANSFERS)
        .param(object)
        .param(from.atOffset(ZoneOffset.UTC))
        .param(before.atOffset(ZoneOffset.UTC))
        .param(paymentIntent)
        .param(paymentIntent)
        .param(after)
        .param(after)
        .param(limit)
        .query(SandboxStore::transfer)
        .list();
  }

  private static SandboxTransfer transfer(ResultSet row, int number) throws SQLException {
    return new SandboxTransfer(
        row.getString("id"),
        row.getString("object"),
        row.getObject("created_at", OffsetDateTime.class).toInstant(),
        row.getLong("amount"),
        row.getString("currency"),
        row.getString("status"),
        row.getString("payment_intent"),
        row.getString("destination"),
        metadata(row),
        instant(row, "settles_at"));
  }

  private static final String SETTLES =
      """
      select min(at)
      from (
        select min(settles_at) as at from sandbox_payment_intent where settles_at is not null
        union all select min(settles_at) from sandbox_transfer where settles_at is not null
        union all select min(deliver_at) from sandbox_delivery where deliver_at is not null) t
      """;

  /** When something settles or is delivered next; null if nothing waits. */
  @Nullable Instant nextDue() {
    return jdbc.sql(SETTLES)
        .query((row, _) -> Optional.ofNullable(instant(row, "min")))
        .single()
        .orElse(null);
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

  private static SandboxIntent intent(ResultSet row, int number) throws SQLException {
    return new SandboxIntent(
        row.getString("id"),
        row.getObject("created_at", OffsetDateTime.class).toInstant(),
        row.getLong("amount"),
        row.getLong("amount_refunded"),
        row.getString("currency"),
        row.getString("payment_method"),
        row.getBoolean("automatic"),
        SandboxIntent.Status.of(row.getString("status")),
        metadata(row),
        instant(row, "settles_at"));
  }

  @SuppressWarnings("unchecked")
  private static Map<String, String> metadata(ResultSet row) throws SQLException {
    return new TreeMap<>((Map<String, String>) Json.read(row.getString("metadata"), Map.class));
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    var time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
