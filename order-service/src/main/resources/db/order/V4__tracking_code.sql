-- By which the carrier knows the parcel; null where none was handed over.
alter table orders
  add column tracking_code text,
  add constraint orders_tracked check (tracking_code is null or fulfilment = 'SHIPPED');
