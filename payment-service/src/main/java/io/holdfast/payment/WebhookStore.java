package io.holdfast.payment;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** The table {@code webhook_event}: what the provider has notified us of, once each. */
class WebhookStore implements DueWork.Rows<WebhookStore.Claim> {

  private static final int DELETED_AT_ONCE = 1_000;

  private final JdbcClient jdbc;
  private final TransactionTemplate transactions;
  private final Duration lease;

  /**
   * @param lease how long a claim is its claimer's alone
   */
  WebhookStore(JdbcClient jdbc, TransactionTemplate transactions, Duration lease) {
    this.jdbc = jdbc;
    this.transactions = transactions;
    this.lease = lease;
  }

  /** How it ended. */
  enum End {
    APPLIED,
    STALE,
    IGNORED,
    UNMATCHED,
    REFUSED;

    /** As it is written in metrics. */
    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final String INSERT =
      """
      insert into webhook_event (id, type, payload, state, occurred_at, next_action_at)
      values (?, ?, ?, 'RECEIVED', ?, now())
      on conflict do nothing
      """;

  /** Stores it to be handled; false if it is there already. */
  boolean insert(WebhookEvent event) {
    return jdbc.sql(INSERT)
            .params(
                event.id(),
                event.type(),
                event.payload(),
                event.occurredAt().atOffset(ZoneOffset.UTC))
            .update()
        == 1;
  }

  /**
   * An event to handle.
   *
   * @param attempts with this one
   */
  record Claim(WebhookEvent event, int attempts) {}

  private static final String CLAIM =
      """
      update webhook_event
      set next_action_at = now() + make_interval(secs => ?),
        attempts = attempts + 1
      where id in (
        select id
        from webhook_event
        where next_action_at <= now()
        order by next_action_at
        limit ?
        for update skip locked)
      returning *
      """;

  @Override
  public List<Claim> claim(int limit) {
    return transactions.execute(
        _ ->
            jdbc.sql(CLAIM)
                .params(lease.toNanos() / 1e9, limit)
                .query((row, number) -> new Claim(event(row), row.getInt("attempts")))
                .list());
  }

  private static WebhookEvent event(ResultSet row) throws SQLException {
    return new WebhookEvent(
        row.getString("id"),
        row.getString("type"),
        row.getString("payload"),
        row.getObject("occurred_at", OffsetDateTime.class).toInstant());
  }

  private static final String END =
      """
      update webhook_event
      set state = ?,
        detail = ?,
        handled_at = now(),
        next_action_at = null
      where id = ?
        and state = 'RECEIVED'
      """;

  /** Returns false if somebody else has handled it. */
  boolean end(WebhookEvent event, End end, String detail) {
    return jdbc.sql(END).params(end.name(), detail, event.id()).update() == 1;
  }

  private static final String RETRY =
      """
      update webhook_event
      set detail = ?,
        next_action_at = now() + make_interval(secs => ?)
      where id = ?
        and state = 'RECEIVED'
      """;

  void retry(WebhookEvent event, String detail, Duration pause) {
    jdbc.sql(RETRY).params(detail, pause.toNanos() / 1e9, event.id()).update();
  }

  private static final String NEXT_DUE =
      """
      select extract(epoch from min(next_action_at) - clock_timestamp())
      from webhook_event
      where next_action_at is not null
      """;

  @Override
  public Duration untilNextDue(Duration atMost) {
    return DueRowReader.untilNextDue(jdbc.sql(NEXT_DUE), atMost);
  }

  private static final String DELETE_OLD =
      """
      delete from webhook_event
      where id in (
        select id
        from webhook_event
        where received_at < now() - make_interval(secs => ?)
          and next_action_at is null
        limit ?)
      """;

  /** Forgets some that are older than {@code age}. Returns how many. */
  int deleteOlderThan(Duration age) {
    return jdbc.sql(DELETE_OLD).params(age.toNanos() / 1e9, DELETED_AT_ONCE).update();
  }
}
