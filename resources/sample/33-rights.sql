grant usage on schema shop, logistics to app_reader;
grant usage on schema finance to analyst;
grant select on all tables in schema shop, logistics to app_reader;
grant insert, update on all tables in schema shop, logistics to app_writer;
grant usage, select on all sequences in schema shop, logistics to app_writer;
grant execute on procedure shop.place_order(bigint, bigint[], bigint) to storefront;
grant select on all tables in schema finance to analyst;
grant select (id, full_name, country_code, registered_at) on shop.customer to support_intern;
grant update (loyalty_points, preferences) on shop.customer to storefront with grant option;
grant maintain on shop.product to analyst; -- since 17
revoke execute on procedure finance.close_month(date) from public;
revoke create on schema public from public;
alter default privileges in schema shop grant select on tables to app_reader;
alter default privileges in schema logistics grant insert on tables to app_writer;
alter default privileges for role finance_owner revoke execute on functions from public;

alter table shop.customer enable row level security;
create policy customer_sees_himself on shop.customer for all to storefront
  using (id = nullif(current_setting('app.customer_id', true), '')::bigint)
  with check (deleted_at is null);
create policy reader_sees_the_living on shop.customer for select to app_reader using (deleted_at is null);
create policy nobody_sees_minors on shop.customer as restrictive for select to analyst using (born_on is null or born_on < date '2010-01-01');
comment on policy nobody_sees_minors on shop.customer is 'Restrictive: on top of the others.';
alter table finance.budget enable row level security;
alter table finance.budget force row level security;
create policy budget_of_open_accounts on finance.budget using (exists (select from finance.account a where a.number = account_number and not a.closed));

create publication shop_changes for table shop.product (id, sku, name, price), shop.customer_order where (placed_at >= timestamptz '2026-01-01 00:00+00') with (publish_via_partition_root = true); -- since 15
create publication shop_changes for table shop.product, shop.customer_order with (publish_via_partition_root = true); -- before 15
create publication everything_in_logistics for tables in schema logistics with (publish = 'insert'); -- since 15
comment on publication shop_changes is 'For the search index.';
create subscription warehouse_feed connection 'host=127.0.0.1 port=1 dbname=nowhere' publication stock with (connect = false, enabled = false, slot_name = none);
comment on subscription warehouse_feed is 'Never connected: for looking at.';

-- The port and the password come later: they differ from start to start.
create server sample_itself foreign data wrapper postgres_fdw options (host '127.0.0.1', port '1', dbname 'sample', fetch_size '1000');
comment on server sample_itself is 'Leads back into this database, as a foreign server would lead elsewhere.';
create user mapping for postgres server sample_itself options (user 'sample_remote', password '');
create user mapping for public server sample_itself options (user 'sample_remote');
create foreign table logistics.remote_tracking_event (
  event_id bigint not null,
  description text,
  occurred_at timestamptz options (column_name 'occurred_at')
) server sample_itself options (schema_name 'logistics', table_name 'tracking_event');
comment on foreign table logistics.remote_tracking_event is 'The million rows, seen through postgres_fdw.';
grant select on logistics.tracking_event to sample_remote;
grant usage on schema logistics to sample_remote;

create conversion shop.latin1_to_utf8 for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8;
create access method shop_heap type table handler heap_tableam_handler;
comment on access method shop_heap is 'heap by another name.';
create language shop_language handler plpgsql_call_handler inline plpgsql_inline_handler validator plpgsql_validator;
create text search parser shop.words_only (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes = prsd_lextype, headline = prsd_headline);
create text search template shop.plain_words (init = dsimple_init, lexize = dsimple_lexize);
update logistics.employee set photo_oid = lo_from_bytea(0, '\x89504e470d0a1a0a') where id = 1;
