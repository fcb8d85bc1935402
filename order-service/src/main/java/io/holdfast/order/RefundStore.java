package io.holdfast.order;

import static io.holdfast.messaging.SqlArrays.ints;
import static io.holdfast.messaging.SqlArrays.longs;
import static io.holdfast.messaging.SqlArrays.texts;
import static io.holdfast.messaging.SqlArrays.uuids;

import io.holdfast.contracts.Reason;
import io.holdfast.contracts.saga.PlaceOrder;
import io.holdfast.contracts.saga.PlaceOrder.Paid;
import io.holdfast.contracts.saga.RefundOrder;
import io.holdfast.messaging.TraceParent;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Refunds and their lines. An order's refunds are only written while the order is locked. */
final class RefundStore {

  private final JdbcClient jdbc;

  RefundStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** What names a request: the client's key and what was asked for under it. */
  record Request(String key, byte[] hash) {}

  /**
   * A refund that begins.
   *
   * @param request null where the service begins it by itself
   */
  record Beginning(
      UUID refundId,
      UUID orderId,
      Refunding.Pays pays,
      boolean returned,
      String reason,
      @Nullable Request request,
      TraceParent trace) {}

  private static final String INSERT =
      """
      with begun as (
        insert into refund
          (refund_id, order_id, wallet_minor, card_minor, returned, reason, idempotency_key, request_hash, trace,
           next_action_at)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, now() + ? * interval '1 second')
        returning refund_id
      )
      insert into refund_line (refund_id, line_no, quantity)
      select begun.refund_id, l.line_no, l.quantity
      from begun, unnest(?::int[], ?::bigint[]) as l (line_no, quantity)
      """;

  void insert(Beginning refund, Duration resendAfter) {
    var lines = refund.pays().lines();
    jdbc.sql(INSERT)
        .param(refund.refundId())
        .param(refund.orderId())
        .param(refund.pays().walletMinor())
        .param(refund.pays().cardMinor())
        .param(refund.returned())
        .param(refund.reason())
        .param(refund.request() == null ? null : refund.request().key())
        .param(refund.request() == null ? null : refund.request().hash())
        .param(refund.trace().value())
        .param(resendAfter.toMillis() / 1000.0)
        .param(ints(lines, Refunding.Line::line))
        .param(longs(lines, Refunding.Line::quantity))
        .update();
  }

  /** The refund that a key stands for. */
  record Keyed(UUID refundId, byte[] requestHash) {}

  private static final String FIND_BY_KEY =
      """
      select refund_id, request_hash
      from refund
      where order_id = ? and idempotency_key = ?
      """;

  Optional<Keyed> findByKey(UUID orderId, String key) {
    return jdbc.sql(FIND_BY_KEY)
        .params(orderId, key)
        .query((row, _) -> new Keyed(row.getObject(1, UUID.class), row.getBytes(2)))
        .optional();
  }

  /**
   * How an order's refunds stand.
   *
   * @param pending whether one is under way
   * @param paidBack what those that have not failed pay back
   */
  record Sum(boolean pending, Paid paidBack) {}

  private static final String SUM =
      """
      select coalesce(bool_or(state = 'PENDING'), false), coalesce(sum(wallet_minor), 0)::bigint,
        coalesce(sum(card_minor), 0)::bigint
      from refund
      where order_id = ? and state <> 'FAILED'
      """;

  Sum sum(UUID orderId) {
    return jdbc.sql(SUM)
        .param(orderId)
        .query((row, _) -> new Sum(row.getBoolean(1), new Paid(row.getLong(2), row.getLong(3))))
        .single();
  }

  private static final String LOAD =
      """
      select r.refund_id, r.order_id, r.state, r.wallet_minor, r.card_minor, o.currency, r.returned, r.reason,
        r.failure_code, r.failure_detail, r.requested_at, r.ended_at
      from refund r
      join orders o using (order_id)
      where r.order_id = ? and r.refund_id = coalesce(?::uuid, r.refund_id)
        and o.customer_id = coalesce(?::uuid, o.customer_id)
      order by r.requested_at, r.refund_id
      """;

  /** An order's refunds, oldest first. */
  List<Refund> load(UUID orderId, @Nullable UUID refundId, @Nullable UUID customerId) {
    var refunds =
        jdbc.sql(LOAD)
            .param(orderId)
            .param(refundId)
            .param(customerId)
            .query((row, _) -> refund(row, List.of()))
            .list();
    var lines = loadLines(refunds.stream().map(Refund::refundId).toList());
    return refunds.stream()
        .map(
            refund ->
                new Refund(
                    refund.refundId(),
                    refund.orderId(),
                    refund.state(),
                    refund.walletMinor(),
                    refund.cardMinor(),
                    refund.currency(),
                    lines.getOrDefault(refund.refundId(), List.of()),
                    refund.returned(),
                    refund.reason(),
                    refund.failure(),
                    refund.requestedAt(),
                    refund.endedAt()))
        .toList();
  }

  private static Refund refund(ResultSet row, List<Refunding.Line> lines) throws SQLException {
    var endedAt = row.getTimestamp("ended_at");
    String code = row.getString("failure_code");
    return new Refund(
        row.getObject("refund_id", UUID.class),
        row.getObject("order_id", UUID.class),
        RefundState.valueOf(row.getString("state")),
        row.getLong("wallet_minor"),
        row.getLong("card_minor"),
        row.getString("currency"),
        lines,
        row.getBoolean("returned"),
        row.getString("reason"),
        code == null ? null : new Reason(code, row.getString("failure_detail")),
        row.getTimestamp("requested_at").toInstant(),
        endedAt == null ? null : endedAt.toInstant());
  }

  private static final String LOAD_LINES =
      """
      select refund_id, line_no, quantity
      from refund_line
      where refund_id = any(?::uuid[])
      order by refund_id, line_no
      """;

  Map<UUID, List<Refunding.Line>> loadLines(Collection<UUID> refundIds) {
    var lines = new HashMap<UUID, List<Refunding.Line>>();
    jdbc.sql(LOAD_LINES)
        .param(uuids(refundIds))
        .query(
            row -> {
              lines
                  .computeIfAbsent(row.getObject(1, UUID.class), _ -> new ArrayList<>())
                  .add(new Refunding.Line(row.getInt(2), row.getLong(3)));
            });
    return lines;
  }

  private static final String ORDERS_OF =
      """
      select refund_id, order_id
      from refund
      where refund_id = any(?::uuid[])
      """;

  /** The orders of refunds, by the refund's id; unknown ones are missing. */
  Map<UUID, UUID> ordersOf(Collection<UUID> refundIds) {
    var orders = new HashMap<UUID, UUID>();
    jdbc.sql(ORDERS_OF)
        .param(uuids(refundIds))
        .query(
            row -> {
              orders.put(row.getObject(1, UUID.class), row.getObject(2, UUID.class));
            });
    return orders;
  }

  private static final String STATES =
      """
      select refund_id, state
      from refund
      where refund_id = any(?::uuid[])
      """;

  Map<UUID, RefundState> states(Collection<UUID> refundIds) {
    var states = new HashMap<UUID, RefundState>();
    jdbc.sql(STATES)
        .param(uuids(refundIds))
        .query(
            row -> {
              states.put(row.getObject(1, UUID.class), RefundState.valueOf(row.getString(2)));
            });
    return states;
  }

  /**
   * How a refund's saga ended.
   *
   * @param failure null: it is done
   */
  record End(UUID refundId, @Nullable Reason failure) {

    RefundState state() {
      return failure == null ? RefundState.DONE : RefundState.FAILED;
    }
  }

  /** A refund that has just ended. */
  record Ended(UUID refundId, UUID orderId, RefundState state, long paidMinor, Duration took) {}

  private static final String END =
      """
      update refund r
      set state = e.state, failure_code = e.code, failure_detail = e.detail, ended_at = now(), next_action_at = null
      from unnest(?::uuid[], ?::text[], ?::text[], ?::text[]) as e (refund_id, state, code, detail)
      where r.refund_id = e.refund_id and r.state = 'PENDING'
      returning r.refund_id, r.order_id, r.state, r.wallet_minor + r.card_minor,
        extract(epoch from r.ended_at - r.requested_at)::double precision
      """;

  /** Ends those of the refunds that are pending; the orders of all are locked. */
  List<Ended> end(List<End> ends) {
    return jdbc.sql(END)
        .param(uuids(ends, End::refundId))
        .param(texts(ends, end -> end.state().name()))
        .param(texts(ends, end -> end.failure() == null ? null : end.failure().code()))
        .param(texts(ends, end -> end.failure() == null ? null : end.failure().detail()))
        .query(
            (row, _) ->
                new Ended(
                    row.getObject(1, UUID.class),
                    row.getObject(2, UUID.class),
                    RefundState.valueOf(row.getString(3)),
                    row.getLong(4),
                    Duration.ofMillis((long) (row.getDouble(5) * 1000))))
        .list();
  }

  /** A refund whose saga has not been heard of for long enough. */
  record Due(RefundOrder input, TraceParent trace) {}

  /** The pause doubles and varies as that of orders does. */
  private static final String CLAIM_DUE =
      """
      with due as (
        select refund_id
        from refund
        where next_action_at <= now()
        order by next_action_at
        limit ?
        for update skip locked
      ), claimed as (
        update refund r
        set attempt = r.attempt + 1,
          next_action_at = now() + least(? * power(2, least(r.attempt, 30)), ?) * (0.8 + 0.4 * random())
            * interval '1 second'
        from due
        where r.refund_id = due.refund_id
        returning r.*
      )
      select c.refund_id, c.order_id, o.customer_id, c.wallet_minor, c.card_minor, o.currency, c.returned, c.trace
      from claimed c
      join orders o using (order_id)
      """;

  private static final String LOAD_RETURNED =
      """
      select r.refund_id, l.sku, r.quantity
      from refund_line r
      join refund using (refund_id)
      join order_line l using (order_id, line_no)
      where r.refund_id = any(?::uuid[]) and l.service is null
      order by r.refund_id, r.line_no
      """;

  /** Claims refunds that are due, and sets when they are due again. */
  List<Due> claimDue(OrderProperties.Resend settings) {
    record Claimed(
        UUID refundId,
        UUID orderId,
        UUID customerId,
        long walletMinor,
        long cardMinor,
        String currency,
        boolean returned,
        TraceParent trace) {}
    var claimed =
        jdbc.sql(CLAIM_DUE)
            .param(settings.maxBatch())
            .param(settings.firstAfter().toMillis() / 1000.0)
            .param(settings.longestPause().toMillis() / 1000.0)
            .query(
                (row, _) ->
                    new Claimed(
                        row.getObject(1, UUID.class),
                        row.getObject(2, UUID.class),
                        row.getObject(3, UUID.class),
                        row.getLong(4),
                        row.getLong(5),
                        row.getString(6),
                        row.getBoolean(7),
                        new TraceParent(row.getString(8))))
            .list();
    if (claimed.isEmpty()) {
      return List.of();
    }
    var returned = new HashMap<UUID, List<PlaceOrder.Line>>();
    jdbc.sql(LOAD_RETURNED)
        .param(uuids(claimed.stream().filter(Claimed::returned).map(Claimed::refundId).toList()))
        .query(
            row -> {
              returned
                  .computeIfAbsent(row.getObject(1, UUID.class), _ -> new ArrayList<>())
                  .add(new PlaceOrder.Line(row.getString(2), row.getLong(3)));
            });
    return claimed.stream()
        .map(
            refund ->
                new Due(
                    new RefundOrder(
                        refund.orderId(),
                        refund.refundId(),
                        refund.customerId(),
                        refund.walletMinor(),
                        refund.cardMinor(),
                        refund.currency(),
                        returned.getOrDefault(refund.refundId(), List.of())),
                    refund.trace()))
        .toList();
  }

  private static final String UNTIL_NEXT_DUE =
      """
      select extract(epoch from min(next_action_at) - clock_timestamp())::double precision
      from refund
      where next_action_at is not null
      """;

  /** How long until the next refund is due; empty if none waits. */
  Optional<Duration> untilNextDue() {
    return jdbc.sql(UNTIL_NEXT_DUE)
        .query(Double.class)
        .optional()
        .map(seconds -> Duration.ofMillis((long) Math.ceil(seconds * 1000)));
  }
}
