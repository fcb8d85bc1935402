-- One row a saga: its state, what it waits for, and when it is looked at again, all in the same place.
create table saga (
  id uuid primary key,
  definition text not null,
  definition_version integer not null,
  state text not null
    check (state in ('TRYING', 'PIVOTING', 'CONFIRMING', 'CANCELLING', 'CONFIRMED', 'CANCELLED')),
  stage integer not null,
  open_steps bigint not null,
  held_steps bigint not null,
  reason_code text,
  reason_detail text,
  attempt integer not null,
  version bigint not null,
  attention text,
  input json not null,
  answers json not null,
  trace text not null,
  started_at timestamptz not null default now(),
  deadline_at timestamptz not null,
  ended_at timestamptz,
  next_action_at timestamptz,
  -- A saga that has not ended has a time at which it is looked at again: it cannot be forgotten.
  constraint saga_never_forgotten
    check ((state in ('CONFIRMED', 'CANCELLED')) = (next_action_at is null)),
  check ((state in ('CONFIRMED', 'CANCELLED')) = (ended_at is not null)),
  check ((state in ('CANCELLING', 'CANCELLED')) = (reason_code is not null))
) with (fillfactor = 60);

create index saga_due on saga (next_action_at) where next_action_at is not null;
create index saga_open on saga (state, id) where next_action_at is not null;
create index saga_attention on saga (id) where attention is not null;

-- What happened to each saga, in order. Partitioned by the time in the saga's id.
create table saga_history (
  saga_id uuid not null,
  version bigint not null,
  at timestamptz not null default clock_timestamp(),
  event text not null,
  state text not null,
  primary key (saga_id, version)
) partition by range (saga_id);

create table saga_history_other partition of saga_history default;
