-- One saga's payment: what the saga wants, what we know of it at the provider, and when a worker looks at it again. A row
-- that is not where it is wanted always has a wake-up.
create table payment (
  saga_id uuid primary key,
  amount_minor bigint not null check (amount_minor > 0),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  payment_method text not null,
  state text not null check (state in
    ('CREATED', 'AUTHORISING', 'AUTHORISED', 'CAPTURING', 'CAPTURED', 'CAPTURE_DECLINED', 'VOIDING', 'VOIDED', 'DECLINED')),
  wanted text not null check (wanted in ('AUTHORISED', 'CAPTURED', 'VOIDED')),
  outcome_unknown boolean not null,
  provider_id text unique,
  round integer not null check (round >= 0),
  attempts integer not null check (attempts >= 0),
  version bigint not null check (version >= 0),
  first_sent_at timestamptz,
  last_sent_at timestamptz,
  capture_before timestamptz,
  refusal_code text,
  refusal_detail text,
  last_error text,
  next_action_at timestamptz,
  wanted_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now(),
  check ((refusal_code is null) = (refusal_detail is null)),
  check (state not in ('AUTHORISED', 'CAPTURING', 'CAPTURED', 'VOIDING') or provider_id is not null),
  constraint payment_waits_with_a_wake_up check (
    (state in ('CAPTURED', 'VOIDED', 'DECLINED')
      or state = 'AUTHORISED' and wanted = 'AUTHORISED'
      or state = 'CAPTURE_DECLINED' and wanted <> 'VOIDED')
    = (next_action_at is null))
);

create index payment_due on payment (next_action_at) where next_action_at is not null;
