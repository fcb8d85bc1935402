-- A try that is done for good at once is confirmed without ever having held anything.
alter table participant_fence
  drop constraint participant_fence_check1,
  add constraint participant_fence_hold_check
    check (case state
      when 'EMPTY' then hold is null
      when 'REFUSED' then true
      when 'CONFIRMED' then true
      else hold is not null end);
