-- What is sold, and for how much. An order copies the price; a later change never reaches it.
create table product (
  sku text primary key check (sku ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$'),
  unit_price_minor bigint not null check (unit_price_minor > 0),
  currency text not null check (currency ~ '^[A-Z]{3}$')
) with (fillfactor = 90);

-- One row per order. The idempotency key lives in it: it cannot expire before the order does.
create table orders (
  order_id uuid primary key,
  customer_id uuid not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  total_minor bigint not null check (total_minor > 0),
  payment_method text,
  state text not null default 'PENDING' check (state in ('PENDING', 'CONFIRMED', 'REJECTED', 'CANCELLED')),
  reason_code text,
  reason_detail text,
  -- Number of the newest row in order_event.
  version integer not null default 1,
  idempotency_key text not null check (length(idempotency_key) between 1 and 255),
  request_hash bytea not null check (octet_length(request_hash) = 32),
  trace text not null,
  -- How often the saga's start has been sent.
  attempt integer not null default 1,
  placed_at timestamptz not null default now(),
  cancel_requested_at timestamptz,
  ended_at timestamptz,
  -- When the saga's start is sent again, as long as nobody has said how the saga ended.
  next_action_at timestamptz,
  unique (customer_id, idempotency_key),
  check ((state = 'PENDING') = (next_action_at is not null)),
  check ((state = 'PENDING') = (ended_at is null)),
  check ((state in ('REJECTED', 'CANCELLED')) = (reason_code is not null)),
  check ((reason_code is null) = (reason_detail is null))
) with (fillfactor = 75);

create index orders_of_customer on orders (customer_id, order_id);

create index orders_due on orders (next_action_at) where next_action_at is not null;

-- Written only together with their order, in the transaction that inserted it; a foreign key would check what that
-- statement says anyway, once for every line.
create table order_line (
  order_id uuid not null,
  line_no integer not null check (line_no >= 0),
  sku text not null,
  quantity bigint not null check (quantity between 1 and 1000000),
  unit_price_minor bigint not null check (unit_price_minor > 0),
  primary key (order_id, line_no)
);

-- What happened to an order, in order: what a customer who follows it gets to see.
create table order_event (
  order_id uuid not null,
  seq integer not null check (seq >= 1),
  state text not null check (state in ('PENDING', 'CONFIRMED', 'REJECTED', 'CANCELLED')),
  reason_code text,
  reason_detail text,
  at timestamptz not null default now(),
  primary key (order_id, seq)
);
