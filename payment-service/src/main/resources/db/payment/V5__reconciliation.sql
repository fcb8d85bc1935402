-- A comparison of our payments and transfers with the provider's books, over the time in which they were made.
create table reconciliation (
  id uuid primary key,
  from_at timestamptz not null,
  to_at timestamptz not null,
  -- Which day's, if it was made by the clock: each day is compared once, however many instances there are.
  day date unique,
  state text not null check (state in ('RUNNING', 'DONE')),
  attempts integer not null default 0,
  compared bigint not null default 0,
  last_error text,
  created_at timestamptz not null default now(),
  finished_at timestamptz,
  next_action_at timestamptz default now(),
  check (from_at < to_at),
  constraint reconciliation_waits_with_a_wake_up check ((state = 'RUNNING') = (next_action_at is not null))
);

create index reconciliation_due on reconciliation (next_action_at) where next_action_at is not null;

create table reconciliation_difference (
  reconciliation_id uuid not null references reconciliation,
  number integer not null,
  kind text not null check (kind in ('MISSING_HERE', 'MISSING_THERE', 'AMOUNT', 'STATE')),
  object text not null check (object in ('PAYMENT', 'REFUND', 'PAYOUT', 'TOP_UP')),
  our_id uuid,
  provider_id text,
  detail text not null,
  action text,
  primary key (reconciliation_id, number)
);
