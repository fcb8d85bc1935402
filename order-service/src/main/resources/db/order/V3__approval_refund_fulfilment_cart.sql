-- What a plain order never uses is null in it, and costs nothing.
alter table orders
  add column voucher_code text,
  -- LAPSED: the order ended before anybody decided.
  add column approval text check (approval in ('AWAITING', 'APPROVED', 'REJECTED', 'LAPSED')),
  add column reviewer text,
  add column review_reason text,
  add column reviewed_at timestamptz,
  -- Who paid what, once confirmed; both null where the wallet has paid all.
  add column wallet_minor bigint check (wallet_minor >= 0),
  add column card_minor bigint check (card_minor >= 0),
  add column refund_state text not null default 'NONE' check (refund_state in ('NONE', 'PENDING', 'PARTIAL', 'FULL')),
  add column refunded_minor bigint not null default 0 check (refunded_minor >= 0),
  add column fulfilment text not null default 'NONE' check (fulfilment in ('NONE', 'FULFILLING', 'SHIPPED', 'FAILED')),
  -- The saga that fulfils it.
  add column fulfilment_id uuid,
  add constraint orders_approval_ends check (approval <> 'AWAITING' or state = 'PENDING'),
  add constraint orders_reviewed check ((approval in ('APPROVED', 'REJECTED')) = (reviewer is not null and reviewed_at is not null)),
  add constraint orders_paid check ((wallet_minor is null) = (card_minor is null) and wallet_minor + card_minor <= total_minor),
  add constraint orders_refunded check (refunded_minor <= coalesce(wallet_minor + card_minor, total_minor)),
  add constraint orders_confirmed_only check (state = 'CONFIRMED' or (refund_state = 'NONE' and fulfilment = 'NONE')),
  add constraint orders_fulfilment_saga check ((fulfilment = 'NONE') = (fulfilment_id is null)),
  drop constraint orders_check,
  -- It waits for the end of its saga, then for that of its fulfilment, and if that fails for good until all is paid back.
  add constraint orders_wakes_up check (
    (state = 'PENDING' or fulfilment = 'FULFILLING' or (fulfilment = 'FAILED' and refund_state <> 'FULL'))
      = (next_action_at is not null));

create index orders_awaiting_approval on orders (order_id) where approval = 'AWAITING';

create unique index orders_fulfilment on orders (fulfilment_id) where fulfilment_id is not null;

-- The metered service of which the product is a unit; null: goods.
alter table product add column service text check (service ~ '^[a-z0-9][a-z0-9-]{0,63}$');

-- How many pieces are paid back or about to be; null: none.
alter table order_line
  add column service text,
  add column refunded bigint constraint order_line_refunded_at_most_bought check (refunded between 0 and quantity);

-- One row per refund; its id is its saga's. Those that the service begins by itself have no key.
create table refund (
  refund_id uuid primary key,
  order_id uuid not null references orders,
  state text not null default 'PENDING' check (state in ('PENDING', 'DONE', 'FAILED')),
  wallet_minor bigint not null check (wallet_minor >= 0),
  card_minor bigint not null check (card_minor >= 0),
  -- Whether the goods come back into stock.
  returned boolean not null,
  reason text not null,
  failure_code text,
  failure_detail text,
  idempotency_key text check (length(idempotency_key) between 1 and 255),
  request_hash bytea check (octet_length(request_hash) = 32),
  trace text not null,
  -- How often the saga's start has been sent.
  attempt integer not null default 1,
  requested_at timestamptz not null default now(),
  ended_at timestamptz,
  next_action_at timestamptz,
  unique (order_id, idempotency_key),
  check ((idempotency_key is null) = (request_hash is null)),
  constraint refund_wakes_up check ((state = 'PENDING') = (next_action_at is not null)),
  check ((state = 'PENDING') = (ended_at is null)),
  check ((state = 'FAILED') = (failure_code is not null and failure_detail is not null))
) with (fillfactor = 90);

create unique index refund_one_pending on refund (order_id) where state = 'PENDING';

create index refund_due on refund (next_action_at) where next_action_at is not null;

create table refund_line (
  refund_id uuid not null references refund,
  line_no integer not null,
  quantity bigint not null check (quantity > 0),
  primary key (refund_id, line_no)
);

-- What a customer is about to order. Prices are looked up when it is.
create table cart_item (
  customer_id uuid not null,
  sku text not null,
  quantity bigint not null check (quantity between 1 and 1000000),
  changed_at timestamptz not null default now(),
  primary key (customer_id, sku)
);
