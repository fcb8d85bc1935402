-- A transaction whose day has no partition (the clock is off, or partitions were not made ahead for a week) goes on.
create table outbox_other partition of outbox default;

-- Safe at the same time from several instances, and without a lock that inserts would wait for: the partition is a table
-- of its own until it is attached. Rows of its day that went to the default partition move into it; the publication does
-- not see them a second time, because the table is not the outbox's yet.
create or replace function create_day_partition(parent regclass, day date) returns text
language plpgsql as $$
declare
  child text := parent::text || to_char(day, '_YYYYMMDD');
  lower_bound uuid := uuid_v7_lower_bound(day);
  upper_bound uuid := uuid_v7_lower_bound(day + 1);
  others regclass;
  key_column name;
begin
  if to_regclass(child) is not null then
    return child;
  end if;
  execute format('lock table only %s in share update exclusive mode', parent);
  if to_regclass(child) is not null then
    return child;
  end if;
  execute format('create table %I (like %s including all excluding identity)', child, parent);
  select p.partdefid, a.attname into others, key_column
    from pg_partitioned_table p join pg_attribute a on a.attrelid = p.partrelid and a.attnum = p.partattrs[0]
    where p.partrelid = parent and p.partdefid <> 0;
  if found then
    execute format('lock table %s in access exclusive mode', others);
    execute format('with moved as (delete from %s where %I >= %L and %I < %L returning *) insert into %I select * from moved',
      others, key_column, lower_bound, key_column, upper_bound, child);
  end if;
  execute format('alter table %s attach partition %I for values from (%L) to (%L)',
    parent, child, lower_bound, upper_bound);
  return child;
end $$;

-- Partitions of a published table wait for the relay. The first run after their retention closes them: no row can come
-- after the position that it notes. A later run drops them, once the relay is past that position. Without a relay they stay.
create or replace function drop_day_partitions(parent regclass, before date) returns integer
language plpgsql as $$
declare
  is_published boolean := exists (select from pg_publication_rel where prrelid = parent);
  child regclass;
  closed_at pg_lsn;
  dropped integer := 0;
begin
  for child in
    select inhrelid::regclass from pg_inherits
    where inhparent = parent
      and inhrelid::regclass::text ~ '_\d{8}$'
      and to_date(right(inhrelid::regclass::text, 8), 'YYYYMMDD') < before
  loop
    if is_published then
      select obj_description(oid, 'pg_constraint')::pg_lsn into closed_at
        from pg_constraint where conrelid = child and conname = 'closed';
      if not found then
        execute format('alter table %s add constraint closed check (false) not valid', child);
        execute format('comment on constraint closed on %s is %L', child, pg_current_wal_insert_lsn());
        continue;
      end if;
      continue when coalesce(holdfast.relayed_up_to() < closed_at, true);
    end if;
    execute format('drop table %s', child);
    dropped := dropped + 1;
  end loop;
  return dropped;
end $$;
