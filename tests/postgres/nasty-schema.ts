/** Objects of every kind, with every option that is easily lost and names that are hard to quote. `major` leaves out what is younger. */
const since = (major: number, from: number, sql: string): string => (major >= from ? sql : '');

/** Roles and tablespaces are the server's: made once, before the databases. */
export const nastyRoles = `
create role "Ro'le ""1""" nologin; create role reader; create role writer connection limit 5 valid until '2030-01-01 00:00:00+00';
grant reader to writer with admin option; alter role writer set work_mem = '8MB'; alter role writer set search_path = "$user", 'Sch ''a', public;
comment on role reader is 'reads; drops "nothing"';`;

export const nastySchema = (major: number): string =>
  `
create schema plain authorization writer;
create schema "Sch'a ""ü"" %s";
comment on schema plain is E'it''s a \\\\ back\\nslash';
grant usage on schema plain to public; grant create on schema plain to reader with grant option;
set search_path = plain;

create type mood as enum ('sad', 'it''s', 'a, b', 'ünï');
comment on type mood is 'how one is'; revoke usage on type mood from public; grant usage on type mood to reader;
create type pair as (a int, "B c" text collate "C", d numeric(10,2)[]);
comment on column pair."B c" is 'second';
create function sub_diff(a float8, b float8) returns float8 language sql immutable as 'select a - b';
create type float_range as range (subtype = float8, subtype_diff = plain.sub_diff);
${since(major, 14, 'create type int_span as range (subtype = int4, multirange_type_name = plain.int_spans);')}
create type shell_only;
create type my_text;
create function my_text_in(cstring) returns my_text as 'textin' language internal strict immutable;
create function my_text_out(my_text) returns cstring as 'textout' language internal strict immutable;
create type my_text (input = my_text_in, output = my_text_out, internallength = variable, storage = extended, category = 'S', delimiter = ';', collatable = true);
create domain positive as int default 1 not null constraint more_than_nothing check (value > 0);
alter domain positive add constraint less_than_much check (value < 1000000) not valid;
comment on constraint more_than_nothing on domain positive is 'really';
create domain code as varchar(10) collate "C" check (value ~ '^[A-Z''\\\\]+$'); comment on domain code is 'a code';
create collation my_c from "C"; comment on collation my_c is 'like C';
create collation odd_icu (provider = icu, locale = 'de-u-co-phonebk', deterministic = false);
${since(major, 16, "create collation with_rules (provider = icu, locale = 'und', rules = '&V << w <<< W');")}
create conversion my_conv for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8;

create sequence counter as smallint start 5 increment -3 minvalue -100 maxvalue 50 cache 7 cycle; comment on sequence counter is 'down';
grant usage on sequence counter to reader;
${since(major, 15, 'create unlogged sequence quick;')}

create function add(a int, b int default 2, variadic rest int[] default '{}') returns int language sql immutable parallel safe cost 7 as $$ select a + b $$;
comment on function add(int, int, int[]) is 'adds'; revoke execute on function add(int, int, int[]) from public; grant execute on function add(int, int, int[]) to writer;
create function many(out x int, out y text) returns setof record language plpgsql rows 17 security definer set work_mem = '1MB' as $body$ begin x := 1; y := '$$'; return next; end $body$;
${since(major, 14, 'create function standard(a int) returns int language sql begin atomic select a * 2; end;')}
create procedure proc(inout a int) language plpgsql as $$ begin a := a + 1; end $$; alter procedure proc(int) owner to writer;
create function touch() returns trigger language plpgsql as $$ begin return new; end $$;
create function log_ddl() returns event_trigger language plpgsql as $$ begin end $$;
create function step(state int8, value int) returns int8 language sql immutable as 'select $1 + $2';
create function inverse(state int8, value int) returns int8 language sql immutable as 'select $1 - $2';
create function finish(int8) returns text language sql immutable as 'select $1::text';
create aggregate total(value int) (sfunc = step, stype = int8, finalfunc = finish, initcond = '0', msfunc = step, minvfunc = inverse, mstype = int8, mfinalfunc = finish, minitcond = '0', parallel = safe);
comment on aggregate total(int) is 'sum';
create aggregate biggest(int) (sfunc = int4larger, stype = int4, combinefunc = int4larger, sortop = operator(pg_catalog.>));
create aggregate my_percentile(float8 order by float8) (sfunc = ordered_set_transition, stype = internal, finalfunc = percentile_disc_final, finalfunc_extra);
create aggregate counted(*) (sfunc = int8inc, stype = int8, initcond = '0');

create function same(pair, pair) returns boolean language sql immutable as 'select $1.a = $2.a';
create operator === (function = same, leftarg = pair, rightarg = pair, commutator = ===, negator = !==, restrict = eqsel, join = eqjoinsel, hashes, merges);
comment on operator === (pair, pair) is 'same a';
create function prefixed(mood) returns int language sql immutable as 'select 1'; create operator @-@ (function = prefixed, rightarg = mood); comment on operator @-@ (none, mood) is 'prefix';
create function my_cmp(mood, mood) returns int language sql immutable as 'select enum_cmp($1, $2)';
create operator family shared_family using btree;
alter operator family shared_family using btree add function 1 (mood, mood) my_cmp(mood, mood);
create operator class mood_ops for type mood using btree as operator 1 < (anyenum, anyenum), operator 2 <= (anyenum, anyenum), operator 3 = (anyenum, anyenum), operator 4 >= (anyenum, anyenum), operator 5 > (anyenum, anyenum), function 1 my_cmp(mood, mood);
create operator class other_ops for type int8 using btree family shared_family as operator 3 = , function 1 btint8cmp(int8, int8);
create cast (mood as int) with function pg_catalog.hashenum(anyenum) as assignment; comment on cast (mood as int) is 'odd';
create cast (text as pair) with inout;
create text search dictionary words (template = simple, stopwords = english, accept = false); comment on text search dictionary words is 'w';
create text search configuration search (parser = "default"); alter text search configuration search add mapping for asciiword, word with words, english_stem; alter text search configuration search add mapping for int with simple;
create text search parser my_parser (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, headline = prsd_headline, lextypes = prsd_lextype);
create text search template my_template (init = dsimple_init, lexize = dsimple_lexize);

create table "Ta""ble ' 1" (id bigint generated always as identity (start 10 increment 5) primary key, "SELECT" text not null default E'a\\\\b''c', n positive, m mood default 'it''s',
  c code, p pair, arr int[][] default '{{1,2},{3,4}}', g int generated always as (length("SELECT") * 2) stored, big text, r float_range, at timestamptz(3) default now(), s int default nextval('counter'),
  constraint "ch'eck" check (id > 0 and "SELECT" <> ''), constraint "uni que" unique ("SELECT", n) deferrable initially deferred);
alter table "Ta""ble ' 1" drop column big; alter table "Ta""ble ' 1" add column big text;
alter table "Ta""ble ' 1" alter big set storage external, alter big set statistics 250, alter "SELECT" set (n_distinct = -0.5), set (fillfactor = 70, autovacuum_enabled = false, toast.autovacuum_vacuum_threshold = 99);
${since(major, 14, `alter table "Ta""ble ' 1" alter big set compression pglz;`)}
alter table "Ta""ble ' 1" add constraint later check (n < 100) not valid;
comment on table "Ta""ble ' 1" is 'quote '' and "double"'; comment on column "Ta""ble ' 1"."SELECT" is 'a column'; comment on constraint "ch'eck" on "Ta""ble ' 1" is 'c';
grant select, update on "Ta""ble ' 1" to reader with grant option; grant insert ("SELECT", n), select (id) on "Ta""ble ' 1" to writer; revoke delete on "Ta""ble ' 1" from postgres;
set role reader; grant select on plain."Ta""ble ' 1" to "Ro'le ""1"""; reset role;
create index on "Ta""ble ' 1" (lower("SELECT") collate "C" text_pattern_ops desc nulls last) include (n) where id > 5;
create unique index part_unique on "Ta""ble ' 1" (n, m) ${since(major, 15, 'nulls not distinct')} where n is not null; comment on index part_unique is 'i';
create index expr_stats on "Ta""ble ' 1" ((id + 1)) with (fillfactor = 50); alter index expr_stats alter column 1 set statistics 77;
create index a_gin on "Ta""ble ' 1" using gin (arr) with (fastupdate = off); create index a_brin on "Ta""ble ' 1" using brin (at) with (pages_per_range = 8);
create index whole on "Ta""ble ' 1" (n, id desc); alter table "Ta""ble ' 1" cluster on whole;
create trigger "tr'ig" before insert or update of "SELECT" on "Ta""ble ' 1" for each row when (new.id > 3) execute function touch('a''b', 'c'); comment on trigger "tr'ig" on "Ta""ble ' 1" is 't';
create trigger off after delete on "Ta""ble ' 1" referencing old table as gone for each statement execute function touch(); alter table "Ta""ble ' 1" disable trigger off;
create constraint trigger checked after insert on "Ta""ble ' 1" deferrable initially deferred for each row execute function touch(); alter table "Ta""ble ' 1" enable always trigger checked;
create rule quiet as on delete to "Ta""ble ' 1" where old.id < 0 do instead nothing; alter table "Ta""ble ' 1" disable rule quiet;
create rule two as on update to "Ta""ble ' 1" do also (select 1; select 'x;y'); comment on rule two on "Ta""ble ' 1" is 'two';
alter table "Ta""ble ' 1" enable row level security, force row level security;
create policy mine on "Ta""ble ' 1" as restrictive for update to reader, "Ro'le ""1""" using (n > 0) with check (exists (select from plain."Ta""ble ' 1" o where o.id > 1)); comment on policy mine on "Ta""ble ' 1" is 'p';
create policy everybody on "Ta""ble ' 1" for select using (true);
create statistics both_stats (ndistinct, mcv) on n, m from "Ta""ble ' 1"; alter statistics both_stats set statistics 33; comment on statistics both_stats is 's';
${since(major, 14, `create statistics expressions on (n * 2), (lower("SELECT")) from "Ta""ble ' 1";`)}

create table serials (id serial primary key, big bigserial, own int default 7) with (fillfactor = 90); comment on sequence serials_id_seq is 'of serial'; grant usage on sequence serials_id_seq to reader;
create table cycle_a (id int primary key, b int); create table cycle_b (id int primary key, a int references cycle_a (id) on delete cascade deferrable initially deferred);
alter table cycle_a add constraint to_b foreign key (b) references cycle_b (id) on update set null not valid; comment on constraint to_b on cycle_a is 'round';
create table full_identity (a int); alter table full_identity replica identity full;
create table by_index (a int not null, b text); create unique index by_index_a on by_index (a); alter table by_index replica identity using index by_index_a;
create unlogged table quickly (a int) with (autovacuum_enabled = off);
create table nothing ();
create extension if not exists btree_gist schema plain;
create function with_extension(int) returns int language sql as 'select $1'; alter function with_extension(int) depends on extension btree_gist; alter procedure proc(int) depends on extension btree_gist;
alter index plain.whole depends on extension btree_gist; alter trigger "tr'ig" on "Ta""ble ' 1" depends on extension btree_gist;
create table booked (room int, during tsrange, constraint no_overlap exclude using gist (room with =, during with &&) where (room > 0));
${since(
  major,
  18,
  `create table periods (id int, during daterange, constraint per_pk primary key (id, during without overlaps));
create table period_child (id int, during daterange, constraint per_fk foreign key (id, period during) references periods (id, period during));
create table new_things (a int constraint "my nn" not null, b int not null no inherit, v int generated always as (a + 1) virtual, c int, d int, constraint ce check (c > 0) not enforced);
alter table new_things add constraint not_yet not null d not valid;
create table nn_parent (a int constraint par_nn not null, b int); create table nn_child (c int) inherits (nn_parent); alter table nn_child add constraint own_nn not null b; comment on constraint own_nn on nn_child is 'nn';`,
)}
${since(major, 17, 'create domain named_not_null as int constraint "dom nn" not null;')}

create table parent_a (a int not null, b text default 'x', check (a > 0)); create table parent_b (b text default 'x', c numeric);
create table child (d int, b text default 'own') inherits (parent_a, parent_b); alter table child alter a set default 9; alter table child add constraint own check (d > 1);
${since(major, 14, '')}alter table child alter c set not null;
create table typed of pair (primary key (a), "B c" with options default 'tt');
create table gen_parent (a int, g int generated always as (a * 2) stored); create table gen_child () inherits (gen_parent);

create table measure (id int not null, at date not null, kind text, v numeric default 1, constraint measure_pk primary key (id, at), constraint positive_id check (id > 0)) partition by range (at);
create index measure_kind on measure (kind); create unique index measure_u on measure (at, id, kind);
create table measure_2024 partition of measure for values from ('2024-01-01') to ('2025-01-01') with (fillfactor = 60);
create table measure_2025 partition of measure (v default 5, constraint extra check (v > -1)) for values from ('2025-01-01') to ('2026-01-01') partition by list (id);
create table measure_2025_ab partition of measure_2025 for values in (1, 2); create table measure_2025_rest partition of measure_2025 default;
create table measure_min partition of measure for values from (minvalue) to ('2000-01-01');
create index only_here on measure_2024 (v); alter index measure_2024_kind_idx rename to "renamed idx"; comment on index "renamed idx" is 'r';
create trigger on_all after insert on measure for each row execute function touch(); alter table measure_2024 disable trigger on_all;
alter table measure add constraint measure_fk foreign key (id) references cycle_a (id);
create table listed (k text) partition by list (k); create table listed_ab partition of listed for values in ('a', 'b''c', null); create table listed_rest partition of listed default;
create table hashed (id int, x text) partition by hash (id, lower(x)); create table hashed_0 partition of hashed for values with (modulus 2, remainder 0); create table hashed_1 partition of hashed for values with (modulus 2, remainder 1);
${since(major, 17, 'create table with_identity (id int generated by default as identity, k int) partition by list (k); create table with_identity_1 partition of with_identity for values in (1);')}

create view simple as select id, "SELECT" as "Co""l", n + 1 as plus from "Ta""ble ' 1"; comment on view simple is 'v'; comment on column simple."Co""l" is 'vc'; grant select on simple to public;
create view checked_view with (security_barrier = true, check_option = local) as select * from cycle_a where id > 5; alter view checked_view alter column b set default 3;
${since(major, 15, 'create view invoker with (security_invoker = true) as select 1 as one;')}
create recursive view numbers (n) as select 1 union all select n + 1 from numbers where n < 10;
create view over_view as select s."Co""l", c.* from simple s join checked_view c on c.id = s.id where s.plus in (select n from numbers);
create function instead() returns trigger language plpgsql as $$ begin return new; end $$; create trigger instead instead of insert on over_view for each row execute function instead();
create materialized view mat with (fillfactor = 80) as select id, count(*) as c from cycle_a group by id; create unique index mat_id on mat (id); comment on materialized view mat is 'm'; comment on column mat.c is 'mc'; alter materialized view mat alter c set statistics 12;
alter materialized view mat depends on extension btree_gist;
create materialized view mat_empty as select * from mat with no data;
${since(major, 14, 'create function uses_view() returns setof simple language sql begin atomic select * from plain.simple; end;')}

create foreign data wrapper wrap options (debug 'tr''ue'); comment on foreign data wrapper wrap is 'w';
create server far type 'ty''pe' version '1.2' foreign data wrapper wrap options (host 'a''b', "Port X" '5432'); grant usage on foreign server far to reader; comment on server far is 'f';
create user mapping for public server far options ("user" 'x'); create user mapping for reader server far;
create foreign table far_table (a int options (column_name 'A''') not null default 4, b text, constraint far_check check (a > 0)) server far options ("table" 'tt'); comment on foreign table far_table is 'ft';
create event trigger watching on ddl_command_end when tag in ('CREATE TABLE', 'DROP TABLE') execute function log_ddl(); comment on event trigger watching is 'e'; alter event trigger watching disable;
create publication "some" for table only cycle_a, cycle_b with (publish = 'insert, update'); comment on publication "some" is 'pub';
create publication everything for all tables with (publish_via_partition_root = true); create publication none;
${since(major, 15, `create publication filtered for table by_index (a) where (a > 5); create publication whole_schema for tables in schema plain, table by_index;`)}
${since(major, 18, 'create publication generated for table by_index with (publish_generated_columns = stored);')}
create subscription sub connection 'host=nowhere password=secret-canary' publication p1, "P 2" with (connect = false, slot_name = 'slot_x'); comment on subscription sub is 'su';
create language handled handler plpgsql_call_handler inline plpgsql_inline_handler validator plpgsql_validator; comment on language handled is 'l';
create access method my_heap type table handler heap_tableam_handler;
create table in_my_heap (a int) using my_heap;
create function to_transform(internal) returns internal language internal immutable as 'textlike_support'; create transform for hash_thing language sql (from sql with function to_transform(internal));
alter default privileges for role writer in schema plain grant select on tables to reader; alter default privileges for role writer revoke execute on functions from public;
alter default privileges for role writer grant usage on types to reader with grant option;

create table "Sch'a ""ü"" %s"."--; drop table x; /*" ("a""b" int, "$1" text, "__proto__" int, "new
line" text default '%s $$'); comment on column "Sch'a ""ü"" %s"."--; drop table x; /*"."new
line" is 'x'; create index "i'd%" on "Sch'a ""ü"" %s"."--; drop table x; /*" ("a""b", "new
line");
`.replace('create transform for hash_thing', 'create transform for plain.mood');
