-- What a participant did with each step of each saga. A row is kept as long as its saga can be asked about, so that a repeated, late or
-- contradicting command meets what was done before. Rows of EMPTY are tombstones: cancelled before anything was tried.
create table participant_fence (
  saga_id uuid not null,
  step text not null,
  state text not null check (state in
    ('TRYING', 'TRIED', 'REFUSED', 'CONFIRMING', 'CONFIRMED', 'DECLINED', 'CANCELLING', 'CANCELLED', 'EMPTY')),
  hold jsonb,
  data text,
  reason_code text,
  reason_detail text,
  declined boolean not null,
  request_hash bytea check (octet_length(request_hash) = 32),
  -- The newest command that moved this row or waits for its answer: a reply that comes later answers it.
  command_id uuid not null,
  attempt integer not null,
  trace text not null,
  -- When to ask the orchestrator for the outcome, and how often that has been done.
  next_action_at timestamptz,
  asked integer not null default 0,
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now(),
  primary key (saga_id, step),
  -- Whatever waits for the orchestrator carries its own wake-up.
  check ((state in ('TRYING', 'TRIED', 'DECLINED')) = (next_action_at is not null)),
  -- Only what was asked for can be held.
  check ((hold is not null) = (state not in ('REFUSED', 'EMPTY')) or state = 'REFUSED'),
  check ((reason_code is null) = (reason_detail is null)),
  check (state not in ('REFUSED', 'DECLINED') or reason_code is not null)
) with (fillfactor = 80);

create index participant_fence_due on participant_fence (step, next_action_at) where next_action_at is not null;
