-- The ledger becomes the truth: every movement is one entry with a debit and a credit account, and what a wallet row says
-- are totals that can be rebuilt from it. A data folder may hold many entries to convert.
set local statement_timeout = 0;

alter table wallet
  add column withdrawn_minor bigint not null default 0 check (withdrawn_minor >= 0),
  add column refunded_minor bigint not null default 0 check (refunded_minor >= 0),
  drop constraint wallet_check,
  add constraint wallet_conserves_money check
    (available_minor + held_minor + spent_minor + withdrawn_minor = credited_minor + refunded_minor);

-- Chart of accounts, kept for each wallet apart. What the wallet owns: AVAILABLE, HELD. Where its money went: SPENT, WITHDRAWN.
-- Where it came from: CREDITS, REFUNDS. Vouchers pay without touching the wallet's money: VOUCHERS (given away), VOUCHER_HELD,
-- VOUCHER_SPENT. The service's own clearing accounts are the sums over all wallets and need no row that everybody writes.
-- The cause is a saga, or the id of a credit, a charge or a withdrawal. The key begins with the wallet, so that the one index
-- that keeps an effect from happening twice also serves statements and rebuilding.
create table ledger_entry (
  wallet_id uuid not null,
  cause_id uuid not null,
  operation text not null,
  debit_account text not null,
  credit_account text not null,
  amount_minor bigint not null check (amount_minor > 0),
  at timestamptz not null default now(),
  primary key (wallet_id, cause_id, operation),
  constraint wallet_entry_accounts check (debit_account || '>' || credit_account = case operation
    when 'HOLD' then 'AVAILABLE>HELD'
    when 'CONFIRM' then 'HELD>SPENT'
    when 'CANCEL' then 'HELD>AVAILABLE'
    when 'CREDIT' then 'CREDITS>AVAILABLE'
    when 'REFUND' then 'REFUNDS>AVAILABLE'
    when 'CHARGE' then 'AVAILABLE>SPENT'
    when 'WITHDRAWAL_HOLD' then 'AVAILABLE>HELD'
    when 'WITHDRAWAL_PAID' then 'HELD>WITHDRAWN'
    when 'WITHDRAWAL_BACK' then 'HELD>AVAILABLE'
    when 'VOUCHER_HOLD' then 'VOUCHERS>VOUCHER_HELD'
    when 'VOUCHER_CONFIRM' then 'VOUCHER_HELD>VOUCHER_SPENT'
    when 'VOUCHER_CANCEL' then 'VOUCHER_HELD>VOUCHERS'
    else '' end)
);

insert into ledger_entry (wallet_id, cause_id, operation, debit_account, credit_account, amount_minor, at)
select wallet_id, cause_id, operation,
  case operation when 'CREDIT' then 'CREDITS' when 'HOLD' then 'AVAILABLE' else 'HELD' end,
  case operation when 'HOLD' then 'HELD' when 'CONFIRM' then 'SPENT' else 'AVAILABLE' end,
  case operation when 'HOLD' then held_delta when 'CONFIRM' then spent_delta else available_delta end,
  at
from wallet_entry
order by at;

drop table wallet_entry;
alter table ledger_entry rename to wallet_entry;
alter index ledger_entry_pkey rename to wallet_entry_pkey;
revoke update, delete, truncate on wallet_entry from current_user;

-- What the entries say about each wallet.
create view wallet_rebuilt as
select wallet_id,
  sum(case 'AVAILABLE' when credit_account then amount_minor when debit_account then -amount_minor else 0 end)::bigint available_minor,
  sum(case 'HELD' when credit_account then amount_minor when debit_account then -amount_minor else 0 end)::bigint held_minor,
  sum(case 'SPENT' when credit_account then amount_minor when debit_account then -amount_minor else 0 end)::bigint spent_minor,
  sum(case 'WITHDRAWN' when credit_account then amount_minor when debit_account then -amount_minor else 0 end)::bigint withdrawn_minor,
  sum(case 'CREDITS' when debit_account then amount_minor when credit_account then -amount_minor else 0 end)::bigint credited_minor,
  sum(case 'REFUNDS' when debit_account then amount_minor when credit_account then -amount_minor else 0 end)::bigint refunded_minor,
  count(*) entries
from wallet_entry
group by wallet_id;

-- Money that leaves to the customer's bank. It is held from the request until it is paid out, or given back exactly once.
-- REQUESTED waits for a reviewer; APPROVED waits for its saga's first command, and asks again when next_action_at comes;
-- PAYING waits in its fence.
create table withdrawal (
  withdrawal_id uuid primary key,
  wallet_id uuid not null,
  amount_minor bigint not null check (amount_minor > 0),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  destination text not null check (length(destination) between 1 and 200),
  state text not null check (state in ('REQUESTED', 'REFUSED', 'APPROVED', 'PAYING', 'PAID', 'REJECTED', 'FAILED')),
  reason text,
  trace text not null,
  requested_at timestamptz not null default now(),
  decided_at timestamptz,
  ended_at timestamptz,
  attempt integer not null default 0,
  next_action_at timestamptz,
  check ((state = 'APPROVED') = (next_action_at is not null)),
  check ((state in ('APPROVED', 'PAYING', 'PAID', 'REJECTED', 'FAILED')) = (decided_at is not null)),
  check ((state in ('REFUSED', 'PAID', 'REJECTED', 'FAILED')) = (ended_at is not null))
) with (fillfactor = 80);

create index withdrawal_of_wallet on withdrawal (wallet_id, withdrawal_id);
create index withdrawal_due on withdrawal (next_action_at) where next_action_at is not null;

-- Money that comes back, once for each reference. A cancelled one was never paid, and may be tried again.
create table wallet_refund (
  wallet_id uuid not null,
  reference_type text not null check (length(reference_type) between 1 and 100),
  reference_id text not null check (length(reference_id) between 1 and 100),
  saga_id uuid not null,
  amount_minor bigint not null check (amount_minor > 0),
  state text not null check (state in ('PREPARED', 'PAID', 'CANCELLED')),
  prepared_at timestamptz not null default now(),
  changed_at timestamptz not null default now(),
  primary key (wallet_id, reference_type, reference_id)
) with (fillfactor = 80);

-- What may be used up, and how often it is. The service refuses the use too many; the check would stop a mistake of it.
create table voucher (
  code text primary key check (code ~ '^[A-Z0-9-]{3,40}$'),
  amount_minor bigint not null check (amount_minor > 0),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  uses integer not null check (uses > 0),
  minimum_minor bigint not null check (minimum_minor >= 0),
  expires_at timestamptz not null,
  reserved integer not null default 0 check (reserved >= 0),
  redeemed integer not null default 0 check (redeemed >= 0),
  issued_at timestamptz not null default now(),
  check (reserved + redeemed <= uses)
) with (fillfactor = 70);

-- Who used it: one row for each saga.
create table voucher_use (
  cause_id uuid primary key,
  code text not null references voucher,
  wallet_id uuid not null,
  amount_minor bigint not null check (amount_minor > 0),
  state text not null check (state in ('RESERVED', 'REDEEMED', 'RELEASED')),
  changed_at timestamptz not null default now()
) with (fillfactor = 80);

create index voucher_use_by_code on voucher_use (code);

-- The month that free quota is counted in: the database's clock, in UTC, whoever asks and wherever.
create function quota_month() returns date
language sql stable as $$ select date_trunc('month', now() at time zone 'utc')::date $$;

-- Free units of a service, by month. A new month is a new key: nothing has to be reset.
create table wallet_quota (
  wallet_id uuid not null,
  service text not null check (length(service) between 1 and 100),
  month date not null check (extract(day from month) = 1),
  allowance bigint not null check (allowance >= 0),
  held bigint not null default 0 check (held >= 0),
  used bigint not null default 0 check (used >= 0),
  primary key (wallet_id, service, month),
  check (held + used <= allowance)
) with (fillfactor = 70);

-- Every movement of free units, appended, never changed.
create table quota_entry (
  wallet_id uuid not null,
  service text not null,
  month date not null,
  cause_id uuid not null,
  operation text not null check (operation in ('HOLD', 'CONFIRM', 'CANCEL', 'CHARGE')),
  units bigint not null check (units > 0),
  at timestamptz not null default now(),
  primary key (wallet_id, service, month, cause_id, operation)
);

revoke update, delete, truncate on quota_entry from current_user;

-- Metered services that were charged, by the caller's reference; also those that were refused, which stay refused.
create table wallet_charge (
  wallet_id uuid not null,
  reference text not null check (length(reference) between 1 and 100),
  id uuid not null unique,
  service text not null,
  units bigint not null check (units > 0),
  free_units bigint not null check (free_units between 0 and units),
  amount_minor bigint not null check (amount_minor >= 0),
  currency text not null,
  refused boolean not null,
  charged_at timestamptz not null default now(),
  primary key (wallet_id, reference)
);
