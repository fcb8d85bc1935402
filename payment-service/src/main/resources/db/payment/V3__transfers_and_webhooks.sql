-- What of a captured payment is being given back, and what has been. The row's lock and this check keep all refunds together
-- within what was captured.
alter table payment
  add column refunding_minor bigint not null default 0 check (refunding_minor >= 0),
  add column refunded_minor bigint not null default 0 check (refunded_minor >= 0),
  -- What the provider said that cannot be, for an operator.
  add column alarm text,
  add constraint payment_refunds_within_capture check (
    refunding_minor + refunded_minor <= case when state = 'CAPTURED' then amount_minor else 0 end);

-- For the comparison with the provider's list. Rows come in the order of time, which a range of blocks says well enough.
create index payment_created on payment using brin (created_at) with (pages_per_range = 16);

-- Money that moves once at the provider: a refund, a payout, a top-up. Like a payment, the row is there before the provider
-- is asked, and one that is not where it should be always has a wake-up.
create table transfer (
  kind text not null check (kind in ('REFUND', 'PAYOUT', 'TOP_UP')),
  -- The saga of a refund or payout; the caller's id of a top-up.
  id uuid not null,
  -- The refunded payment, the withdrawal that is paid out, the wallet that is topped up.
  subject uuid not null,
  amount_minor bigint not null check (amount_minor > 0),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  -- The provider's name of where the money comes from or goes to.
  account text not null,
  state text not null check (state in
    ('PREPARED', 'CREATED', 'SENDING', 'PENDING', 'SUCCEEDED', 'FAILED', 'DROPPED')),
  outcome_unknown boolean not null,
  provider_id text unique,
  round integer not null check (round >= 0),
  attempts integer not null check (attempts >= 0),
  version bigint not null check (version >= 0),
  first_sent_at timestamptz,
  last_sent_at timestamptz,
  failure_code text,
  failure_detail text,
  last_error text,
  alarm text,
  trace text not null,
  next_action_at timestamptz,
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now(),
  primary key (kind, id),
  check ((failure_code is null) = (failure_detail is null)),
  check (state not in ('PENDING', 'SUCCEEDED') or provider_id is not null),
  constraint transfer_waits_with_a_wake_up check (
    (state in ('CREATED', 'SENDING', 'PENDING')) = (next_action_at is not null))
);

create index transfer_due on transfer (next_action_at) where next_action_at is not null;
create index transfer_refunds_of_payment on transfer (subject, id) where kind = 'REFUND';
create unique index transfer_one_payout_per_withdrawal on transfer (subject) where kind = 'PAYOUT';
create index transfer_created on transfer using brin (created_at) with (pages_per_range = 16);

-- What the provider has notified us of, once each; a worker handles it from here.
create table webhook_event (
  id text primary key check (length(id) <= 255),
  type text not null,
  payload text not null,
  state text not null check (state in ('RECEIVED', 'APPLIED', 'STALE', 'IGNORED', 'UNMATCHED', 'REFUSED')),
  detail text,
  attempts integer not null default 0,
  occurred_at timestamptz not null,
  received_at timestamptz not null default now(),
  handled_at timestamptz,
  next_action_at timestamptz,
  constraint webhook_event_waits_with_a_wake_up check ((state = 'RECEIVED') = (next_action_at is not null))
);

create index webhook_event_due on webhook_event (next_action_at) where next_action_at is not null;
create index webhook_event_received on webhook_event (received_at);
