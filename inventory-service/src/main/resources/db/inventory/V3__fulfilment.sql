-- What was sold to an order, and what has left the shelves for it and come back: the net that catches whatever picks or returns twice.
-- A row is made from the journal when it is first needed, and locked by whoever picks or returns.
create table order_goods (
  order_id uuid not null,
  sku text not null,
  sold bigint not null check (sold > 0),
  picked bigint not null default 0 check (picked between 0 and sold),
  returned bigint not null default 0 check (returned between 0 and sold),
  primary key (order_id, sku)
) with (fillfactor = 80);

-- One saga's shipment: what the warehouse is to do next with an order's goods. A row in a state that waits for the warehouse always has
-- its wake-up, and is committed before the warehouse is called.
create table shipment (
  saga_id uuid primary key,
  order_id uuid not null,
  quantities jsonb not null,
  state text not null check (state in
    ('PICKING', 'PICKED', 'DAMAGED', 'READY', 'PUTTING_BACK', 'PUT_BACK', 'SHIPPING', 'SHIPPED')),
  under_way boolean not null default false,
  attempts integer not null default 0 check (attempts >= 0),
  version bigint not null default 0 check (version >= 0),
  damaged_sku text,
  tracking_code text,
  last_error text,
  next_action_at timestamptz,
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now(),
  constraint shipment_waits_with_a_wake_up
    check ((state in ('PICKING', 'PUTTING_BACK', 'SHIPPING')) = (next_action_at is not null)),
  check ((state = 'SHIPPED') = (tracking_code is not null)),
  check (state <> 'DAMAGED' or damaged_sku is not null)
) with (fillfactor = 70);

create index shipment_due on shipment (next_action_at) where next_action_at is not null;
create index shipment_of_order on shipment (order_id, saga_id);

-- The simulated warehouse stands for the outside world: nothing of ours refers to this table, and it refers to nothing.
create table robot_task (
  job uuid not null,
  action text not null check (action in ('PICK', 'PUT_BACK', 'SHIP')),
  calls integer not null check (calls > 0),
  result text check (result in ('DONE', 'DAMAGED')),
  detail text,
  asked_at timestamptz not null default now(),
  done_at timestamptz,
  primary key (job, action),
  check ((result is null) = (done_at is null))
);
