-- All money that was ever credited is in exactly one of three places. The service refuses what is not there; these checks
-- would stop a mistake of the service.
create table wallet (
  wallet_id uuid primary key,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  available_minor bigint not null check (available_minor >= 0),
  held_minor bigint not null check (held_minor >= 0),
  spent_minor bigint not null check (spent_minor >= 0),
  credited_minor bigint not null,
  check (available_minor + held_minor + spent_minor = credited_minor)
) with (fillfactor = 70);

-- Credits by the reference of whoever pays in: said twice, credited once.
create table wallet_credit (
  wallet_id uuid not null references wallet,
  reference text not null check (length(reference) between 1 and 100),
  id uuid not null unique,
  amount_minor bigint not null check (amount_minor > 0),
  credited_at timestamptz not null default now(),
  primary key (wallet_id, reference)
);

-- Every movement, appended in its own transaction, never changed. The cause is a saga, or a credit's id.
create table wallet_entry (
  cause_id uuid not null,
  operation text not null check (operation in ('CREDIT', 'HOLD', 'CONFIRM', 'CANCEL')),
  wallet_id uuid not null,
  available_delta bigint not null,
  held_delta bigint not null,
  spent_delta bigint not null,
  credited_delta bigint not null,
  at timestamptz not null default now(),
  primary key (cause_id, operation, wallet_id),
  check (available_delta + held_delta + spent_delta = credited_delta)
);

revoke update, delete, truncate on wallet_entry from current_user;
