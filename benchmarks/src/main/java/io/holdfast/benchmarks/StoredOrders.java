package io.holdfast.benchmarks;

import java.time.Duration;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Puts orders that ended in the past into the tables, as if they had been placed evenly over the
 * last week: all rows of orders, sagas, fences, entries and inboxes, and the totals of stock and
 * wallets, so that the books balance. The outboxes stay as they are: what is written there would be
 * sent, and old rows of theirs are never read.
 */
final class StoredOrders {

  private static final int BATCH = 20_000;
  private static final int DAYS = 7;
  private static final long MOST_UNREAD_BYTES = 512L << 20;
  private static final long FEW_UNREAD_BYTES = 16L << 20;
  private static final Duration READING_LIMIT = Duration.ofMinutes(10);
  private static final long POLL_MILLIS = 200;
  private static final long PROGRESS_NANOS = Duration.ofSeconds(5).toNanos();

  private final JdbcClient jdbc;
  private long stored;

  /**
   * @param jdbc a superuser's
   */
  StoredOrders(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Puts in what is missing to so many, and leaves the tables as if vacuum had just been there,
   * also if nothing was missing. No order may be open.
   */
  void fillUpTo(long count) throws InterruptedException {
    if (count > stored) {
      put(count - stored);
      stored = count;
      Bench.say("the relay reads past them");
      awaitRelay(FEW_UNREAD_BYTES);
    }
    Bench.say("vacuum, analyze, checkpoint");
    jdbc.sql("vacuum (freeze, analyze)").update();
    jdbc.sql("checkpoint").update();
  }

  private void put(long count) throws InterruptedException {
    Bench.say("putting in %,d finished orders".formatted(count));
    createPartitions();
    long said = System.nanoTime();
    for (long put = 0; put < count; put += BATCH) {
      insert(put, Math.min(put + BATCH, count) - 1, count);
      awaitRelay(MOST_UNREAD_BYTES);
      if (System.nanoTime() - said > PROGRESS_NANOS) {
        said = System.nanoTime();
        Bench.say("  %,d of %,d".formatted(put + BATCH, count));
      }
    }
  }

  /** Made by the owner of each table, in whose search path the function looks. */
  private static final String CREATE_PARTITIONS =
      """
      do $$
      declare
        owner text;
        target text;
        day date;
      begin
        for owner, target in values ('saga', 'saga_history'), ('saga', 'inbox'), ('orders', 'inbox'),
          ('inventory', 'inbox'), ('wallet', 'inbox')
        loop
          perform set_config('role', owner, true), set_config('search_path', owner, true);
          for day in select generate_series(current_date - %d, current_date - 2, interval '1 day') loop
            execute format('select create_day_partition(%%L, %%L)', target, day);
          end loop;
        end loop;
      end $$
      """
          .formatted(DAYS + 1);

  private void createPartitions() {
    jdbc.sql(CREATE_PARTITIONS).update();
  }

  private static final String INSERT =
      """
      with past as materialized (
        select uuidv7(age) as id, age, now() + age as at, payable, sku,
          ('01900000-0000-7000-8000-' || lpad(to_hex(wallet), 12, '0'))::uuid wallet_id
        from (
          select (n / :count::float8 - 1) * make_interval(days => :days) - interval '1 minute' age,
            n % 20 <> 0 payable,
            floor(random() * :wallets)::bigint + case when n % 20 = 0 then 1::bigint << 40 else 0 end wallet,
            'SKU-' || lpad(floor(random() * :goods)::text, 4, '0') sku
          from generate_series(:first::bigint, :last::bigint) n) drawn),
      traced as (
        select *, uuid_send(id) || uuid_send(id) hash,
          '00-' || replace(id::text, '-', '') || '-' || substr(replace(id::text, '-', ''), 17) || '-01' trace,
          case when not payable then 'INSUFFICIENT_BALANCE' end code,
          case when not payable then 'insufficient balance' end detail
        from past),
      an_order as (
        insert into orders.orders (order_id, customer_id, currency, total_minor, state, reason_code, reason_detail,
          version, idempotency_key, request_hash, trace, placed_at, ended_at)
        select id, wallet_id, 'EUR', 100, case when payable then 'CONFIRMED' else 'REJECTED' end, code, detail,
          2, 'stored-' || id, hash, trace, at, at
        from traced),
      order_line as (
        insert into orders.order_line (order_id, line_no, sku, quantity, unit_price_minor)
        select id, 0, sku, 1, 100 from past),
      order_event as (
        insert into orders.order_event (order_id, seq, state, reason_code, reason_detail, at)
        select id, 1, 'PENDING', null, null, at from past
        union all
        select id, 2, case when payable then 'CONFIRMED' else 'REJECTED' end, code, detail, at from traced),
      order_inbox as (
        insert into orders.inbox (message_id, consumer) select uuidv7(age), 'order-service' from past),
      a_saga as (
        insert into saga.saga (id, definition, definition_version, state, stage, open_steps, held_steps, reason_code,
          reason_detail, attempt, version, input, answers, trace, started_at, deadline_at, ended_at)
        select id, 'place-order', 1, case when payable then 'CONFIRMED' else 'CANCELLED' end, 0, 0, 0, code,
          detail, 1, case when payable then 5 else 4 end,
          json_build_object('walletId', wallet_id, 'lines', json_build_array(json_build_object('sku', sku, 'quantity', 1)),
            'totalMinor', 100, 'currency', 'EUR', 'paymentMethod', null),
          case when payable then '{"wallet":{"amountMinor":100}}' else '{}' end::json,
          trace, at, at + interval '30 seconds', at
        from traced),
      saga_history as (
        insert into saga.saga_history (saga_id, version, at, event, state)
        select id, version, at, event, state
        from past join (values
          (true, 1, 'started, asking inventory and wallet to TRY', 'TRYING'),
          (true, 2, 'inventory TRY done', 'TRYING'),
          (true, 3, 'wallet TRY done, asking inventory and wallet to CONFIRM', 'CONFIRMING'),
          (true, 4, 'inventory CONFIRM done', 'CONFIRMING'),
          (true, 5, 'wallet CONFIRM done', 'CONFIRMED'),
          (false, 1, 'started, asking inventory and wallet to TRY', 'TRYING'),
          (false, 2, 'inventory TRY done', 'TRYING'),
          (false, 3, 'wallet TRY refused: insufficient balance, asking inventory to CANCEL', 'CANCELLING'),
          (false, 4, 'inventory CANCEL done', 'CANCELLED')) story (payable, version, event, state) using (payable)),
      saga_inbox as (
        insert into saga.inbox (message_id, consumer)
        select uuidv7(age), 'saga' from past, generate_series(1, case when payable then 5 else 4 end)),
      stock_fence as (
        insert into inventory.participant_fence (saga_id, step, state, hold, declined, request_hash, command_id,
          attempt, trace, created_at, changed_at)
        select id, 'inventory', case when payable then 'CONFIRMED' else 'CANCELLED' end,
          jsonb_build_object('quantities', jsonb_build_object(sku, 1)), false, hash, uuidv7(age), 1, trace, at, at
        from traced),
      stock_entry as (
        insert into inventory.stock_entry (cause_id, operation, sku, available_delta, held_delta, sold_delta, received_delta, at)
        select id, 'HOLD', sku, -1, 1, 0, 0, at from past
        union all
        select id, case when payable then 'CONFIRM' else 'CANCEL' end, sku, case when payable then 0 else 1 end, -1,
          case when payable then 1 else 0 end, 0, at
        from past),
      stock as (
        update inventory.stock s set available = available - sold.quantity, sold = s.sold + sold.quantity
        from (select sku, count(*) quantity from past where payable group by sku) sold where s.sku = sold.sku),
      stock_inbox as (
        insert into inventory.inbox (message_id, consumer)
        select uuidv7(age), 'inventory' from past, generate_series(1, 2)),
      wallet_fence as (
        insert into wallet.participant_fence (saga_id, step, state, hold, data, reason_code, reason_detail, declined,
          request_hash, command_id, attempt, trace, created_at, changed_at)
        select id, 'wallet', case when payable then 'CONFIRMED' else 'REFUSED' end,
          case when payable then jsonb_build_object('walletId', wallet_id, 'amountMinor', 100) end,
          case when payable then '{"amountMinor":100}' end, code, detail, false, hash, uuidv7(age), 1, trace, at, at
        from traced),
      wallet_entry as (
        insert into wallet.wallet_entry (cause_id, operation, wallet_id, available_delta, held_delta, spent_delta, credited_delta, at)
        select id, 'HOLD', wallet_id, -100, 100, 0, 0, at from past where payable
        union all
        select id, 'CONFIRM', wallet_id, 0, -100, 100, 0, at from past where payable),
      wallet as (
        update wallet.wallet w set available_minor = available_minor - spent.minor, spent_minor = spent_minor + spent.minor
        from (select wallet_id, 100 * count(*) minor from past where payable group by wallet_id) spent
        where w.wallet_id = spent.wallet_id)
      insert into wallet.inbox (message_id, consumer)
      select uuidv7(age), 'wallet' from past, generate_series(1, case when payable then 2 else 1 end)
      """;

  private void insert(long first, long last, long count) {
    jdbc.sql(INSERT)
        .param("first", first)
        .param("last", last)
        .param("count", count)
        .param("days", DAYS)
        .param("wallets", Variant.WALLETS)
        .param("goods", Variant.GOODS)
        .update();
  }

  private static final String UNREAD =
      """
      select coalesce(max(pg_current_wal_lsn() - confirmed_flush_lsn), 0)::bigint from pg_replication_slots
      """;

  /** PostgreSQL gives a slot up that is too far behind. */
  private void awaitRelay(long unreadBytes) throws InterruptedException {
    long end = System.nanoTime() + READING_LIMIT.toNanos();
    while (jdbc.sql(UNREAD).query(Long.class).single() > unreadBytes) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException(
            "the relay does not read on; see holdfast.log in the data folder (--data)");
      }
      Thread.sleep(POLL_MILLIS);
    }
  }
}
