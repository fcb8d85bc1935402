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

-- What an outside world has to do; answered says how often an answer was recorded.
create table job (
  queue text not null,
  number integer not null,
  version bigint not null default 0,
  answer integer check (answer >= 0),
  answered integer not null default 0,
  next_action_at timestamptz default now(),
  primary key (queue, number)
);
