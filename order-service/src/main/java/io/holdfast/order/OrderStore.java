package io.holdfast.order;

import static io.holdfast.messaging.SqlArrays.bytes;
import static io.holdfast.messaging.SqlArrays.ints;
import static io.holdfast.messaging.SqlArrays.longs;
import static io.holdfast.messaging.SqlArrays.texts;
import static io.holdfast.messaging.SqlArrays.uuids;

import io.holdfast.contracts.Reason;
import io.holdfast.contracts.saga.PlaceOrder;
import io.holdfast.messaging.TraceParent;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Orders, their lines and their events: all that is ever written to them. One statement a call,
 * whatever the size of the batch. Due times are the database's: no other clock takes part.
 */
final class OrderStore {

  private final JdbcClient jdbc;

  OrderStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Inserted in the order of the unique key, so that two batches with common keys cannot deadlock.
   */
  private static final String INSERT =
      """
      insert into orders
        (order_id, customer_id, currency, total_minor, payment_method, idempotency_key, request_hash, trace,
         next_action_at)
      select n.order_id, n.customer_id, n.currency, n.total_minor, n.payment_method, n.idempotency_key, n.request_hash,
        n.trace, now() + ? * interval '1 second'
      from unnest(?::uuid[], ?::uuid[], ?::text[], ?::bigint[], ?::text[], ?::text[], ?::bytea[], ?::text[])
        with ordinality
        as n (order_id, customer_id, currency, total_minor, payment_method, idempotency_key, request_hash, trace, place)
      order by n.customer_id, n.idempotency_key, n.place
      on conflict do nothing
      returning order_id, placed_at
      """;

  /**
   * Inserts those orders whose key is new. Waits for transactions that are inserting the same keys.
   *
   * @return when the inserted ones were placed, by order id
   */
  Map<UUID, Instant> insert(List<PricedPlacement> orders, Duration resendAfter) {
    var placedAt = new HashMap<UUID, Instant>();
    jdbc.sql(INSERT)
        .param(seconds(resendAfter))
        .param(uuids(orders, o -> o.placement().orderId()))
        .param(uuids(orders, o -> o.placement().customerId()))
        .param(texts(orders, o -> o.priced().currency()))
        .param(longs(orders, o -> o.priced().totalMinor()))
        .param(texts(orders, o -> o.placement().paymentMethod()))
        .param(texts(orders, o -> o.placement().idempotencyKey()))
        .param(bytes(orders, o -> o.placement().requestHash()))
        .param(texts(orders, o -> o.placement().trace().value()))
        .query(
            row -> {
              placedAt.put(row.getObject(1, UUID.class), row.getTimestamp(2).toInstant());
            });
    return placedAt;
  }

  private static final String INSERT_LINES_AND_EVENTS =
      """
      with line as (
        insert into order_line (order_id, line_no, sku, quantity, unit_price_minor)
        select * from unnest(?::uuid[], ?::int[], ?::text[], ?::bigint[], ?::bigint[])
      )
      insert into order_event (order_id, seq, state)
      select order_id, 1, 'PENDING' from unnest(?::uuid[]) order_id
      """;

  /** The rest of what {@link #insert} has inserted. */
  void insertLinesAndEvents(List<PricedPlacement> orders) {
    record Line(UUID orderId, int number, OrderLine line) {}
    var lines = new ArrayList<Line>();
    for (var order : orders) {
      int number = 0;
      for (var line : order.priced().lines()) {
        lines.add(new Line(order.placement().orderId(), number++, line));
      }
    }
    jdbc.sql(INSERT_LINES_AND_EVENTS)
        .param(uuids(lines, Line::orderId))
        .param(ints(lines, Line::number))
        .param(texts(lines, line -> line.line().sku()))
        .param(longs(lines, line -> line.line().quantity()))
        .param(longs(lines, line -> line.line().unitPriceMinor()))
        .param(uuids(orders, o -> o.placement().orderId()))
        .update();
  }

  /** A customer's name for a request. */
  record RequestKey(UUID customerId, String idempotencyKey) {}

  /** The order that a key stands for. */
  record KeyedOrder(UUID orderId, byte[] requestHash) {}

  private static final String LOAD_BY_KEYS =
      """
      select o.customer_id, o.idempotency_key, o.order_id, o.request_hash
      from unnest(?::uuid[], ?::text[]) as k (customer_id, idempotency_key)
      join orders o using (customer_id, idempotency_key)
      """;

  Map<RequestKey, KeyedOrder> loadByKeys(List<RequestKey> keys) {
    var orders = new HashMap<RequestKey, KeyedOrder>();
    jdbc.sql(LOAD_BY_KEYS)
        .param(uuids(keys, RequestKey::customerId))
        .param(texts(keys, RequestKey::idempotencyKey))
        .query(
            row -> {
              orders.put(
                  new RequestKey(row.getObject(1, UUID.class), row.getString(2)),
                  new KeyedOrder(row.getObject(3, UUID.class), row.getBytes(4)));
            });
    return orders;
  }

  private static final String LOCK =
      """
      select order_id, state
      from orders
      where order_id = any(?::uuid[])
      order by order_id
      for update
      """;

  /** Locks orders, in the order of their ids; unknown ones are missing from the answer. */
  Map<UUID, OrderState> lock(Collection<UUID> orderIds) {
    var states = new HashMap<UUID, OrderState>();
    jdbc.sql(LOCK)
        .param(uuids(orderIds))
        .query(
            row -> {
              states.put(row.getObject(1, UUID.class), OrderState.valueOf(row.getString(2)));
            });
    return states;
  }

  /** How a pending order ends. */
  record End(UUID orderId, OrderState state, @Nullable Reason reason) {}

  private static final String END =
      """
      with ended as (
        update orders o
        set state = e.state, reason_code = e.code, reason_detail = e.detail, version = o.version + 1,
          ended_at = now(), next_action_at = null
        from unnest(?::uuid[], ?::text[], ?::text[], ?::text[]) as e (order_id, state, code, detail)
        where o.order_id = e.order_id and o.state = 'PENDING'
        returning o.*
      ), event as (
        insert into order_event (order_id, seq, state, reason_code, reason_detail)
        select order_id, version, state, reason_code, reason_detail from ended
      )
      select order_id, version, state, reason_code, reason_detail, placed_at, cancel_requested_at, ended_at
      from ended
      """;

  /** Ends those of the orders that are pending. */
  List<OrderProgress> end(List<End> ends) {
    return jdbc.sql(END)
        .param(uuids(ends, End::orderId))
        .param(texts(ends, end -> end.state().name()))
        .param(texts(ends, end -> end.reason() == null ? null : end.reason().code()))
        .param(texts(ends, end -> end.reason() == null ? null : end.reason().detail()))
        .query((row, _) -> progress(row))
        .list();
  }

  /** An order whose cancellation has just been asked for, and the trace it belongs to. */
  record CancelRequested(OrderProgress progress, TraceParent trace) {}

  private static final String REQUEST_CANCEL =
      """
      with asked as (
        update orders
        set cancel_requested_at = now(), version = version + 1,
          next_action_at = least(next_action_at, now() + ? * interval '1 second')
        where order_id = ? and customer_id = coalesce(?::uuid, customer_id)
          and state = 'PENDING' and cancel_requested_at is null
        returning *
      ), event as (
        insert into order_event (order_id, seq, state, reason_code, reason_detail)
        select order_id, version, state, 'CANCEL_REQUESTED', 'the customer asked for cancellation' from asked
      )
      select order_id, version, state, reason_code, reason_detail, placed_at, cancel_requested_at, ended_at, trace
      from asked
      """;

  /** Notes that the customer wants a pending order cancelled; empty if that has no effect. */
  Optional<CancelRequested> requestCancel(
      UUID orderId, @Nullable UUID customerId, Duration resendAfter) {
    return jdbc.sql(REQUEST_CANCEL)
        .param(seconds(resendAfter))
        .param(orderId)
        .param(customerId)
        .query(
            (row, _) -> new CancelRequested(progress(row), new TraceParent(row.getString("trace"))))
        .optional();
  }

  /** An order whose saga has not been heard of for long enough. */
  record Due(
      UUID orderId,
      UUID customerId,
      String currency,
      long totalMinor,
      @Nullable String paymentMethod,
      TraceParent trace,
      boolean cancelRequested) {}

  /**
   * The pause doubles with every attempt up to the longest, and varies by a fifth, so that orders
   * of one moment do not come back at one moment.
   */
  private static final String CLAIM_DUE =
      """
      with due as (
        select order_id
        from orders
        where next_action_at <= now()
        order by next_action_at
        limit ?
        for update skip locked
      )
      update orders o
      set attempt = o.attempt + 1,
        next_action_at = now() + least(? * power(2, least(o.attempt, 30)), ?) * (0.8 + 0.4 * random())
          * interval '1 second'
      from due
      where o.order_id = due.order_id
      returning o.order_id, o.customer_id, o.currency, o.total_minor, o.payment_method, o.trace,
        o.cancel_requested_at is not null
      """;

  /** Claims orders that are due, and sets when they are due again. */
  List<Due> claimDue(int limit, Duration firstPause, Duration longestPause) {
    return jdbc.sql(CLAIM_DUE)
        .params(limit, seconds(firstPause), seconds(longestPause))
        .query(
            (row, _) ->
                new Due(
                    row.getObject(1, UUID.class),
                    row.getObject(2, UUID.class),
                    row.getString(3),
                    row.getLong(4),
                    row.getString(5),
                    new TraceParent(row.getString(6)),
                    row.getBoolean(7)))
        .list();
  }

  private static final String LOAD_LINES =
      """
      select order_id, sku, quantity
      from order_line
      where order_id = any(?::uuid[])
      order by order_id, line_no
      """;

  /** The lines of orders, as their sagas get them. */
  Map<UUID, List<PlaceOrder.Line>> loadLines(Collection<UUID> orderIds) {
    var lines = new HashMap<UUID, List<PlaceOrder.Line>>();
    jdbc.sql(LOAD_LINES)
        .param(uuids(orderIds))
        .query(
            row -> {
              lines
                  .computeIfAbsent(row.getObject(1, UUID.class), _ -> new ArrayList<>())
                  .add(new PlaceOrder.Line(row.getString(2), row.getLong(3)));
            });
    return lines;
  }

  private static final String UNTIL_NEXT_DUE =
      """
      select extract(epoch from min(next_action_at) - clock_timestamp())::double precision
      from orders
      where next_action_at is not null
      """;

  /** How long until the next order is due; empty if none waits. */
  Optional<Duration> untilNextDue() {
    return jdbc.sql(UNTIL_NEXT_DUE)
        .query(Double.class)
        .optional()
        .map(seconds -> Duration.ofMillis((long) Math.ceil(seconds * 1000)));
  }

  private static final String LOAD_PROGRESS =
      """
      select order_id, version, state, reason_code, reason_detail, placed_at, cancel_requested_at, ended_at
      from orders
      where order_id = any(?::uuid[])
      """;

  List<OrderProgress> loadProgress(Collection<UUID> orderIds) {
    return jdbc.sql(LOAD_PROGRESS).param(uuids(orderIds)).query((row, _) -> progress(row)).list();
  }

  private static final String LOAD_EVENTS =
      """
      select order_id, seq, state, reason_code, reason_detail, at
      from order_event
      where order_id = ? and seq > ?
      order by seq
      """;

  /** What happened to an order after event {@code seq}. */
  List<OrderEvent> loadEvents(UUID orderId, int seq) {
    return jdbc.sql(LOAD_EVENTS)
        .params(orderId, seq)
        .query(
            (row, _) ->
                new OrderEvent(
                    row.getObject(1, UUID.class),
                    row.getInt(2),
                    OrderState.valueOf(row.getString(3)),
                    reason(row),
                    row.getTimestamp(6).toInstant()))
        .list();
  }

  private static final String LIST =
      """
      select order_id, state, reason_code, reason_detail, total_minor, currency, placed_at, ended_at
      from orders
      where customer_id = ?
        and order_id < coalesce(?::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
        and state = coalesce(?, state)
      order by order_id desc
      limit ?
      """;

  /** A customer's orders, newest first, from before order {@code after}. */
  List<OrderSummary> list(
      UUID customerId, @Nullable OrderState state, @Nullable UUID after, int limit) {
    return jdbc.sql(LIST)
        .param(customerId)
        .param(after)
        .param(state == null ? null : state.name())
        .param(limit)
        .query(
            (row, _) ->
                new OrderSummary(
                    row.getObject("order_id", UUID.class),
                    OrderState.valueOf(row.getString("state")),
                    reason(row),
                    row.getLong("total_minor"),
                    row.getString("currency"),
                    row.getTimestamp("placed_at").toInstant(),
                    instant(row, "ended_at")))
        .list();
  }

  private static OrderProgress progress(ResultSet row) throws SQLException {
    return new OrderProgress(
        row.getObject("order_id", UUID.class),
        row.getInt("version"),
        OrderState.valueOf(row.getString("state")),
        reason(row),
        row.getTimestamp("placed_at").toInstant(),
        instant(row, "cancel_requested_at"),
        instant(row, "ended_at"));
  }

  private static @Nullable Reason reason(ResultSet row) throws SQLException {
    String code = row.getString("reason_code");
    return code == null ? null : new Reason(code, row.getString("reason_detail"));
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    var timestamp = row.getTimestamp(column);
    return timestamp == null ? null : timestamp.toInstant();
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}
