-- AWAITING: a stage is open in which nobody is asked, a signal is waited for. COMPLETING: all have confirmed, and what may only
-- succeed is being done.
alter table saga
  drop constraint saga_state_check,
  add constraint saga_state_check check (state in
    ('TRYING', 'AWAITING', 'PIVOTING', 'CONFIRMING', 'COMPLETING', 'CANCELLING', 'CONFIRMED', 'CANCELLED'));
