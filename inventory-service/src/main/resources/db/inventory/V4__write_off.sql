-- Goods that were sold and found damaged when they were to be sent are written off: neither for sale nor sold, as if a count had
-- missed them.
alter table stock_entry
  drop constraint stock_entry_operation_check,
  add constraint stock_entry_operation_check
    check (operation in ('RECEIVE', 'HOLD', 'CONFIRM', 'CANCEL', 'ADJUST', 'RETURN', 'WRITE_OFF'));
