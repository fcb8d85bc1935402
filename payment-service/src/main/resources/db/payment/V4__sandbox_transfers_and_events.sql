-- The sandbox provider learns to capture at once, to refund, to pay out, and to notify.
alter table sandbox_payment_intent
  drop constraint sandbox_payment_intent_status_check,
  add constraint sandbox_payment_intent_status_check check (status in
    ('requires_payment_method', 'requires_capture', 'processing', 'succeeded', 'canceled')),
  add column automatic boolean not null default false,
  add column amount_refunded bigint not null default 0 check (amount_refunded >= 0 and amount_refunded <= amount_received),
  add column settles_at timestamptz;

create index sandbox_payment_intent_settles on sandbox_payment_intent (settles_at) where settles_at is not null;

create table sandbox_transfer (
  id text primary key,
  object text not null check (object in ('refund', 'payout')),
  created_at timestamptz not null,
  amount bigint not null check (amount > 0),
  currency text not null,
  status text not null check (status in ('pending', 'in_transit', 'succeeded', 'paid', 'failed')),
  payment_intent text references sandbox_payment_intent,
  destination text,
  metadata jsonb not null,
  settles_at timestamptz,
  check ((object = 'refund') = (payment_intent is not null)),
  check ((object = 'payout') = (destination is not null))
);

create index sandbox_transfer_created on sandbox_transfer (object, created_at);
create index sandbox_transfer_settles on sandbox_transfer (settles_at) where settles_at is not null;

create table sandbox_event (
  id text primary key,
  type text not null,
  created_at timestamptz not null,
  payload text not null
);

create index sandbox_event_created on sandbox_event (created_at);

-- An event is delivered as often as the sandbox is asked to; each has its own faults.
create table sandbox_delivery (
  id bigint generated always as identity primary key,
  event_id text not null references sandbox_event,
  payload text not null,
  forged boolean not null,
  age_seconds integer not null,
  attempts integer not null default 0,
  status integer,
  deliver_at timestamptz,
  sent_at timestamptz
);

create index sandbox_delivery_due on sandbox_delivery (deliver_at) where deliver_at is not null;
create index sandbox_delivery_event on sandbox_delivery (event_id);
