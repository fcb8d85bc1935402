-- A hold that cannot end is put off, so that it does not keep others from ending; when it expires stays what it was.
alter table wallet_hold add column expires_at timestamptz;
update wallet_hold set expires_at = next_action_at where next_action_at is not null;
alter table wallet_hold add constraint wallet_hold_expires check ((state = 'HELD') = (expires_at is not null));

-- How far the check for abnormal use has come: a restart loses neither its place nor a payment. One row.
create table abnormal_use_round (
  only_row boolean primary key default true check (only_row),
  -- The first wallet of the next page.
  next_wallet_id uuid not null,
  began_at timestamptz not null,
  -- When the round before began: what was paid until then, it has looked at.
  previous_began_at timestamptz not null check (previous_began_at <= began_at)
);

insert into abnormal_use_round (next_wallet_id, began_at, previous_began_at)
values ('00000000-0000-0000-0000-000000000000', now(), now() - interval '1 hour');
