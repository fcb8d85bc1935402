package io.holdfast.inventory;

import static io.holdfast.messaging.SqlArrays.booleans;
import static io.holdfast.messaging.SqlArrays.ints;
import static io.holdfast.messaging.SqlArrays.longs;
import static io.holdfast.messaging.SqlArrays.texts;
import static io.holdfast.messaging.SqlArrays.uuids;

import io.holdfast.contracts.SagaId;
import io.holdfast.messaging.Json;
import io.holdfast.messaging.NextDue;
import io.holdfast.messaging.RedoBatch;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The table {@code shipment}. A batch of commands costs one read and at most two writes; a claim of
 * due shipments one read and one write; a round of the warehouse's answers one read and one write.
 */
class ShipmentStore {

  private final JdbcClient jdbc;
  private final NextDue nextDue;

  ShipmentStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
    this.nextDue = new NextDue(jdbc, "shipment");
  }

  private static final String LOAD_LOCKED =
      """
      select *
      from shipment
      where saga_id = any (?)
      order by saga_id
      for update
      """;

  /** Loads and locks shipments, in the order of their sagas. */
  List<Shipment> loadLocked(Collection<UUID> sagas) {
    return sagas.isEmpty()
        ? List.of()
        : jdbc.sql(LOAD_LOCKED).param(uuids(sagas)).query(ShipmentStore::read).list();
  }

  private static final String LOAD_READY =
      """
      select *
      from shipment
      where order_id = any (?) and state = 'READY'
      order by saga_id
      for update
      """;

  /** Loads and locks the shipments of these orders that can be shipped. */
  List<Shipment> loadReady(Collection<UUID> orders) {
    return orders.isEmpty()
        ? List.of()
        : jdbc.sql(LOAD_READY).param(uuids(orders)).query(ShipmentStore::read).list();
  }

  private static final String DAMAGED =
      """
      select order_id, damaged_sku
      from (
        select distinct on (order_id) order_id, damaged_sku
        from shipment
        where order_id = any (?)
        order by order_id, saga_id desc
      ) newest
      where damaged_sku is not null
      """;

  /** Which good was found damaged when orders were to be sent last, by order. */
  Map<UUID, String> damaged(Collection<UUID> orders) {
    var damaged = new HashMap<UUID, String>();
    if (orders.isEmpty()) {
      return damaged;
    }
    jdbc.sql(DAMAGED)
        .param(uuids(orders))
        .query(
            row -> {
              damaged.put(row.getObject("order_id", UUID.class), row.getString("damaged_sku"));
            });
    return damaged;
  }

  private static final String OF_ORDER =
      """
      select *
      from shipment
      where order_id = ?
      order by saga_id desc
      limit 100
      """;

  /** An order's shipments, the newest first. */
  List<Shipment> ofOrder(UUID orderId) {
    return jdbc.sql(OF_ORDER).param(orderId).query(ShipmentStore::read).list();
  }

  private static final String INSERT =
      """
      insert into shipment (saga_id, order_id, quantities, state, next_action_at)
      select saga_id, order_id, quantities::jsonb, state, now()
      from unnest(?::uuid[], ?::uuid[], ?::text[], ?::text[])
        as t (saga_id, order_id, quantities, state)
      order by saga_id
      """;

  /**
   * Stores new shipments, for which the warehouse has something to do at once.
   *
   * @throws org.springframework.dao.DuplicateKeyException if one is there already
   */
  void insert(List<NewShipment> shipments) {
    if (shipments.isEmpty()) {
      return;
    }
    jdbc.sql(INSERT)
        .params(
            uuids(shipments, shipment -> shipment.sagaId().value()),
            uuids(shipments, NewShipment::orderId),
            texts(shipments, shipment -> Json.text(shipment.hold().quantities())),
            texts(shipments, shipment -> shipment.state().name()))
        .update();
  }

  /** A shipment that is not stored yet. */
  record NewShipment(SagaId sagaId, UUID orderId, StockHold hold, ShipmentState state) {}

  /** A change of what is wanted of a stored shipment. */
  record Change(SagaId sagaId, ShipmentState from, ShipmentState to) {}

  private static final String CHANGE =
      """
      update shipment s
      set state = t.state,
        attempts = 0,
        next_action_at = case
          when t.state not in ('PICKING', 'PUTTING_BACK', 'SHIPPING') then null
          when s.under_way then coalesce(s.next_action_at, now())
          else now() end,
        changed_at = now()
      from unnest(?::uuid[], ?::text[], ?::text[]) as t (saga_id, was, state)
      where s.saga_id = t.saga_id
        and s.state = t.was
      """;

  /**
   * Stores what is wanted of shipments that were loaded and locked in this transaction. Where the
   * warehouse is being asked for something, that call keeps its lease: it ends before the next.
   *
   * @throws RedoBatch if one has changed since
   */
  void change(List<Change> changes) {
    if (changes.isEmpty()) {
      return;
    }
    int updated =
        jdbc.sql(CHANGE)
            .params(
                uuids(changes, change -> change.sagaId().value()),
                texts(changes, change -> change.from().name()),
                texts(changes, change -> change.to().name()))
            .update();
    RedoBatch.unlessAll("shipments to change", updated, changes.size());
  }

  private static final String DUE =
      """
      select *
      from shipment
      where next_action_at <= now()
      order by next_action_at
      limit ?
      for update skip locked
      """;

  private static final String CLAIM =
      """
      update shipment s
      set under_way = true,
        attempts = t.attempts + 1,
        version = t.version + 1,
        next_action_at = now() + make_interval(secs => ?)
      from unnest(?::uuid[], ?::integer[], ?::bigint[]) as t (saga_id, attempts, version)
      where s.saga_id = t.saga_id
        and s.version = t.version
      """;

  /**
   * Claims shipments that are due, each for the caller alone until {@code lease} is over.
   *
   * @return them as they were before the claim
   */
  List<Shipment> claim(int limit, Duration lease) {
    var due = jdbc.sql(DUE).param(limit).query(ShipmentStore::read).list();
    if (!due.isEmpty()) {
      int updated =
          jdbc.sql(CLAIM)
              .params(
                  seconds(lease),
                  uuids(due, shipment -> shipment.sagaId().value()),
                  ints(due, Shipment::attempts),
                  longs(due, Shipment::version))
              .update();
      RedoBatch.unlessAll("shipments to claim", updated, due.size());
    }
    return due;
  }

  /**
   * What follows from an answer of the warehouse.
   *
   * @param was as it was loaded
   * @param is as it is to be
   * @param pause until the warehouse is asked again, if it has to be
   */
  record Learned(Shipment was, Shipment is, Duration pause) {}

  private static final String RECORD =
      """
      update shipment s
      set state = t.state,
        under_way = false,
        attempts = t.attempts,
        damaged_sku = t.damaged_sku,
        tracking_code = t.tracking_code,
        last_error = t.last_error,
        next_action_at = case when t.waits then now() + make_interval(secs => t.pause_micros / 1e6) end,
        changed_at = now()
      from unnest(?::uuid[], ?::bigint[], ?::text[], ?::text[], ?::integer[], ?::text[], ?::text[], ?::text[],
          ?::boolean[], ?::bigint[])
        as t (saga_id, version, was, state, attempts, damaged_sku, tracking_code, last_error, waits, pause_micros)
      where s.saga_id = t.saga_id
        and s.version = t.version
        and s.state = t.was
      """;

  /**
   * Stores what was learned about shipments that were loaded and locked in this transaction.
   *
   * @throws RedoBatch if another worker has claimed one, or something else is wanted, since
   */
  void recordAnswers(List<Learned> round) {
    if (round.isEmpty()) {
      return;
    }
    int updated =
        jdbc.sql(RECORD)
            .params(
                uuids(round, learned -> learned.was().sagaId().value()),
                longs(round, learned -> learned.was().version()),
                texts(round, learned -> learned.was().state().name()),
                texts(round, learned -> learned.is().state().name()),
                ints(round, learned -> learned.is().attempts()),
                texts(round, learned -> learned.is().damagedSku()),
                texts(round, learned -> learned.is().trackingCode()),
                texts(round, learned -> learned.is().lastError()),
                booleans(round, learned -> learned.is().state().waits()),
                longs(round, learned -> learned.pause().toNanos() / 1_000))
            .update();
    RedoBatch.unlessAll("shipments to record", updated, round.size());
  }

  Duration untilNextDue(Duration atMost) {
    return nextDue.in(atMost);
  }

  private static final String WAITING =
      """
      select state, count(*) as count, coalesce(extract(epoch from now() - min(changed_at)), 0) as oldest
      from shipment
      where next_action_at is not null
      group by state
      """;

  /** What the warehouse has to do: how many shipments in each state, and how old the oldest is. */
  Map<String, Backlog> backlog() {
    var backlog = new TreeMap<String, Backlog>();
    jdbc.sql(WAITING)
        .query(
            row -> {
              backlog.put(
                  row.getString("state"),
                  new Backlog(row.getLong("count"), row.getDouble("oldest")));
            });
    return backlog;
  }

  /** Shipments in one state. */
  record Backlog(long count, double oldestSeconds) {}

  private static Shipment read(ResultSet row, int number) throws SQLException {
    return new Shipment(
        new SagaId(row.getObject("saga_id", UUID.class)),
        row.getObject("order_id", UUID.class),
        Json.read("{\"quantities\":" + row.getString("quantities") + "}", StockHold.class)
            .quantities(),
        ShipmentState.valueOf(row.getString("state")),
        row.getBoolean("under_way"),
        row.getInt("attempts"),
        row.getLong("version"),
        row.getString("damaged_sku"),
        row.getString("tracking_code"),
        row.getString("last_error"),
        instant(row, "next_action_at"),
        row.getObject("created_at", OffsetDateTime.class).toInstant(),
        row.getObject("changed_at", OffsetDateTime.class).toInstant());
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    var time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
