package io.holdfast.order;

import static io.holdfast.messaging.SqlArrays.bytes;
import static io.holdfast.messaging.SqlArrays.ints;
import static io.holdfast.messaging.SqlArrays.longs;
import static io.holdfast.messaging.SqlArrays.texts;
import static io.holdfast.messaging.SqlArrays.uuids;

import io.holdfast.contracts.Code;
import io.holdfast.contracts.Reason;
import io.holdfast.contracts.saga.PlaceOrder;
import io.holdfast.messaging.TraceParent;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
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
        (order_id, customer_id, currency, total_minor, payment_method, voucher_code, approval, idempotency_key,
         request_hash, trace, next_action_at)
      select n.order_id, n.customer_id, n.currency, n.total_minor, n.payment_method, n.voucher_code, n.approval,
        n.idempotency_key, n.request_hash, n.trace, now() + ? * interval '1 second'
      from unnest(?::uuid[], ?::uuid[], ?::text[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bytea[],
          ?::text[])
        with ordinality
        as n (order_id, customer_id, currency, total_minor, payment_method, voucher_code, approval, idempotency_key,
          request_hash, trace, place)
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
        .param(texts(orders, o -> o.placement().voucherCode()))
        .param(texts(orders, o -> o.approval() == null ? null : o.approval().name()))
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
        insert into order_line (order_id, line_no, sku, quantity, unit_price_minor, service)
        select * from unnest(?::uuid[], ?::int[], ?::text[], ?::bigint[], ?::bigint[], ?::text[])
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
        .param(texts(lines, line -> line.line().service()))
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

  /** What decides whether an order can still change, and how. */
  record Standing(OrderState state, Fulfilment fulfilment) {}

  private static final String LOCK =
      """
      select order_id, state, fulfilment
      from orders
      where order_id = any(?::uuid[])
      order by order_id
      for update
      """;

  /** Locks orders, in the order of their ids; unknown ones are missing from the answer. */
  Map<UUID, Standing> lock(Collection<UUID> orderIds) {
    var standings = new HashMap<UUID, Standing>();
    jdbc.sql(LOCK)
        .param(uuids(orderIds))
        .query(
            row -> {
              standings.put(
                  row.getObject(1, UUID.class),
                  new Standing(
                      OrderState.valueOf(row.getString(2)), Fulfilment.valueOf(row.getString(3))));
            });
    return standings;
  }

  /**
   * How a pending order ends.
   *
   * @param paid who paid what; null where it was not confirmed or the wallet paid all
   * @param fulfilmentId the saga that now fulfils it, if goods are part of it; null if none does
   */
  record End(
      UUID orderId,
      OrderState state,
      @Nullable Reason reason,
      PlaceOrder.@Nullable Paid paid,
      @Nullable UUID fulfilmentId) {

    End(UUID orderId, OrderState state, @Nullable Reason reason) {
      this(orderId, state, reason, null, null);
    }
  }

  private static final String END =
      """
      with ended as (
        update orders o
        set state = e.state, reason_code = e.code, reason_detail = e.detail, version = o.version + 1,
          ended_at = now(), wallet_minor = e.wallet_minor, card_minor = e.card_minor,
          approval = case o.approval when 'AWAITING' then 'LAPSED' else o.approval end,
          fulfilment_id = e.fulfilment_id,
          fulfilment = case when e.fulfilment_id is null then 'NONE' else 'FULFILLING' end,
          attempt = case when e.fulfilment_id is null then o.attempt else 1 end,
          next_action_at = case when e.fulfilment_id is null then null else now() + ? * interval '1 second' end
        from (
          select order_id, state, code, detail, wallet_minor, card_minor,
            case when fulfilment_id is not null and exists (
              select from order_line l where l.order_id = n.order_id and l.service is null) then fulfilment_id
            end as fulfilment_id
          from unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::bigint[], ?::bigint[], ?::uuid[])
            as n (order_id, state, code, detail, wallet_minor, card_minor, fulfilment_id)
        ) e
        where o.order_id = e.order_id and o.state = 'PENDING'
        returning o.*
      ), event as (
        insert into order_event (order_id, seq, state, reason_code, reason_detail)
        select order_id, version, state, reason_code, reason_detail from ended
      )
      select order_id, version, state, reason_code, reason_detail, approval, refund_state, refunded_minor, fulfilment,
        tracking_code, placed_at, cancel_requested_at, ended_at
      from ended
      """;

  /**
   * Ends those of the orders that are pending.
   *
   * @param resendAfter when the start of a fulfilment is sent again
   */
  List<OrderProgress> end(List<End> ends, Duration resendAfter) {
    return jdbc.sql(END)
        .param(seconds(resendAfter))
        .param(uuids(ends, End::orderId))
        .param(texts(ends, end -> end.state().name()))
        .param(texts(ends, end -> end.reason() == null ? null : end.reason().code()))
        .param(texts(ends, end -> end.reason() == null ? null : end.reason().detail()))
        .param(longs(ends, end -> end.paid() == null ? null : end.paid().walletMinor()))
        .param(longs(ends, end -> end.paid() == null ? null : end.paid().cardMinor()))
        .param(uuids(ends, End::fulfilmentId))
        .query((row, _) -> progress(row))
        .list();
  }

  private static final String FULFILLED_BY =
      """
      select fulfilment_id, order_id
      from orders
      where fulfilment_id = any(?::uuid[])
      """;

  /** Which orders these sagas fulfil, by the saga's id; unknown ones are missing. */
  Map<UUID, UUID> fulfilledBy(Collection<UUID> fulfilmentIds) {
    var orders = new HashMap<UUID, UUID>();
    jdbc.sql(FULFILLED_BY)
        .param(uuids(fulfilmentIds))
        .query(
            row -> {
              orders.put(row.getObject(1, UUID.class), row.getObject(2, UUID.class));
            });
    return orders;
  }

  /**
   * How a fulfilment ends.
   *
   * @param reason as the order's customer is told it
   * @param trackingCode by which the carrier knows the parcel; null if there is none
   */
  record FulfilmentEnd(
      UUID orderId, Fulfilment fulfilment, Reason reason, @Nullable String trackingCode) {}

  /** One that failed is due at once: what is left of it has to be paid back. */
  private static final String END_FULFILMENT =
      """
      with ended as (
        update orders o
        set fulfilment = e.fulfilment, tracking_code = e.tracking_code, version = o.version + 1, attempt = 1,
          next_action_at = case when e.fulfilment = 'FAILED' and o.refund_state <> 'FULL' then now() end
        from unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[])
          as e (order_id, fulfilment, tracking_code, code, detail)
        where o.order_id = e.order_id and o.fulfilment = 'FULFILLING'
        returning o.order_id, o.version, o.state, e.code, e.detail
      )
      insert into order_event (order_id, seq, state, reason_code, reason_detail)
      select order_id, version, state, code, detail from ended
      """;

  /**
   * Ends those of the fulfilments that are under way.
   *
   * @return how many
   */
  int endFulfilments(List<FulfilmentEnd> ends) {
    return jdbc.sql(END_FULFILMENT)
        .param(uuids(ends, FulfilmentEnd::orderId))
        .param(texts(ends, end -> end.fulfilment().name()))
        .param(texts(ends, FulfilmentEnd::trackingCode))
        .param(texts(ends, end -> end.reason().code()))
        .param(texts(ends, end -> end.reason().detail()))
        .update();
  }

  /** An order of which something has just been noted, and the trace it belongs to. */
  record Noted(OrderProgress progress, TraceParent trace) {}

  private static final String REQUEST_CANCEL =
      """
      with wanted as (
        select order_id
        from orders
        where order_id = any(?::uuid[]) and customer_id = coalesce(?::uuid, customer_id)
          and state = 'PENDING' and cancel_requested_at is null
        order by order_id
        for update
      ), asked as (
        update orders o
        set cancel_requested_at = now(), version = o.version + 1,
          next_action_at = least(o.next_action_at, now() + ? * interval '1 second')
        from wanted
        where o.order_id = wanted.order_id
        returning o.*
      ), event as (
        insert into order_event (order_id, seq, state, reason_code, reason_detail)
        select order_id, version, state, ?, 'the customer asked for cancellation' from asked
      )
      select order_id, version, state, reason_code, reason_detail, approval, refund_state, refunded_minor, fulfilment,
        tracking_code, placed_at, cancel_requested_at, ended_at, trace
      from asked
      """;

  /**
   * Notes that the customer wants orders cancelled; those on which it has no effect are missing
   * from the answer.
   */
  List<Noted> requestCancel(
      Collection<UUID> orderIds, @Nullable UUID customerId, Duration resendAfter) {
    return jdbc.sql(REQUEST_CANCEL)
        .param(uuids(orderIds))
        .param(customerId)
        .param(seconds(resendAfter))
        .param(Code.CANCEL_REQUESTED.name())
        .query((row, _) -> new Noted(progress(row), new TraceParent(row.getString("trace"))))
        .list();
  }

  /**
   * What a reviewer says.
   *
   * @param reason why it was rejected; null if approved
   */
  record Review(UUID orderId, Approval approval, String reviewer, @Nullable String reason) {}

  private static final String REVIEW =
      """
      with reviewed as (
        update orders
        set approval = ?, reviewer = ?, review_reason = ?, reviewed_at = now(), version = version + 1, attempt = 1,
          next_action_at = least(next_action_at, now() + ? * interval '1 second')
        where order_id = ? and state = 'PENDING' and approval = 'AWAITING'
        returning *
      ), event as (
        insert into order_event (order_id, seq, state, reason_code, reason_detail)
        select order_id, version, state, ?, coalesce(review_reason, 'a reviewer approved')
        from reviewed
      )
      select order_id, version, state, reason_code, reason_detail, approval, refund_state, refunded_minor, fulfilment,
        tracking_code, placed_at, cancel_requested_at, ended_at, trace
      from reviewed
      """;

  /** Decides an order that awaits approval; empty if it does not. */
  Optional<Noted> review(Review review, Duration resendAfter) {
    return jdbc.sql(REVIEW)
        .param(review.approval().name())
        .param(review.reviewer())
        .param(review.reason())
        .param(seconds(resendAfter))
        .param(review.orderId())
        .param(
            (review.approval() == Approval.APPROVED
                    ? Code.APPROVAL_APPROVED
                    : Code.APPROVAL_REJECTED)
                .name())
        .query((row, _) -> new Noted(progress(row), new TraceParent(row.getString("trace"))))
        .optional();
  }

  private static final String LIST_AWAITING =
      """
      select order_id, customer_id, total_minor, currency, placed_at
      from orders
      where approval = 'AWAITING' and order_id > coalesce(?::uuid, '00000000-0000-0000-0000-000000000000')
      order by order_id
      limit ?
      """;

  /** Orders that await approval, oldest first, from behind order {@code after}. */
  List<AwaitingOrder> listAwaiting(@Nullable UUID after, int limit) {
    return jdbc.sql(LIST_AWAITING)
        .param(after)
        .param(limit)
        .query(
            (row, _) ->
                new AwaitingOrder(
                    row.getObject(1, UUID.class),
                    row.getObject(2, UUID.class),
                    row.getLong(3),
                    row.getString(4),
                    row.getTimestamp(5).toInstant()))
        .list();
  }

  /**
   * An order whose saga has not been heard of for long enough.
   *
   * @param trace of its placement
   */
  record Due(
      UUID orderId,
      UUID customerId,
      String currency,
      long totalMinor,
      @Nullable String paymentMethod,
      @Nullable String voucherCode,
      OrderState state,
      @Nullable Approval approval,
      @Nullable String reviewReason,
      Fulfilment fulfilment,
      @Nullable UUID fulfilmentId,
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
        next_action_at = now()
          + least(? * power(2, least(o.attempt, 30)), case when o.approval = 'AWAITING' then ? else ? end)
            * (0.8 + 0.4 * random()) * interval '1 second'
      from due
      where o.order_id = due.order_id
      returning o.order_id, o.customer_id, o.currency, o.total_minor, o.payment_method, o.voucher_code, o.state,
        o.approval, o.review_reason, o.fulfilment, o.fulfilment_id, o.trace, o.cancel_requested_at is not null
      """;

  /** Claims orders that are due, and sets when they are due again. */
  List<Due> claimDue(OrderProperties.Resend settings) {
    return jdbc.sql(CLAIM_DUE)
        .param(settings.maxBatch())
        .param(seconds(settings.firstAfter()))
        .param(seconds(settings.longestPauseAwaiting()))
        .param(seconds(settings.longestPause()))
        .query(
            (row, _) ->
                new Due(
                    row.getObject(1, UUID.class),
                    row.getObject(2, UUID.class),
                    row.getString(3),
                    row.getLong(4),
                    row.getString(5),
                    row.getString(6),
                    OrderState.valueOf(row.getString(7)),
                    approval(row),
                    row.getString("review_reason"),
                    Fulfilment.valueOf(row.getString("fulfilment")),
                    row.getObject("fulfilment_id", UUID.class),
                    new TraceParent(row.getString("trace")),
                    row.getBoolean(13)))
        .list();
  }

  /**
   * What a confirmed order's refunds are computed from.
   *
   * @param paid who paid what; null where nobody said
   */
  record Payable(
      UUID orderId,
      UUID customerId,
      OrderState state,
      Fulfilment fulfilment,
      String currency,
      long totalMinor,
      @Nullable String paymentMethod,
      @Nullable String voucherCode,
      PlaceOrder.@Nullable Paid paid) {}

  private static final String LOCK_PAYABLE =
      """
      select order_id, customer_id, state, fulfilment, currency, total_minor, payment_method, voucher_code,
        wallet_minor, card_minor
      from orders
      where order_id = ? and customer_id = coalesce(?::uuid, customer_id)
      for update
      """;

  /** Locks an order of which something is to be paid back; empty if it is not this customer's. */
  Optional<Payable> lockPayable(UUID orderId, @Nullable UUID customerId) {
    return jdbc.sql(LOCK_PAYABLE)
        .param(orderId)
        .param(customerId)
        .query(
            (row, _) ->
                new Payable(
                    row.getObject(1, UUID.class),
                    row.getObject(2, UUID.class),
                    OrderState.valueOf(row.getString(3)),
                    Fulfilment.valueOf(row.getString(4)),
                    row.getString(5),
                    row.getLong(6),
                    row.getString(7),
                    row.getString(8),
                    row.getObject(9) == null
                        ? null
                        : new PlaceOrder.Paid(row.getLong(9), row.getLong(10))))
        .optional();
  }

  private static final String LOAD_BOUGHT =
      """
      select line_no, sku, quantity, unit_price_minor, service is not null, coalesce(refunded, 0)
      from order_line
      where order_id = ?
      order by line_no
      """;

  /** What was bought, and how much of it is paid back or about to be. */
  List<Refunding.Bought> loadBought(UUID orderId) {
    return jdbc.sql(LOAD_BOUGHT)
        .param(orderId)
        .query(
            (row, _) ->
                new Refunding.Bought(
                    row.getInt(1),
                    row.getString(2),
                    row.getLong(3),
                    row.getLong(4),
                    row.getBoolean(5),
                    row.getLong(6)))
        .list();
  }

  /** Pieces of an order's line; negative where they are given back. */
  record LineChange(UUID orderId, int lineNo, long pieces) {}

  private static final String CHANGE_REFUNDED =
      """
      update order_line l
      set refunded = coalesce(l.refunded, 0) + c.pieces
      from unnest(?::uuid[], ?::int[], ?::bigint[]) as c (order_id, line_no, pieces)
      where l.order_id = c.order_id and l.line_no = c.line_no
      """;

  /** Changes how many pieces of lines are paid back or about to be. */
  void changeRefunded(List<LineChange> changes) {
    jdbc.sql(CHANGE_REFUNDED)
        .param(uuids(changes, LineChange::orderId))
        .param(ints(changes, LineChange::lineNo))
        .param(longs(changes, LineChange::pieces))
        .update();
  }

  private static final String REFUND_BEGINS =
      """
      with changed as (
        update orders
        set refund_state = 'PENDING', version = version + 1
        where order_id = ?
        returning order_id, version, state
      )
      insert into order_event (order_id, seq, state, reason_code, reason_detail)
      select order_id, version, state, ?, ? from changed
      """;

  void refundBegins(UUID orderId, String why) {
    jdbc.sql(REFUND_BEGINS).params(orderId, Code.REFUND_REQUESTED.name(), why).update();
  }

  /**
   * What a refund's end is for its order.
   *
   * @param paidBackMinor 0 if it failed
   */
  record RefundEnd(UUID orderId, long paidBackMinor, Reason reason) {}

  /** The lines say how much is paid back, for no other refund can be under way. */
  private static final String REFUND_ENDS =
      """
      with changed as (
        update orders o
        set refunded_minor = o.refunded_minor + e.minor, version = o.version + 1,
          refund_state = case e.refunded when 0 then 'NONE' when e.bought then 'FULL' else 'PARTIAL' end,
          next_action_at = case when o.fulfilment = 'FAILED' and e.refunded = e.bought then null else o.next_action_at end
        from (
          select n.*, l.refunded, l.bought
          from unnest(?::uuid[], ?::bigint[], ?::text[], ?::text[]) as n (order_id, minor, code, detail),
            lateral (
              select sum(coalesce(l.refunded, 0)) as refunded, sum(l.quantity) as bought
              from order_line l
              where l.order_id = n.order_id
            ) l
        ) e
        where o.order_id = e.order_id
        returning o.*, e.code, e.detail
      ), event as (
        insert into order_event (order_id, seq, state, reason_code, reason_detail)
        select order_id, version, state, code, detail from changed
      )
      select order_id, version, state, reason_code, reason_detail, approval, refund_state, refunded_minor, fulfilment,
        tracking_code, placed_at, cancel_requested_at, ended_at
      from changed
      """;

  /** Notes in their orders that refunds have ended; their lines have been changed before. */
  List<OrderProgress> refundsEnd(List<RefundEnd> ends) {
    return jdbc.sql(REFUND_ENDS)
        .param(uuids(ends, RefundEnd::orderId))
        .param(longs(ends, RefundEnd::paidBackMinor))
        .param(texts(ends, end -> end.reason().code()))
        .param(texts(ends, end -> end.reason().detail()))
        .query((row, _) -> progress(row))
        .list();
  }

  private static final String LOAD_LINES =
      """
      select order_id, sku, quantity, unit_price_minor, service
      from order_line
      where order_id = any(?::uuid[])
      order by order_id, line_no
      """;

  /** The lines of orders, by order id. */
  Map<UUID, List<OrderLine>> loadLines(Collection<UUID> orderIds) {
    var lines = new HashMap<UUID, List<OrderLine>>();
    jdbc.sql(LOAD_LINES)
        .param(uuids(orderIds))
        .query(
            row -> {
              lines
                  .computeIfAbsent(row.getObject(1, UUID.class), _ -> new ArrayList<>())
                  .add(
                      new OrderLine(
                          row.getString(2), row.getLong(3), row.getLong(4), row.getString(5)));
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
      select order_id, version, state, reason_code, reason_detail, approval, refund_state, refunded_minor, fulfilment,
        tracking_code, placed_at, cancel_requested_at, ended_at
      from orders
      where order_id = any(?::uuid[]) and customer_id = coalesce(?::uuid, customer_id)
      """;

  List<OrderProgress> loadProgress(Collection<UUID> orderIds) {
    return loadProgress(orderIds, null);
  }

  /** Somebody else's orders are left out like unknown ones. */
  List<OrderProgress> loadProgress(Collection<UUID> orderIds, @Nullable UUID customerId) {
    return jdbc.sql(LOAD_PROGRESS)
        .param(uuids(orderIds))
        .param(customerId)
        .query((row, _) -> progress(row))
        .list();
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
      select order_id, state, reason_code, reason_detail, approval, refund_state, fulfilment, total_minor, currency,
        placed_at, ended_at
      from orders
      where customer_id = ?
        and order_id < coalesce(?::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
        and state = coalesce(?, state)
        and placed_at >= coalesce(?::timestamptz, '-infinity')
        and placed_at < coalesce(?::timestamptz, 'infinity')
      order by order_id desc
      limit ?
      """;

  /**
   * Which of a customer's orders are listed.
   *
   * @param from when they were placed at the earliest
   * @param to before when they were placed
   * @param after the order behind which the list continues
   */
  record Filter(
      UUID customerId,
      @Nullable OrderState state,
      @Nullable Instant from,
      @Nullable Instant to,
      @Nullable UUID after,
      int limit) {}

  /** A customer's orders, newest first. */
  List<OrderSummary> list(Filter filter) {
    return jdbc.sql(LIST)
        .param(filter.customerId())
        .param(filter.after())
        .param(filter.state() == null ? null : filter.state().name())
        .param(filter.from() == null ? null : Timestamp.from(filter.from()))
        .param(filter.to() == null ? null : Timestamp.from(filter.to()))
        .param(filter.limit())
        .query(
            (row, _) ->
                new OrderSummary(
                    row.getObject("order_id", UUID.class),
                    OrderState.valueOf(row.getString("state")),
                    reason(row),
                    approval(row),
                    Refunded.valueOf(row.getString("refund_state")),
                    Fulfilment.valueOf(row.getString("fulfilment")),
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
        approval(row),
        Refunded.valueOf(row.getString("refund_state")),
        row.getLong("refunded_minor"),
        Fulfilment.valueOf(row.getString("fulfilment")),
        row.getString("tracking_code"),
        row.getTimestamp("placed_at").toInstant(),
        instant(row, "cancel_requested_at"),
        instant(row, "ended_at"));
  }

  private static @Nullable Approval approval(ResultSet row) throws SQLException {
    String approval = row.getString("approval");
    return approval == null ? null : Approval.valueOf(approval);
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
