-- Every piece that was ever received is in exactly one of three places. The service refuses what is not there; these checks
-- would stop a mistake of the service.
create table stock (
  sku text primary key check (length(sku) between 1 and 64),
  available bigint not null check (available >= 0),
  held bigint not null check (held >= 0),
  sold bigint not null check (sold >= 0),
  received bigint not null,
  check (available + held + sold = received)
) with (fillfactor = 70);

-- Deliveries by the reference of whoever reports them: reported twice, received once.
create table stock_receipt (
  sku text not null references stock,
  reference text not null check (length(reference) between 1 and 100),
  id uuid not null unique,
  quantity bigint not null check (quantity > 0),
  received_at timestamptz not null default now(),
  primary key (sku, reference)
);

-- Every movement, appended in its own transaction, never changed. The cause is a saga, or a receipt's id.
create table stock_entry (
  cause_id uuid not null,
  operation text not null check (operation in ('RECEIVE', 'HOLD', 'CONFIRM', 'CANCEL')),
  sku text not null,
  available_delta bigint not null,
  held_delta bigint not null,
  sold_delta bigint not null,
  received_delta bigint not null,
  at timestamptz not null default now(),
  primary key (cause_id, operation, sku),
  check (available_delta + held_delta + sold_delta = received_delta)
);

revoke update, delete, truncate on stock_entry from current_user;
