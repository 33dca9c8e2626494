-- What belongs to the whole server: roles. They may be there already from an earlier database.
do $$
declare
  wanted record;
begin
  for wanted in
    select * from (values
      ('app_reader',     'nologin'),
      ('app_writer',     'nologin'),
      ('analyst',        'login connection limit 5 valid until ''2031-12-31'''),
      ('storefront',     'login connection limit 40'),
      ('warehouse_app',  'login'),
      ('finance_owner',  'nologin'),
      ('sample_remote',  'login connection limit 10'),
      ('support_intern', 'login noinherit valid until ''2024-06-30''')
    ) as role (name, options)
  loop
    if not exists (select from pg_catalog.pg_roles where rolname = wanted.name) then
      execute format('create role %I %s', wanted.name, wanted.options);
    end if;
  end loop;
end
$$;

grant app_reader to app_writer, analyst, support_intern;
grant app_writer to storefront, warehouse_app;
grant pg_read_all_stats to analyst;
alter role analyst set statement_timeout = '10min';
alter role storefront set search_path = shop, public;

comment on role app_reader is 'May read everything that is not personal.';
comment on role app_writer is 'What the services may do: read, insert, update; never delete an order.';
comment on role analyst is 'A person who looks at reports.';
comment on role storefront is 'The web shop. Sees one customer at a time (row security).';
comment on role warehouse_app is 'Scanners and conveyors.';
comment on role finance_owner is 'Owns the books.';
comment on role sample_remote is 'How the foreign server of this sample reads back into it.';
comment on role support_intern is 'Left in 2024. Nobody removed the role.';

create extension if not exists pg_stat_statements;
create extension if not exists pg_trgm;
create extension if not exists btree_gist;
create extension if not exists btree_gin;
create extension if not exists citext;
create extension if not exists hstore;
create extension if not exists ltree;
create extension if not exists cube;
create extension if not exists unaccent;
create extension if not exists pgcrypto;
create extension if not exists pgstattuple;
create extension if not exists pg_buffercache;
create extension if not exists postgres_fdw;
