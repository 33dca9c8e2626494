// biome-ignore-all lint/suspicious/noTemplateCurlyInString: tab stops of snippets are written so
/** Keywords by position, most likely first, and templates. */

const phrases = (text: string): readonly string[] => text.trim().split(/\s*\|\s*/);

export const statementWords = phrases(`
  select | insert into | update | delete from | with | create table | alter table | drop table | explain analyze | explain |
  create index | create view | begin | commit | rollback | truncate | merge into | values | table | create function | create or replace function |
  create or replace view | create materialized view | create schema | create type | create extension | create sequence |
  create trigger | create role | create unique index | drop index | drop view | drop function | drop schema | drop type |
  alter index | alter view | alter sequence | alter function | alter role | alter type | alter schema | alter system | alter database |
  analyze | vacuum | vacuum analyze | reindex | cluster | copy | call | do | grant | revoke | set | show | reset | lock table |
  refresh materialized view | comment on | prepare | execute | deallocate | declare | fetch | close | listen | notify | unlisten |
  savepoint | release savepoint | rollback to savepoint | start transaction | end | abort | discard all | checkpoint |
  set transaction isolation level | set local | drop materialized view | drop sequence | drop role | drop trigger | drop extension |
  create policy | create publication | create subscription | create domain | create database | drop database | create cast |
  create aggregate | create procedure | create rule | create statistics | create server | import foreign schema | security label
`);

/** Where an expression may begin. */
export const operandWords = phrases(
  'case | not | null | true | false | exists | cast | array | coalesce | interval | current_date | current_timestamp | current_user | row | nullif | greatest | least | extract | any | all | default',
);
/** Between operands, anywhere. */
export const operatorWords = phrases(
  'and | or | is null | is not null | in | not in | between | like | ilike | not like | not ilike | is distinct from | is not distinct from | similar to | is true | is false | collate | at time zone',
);
/** What may follow an expression or a list, by clause. */
export const afterClause: Readonly<Record<string, readonly string[]>> = {
  select: phrases('from | as | into | where | order by | group by | limit | union all | union | over | filter'),
  from: phrases(
    'where | join | left join | inner join | group by | order by | limit | cross join | right join | full join | union all | union | natural join | except | intersect | having | as | lateral | offset | for update | tablesample | window',
  ),
  on: phrases(
    'and | or | where | join | left join | group by | order by | limit | inner join | cross join | right join | full join | union all | union',
  ),
  where: phrases(
    'and | or | group by | order by | limit | union all | union | returning | having | except | intersect | offset | for update | window',
  ),
  'group by': phrases('having | order by | limit | union all | union | window | offset'),
  having: phrases('and | or | order by | limit | union all | union | window'),
  'order by': phrases('desc | asc | limit | nulls last | nulls first | offset | fetch first | for update'),
  limit: phrases('offset | for update'),
  offset: phrases('rows | limit | fetch first | for update'),
  fetch: phrases('first | next | rows only | row only | with ties'),
  for: phrases('of | nowait | skip locked'),
  returning: phrases('as | into'),
  set: phrases('where | from | returning | and | or'),
  values: phrases('on conflict | returning | as | order by | union all'),
  using: phrases('on | where | returning | join | left join | as'),
  delete: phrases('where | using | returning | as'),
  update: phrases('set | as'),
  insert: phrases(
    'values | select | default values | overriding system value | overriding user value | as | on conflict | returning | with',
  ),
  merge: phrases('using | as'),
  conflict: phrases('do nothing | do update set | on constraint | where | returning'),
  when: phrases('then update set | then delete | then do nothing | then insert | and'),
  window: phrases('as'),
  with: phrases('as | as materialized | as not materialized | select | insert into | update | delete from'),
};
export const firstOfSelect = phrases('distinct | all | distinct on');
export const insideWindow = phrases('partition by | order by | rows between | range between | groups between');
export const frameWords = phrases(
  'unbounded preceding | current row | unbounded following | preceding | following | and',
);
export const extractFields = phrases(
  'year | month | day | hour | minute | second | epoch | week | quarter | dow | doy | isodow | isoyear | millisecond | microseconds | decade | century | timezone',
);
/** Of the 3,000 functions shipped with the server, what people call. */
export const popularFunctions: ReadonlySet<string> = new Set(
  phrases(`count | sum | avg | min | max | coalesce | now | lower | upper | length | round | date_trunc | to_char | concat | concat_ws | array_agg |
    string_agg | json_agg | jsonb_agg | jsonb_build_object | json_build_object | row_number | rank | dense_rank | lag | lead | first_value | last_value | ntile |
    generate_series | unnest | substring | substr | replace | trim | split_part | abs | ceil | floor | random | greatest | least | nullif | extract | age |
    date_part | to_date | to_timestamp | left | right | position | regexp_replace | regexp_matches | jsonb_array_elements | jsonb_each | jsonb_set | to_json |
    to_jsonb | row_to_json | array_length | cardinality | array_to_string | string_to_array | percentile_cont | percentile_disc | bool_and | bool_or | every | gen_random_uuid |
    md5 | format | initcap | lpad | rpad | mod | power | sqrt | make_date | make_interval | nextval | currval | setval | pg_size_pretty | pg_total_relation_size |
    pg_relation_size | pg_sleep | version | current_setting | set_config | to_tsvector | to_tsquery | stddev | variance | jsonb_object_keys | jsonb_path_query | mode`),
);
/** Called without brackets of their own making: `count(*)` and the like. */
export const grammarFunctions = phrases(
  'coalesce | greatest | least | nullif | extract | position | substring | trim | overlay',
);

export const commonTypes =
  phrases(`integer | text | bigint | numeric | boolean | timestamptz | date | timestamp | jsonb | uuid | varchar | double precision |
  smallint | real | interval | json | bytea | time | char | text[] | integer[] | bigint[] | inet | cidr | xml | money | bigserial | serial | point | tsvector | tsquery | int4range | tstzrange | daterange |
  regclass | oid | name | timestamp with time zone | timestamp without time zone | character varying | int | int8 | int4 | float8 | decimal | bool`);

export interface Template {
  readonly name: string;
  readonly about: string;
  readonly body: string;
}
/** Tab stops as in every editor: `${1:what}`; the last place is `$0`. */
export const templates: readonly Template[] = [
  { name: 'sel', about: 'select … from …', body: 'select ${2:*}\nfrom ${1:table}\n$0' },
  { name: 'selw', about: 'select … where …', body: 'select ${2:*}\nfrom ${1:table}\nwhere ${3:condition}$0' },
  { name: 'selc', about: 'select count(*) from …', body: 'select count(*)\nfrom ${1:table}$0' },
  { name: 'ins', about: 'insert into …', body: 'insert into ${1:table} (${2:columns})\nvalues (${3:values})$0' },
  {
    name: 'upd',
    about: 'update … where …',
    body: 'update ${1:table}\nset ${2:column} = ${3:value}\nwhere ${4:condition}$0',
  },
  { name: 'del', about: 'delete … where …', body: 'delete from ${1:table}\nwhere ${2:condition}$0' },
  {
    name: 'ups',
    about: 'insert … on conflict do update',
    body: 'insert into ${1:table} (${2:columns})\nvalues (${3:values})\non conflict (${4:key}) do update set ${5:column} = excluded.${5:column}$0',
  },
  { name: 'cte', about: 'with … as (…)', body: 'with ${1:name} as (\n  ${2:select}\n)\nselect *\nfrom ${1:name}$0' },
  {
    name: 'rcte',
    about: 'with recursive …',
    body: 'with recursive ${1:name} as (\n  ${2:select}\n  union all\n  ${3:select} join ${1:name} on ${4:condition}\n)\nselect *\nfrom ${1:name}$0',
  },
  {
    name: 'tab',
    about: 'create table …',
    body: 'create table ${1:name} (\n  id bigint generated always as identity primary key,\n  ${2:name} ${3:text} not null$0\n)',
  },
  { name: 'idx', about: 'create index …', body: 'create index concurrently ${1:name} on ${2:table} (${3:columns})$0' },
  {
    name: 'fun',
    about: 'create function …',
    body: 'create or replace function ${1:name}(${2}) returns ${3:void}\nlanguage ${4:plpgsql}\nas \\$\\$\nbegin\n  $0\nend\n\\$\\$',
  },
  { name: 'tx', about: 'begin … commit', body: 'begin;\n$0\ncommit;' },
  { name: 'exp', about: 'explain (analyze, buffers) …', body: 'explain (analyze, buffers)\n$0' },
];
