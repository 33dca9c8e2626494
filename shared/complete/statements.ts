/**
 * Statements that are no queries, as patterns: words, `[…]` for what may be left out, `a|b` (`<a b|c>`) for one of several, and
 * places in braces. Completion walks every pattern over what stands before the caret and offers what comes next.
 * `{column}` is of the table last named; `{new}` is a name to be made up; `{…}` is anything up to the next word.
 */
import type { Token } from './tokens.ts';

export type Place =
  | 'table'
  | 'view'
  | 'materialized'
  | 'relation'
  | 'sequence'
  | 'schema'
  | 'role'
  | 'type'
  | 'function'
  | 'procedure'
  | 'column'
  | 'new'
  | 'setting'
  | 'extension'
  | 'value'
  | 'any'
  | 'settingValue'
  | 'tables'
  | 'columns'
  | 'roles'
  | 'index';

const privileges = 'select|insert|update|delete|truncate|references|trigger|usage|execute|all|connect|create|temporary';
const columnRest = '[not null|null] [default {any}] [primary key|unique|references {table}] [check]';

const source = `
create <table|view|index|function|or replace view|or replace function|materialized view|schema|type|extension|unique index|temp table|sequence|trigger|role|policy|procedure|domain|publication|database>
alter table [if exists] {table} <add column|drop column|alter column|rename column|rename to|add constraint|drop constraint|owner to|set schema|add primary key|add foreign key>
alter table [if exists] {table} add column [if not exists] {new} {type} ${columnRest}
alter table [if exists] {table} add constraint {new} <primary key|unique|foreign key|check|exclude>
alter table [if exists] {table} add <primary key|foreign key|unique|check>
alter table [if exists] {table} add constraint {new} foreign key ( {columns} ) references {table} ( {columns} ) <on delete|on update> <cascade|restrict|set null|no action|set default>
alter table [if exists] {table} drop column [if exists] {column} [cascade|restrict]
alter table [if exists] {table} drop constraint [if exists] {any} [cascade|restrict]
alter table [if exists] {table} alter column {column} type {type} [using]
alter table [if exists] {table} alter column {column} set <not null|default|statistics|storage|data type>
alter table [if exists] {table} alter column {column} drop <not null|default|identity|expression>
alter table [if exists] {table} rename column {column} to {new}
alter table [if exists] {table} rename to {new}
alter table [if exists] {table} rename constraint {any} to {new}
alter table [if exists] {table} owner to {role}
alter table [if exists] {table} set schema {schema}
alter table [if exists] {table} <set tablespace|set logged|set unlogged|set without cluster>
alter table [if exists] {table} enable|disable <trigger|row level security|rule>
alter table [if exists] {table} attach|detach partition {table}
alter table [if exists] {table} validate constraint {any}
alter table [if exists] {table} <inherit|no inherit> {table}
alter view [if exists] {view} <rename to|owner to|set schema>
alter view [if exists] {view} owner to {role}
alter sequence [if exists] {sequence} <restart with|increment by|owned by|owner to|rename to>
alter schema {schema} <rename to|owner to> {role}
alter type {type} <add value|rename to|owner to|rename value|set schema>
alter role {role} <with|set|rename to|password|login|nologin|superuser|createdb|in database>
alter role {role} set {setting} to|=
alter user {role} with|set|password
alter database {any} <set|owner to|rename to>
alter database {any} set {setting} to|=
alter database {any} owner to {role}
alter system set {setting} to|= {settingValue}
alter system reset {setting}
alter function {function} <owner to|rename to|set schema|immutable|stable|volatile|parallel safe>
alter extension {extension} <update|set schema|add|drop>
alter index [if exists] {index} <rename to|set|attach partition>
alter default privileges in schema {schema} grant ${privileges} on tables|sequences|functions to {role}
alter materialized view {materialized} <rename to|owner to|set schema>
create [temp|temporary|unlogged] table [if not exists] {new}
create [or replace] [temp] view {new} as
create materialized view [if not exists] {new} as
create [unique] index [concurrently] [if not exists] on {table} ( {columns} ) [where|include|with]
create [unique] index [concurrently] [if not exists] on {table} using btree|hash|gin|gist|brin|spgist ( {columns} ) [where|include|with]
create [unique] index [concurrently] [if not exists] {new} on {table} ( {columns} ) [where|include|with]
create [unique] index [concurrently] [if not exists] {new} on {table} using btree|hash|gin|gist|brin|spgist ( {columns} ) [where|include|with]
create schema [if not exists] {new} authorization {role}
create schema authorization {role}
create sequence [if not exists] {new} <as|start with|increment by|owned by>
create type {new} as enum|range
create domain {new} as {type} [not null|default|check]
create [or replace] trigger {new} <before|after|instead of> insert|update|delete|truncate on {table} <for each row|for each statement|when|execute function>
create [or replace] trigger {new} <before|after|instead of> insert|update|delete on {table} for each row execute function {function}
create trigger {new} before|after update of {columns} on {table}
create policy {new} on {table} <for|to|using|with check>
create policy {new} on {table} for select|insert|update|delete|all to {role} [using|with check]
create role {new} <with|login|superuser|createdb|password|in role>
create user {new} with|password
create extension [if not exists] {any} [schema|version|cascade]
create publication {new} for table {tables}
create publication {new} for all tables
create statistics {new} on {any} from {table}
create database {new} owner|template|encoding
create [or replace] function {new} returns|language
create [or replace] procedure {new} language|as
drop table [if exists] {tables} [cascade|restrict]
drop view [if exists] {view} [cascade|restrict]
drop materialized view [if exists] {materialized} [cascade|restrict]
drop sequence [if exists] {sequence} [cascade|restrict]
drop schema [if exists] {schema} [cascade|restrict]
drop type [if exists] {type} [cascade|restrict]
drop domain [if exists] {type} [cascade|restrict]
drop function [if exists] {function} [cascade|restrict]
drop procedure [if exists] {procedure} [cascade|restrict]
drop aggregate [if exists] {function}
drop role [if exists] {roles}
drop user [if exists] {roles}
drop owned by {roles} [cascade|restrict]
drop extension [if exists] {extension} [cascade|restrict]
drop trigger [if exists] {any} on {table} [cascade|restrict]
drop policy [if exists] {any} on {table}
drop index [concurrently] [if exists] {index} [cascade|restrict]
drop database [if exists] {any}
reassign owned by {role} to {role}
truncate [table] [only] {tables} [restart identity|continue identity|cascade|restrict]
lock [table] [only] {tables} [in access share mode|in row exclusive mode|in share mode|in exclusive mode|in access exclusive mode|nowait]
vacuum [full|freeze|verbose|analyze] {tables}
vacuum analyze|full {tables}
analyze [verbose] {tables}
analyze {table} ( {columns} )
cluster {table} using {index}
reindex table|index|schema|database|system
reindex table [concurrently] {table}
reindex index [concurrently] {index}
reindex schema {schema}
refresh materialized view [concurrently] {materialized} [with data|with no data]
comment on <table|column|view|function|schema|type|database|index|materialized view|role|constraint|extension|sequence|domain|trigger|policy>
comment on table {table} is
comment on view {view} is
comment on materialized view {materialized} is
comment on schema {schema} is
comment on type {type} is
comment on function {function} is
comment on role {role} is
comment on sequence {sequence} is
comment on column {table} is
copy {table} [from|to] stdin|stdout|program [with]
copy {table} ( {columns} ) from|to stdin|stdout|program [with]
grant ${privileges} on <table|schema|all tables in schema|sequence|function|all sequences in schema|all functions in schema|database|type>
grant ${privileges} on [table] {tables} to {roles} [with grant option]
grant ${privileges} on all tables in schema {schema} to {roles}
grant ${privileges} on all sequences in schema {schema} to {roles}
grant ${privileges} on all functions in schema {schema} to {roles}
grant ${privileges} on schema {schema} to {roles}
grant ${privileges} on sequence {sequence} to {roles}
grant ${privileges} on function {function} to {roles}
grant ${privileges} privileges on [table] {tables} to {roles}
grant {role} to {roles} [with admin option]
revoke ${privileges} on [table] {tables} from {roles} [cascade]
revoke ${privileges} on schema {schema} from {roles}
revoke ${privileges} on all tables in schema {schema} from {roles}
revoke {role} from {roles}
call {procedure}
execute {any}
set search_path to|= {schema}
set role {role}
set session <authorization|characteristics as transaction>
set local search_path to|= {schema}
set time zone {any}
set transaction isolation level <read committed|repeatable read|serializable>
set transaction <isolation level|read only|read write|deferrable>
set [local|session] {setting} to|= {settingValue}
show all|search_path
show {setting}
reset all
reset {setting}
begin [isolation level|read only|read write|deferrable]
begin isolation level <read committed|repeatable read|serializable>
begin isolation level <serializable|repeatable read|read committed>
start transaction [isolation level|read only|read write]
commit [and chain|prepared]
rollback [to savepoint|and chain|prepared]
explain <analyze|verbose|select|insert into|update|delete from|with>
explain analyze <select|insert into|update|delete from|with|verbose>
explain <create table|create materialized view|execute>
discard all|plans|sequences|temp
import foreign schema {any} from server {any} into {schema}
security label on table|column|role {any} is
listen {any}
fetch next|all|prior|first|last|forward|backward from
`;

type Element =
  | { readonly kind: 'words'; readonly choices: readonly (readonly string[])[]; readonly optional: boolean }
  | { readonly kind: 'place'; readonly place: Place };

const choicesOf = (text: string): string[][] => text.split('|').map((each) => each.trim().split(' '));

function elementsOf(line: string): Element[] {
  return (line.match(/\[[^\]]*\]|<[^>]*>|\{\w+\}|\S+/g) ?? []).map((piece): Element => {
    if (piece.startsWith('{')) return { kind: 'place', place: piece.slice(1, -1) as Place };
    // What follows the words of an optional piece with a place in it is another pattern's affair.
    if (piece.startsWith('['))
      return { kind: 'words', choices: choicesOf(piece.slice(1, -1).replace(/ ?\{.*/, '')), optional: true };
    return { kind: 'words', choices: choicesOf(piece.replace(/^<|>$/g, '')), optional: false };
  });
}

const patterns: readonly (readonly Element[])[] = source.trim().split('\n').map(elementsOf);

export interface Expected {
  readonly words: readonly string[];
  readonly places: ReadonlySet<Place>;
  /** Where the name begins that `{column}` and `{columns}` belong to. */
  readonly tableAt: number | null;
  /** Where the name begins that `{settingValue}` is for. */
  readonly settingAt: number | null;
}

const isName = (token: Token | undefined): boolean => token?.kind === 'word' || token?.kind === 'quotedIdentifier';

/** What may stand at `at`, by all patterns that fit the tokens from `from` on. */
export function expectedAt(tokens: readonly Token[], from: number, at: number): Expected {
  const words = new Map<string, number>();
  const places = new Set<Place>();
  let tableAt: number | null = null;
  let settingAt: number | null = null;
  const walk = (
    pattern: readonly Element[],
    index: number,
    token: number,
    table: number | null,
    setting: number | null,
  ): void => {
    const element = pattern[index];
    if (!element) return;
    if (element.kind === 'words') {
      for (const choice of element.choices) {
        let same = 0;
        while (same < choice.length && token + same < at && tokens[token + same]?.text === choice[same]) same++;
        if (token + same === at && same < choice.length) {
          const rest = choice.slice(same).join(' ');
          if (!words.has(rest)) words.set(rest, words.size);
        } else if (same === choice.length) walk(pattern, index + 1, token + same, table, setting);
      }
      if (element.optional) walk(pattern, index + 1, token, table, setting);
      return;
    }
    if (token === at) {
      places.add(element.place);
      tableAt ??= table;
      settingAt ??= setting;
      return;
    }
    const ends = afterPlace(tokens, token, at, element.place);
    const nextTable = ['table', 'tables', 'relation', 'view'].includes(element.place) ? token : table;
    for (const end of ends) {
      if (end.list && end.at === at) {
        places.add(element.place);
        tableAt ??= table;
      } else if (!end.list) walk(pattern, index + 1, end.at, nextTable, element.place === 'setting' ? token : setting);
    }
  };
  for (const pattern of patterns) walk(pattern, 0, from, null, null);
  return { words: [...words.keys()], places, tableAt, settingAt };
}

/** Where what stands in a place may end. `list`: after a comma, one more of the same is wanted. */
function afterPlace(tokens: readonly Token[], from: number, at: number, place: Place): { at: number; list: boolean }[] {
  if (place === 'any') {
    const ends: { at: number; list: boolean }[] = [];
    for (let end = from + 1; end <= Math.min(at, from + 12); end++) ends.push({ at: end, list: false });
    return ends;
  }
  const ends: { at: number; list: boolean }[] = [];
  let end = from;
  for (;;) {
    const next = afterName(tokens, end, at, place);
    if (next === null) return ends;
    ends.push({ at: next, list: false });
    if (!place.endsWith('s') || tokens[next]?.text !== ',' || next >= at) return ends;
    ends.push({ at: next + 1, list: true });
    end = next + 1;
  }
}

function afterName(tokens: readonly Token[], from: number, at: number, place: Place): number | null {
  if (from >= at || !(isName(tokens[from]) || (place === 'settingValue' && tokens[from]))) return null;
  let end = from + 1;
  while (end + 1 < at + 1 && tokens[end]?.text === '.' && isName(tokens[end + 1]) && end + 1 < at) end += 2;
  if (place === 'type' || place === 'function') {
    if (tokens[end]?.text === '(') {
      while (end < at && tokens[end]?.text !== ')') end++;
      end++;
    }
    while (tokens[end]?.text === '[' || tokens[end]?.text === ']') end++;
  }
  return end <= at ? end : null;
}
