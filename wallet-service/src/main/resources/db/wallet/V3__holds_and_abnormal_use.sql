-- Money that is set aside over HTTP, without a saga: for a time, then it goes back by itself. Its entries are those of any
-- hold; a confirmation of a part writes two, for what is spent and for what goes back.
create table wallet_hold (
  hold_id uuid primary key,
  wallet_id uuid not null,
  reference text not null check (length(reference) between 1 and 100),
  amount_minor bigint not null check (amount_minor > 0),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  expires_in_seconds bigint not null check (expires_in_seconds > 0),
  state text not null check (state in ('HELD', 'REFUSED', 'CONFIRMED', 'RELEASED', 'EXPIRED')),
  confirmed_minor bigint not null default 0 check (confirmed_minor between 0 and amount_minor),
  requested_at timestamptz not null default now(),
  ended_at timestamptz,
  -- When it expires.
  next_action_at timestamptz,
  unique (wallet_id, reference),
  check ((state = 'HELD') = (next_action_at is not null)),
  check ((state = 'HELD') = (ended_at is null)),
  check ((state = 'CONFIRMED') = (confirmed_minor > 0))
) with (fillfactor = 80);

create index wallet_hold_due on wallet_hold (next_action_at) where next_action_at is not null;

-- Wallets that have paid more often, or more, within sixty minutes than is usual; once for each hour of the clock.
create table abnormal_use (
  id uuid primary key,
  wallet_id uuid not null,
  hour timestamptz not null check (hour = date_trunc('hour', hour, 'UTC')),
  payments bigint not null check (payments > 0),
  amount_minor bigint not null check (amount_minor > 0),
  currency text not null,
  flagged_at timestamptz not null default now(),
  unique (wallet_id, hour)
);
