-- What handled messages did. Nothing here forbids a second time: the tests would not see one.
create table effect (
  position bigint generated always as identity,
  consumer text not null,
  message_id uuid not null,
  saga_id uuid not null,
  number integer not null check (number >= 0)
);

create table due_row (
  loop text not null,
  number integer not null,
  due_at timestamptz not null,
  handled_at timestamptz[] not null default '{}'
);

create table kept_row (
  id uuid primary key
) partition by range (id);
