-- The relay's own memory. One row: the slot it made, and how far Kafka has acknowledged.
create table relay.slot (
  slot_name text primary key,
  system_identifier text not null,
  generation integer not null,
  created_at timestamptz not null default now(),
  -- Written before the slot may move, so a healthy slot is never ahead of it.
  acknowledged_lsn pg_lsn,
  -- False from the moment a slot is replaced until all kept rows have been published again.
  republished boolean not null default false
);

-- A row is inserted every second; seeing it come back in the stream is what proves the stream lives.
create table relay.relay_heartbeat (
  at timestamptz not null
);

-- Messages Kafka can never take (too large, unreadable): kept here by name so that one of them can't stop all others.
create table relay.parked (
  row_id uuid not null,
  -- Position in the packed row, from 0; -1 is the whole row.
  message_index integer not null,
  outbox text not null,
  reason text not null,
  parked_at timestamptz not null default now(),
  primary key (row_id, message_index)
);

select holdfast.publish_table('relay.relay_heartbeat');
