-- Without the state: its changes then leave every index alone, so that the row can be updated where it is (a HOT update).
-- Those that are open are few, and a state among them is found by looking at all.
drop index saga_open;
create index saga_open on saga (id) where next_action_at is not null;
