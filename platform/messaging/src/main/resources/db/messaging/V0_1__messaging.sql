-- What a service says: one append-only row per transaction. The relay reads it from the write-ahead log; nothing reads it
-- by SQL but repair. Partitioned by the time in its id; old partitions are dropped whole.
create table outbox (
  id uuid primary key,
  payload bytea not null check (octet_length(payload) <= 8388608)
) partition by range (id);

alter table outbox alter column payload set storage external;

-- What a service has handled, by consumer and message. Same partitioning: message ids are UUIDs of version 7.
create table inbox (
  message_id uuid not null,
  consumer text not null,
  primary key (message_id, consumer)
) partition by range (message_id);

-- Ids that are not of version 7, or of a day whose partition is gone.
create table inbox_other partition of inbox default;

-- Messages that cannot be handled, with everything that is needed to look at them and to send them again.
create table parked_message (
  topic text not null,
  partition integer not null,
  log_offset bigint not null,
  consumer text not null,
  message_key text,
  headers jsonb not null,
  body bytea,
  reason text not null,
  parked_at timestamptz not null default now(),
  primary key (topic, partition, log_offset, consumer)
);

revoke update, delete, truncate on outbox from current_user;

select holdfast.publish_table('outbox');

-- Partitions by day of a table whose first key column is a UUID of version 7.
create function uuid_v7_lower_bound(day date) returns uuid
language sql immutable
return (lpad(to_hex((extract(epoch from day::timestamp) * 1000)::bigint), 12, '0') || '70008000000000000000')::uuid;

create function create_day_partition(parent regclass, day date) returns text
language plpgsql as $$
declare
  child text := parent::text || to_char(day, '_YYYYMMDD');
begin
  if to_regclass(child) is null then
    execute format('create table if not exists %I partition of %s for values from (%L) to (%L)',
      child, parent, uuid_v7_lower_bound(day), uuid_v7_lower_bound(day + 1));
  end if;
  return child;
end $$;

create function drop_day_partitions(parent regclass, before date) returns integer
language plpgsql as $$
declare
  child regclass;
  dropped integer := 0;
begin
  for child in
    select inhrelid::regclass from pg_inherits
    where inhparent = parent
      and inhrelid::regclass::text ~ '_\d{8}$'
      and to_date(right(inhrelid::regclass::text, 8), 'YYYYMMDD') < before
  loop
    execute format('drop table %s', child);
    dropped := dropped + 1;
  end loop;
  return dropped;
end $$;
