-- The sandbox provider stands for the outside world: nothing of ours refers to these tables, and they refer to nothing.
create table sandbox_payment_intent (
  id text primary key,
  created_at timestamptz not null default now(),
  amount bigint not null check (amount > 0),
  amount_received bigint not null check (amount_received in (0, amount)),
  currency text not null,
  payment_method text not null,
  status text not null check (status in ('requires_payment_method', 'requires_capture', 'succeeded', 'canceled')),
  metadata jsonb not null,
  check ((status = 'succeeded') = (amount_received = amount))
);

create index sandbox_payment_intent_created on sandbox_payment_intent (created_at);

-- What was answered to each idempotency key, to be answered again.
create table sandbox_answer (
  idempotency_key text primary key,
  request text not null,
  status integer not null,
  body text not null,
  created_at timestamptz not null default now()
);
