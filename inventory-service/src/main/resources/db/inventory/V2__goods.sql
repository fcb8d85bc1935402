-- What a reservation has to know about a good is in the row that it loads and locks anyway.
alter table stock
  add column active boolean not null default true,
  add column back_order_limit bigint not null default 0 check (back_order_limit >= 0),
  add column low_stock_at bigint check (low_stock_at >= 0),
  add column adjusted bigint not null default 0,
  drop constraint stock_available_check,
  drop constraint stock_check,
  -- Pieces can be promised that are not there yet, as far as the good's back-order limit allows: 0, unless somebody says otherwise.
  add constraint stock_not_oversold check (available >= -back_order_limit),
  add constraint stock_conserved check (available + held + sold = received + adjusted);

-- Corrections of what was counted, by the reference of whoever makes them: reported twice, made once.
create table stock_adjustment (
  id uuid primary key,
  sku text not null references stock,
  reference text not null check (length(reference) between 1 and 100),
  quantity_delta bigint not null check (quantity_delta <> 0),
  reason text not null check (length(reason) between 1 and 500),
  made_by text not null check (length(made_by) between 1 and 100),
  made_at timestamptz not null default now(),
  unique (sku, reference)
);

alter table stock_receipt add column received_by text not null default 'api';

-- Each time that a good became low: written in the transaction that made it so, with the event that tells others.
create table stock_low (
  cause_id uuid not null,
  sku text not null references stock,
  available bigint not null,
  low_stock_at bigint not null,
  at timestamptz not null default now(),
  primary key (sku, cause_id),
  check (available <= low_stock_at)
);

-- For an adjustment as for a receipt, received_delta is what came from outside or went there; which of the two it was, the operation says.
-- A good's entries are read page by page and added up, so its SKU leads the key.
alter table stock_entry
  drop constraint stock_entry_operation_check,
  add constraint stock_entry_operation_check
    check (operation in ('RECEIVE', 'HOLD', 'CONFIRM', 'CANCEL', 'ADJUST', 'RETURN')),
  drop constraint stock_entry_pkey,
  add primary key (sku, cause_id, operation);

revoke update, delete, truncate on stock_adjustment, stock_low from current_user;
