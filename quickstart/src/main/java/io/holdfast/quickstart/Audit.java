package io.holdfast.quickstart;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The auditor: reads every schema at once, which no service may, and says what does not add up.
 * Money and stock are conserved, what one service says another confirms, and nothing is left open.
 */
public final class Audit {

  private static final int EXAMPLES = 5;
  private static final Map<String, String> CHECKS = new LinkedHashMap<>();

  static {
    CHECKS.put(
        "M: a wallet's totals are what its entries, holds, withdrawals, charges and refunds say",
        """
        select w.wallet_id::text from wallet.wallet w
        left join wallet.wallet_rebuilt e using (wallet_id)
        left join (select (hold ->> 'walletId')::uuid wallet_id,
            coalesce(sum((hold ->> 'amountMinor')::bigint) filter (where state = 'TRIED'), 0) tried,
            coalesce(sum((hold ->> 'amountMinor')::bigint) filter (where state = 'CONFIRMED'), 0) confirmed
          from wallet.participant_fence where step = 'wallet' and hold is not null group by 1) f using (wallet_id)
        left join (select wallet_id,
            coalesce(sum(amount_minor) filter (where state in ('REQUESTED', 'APPROVED', 'PAYING')), 0) held,
            coalesce(sum(amount_minor) filter (where state = 'PAID'), 0) paid
          from wallet.withdrawal group by 1) d using (wallet_id)
        left join (select wallet_id,
            coalesce(sum(amount_minor) filter (where state = 'HELD'), 0) held, sum(confirmed_minor) spent
          from wallet.wallet_hold group by 1) h using (wallet_id)
        left join (select wallet_id, sum(amount_minor) charged
          from wallet.wallet_charge where not refused group by 1) c using (wallet_id)
        left join (select wallet_id, sum(amount_minor) refunded
          from wallet.wallet_refund where state = 'PAID' group by 1) r using (wallet_id)
        where w.available_minor <> coalesce(e.available_minor, 0) or w.held_minor <> coalesce(e.held_minor, 0)
          or w.spent_minor <> coalesce(e.spent_minor, 0) or w.withdrawn_minor <> coalesce(e.withdrawn_minor, 0)
          or w.credited_minor <> coalesce(e.credited_minor, 0) or w.refunded_minor <> coalesce(e.refunded_minor, 0)
          or w.held_minor <> coalesce(f.tried, 0) + coalesce(d.held, 0) + coalesce(h.held, 0)
          or w.spent_minor <> coalesce(f.confirmed, 0) + coalesce(c.charged, 0) + coalesce(h.spent, 0)
          or w.withdrawn_minor <> coalesce(d.paid, 0) or w.refunded_minor <> coalesce(r.refunded, 0)
          or w.credited_minor + w.refunded_minor
            <> w.available_minor + w.held_minor + w.spent_minor + w.withdrawn_minor
        """);
    CHECKS.put(
        "V: a voucher is used as often as its orders say",
        """
        select v.code from wallet.voucher v
        left join (select hold -> 'voucher' ->> 'code' code,
            count(*) filter (where state = 'TRIED') tried, count(*) filter (where state = 'CONFIRMED') confirmed
          from wallet.participant_fence where step = 'wallet' and hold -> 'voucher' is not null group by 1) f using (code)
        where v.reserved <> coalesce(f.tried, 0) or v.redeemed <> coalesce(f.confirmed, 0)
        """);
    CHECKS.put(
        "S: a good's totals are what its entries and its holds say",
        """
        select s.sku from inventory.stock s
        left join (select sku, sum(available_delta) a, sum(held_delta) h, sum(sold_delta) d,
            sum(received_delta) filter (where operation = 'RECEIVE') r,
            sum(received_delta) filter (where operation <> 'RECEIVE') j
          from inventory.stock_entry group by 1) e using (sku)
        left join (select line.key sku,
            coalesce(sum(line.value::bigint) filter (where state = 'TRIED'), 0) tried,
            coalesce(sum(line.value::bigint) filter (where state = 'CONFIRMED'), 0) confirmed
          from inventory.participant_fence, jsonb_each_text(hold -> 'quantities') line
          where step = 'inventory' group by 1) f using (sku)
        left join (select sku, sum(returned) returned from inventory.order_goods group by 1) b using (sku)
        where s.available <> coalesce(e.a, 0) or s.held <> coalesce(e.h, 0) or s.sold <> coalesce(e.d, 0)
          or s.received <> coalesce(e.r, 0) or s.adjusted <> coalesce(e.j, 0)
          or s.held <> coalesce(f.tried, 0)
          or s.sold <> coalesce(f.confirmed, 0) - coalesce(b.returned, 0)
          or s.received + s.adjusted <> s.available + s.held + s.sold
        """);
    CHECKS.put(
        "N: nothing is negative",
        """
        select wallet_id::text from wallet.wallet
        where least(available_minor, held_minor, spent_minor, withdrawn_minor) < 0
        union all select sku from inventory.stock where least(available + back_order_limit, held, sold) < 0
        """);
    CHECKS.put(
        "A1: no saga is confirmed at one participant and given up at another",
        """
        select saga_id::text from (
          select saga_id, state from inventory.participant_fence
          union all select saga_id, state from wallet.participant_fence
          union all select saga_id, state from payment.participant_fence) f
        group by saga_id
        having bool_or(state = 'CONFIRMED') and bool_or(state in ('REFUSED', 'CANCELLED', 'EMPTY', 'DECLINED'))
        """);
    CHECKS.put(
        "A5: every saga's end is every participant's end",
        """
        select s.id::text || ' ' || s.state || ' but ' || f.state from saga.saga s join (
          select saga_id, state from inventory.participant_fence
          union all select saga_id, state from wallet.participant_fence
          union all select saga_id, state from payment.participant_fence) f on f.saga_id = s.id
        where (s.state = 'CONFIRMED' and f.state <> 'CONFIRMED')
          or (s.state = 'CANCELLED' and f.state not in ('CANCELLED', 'REFUSED', 'EMPTY'))
        """);
    CHECKS.put(
        "A5: every order's end is its saga's end",
        """
        select o.order_id::text || ' ' || o.state || ' but ' || coalesce(s.state, 'no saga')
        from orders.orders o left join saga.saga s on s.id = o.order_id
        where (o.state = 'CONFIRMED') <> (coalesce(s.state, '') = 'CONFIRMED')
          or (o.state in ('REJECTED', 'CANCELLED')) <> (coalesce(s.state, '') = 'CANCELLED')
        """);
    CHECKS.put(
        "G: goods leave the house with sagas that are confirmed, and never more than were sold",
        """
        select sh.saga_id::text || ' ' || sh.state || ' but ' || coalesce(s.state, 'no saga')
        from inventory.shipment sh left join saga.saga s on s.id = sh.saga_id
        where (sh.state = 'SHIPPED') <> (coalesce(s.state, '') = 'CONFIRMED') or sh.next_action_at is not null
        union all
        select g.order_id::text || ' ' || g.sku from inventory.order_goods g
        left join (select order_id, line.key sku, sum(line.value::bigint) away
          from inventory.shipment, jsonb_each_text(quantities) line
          where state not in ('DAMAGED', 'PUT_BACK') group by 1, 2) a using (order_id, sku)
        where g.picked <> coalesce(a.away, 0) or greatest(g.picked, g.returned) > g.sold
        """);
    CHECKS.put(
        "B: goods come back after they were sent, and all that could not be sent does",
        """
        select r.refund_id::text || ' of ' || e.sku || ' before order ' || r.order_id || ' was sent'
        from orders.refund r
        join inventory.stock_entry e on e.cause_id = r.refund_id and e.operation in ('RETURN', 'WRITE_OFF')
        join inventory.shipment sh on sh.order_id = r.order_id and sh.state = 'SHIPPED'
        where e.at < sh.changed_at
        union all
        select o.order_id::text || ' ' || l.sku from orders.orders o
        join (select order_id, sku, sum(quantity) bought
          from orders.order_line where service is null group by 1, 2) l using (order_id)
        left join inventory.order_goods g using (order_id, sku)
        where o.fulfilment = 'FAILED' and o.refund_state = 'FULL' and coalesce(g.returned, 0) <> l.bought
        """);
    CHECKS.put(
        "E: nothing has had its effect twice",
        """
        select cause_id::text || ' ' || operation from wallet.wallet_entry
        group by cause_id, operation, wallet_id having count(*) > 1
        union all select cause_id::text || ' ' || operation from inventory.stock_entry
        group by cause_id, operation, sku having count(*) > 1
        """);
    CHECKS.put(
        "R: nothing is held without an open saga",
        """
        select saga_id::text || ' ' || state from (
          select saga_id, state from inventory.participant_fence
          union all select saga_id, state from wallet.participant_fence
          union all select saga_id, state from payment.participant_fence) f
        where state in ('TRYING', 'TRIED', 'CONFIRMING', 'DECLINED', 'CANCELLING')
        """);
    CHECKS.put(
        "K: every saga, every order and every approved withdrawal has ended",
        """
        select id::text || ' ' || state from saga.saga where next_action_at is not null
        union all select order_id::text || ' ' || state from orders.orders where state = 'PENDING'
        union all select withdrawal_id::text || ' ' || state from wallet.withdrawal where state in ('APPROVED', 'PAYING')
        """);
    CHECKS.put(
        "Pay: what was captured belongs to confirmed sagas or was given back, and nothing stays authorised",
        """
        select p.saga_id::text || ' ' || p.state from payment.payment p left join saga.saga s on s.id = p.saga_id
        where (p.state = 'CAPTURED' and p.refunded_minor < p.amount_minor and coalesce(s.state, '') <> 'CONFIRMED')
          or (p.state <> 'CAPTURED' and s.state = 'CONFIRMED')
          or p.state in ('AUTHORISING', 'AUTHORISED', 'CAPTURING', 'VOIDING')
        """);
    CHECKS.put(
        "Q: nothing is parked",
        """
        select 'inventory: ' || reason from inventory.parked_message
        union all select 'wallet: ' || reason from wallet.parked_message
        union all select 'payment: ' || reason from payment.parked_message
        union all select 'orders: ' || reason from orders.parked_message
        union all select 'saga: ' || reason from saga.parked_message
        """);
    CHECKS.put(
        "no saga needs an operator",
        """
        select id::text || ' ' || attention from saga.saga where attention is not null
        """);
  }

  private final JdbcClient jdbc;

  /** Reads through {@code jdbc}, whose user may read every schema. */
  public Audit(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * What does not add up: by the name of the check, the first few rows that show it. Empty once
   * everything has come to rest.
   */
  public Map<String, List<String>> differences() {
    var differences = new LinkedHashMap<String, List<String>>();
    CHECKS.forEach(
        (name, sql) -> {
          var found = jdbc.sql(sql + " limit " + EXAMPLES).query(String.class).list();
          if (!found.isEmpty()) {
            differences.put(name, found);
          }
        });
    return differences;
  }
}
