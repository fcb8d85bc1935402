-- Makes a database ready for Holdfast's services: a role and a schema for each service, the relay's
-- role, and the publication that the relay reads. Run it as the superuser in that database, as often
-- as you like.
--
-- Its parameters are settings of the session:
--   holdfast.services            service names, separated by commas; name = role = schema
--   holdfast.password_<service>  password of each service's role
--   holdfast.password_relay      password of the relay's role
--
-- Three ways to run the same text:
--   DatabaseSetup.prepare(...)   by JDBC, which makes the database too
--   psql -v ON_ERROR_STOP=1 -d holdfast -f database-setup.sql
--       with PGOPTIONS="-c holdfast.services=orders,wallet -c holdfast.password_orders=..."
--   postgres --single -j -c holdfast.services=... holdfast < database-setup.sql
--       (there an empty line after a semicolon ends a statement: none may be inside one)

do $$
declare
  service text;
begin
  execute format('revoke all on database %I from public', current_database());
  revoke all on schema public from public;
  foreach service in array string_to_array(current_setting('holdfast.services'), ',') || 'relay'::text loop
    if not exists (select from pg_roles where rolname = service) then
      execute format('create role %I', service);
    end if;
    execute format(
      'alter role %I with login nosuperuser nocreatedb nocreaterole %s password %L',
      service,
      case service when 'relay' then 'replication' else 'noreplication' end,
      current_setting('holdfast.password_' || service));
    execute format('grant connect on database %I to %I', current_database(), service);
    execute format('create schema if not exists %I authorization %I', service, service);
    execute format('alter schema %I owner to %I', service, service);
    execute format('alter role %I in database %I set search_path = %I', service, current_database(), service);
    execute format('alter role %I in database %I set lock_timeout = %L', service, current_database(), '10s');
    -- Not for the relay: making a slot waits for every transaction that is open.
    if service <> 'relay' then
      execute format('alter role %I in database %I set statement_timeout = %L', service, current_database(), '30s');
      execute format('alter role %I in database %I set idle_in_transaction_session_timeout = %L', service, current_database(), '5s');
    end if;
  end loop;
end
$$;

do $$
begin
  if not exists (select from pg_publication where pubname = 'holdfast_outbox') then
    create publication holdfast_outbox with (publish = 'insert', publish_via_partition_root = true);
  else
    alter publication holdfast_outbox set (publish = 'insert', publish_via_partition_root = true);
  end if;
end
$$;

create schema if not exists holdfast;

-- Lets a service's migration put its own outbox into the publication, which only a superuser may
-- change. Nothing else can be published, and nobody else's tables.
create or replace function holdfast.publish_table(target regclass) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
  table_name name;
  schema_name name;
  owner_name name;
begin
  select c.relname, n.nspname, pg_get_userbyid(c.relowner)
    into table_name, schema_name, owner_name
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
   where c.oid = target and c.relkind in ('r', 'p') and c.relpersistence = 'p';
  if table_name is null then
    raise exception '% is not a permanent table', target using errcode = 'wrong_object_type';
  end if;
  if owner_name <> session_user then
    raise exception 'table %.% belongs to %, not to %', schema_name, table_name, owner_name, session_user
      using errcode = 'insufficient_privilege';
  end if;
  if table_name not in ('outbox', 'relay_heartbeat') then
    raise exception 'only outbox and relay_heartbeat are published, not %.%', schema_name, table_name
      using errcode = 'insufficient_privilege';
  end if;
  -- Two instances that migrate at the same time would both find it missing.
  perform pg_advisory_xact_lock(hashtext('holdfast.publish_table'));
  if not exists (
    select from pg_publication_rel r join pg_publication p on p.oid = r.prpubid
     where p.pubname = 'holdfast_outbox' and r.prrelid = target) then
    execute format('alter publication holdfast_outbox add table %I.%I', schema_name, table_name);
  end if;
  execute format('grant usage on schema %I to relay', schema_name);
  execute format('grant select on table %I.%I to relay', schema_name, table_name);
end
$$;

revoke all on function holdfast.publish_table(regclass) from public;

-- The position in the write-ahead log up to which Kafka has every published row: what a service may
-- drop. Nothing is known (null) while there is no relay, and while a new slot's rows from before it
-- are still being published.
create or replace function holdfast.relayed_up_to() returns pg_lsn
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
  relayed pg_lsn;
begin
  if to_regclass('relay.slot') is null then
    return null;
  end if;
  select min(least(slot.confirmed_flush_lsn, made.acknowledged_lsn)) into relayed
    from relay.slot made join pg_replication_slots slot using (slot_name)
   where slot.database = current_database()
  having bool_and(made.republished and made.acknowledged_lsn is not null);
  return relayed;
end
$$;

revoke all on function holdfast.relayed_up_to() from public;

do $$
declare
  service text;
begin
  foreach service in array string_to_array(current_setting('holdfast.services'), ',') || 'relay'::text loop
    execute format('grant usage on schema holdfast to %I', service);
    execute format('grant execute on function holdfast.publish_table(regclass) to %I', service);
    execute format('grant execute on function holdfast.relayed_up_to() to %I', service);
  end loop;
end
$$;
