package io.holdfast.payment.sandbox;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The tables {@code sandbox_event} and {@code sandbox_delivery}. */
class SandboxNoticeStore {

  private final JdbcClient jdbc;

  SandboxNoticeStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  private static final String INSERT_EVENT =
      """
      insert into sandbox_event (id, type, created_at, payload)
      values (?, ?, ?, ?)
      """;

  void insertEvent(String id, String type, Instant createdAt, String payload) {
    jdbc.sql(INSERT_EVENT).params(id, type, createdAt.atOffset(ZoneOffset.UTC), payload).update();
  }

  private static final String INSERT_DELIVERY =
      """
      insert into sandbox_delivery (event_id, payload, forged, age_seconds, deliver_at)
      values (?, ?, ?, ?, ?)
      """;

  void insertDelivery(
      String eventId, String payload, boolean forged, int ageSeconds, Instant deliverAt) {
    jdbc.sql(INSERT_DELIVERY)
        .params(eventId, payload, forged, ageSeconds, deliverAt.atOffset(ZoneOffset.UTC))
        .update();
  }

  private static final String PAYLOAD =
      """
      select payload
      from sandbox_event
      where id = ?
      """;

  Optional<String> payload(String eventId) {
    return jdbc.sql(PAYLOAD).param(eventId).query(String.class).optional();
  }

  /**
   * An event on its way.
   *
   * @param attempts with this one
   */
  record Delivery(
      long id, String eventId, String payload, boolean forged, int ageSeconds, int attempts) {}

  private static final String CLAIM =
      """
      update sandbox_delivery
      set deliver_at = ?,
        attempts = attempts + 1
      where id in (
        select id
        from sandbox_delivery
        where deliver_at <= ?
        order by deliver_at
        limit ?
        for update skip locked)
      returning *
      """;

  /** Claims deliveries that are due, until {@code leasedUntil}. */
  List<Delivery> claim(Instant now, Instant leasedUntil, int limit) {
    return jdbc.sql(CLAIM)
        .params(leasedUntil.atOffset(ZoneOffset.UTC), now.atOffset(ZoneOffset.UTC), limit)
        .query(
            (row, _) ->
                new Delivery(
                    row.getLong("id"),
                    row.getString("event_id"),
                    row.getString("payload"),
                    row.getBoolean("forged"),
                    row.getInt("age_seconds"),
                    row.getInt("attempts")))
        .list();
  }

  private static final String RECORD =
      """
      update sandbox_delivery
      set status = ?,
        sent_at = ?,
        deliver_at = ?
      where id = ?
      """;

  /**
   * Stores how it went.
   *
   * @param status of HTTP; 0 if nothing was answered
   * @param again when it is sent again; empty if it is not
   */
  void record(Delivery delivery, int status, Instant sentAt, Optional<Instant> again) {
    jdbc.sql(RECORD)
        .param(status)
        .param(sentAt.atOffset(ZoneOffset.UTC))
        .param(again.map(at -> at.atOffset(ZoneOffset.UTC)).orElse(null))
        .param(delivery.id())
        .update();
  }

  /**
   * An event and what became of it.
   *
   * @param deliveries how often it is to be sent, forged ones included
   * @param accepted how often the answer was a success
   * @param lastStatus of HTTP; 0 if nothing was answered, null if nothing was sent yet
   */
  record Event(
      String id,
      String type,
      Instant created,
      long deliveries,
      long forged,
      long accepted,
      @Nullable Integer lastStatus) {}

  private static final String NEWEST =
      """
      select e.id, e.type, e.created_at, count(d.id) as deliveries, count(*) filter (where d.forged) as forged,
        count(*) filter (where d.status between 200 and 299) as accepted,
        (array_agg(d.status order by d.sent_at desc nulls last))[1] as last_status
      from (select * from sandbox_event order by created_at desc limit 100) e
        left join sandbox_delivery d on d.event_id = e.id
      group by e.id, e.type, e.created_at
      order by e.created_at desc, e.id desc
      """;

  List<Event> newest() {
    return jdbc.sql(NEWEST)
        .query(
            (row, _) ->
                new Event(
                    row.getString("id"),
                    row.getString("type"),
                    row.getObject("created_at", OffsetDateTime.class).toInstant(),
                    row.getLong("deliveries"),
                    row.getLong("forged"),
                    row.getLong("accepted"),
                    row.getObject("last_status", Integer.class)))
        .list();
  }
}
