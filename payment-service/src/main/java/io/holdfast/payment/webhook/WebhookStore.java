package io.holdfast.payment.webhook;

import static io.holdfast.messaging.SqlArrays.longs;
import static io.holdfast.messaging.SqlArrays.texts;

import io.holdfast.messaging.NextDue;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The table {@code webhook_event}: what the provider has notified us of, once each. A lease has no
 * generation: to handle an event twice changes nothing, and the first to end it is the one that
 * counts.
 */
class WebhookStore {

  static final int DELETED_AT_ONCE = 1_000;

  private final JdbcClient jdbc;
  private final NextDue nextDue;
  private final Duration lease;

  /**
   * @param lease how long a claim is its claimer's alone
   */
  WebhookStore(JdbcClient jdbc, Duration lease) {
    this.jdbc = jdbc;
    this.nextDue = new NextDue(jdbc, "webhook_event");
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

  /** Leases events that are to be handled. */
  List<Claim> claim(int limit) {
    return jdbc.sql(CLAIM)
        .params(lease.toNanos() / 1e9, limit)
        .query((row, number) -> new Claim(event(row), row.getInt("attempts")))
        .list();
  }

  private static WebhookEvent event(ResultSet row) throws SQLException {
    return new WebhookEvent(
        row.getString("id"),
        row.getString("type"),
        row.getString("payload"),
        row.getObject("occurred_at", OffsetDateTime.class).toInstant());
  }

  /** An event that was handled. */
  record Ended(WebhookEvent event, End end, String detail) {}

  private static final String END =
      """
      update webhook_event e
      set state = t.state,
        detail = t.detail,
        handled_at = now(),
        next_action_at = null
      from unnest(?::text[], ?::text[], ?::text[]) as t (id, state, detail)
      where e.id = t.id
        and e.state = 'RECEIVED'
      returning e.id
      """;

  /** Returns the ids of those that nobody else had handled. */
  Set<String> end(List<Ended> handled) {
    return handled.isEmpty()
        ? Set.of()
        : jdbc.sql(END)
            .params(
                texts(handled, ended -> ended.event().id()),
                texts(handled, ended -> ended.end().name()),
                texts(handled, Ended::detail))
            .query((row, _) -> row.getString("id"))
            .set();
  }

  /** An event that cannot be handled yet. */
  record Postponed(WebhookEvent event, String detail, Duration pause) {}

  private static final String RETRY =
      """
      update webhook_event e
      set detail = t.detail,
        next_action_at = now() + make_interval(secs => t.pause_micros / 1e6)
      from unnest(?::text[], ?::text[], ?::bigint[]) as t (id, detail, pause_micros)
      where e.id = t.id
        and e.state = 'RECEIVED'
      """;

  void retry(List<Postponed> postponed) {
    if (!postponed.isEmpty()) {
      jdbc.sql(RETRY)
          .params(
              texts(postponed, later -> later.event().id()),
              texts(postponed, Postponed::detail),
              longs(postponed, later -> later.pause().toNanos() / 1_000))
          .update();
    }
  }

  Duration untilNextDue(Duration atMost) {
    return nextDue.in(atMost);
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

  /** Forgets up to {@link #DELETED_AT_ONCE} that are older than {@code age}. Returns how many. */
  int deleteOlderThan(Duration age) {
    return jdbc.sql(DELETE_OLD).params(age.toNanos() / 1e9, DELETED_AT_ONCE).update();
  }
}
