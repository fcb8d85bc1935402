-- Without the state: its changes then leave every index alone, so that the row can be updated where it is (a HOT update).
-- Those that are open are few, and a state among them is found by looking at all.
drop index saga_open;
create index saga_open on saga (id) where next_action_at is not null;

-- Nothing is ever looked for by these, so nothing needs to be known about their values: comparing them took a tenth of
-- PostgreSQL's time while the table grew.
alter table saga
  alter column input set statistics 0,
  alter column answers set statistics 0,
  alter column trace set statistics 0,
  alter column reason_detail set statistics 0,
  alter column attention set statistics 0;
