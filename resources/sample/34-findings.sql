-- Things that are wrong, for the pages that look for them. Each is a mistake that people make.

-- The same index twice, and one that another contains.
create index customer_order_customer_again on shop.customer_order_2026_10 (customer_id, placed_at desc) include (status, total);
create index review_product_only on shop.review (product_id);
-- Nobody asks this way.
create index tracking_event_remark on logistics.tracking_event (remark);
comment on index logistics.tracking_event_remark is 'Unused: it costs a write at each scan.';
-- A sequence that nothing owns or uses any more, and a table somebody copied before a change.
create sequence shop.old_invoice_number as smallint start 32000 maxvalue 32767;
select setval('shop.old_invoice_number', 32700);
create table shop.customer_backup_20240312 as select * from shop.customer limit 500;
-- Defaults and names that bite.
create table shop."Order Notes (old)" ("Id" integer, "select" text, "näme with ""quotes""" text, created timestamp default now());
comment on table shop."Order Notes (old)" is 'From the system before. Names need their quotes.';
insert into shop."Order Notes (old)" values (1, 'from', '<b>bold</b>'), (2, null, '''; drop table students; --');
-- Dead rows where autovacuum was switched off.
create table logistics.sensor_buffer (id bigint generated always as identity, sensor smallint, value real, at timestamptz default now()) with (autovacuum_enabled = off);
insert into logistics.sensor_buffer (sensor, value) select i % 40, i / 7.0 from generate_series(1, 20000) i;
update logistics.sensor_buffer set value = value + 1 where id % 3 > 0;
delete from logistics.sensor_buffer where id % 5 = 0;
-- The same click three times over: a unique index that was begun on it CONCURRENTLY stays behind, invalid.
insert into shop.newsletter_click select * from shop.newsletter_click limit 3;
-- A trigger for all roles, one only in replication.
alter table shop.category enable always trigger category_has_no_cycle;
