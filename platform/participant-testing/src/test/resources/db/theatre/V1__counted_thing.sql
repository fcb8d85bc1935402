create table counted_thing (
  key text primary key,
  available bigint not null check (available >= 0),
  held bigint not null check (held >= 0),
  taken bigint not null check (taken >= 0)
);
