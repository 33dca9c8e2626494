/**
 * Schemas made up from a seed: at least 200 objects of every kind, options and names chosen by chance, dependencies kept.
 * The same seed gives the same text, so that a failure can be had again.
 */
import { quoteLiteral as lit, quoteIdentifier as q } from '../../shared/sql/quote.ts';

/** Numbers in [0, 1) from a seed (mulberry32). */
function chance(seed: number) {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return {
    below: (count: number): number => Math.floor(next() * count),
    happens: (share: number): boolean => next() < share,
    one: <T>(list: readonly [T, ...T[]] | readonly T[]): T => list[Math.floor(next() * list.length)] as T,
  };
}
type Chance = ReturnType<typeof chance>;

interface Made {
  /** In an order that runs. */
  readonly statements: string[];
  /** How many objects they make, parts of tables counted. */
  objects: number;
}
interface Column {
  readonly name: string;
  readonly type: string;
}
interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly partitioned: boolean;
  readonly unlogged: boolean;
}
interface World extends Made {
  readonly major: number;
  readonly dice: Chance;
  readonly schemas: string[];
  readonly tables: Table[];
  readonly enums: string[];
  readonly domains: string[];
  readonly touch: string[];
  readonly serial: { at: number };
}

const odd = ['Ünï', 'a "b"', "it's", 'semi;colon', 'user', 'Sp ace', 'percent%s', 'back\\slash', '日本', 'UPPER'];
const plainTypes = [
  'integer',
  'bigint',
  'smallint',
  'numeric(12,3)',
  'numeric',
  'text',
  'character varying(40)',
  'character(3)',
  'boolean',
  'date',
  'timestamp with time zone',
  'timestamp(3) without time zone',
  'interval day to second',
  'uuid',
  'jsonb',
  'json',
  'bytea',
  'integer[]',
  'text[]',
  'double precision',
  'inet',
  'bit varying(8)',
  'tsvector',
  'int4range',
  'point',
  'xml',
  'money',
];
const defaults: Readonly<Record<string, string>> = {
  integer: '7',
  bigint: '(1 + 2) * 3',
  text: "'it''s; \\ ''here'''",
  boolean: 'false',
  date: 'CURRENT_DATE',
  'timestamp with time zone': "now() + '1 day'::interval",
  jsonb: `'{"a": [1, null]}'`,
  'integer[]': "'{1,2}'",
  uuid: 'gen_random_uuid()',
  numeric: '1.50',
  'double precision': "'NaN'",
};

/** Roles that the generated grants, owners and policies name: made once a server. */
export const generatedRoles = `create role gen_reader; create role gen_writer; create role "Gen ""Owner""";`;

/** Statements that make the schema `seed`, for a server of the major version. */
export function generatedSchema(seed: number, major: number): Made {
  const dice = chance(seed);
  const world: World = {
    statements: [],
    objects: 0,
    major,
    dice,
    schemas: [],
    tables: [],
    enums: [],
    domains: [],
    touch: [],
    serial: { at: 0 },
  };
  for (let i = 0; i < 3; i++) schema(world);
  for (let i = 0; i < 10; i++) types(world);
  for (let i = 0; i < 8; i++) routines(world);
  for (let i = 0; i < 6; i++) sequence(world);
  for (let i = 0; i < 24; i++) table(world);
  for (let i = 0; i < 3; i++) partitions(world);
  for (let i = 0; i < 3; i++) child(world);
  for (let i = 0; i < 14; i++) foreignKey(world);
  for (let i = 0; i < 30; i++) index(world);
  for (let i = 0; i < 10; i++) view(world);
  for (let i = 0; i < 10; i++) attachments(world);
  textSearch(world);
  foreign(world);
  database(world);
  for (let i = 0; i < 25; i++) remark(world);
  return { statements: world.statements, objects: world.objects };
}

function add(world: World, ...statements: string[]): void {
  world.statements.push(...statements);
  world.objects += statements.length;
}
const name = (world: World, word: string): string => {
  const plain = `${word}_${++world.serial.at}`;
  return world.dice.happens(0.25) ? q(`${world.dice.one(odd)} ${plain}`) : plain;
};
const place = (world: World, word: string): string => `${world.dice.one(world.schemas)}.${name(world, word)}`;

function schema(world: World): void {
  const made = name(world, 'gen');
  world.schemas.push(made);
  add(world, `create schema ${made}${world.dice.happens(0.5) ? ' authorization "Gen ""Owner"""' : ''}`);
  world.statements.push(`grant usage on schema ${made} to gen_reader`);
}

function types(world: World): void {
  const { dice } = world;
  const kind = dice.below(4);
  const type = place(world, 'type');
  if (kind === 0) {
    add(world, `create type ${type} as enum ('one', 'two''s', ${lit(dice.one(odd))}, 'last')`);
    world.enums.push(type);
  } else if (kind === 1) {
    add(world, `create type ${type} as (a integer, "B c" text collate "C", n numeric(${2 + dice.below(9)},2)[])`);
  } else if (kind === 2) {
    add(world, `create type ${type} as range (subtype = ${dice.one(['float8', 'text', 'time', 'int2'])})`);
  } else {
    const check = dice.one(['value > 0', 'value <> 13 and value < 1000']);
    const extra = dice.happens(0.5) ? ' default 5 not null' : '';
    add(world, `create domain ${type} as integer${extra} constraint "Fits ${world.serial.at}" check (${check})`);
    world.domains.push(type);
  }
}

function routines(world: World): void {
  const { dice, major } = world;
  const made = place(world, 'f');
  const volatility = dice.one(['volatile', 'stable', 'immutable']);
  const cost = dice.happens(0.4) ? ` cost ${1 + dice.below(50)}` : '';
  add(
    world,
    `create function ${made}(a integer, b text default 'x; --', variadic c integer[] default '{}') returns text language sql ${volatility}${cost}${dice.happens(0.3) ? ' strict parallel safe' : ''} as $q$ select b || a $q$`,
  );
  if (dice.happens(0.4))
    world.statements.push(`revoke execute on function ${made}(integer, text, integer[]) from public`);
  const touch = place(world, 'touch');
  world.touch.push(touch);
  add(
    world,
    `create function ${touch}() returns trigger language plpgsql${dice.happens(0.4) ? " security definer set search_path to pg_catalog, 'Odd Schema'" : ''} as $body$ begin return new; end $body$`,
    `create procedure ${place(world, 'p')}(inout a integer default 1) language plpgsql as $$ begin a := a + 1; end $$`,
    `create aggregate ${place(world, 'agg')}(integer) (sfunc = int4larger, stype = integer${dice.happens(0.5) ? ", initcond = '0'" : ''}${dice.happens(0.5) ? ', combinefunc = int4larger' : ''})`,
  );
  if (major >= 14)
    add(
      world,
      `create function ${place(world, 'atomic')}(a integer) returns integer language sql begin atomic select a * ${dice.below(9)}; end`,
    );
}

function sequence(world: World): void {
  const { dice } = world;
  const down = dice.happens(0.3);
  add(
    world,
    `create sequence ${place(world, 'seq')} as ${dice.one(['smallint', 'integer', 'bigint'])} increment ${down ? -2 : 1 + dice.below(5)} minvalue ${down ? -90 : 1} maxvalue ${90 + dice.below(100)} start ${1 + dice.below(60)} cache ${1 + dice.below(9)}${dice.happens(0.3) ? ' cycle' : ''}`,
  );
}

function columnsOf(world: World, count: number): { columns: Column[]; text: string[] } {
  const { dice, major } = world;
  const columns: Column[] = [];
  const text: string[] = [];
  for (let i = 0; i < count; i++) {
    const own = dice.one([...plainTypes, ...plainTypes, ...world.enums, ...world.domains]);
    const column = { name: name(world, 'c'), type: own };
    columns.push(column);
    const isText = /^(text$|character varying)/.test(own);
    text.push(
      [
        column.name,
        own,
        isText && major >= 14 && dice.happens(0.2) ? 'compression pglz' : '',
        isText && dice.happens(0.3) ? 'collate "C"' : '',
        defaults[own] && dice.happens(0.5) ? `default ${defaults[own]}` : '',
        dice.happens(0.3) ? 'not null' : '',
      ]
        .filter((word) => word !== '')
        .join(' '),
    );
  }
  return { columns, text };
}

function table(world: World): void {
  const { dice, major } = world;
  const made = place(world, 't');
  const unlogged = dice.happens(0.12);
  const { columns, text } = columnsOf(world, 2 + dice.below(7));
  const key = dice.one([
    'id bigint generated always as identity',
    'id integer generated by default as identity (start with 10 increment by 5)',
    'id serial',
    'id bigint not null',
  ]);
  const lines = [key, ...text, 'n integer', 'words text'];
  const virtual = major >= 18 && dice.happens(0.5) ? ' virtual' : ' stored';
  if (dice.happens(0.4)) lines.push(`twice integer generated always as (n * 2)${virtual}`);
  if (dice.happens(0.8))
    lines.push(dice.happens(0.5) ? 'primary key (id)' : `constraint ${name(world, 'pk')} primary key (id)`);
  else lines.push('unique (id)');
  if (dice.happens(0.5)) lines.push(`constraint ${name(world, 'ck')} check (n > 0 or words is null or n < -5)`);
  if (dice.happens(0.3))
    lines.push(
      `constraint ${name(world, 'uq')} unique ${major >= 15 && dice.happens(0.5) ? 'nulls not distinct ' : ''}(n, words) deferrable initially deferred`,
    );
  if (dice.happens(0.2))
    lines.push(`constraint ${name(world, 'ex')} exclude using gist (int4range(n, n + 1) with &&) where (n > 0)`);
  const options = dice.happens(0.3) ? ` with (fillfactor = ${50 + dice.below(50)}, autovacuum_enabled = false)` : '';
  world.tables.push({
    name: made,
    columns: [{ name: 'id', type: 'bigint' }, ...columns],
    partitioned: false,
    unlogged,
  });
  add(world, `create ${unlogged ? 'unlogged ' : ''}table ${made} (\n  ${lines.join(',\n  ')}\n)${options}`);
  world.objects += lines.length;
  if (dice.happens(0.3))
    world.statements.push(`alter table ${made} alter words set storage external, alter n set statistics 50`);
  if (dice.happens(0.2))
    world.statements.push(`alter table ${made} add constraint ${name(world, 'later')} check (n <> 13) not valid`);
  if (dice.happens(0.3)) world.statements.push(`grant select (n), update (words) on ${made} to gen_reader`);
  if (dice.happens(0.3)) world.statements.push(`grant select, insert on ${made} to gen_writer with grant option`);
  if (dice.happens(0.2)) world.statements.push(`alter table ${made} replica identity full`);
}

function partitions(world: World): void {
  const { dice } = world;
  const made = place(world, 'part');
  const how = dice.one(['range', 'list', 'hash']);
  add(
    world,
    `create table ${made} (id bigint not null, at date not null default CURRENT_DATE, words text, primary key (id)) partition by ${how} (id)`,
  );
  world.tables.push({ name: made, columns: [{ name: 'id', type: 'bigint' }], partitioned: true, unlogged: false });
  for (let i = 0; i < 3; i++) {
    const bound = {
      range: `from (${i * 10}) to (${i * 10 + 10})`,
      list: `in (${i}, ${i + 10})`,
      hash: `with (modulus 3, remainder ${i})`,
    }[how];
    add(world, `create table ${place(world, 'piece')} partition of ${made} for values ${bound}`);
  }
  if (how !== 'hash')
    add(world, `create table ${place(world, 'rest')} partition of ${made} default partition by list (id)`);
  add(world, `create index on ${made} (words)`);
}

function child(world: World): void {
  const parent = world.dice.one(world.tables.filter(({ partitioned }) => !partitioned));
  add(world, `create table ${place(world, 'child')} (more text default 'm') inherits (${parent.name})`);
}

function foreignKey(world: World): void {
  const { dice } = world;
  const from = dice.one(world.tables.filter(({ partitioned }) => !partitioned));
  // An unlogged table cannot be referenced by one that is logged, and some have no key: a column of its own for each.
  const to = dice.one(world.tables.filter(({ partitioned }) => partitioned));
  const column = name(world, 'ref');
  const action = dice.one(['', ' on delete cascade', ' on update cascade on delete restrict', ' on delete set null']);
  const timing = dice.one(['', ' deferrable', ' deferrable initially deferred']);
  world.statements.push(`alter table ${from.name} add column ${column} bigint`);
  add(
    world,
    `alter table ${from.name} add constraint ${name(world, 'fk')} foreign key (${column}) references ${to.name} (id)${action}${timing}${dice.happens(0.2) ? ' not valid' : ''}`,
  );
}

function index(world: World): void {
  const { dice, major } = world;
  const on = dice.one(world.tables.filter(({ partitioned }) => !partitioned));
  const made = name(world, 'ix');
  const include = major >= 14 ? ['gist (point(n, n)) include (words)'] : [];
  const how = dice.one([
    'btree (n desc nulls last, words collate "C")',
    'btree (lower(words), (n % 10)) include (id)',
    'hash (words)',
    `gin (to_tsvector('simple', words))`,
    'gist (int4range(n, n + 5))',
    'spgist (words text_ops)',
    'brin (id, n) with (pages_per_range = 16)',
    'btree (words text_pattern_ops) with (fillfactor = 80)',
    ...include,
  ]);
  const filter = dice.happens(0.3) ? " where n > 3 and words <> 'it''s'" : '';
  const unique = how.startsWith('btree (n') && dice.happens(0.4) ? 'unique ' : '';
  add(world, `create ${unique}index ${made} on ${on.name} using ${how}${filter}`);
}

function view(world: World): void {
  const { dice, major } = world;
  const from = dice.one(world.tables.filter(({ partitioned }) => !partitioned));
  const made = place(world, 'v');
  if (dice.happens(0.4)) {
    add(
      world,
      `create materialized view ${made} as select id, n, count(*) over () as total from ${from.name}${dice.happens(0.5) ? ' with no data' : ''}`,
    );
    add(world, `create unique index ${name(world, 'mix')} on ${made} (id, n)`);
    return;
  }
  const options = dice.one([
    '',
    ' with (security_barrier = true)',
    ...(major >= 15 ? [' with (security_invoker = true)'] : []),
  ]);
  const check = options === '' && dice.happens(0.4) ? ' with local check option' : '';
  add(
    world,
    `create view ${made}${options} as select id, n, words || '; --' as w from ${from.name} where n > 1${check}`,
  );
  if (dice.happens(0.4)) world.statements.push(`alter view ${made} alter column n set default 4`);
}

function attachments(world: World): void {
  const { dice, major } = world;
  const on = dice.one(world.tables.filter(({ partitioned }) => !partitioned));
  const when = dice.one(['before insert or update of n on', 'after delete on', 'after insert on']);
  const trigger = name(world, 'tr');
  add(
    world,
    `create trigger ${trigger} ${when} ${on.name} for each ${dice.one(['row', 'statement'])} execute function ${dice.one(world.touch)}('a', 'it''s')`,
    `create constraint trigger ${name(world, 'late')} after update on ${on.name} deferrable initially deferred for each row when (old.n is distinct from new.n) execute function ${dice.one(world.touch)}()`,
    `create policy ${name(world, 'pol')} on ${on.name} as ${dice.one(['permissive', 'restrictive'])} for ${dice.one(['select', 'delete'])} to gen_reader, public using (n > 0 and current_user <> 'x')`,
    `create policy ${name(world, 'pol')} on ${on.name} for all to gen_writer using (n is not null) with check (words <> '')`,
    `create statistics ${place(world, 'st')} (ndistinct, dependencies) on id, n from ${on.name}`,
    `create rule ${name(world, 'rule')} as on delete to ${on.name} where old.n = 3 do also select 'it''s', old.id`,
  );
  if (major >= 14) add(world, `create statistics ${place(world, 'ste')} on (n % 7), lower(words) from ${on.name}`);
  if (dice.happens(0.5))
    world.statements.push(`alter table ${on.name} ${dice.one(['enable', 'force'])} row level security`);
  if (dice.happens(0.4))
    world.statements.push(
      `alter table ${on.name} ${dice.one(['disable', 'enable always', 'enable replica'])} trigger ${trigger}`,
    );
}

function textSearch(world: World): void {
  const dictionary = place(world, 'dict');
  const configuration = place(world, 'conf');
  const type = place(world, 'base');
  const same = place(world, 'same');
  const operators = world.dice.one(world.schemas);
  add(
    world,
    `create text search dictionary ${dictionary} (template = simple, accept = false)`,
    `create text search configuration ${configuration} (parser = default)`,
    `create collation ${place(world, 'coll')} from "C"`,
    `create conversion ${place(world, 'conv')} for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8`,
    `create type ${type} as (a integer, b integer)`,
    `create function ${same}(${type}, ${type}) returns boolean language sql immutable as 'select $1.a = $2.a'`,
    `create operator ${operators}.=@= (function = ${same}, leftarg = ${type}, rightarg = ${type}, commutator = operator(${operators}.=@=))`,
    `create cast (${type} as text) with inout as assignment`,
  );
  world.statements.push(
    `alter text search configuration ${configuration} add mapping for asciiword, word with ${dictionary}, simple`,
  );
}

function foreign(world: World): void {
  const { dice } = world;
  const wrapper = name(world, 'fdw');
  const server = name(world, 'srv');
  add(
    world,
    `create foreign data wrapper ${wrapper}`,
    `create server ${server} type 'odd' version '1.2' foreign data wrapper ${wrapper} options (host 'it''s', "Odd Name" 'x')`,
    `create user mapping for gen_reader server ${server} options (username 'me')`,
  );
  for (let i = 0; i < 3; i++)
    add(
      world,
      `create foreign table ${place(world, 'ft')} (id integer options (column_name 'ID') not null, words text default 'x', check (id > 0)) server ${server} options (file ${lit(dice.one(odd))})`,
    );
  world.statements.push(`grant usage on foreign server ${server} to gen_writer`);
}

function database(world: World): void {
  const { dice, major } = world;
  const logs = place(world, 'logs');
  // Changes of an unlogged table are not in the log that a publication reads.
  const logged = world.tables.filter(({ unlogged }) => !unlogged);
  const list = [...new Set([dice.one(logged).name, dice.one(logged).name])];
  add(
    world,
    `create function ${logs}() returns event_trigger language plpgsql as $$ begin end $$`,
    `create event trigger ${name(world, 'ev')} on ddl_command_end when tag in ('CREATE TABLE', 'DROP VIEW') execute function ${logs}()`,
    `create publication ${name(world, 'pub')} for table ${list.map((each) => `only ${each}`).join(', ')} with (publish = 'insert, delete')`,
  );
  if (major >= 15)
    add(
      world,
      `create publication ${name(world, 'pub')} for tables in schema ${world.schemas[0]} with (publish_via_partition_root = true)`,
    );
  world.statements.push(
    `alter default privileges for role "Gen ""Owner""" in schema ${world.schemas[1]} grant select on tables to gen_reader`,
  );
}

function remark(world: World): void {
  const on = world.dice.one(world.tables);
  const text = lit(`${world.dice.one(odd)}\nof two lines; -- ${world.serial.at}`);
  if (world.dice.happens(0.5)) world.statements.push(`comment on table ${on.name} is ${text}`);
  else world.statements.push(`comment on column ${on.name}.${world.dice.one(on.columns).name} is ${text}`);
}
