/**
 * The catalog for completion, packed by the server: a row is a text of up to 1,000 lines, a line is an object, its
 * fields lie between tabs (lists in a field between U+007F), because JSON carries these cheaply. A character of the
 * data that would be taken for one of them becomes a blank; a line break in a comment U+0001. One question a section,
 * so that one that is denied leaves the rest.
 */
import type { CatalogSection } from '../../../shared/api/catalog.ts';
import { type Query, query } from '../../postgres/query.ts';

export interface PackRow {
  readonly text: string;
}
export interface StampRow {
  readonly stamp: string;
  readonly searchPath: string;
  readonly user: string;
  readonly database: string;
}

const clean = (text: string): string =>
  `translate(${text}, chr(9) || chr(10) || chr(13) || chr(127), '  ' || ' ' || ' ')`;
const comment = (text: string): string =>
  `coalesce(translate(left(${text}, 2000), chr(10) || chr(9) || chr(13) || chr(127), chr(1) || '  ' || ' '), '')`;
const described = (oid: string, catalog: string): string =>
  comment(`(select d.description from pg_catalog.pg_description d
    where d.objoid = ${oid} and d.classoid = 'pg_catalog.${catalog}'::pg_catalog.regclass and d.objsubid = 0)`);
const packs = (fields: readonly string[], rest: string): string => `
  select string_agg(l.line, chr(10) order by l.place) as text
  from (select ${fields.map((field) => `coalesce((${field})::text, '')`).join(' || chr(9) || ')} as line,
      row_number() over () as place ${rest}) l
  group by (l.place - 1) / 1000 order by (l.place - 1) / 1000`;

const counted = [
  'pg_class',
  'pg_attribute',
  'pg_proc',
  'pg_constraint',
  'pg_type',
  'pg_enum',
  'pg_description',
  'pg_namespace',
]
  .map((name) => `'pg_catalog.${name}'::pg_catalog.regclass`)
  .join(', ');

/**
 * A few counters in place of a look at the catalog: how often its tables were written to. Temporary tables move them
 * too, and a server that does not count (track_counts = off) never moves them.
 */
export const catalogStamp = query<StampRow>(
  'catalog.stamp',
  `select string_agg(pg_catalog.pg_stat_get_tuples_inserted(c) + pg_catalog.pg_stat_get_tuples_updated(c)
      + pg_catalog.pg_stat_get_tuples_deleted(c) || '', ',') || ';' || (select oid from pg_catalog.pg_database
      where datname = pg_catalog.current_database()) || ';' || pg_catalog.current_setting('server_version_num') as stamp,
    (select reset_val from pg_catalog.pg_settings where name = 'search_path') as "searchPath",
    current_user::text as "user", pg_catalog.current_database()::text as database
  from unnest(array[${counted}]) c`,
);

const schemas = packs(
  ['n.oid', clean('n.nspname'), described('n.oid', 'pg_namespace')],
  `from pg_catalog.pg_namespace n where n.nspname !~ '^pg_(toast|temp)'`,
);

/** Types one can name: no arrays (but of what they hold), no row types of tables. */
const types = packs(
  [
    't.oid',
    't.typnamespace',
    clean('t.typname'),
    't.typtype',
    't.typbasetype',
    clean('pg_catalog.format_type(t.oid, null)'),
    described('t.oid', 'pg_type'),
    `(select string_agg(${clean('e.enumlabel')}, chr(127) order by e.enumsortorder) from pg_catalog.pg_enum e where e.enumtypid = t.oid)`,
    't.typarray',
    't.typrelid',
  ],
  `from pg_catalog.pg_type t left join pg_catalog.pg_class c on c.oid = t.typrelid
   where t.typcategory <> 'A' and (t.typrelid = 0 or c.relkind = 'c') and t.typtype <> 'p'`,
);

/** How the types of columns are written, once each. */
const columnTypes = packs(
  ['a.atttypid', 'a.atttypmod', clean('pg_catalog.format_type(a.atttypid, a.atttypmod)')],
  `from (select distinct atttypid, atttypmod from pg_catalog.pg_attribute where attnum > 0 and not attisdropped) a`,
);

/** Of a column: number, type (with its modifier), flags as one hexadecimal digit (1 not null, 2 key, 4 default, 8 never written), name. */
const column = `a.attnum || ' ' || a.atttypid || case when a.atttypmod < 0 then '' else ':' || a.atttypmod end || ' '
  || pg_catalog.to_hex(a.attnotnull::int + 2 * coalesce(a.attnum = any(p.conkey), false)::int + 4 * a.atthasdef::int
    + 8 * (a.attgenerated <> '' or a.attidentity = 'a')::int) || ' ' || ${clean('a.attname')}`;
const relations = `
  with i as materialized (select x.indrelid, sum(c.relpages::bigint) as pages from pg_catalog.pg_index x
      join pg_catalog.pg_class c on c.oid = x.indexrelid group by 1),
    cols as materialized (select a.attrelid, string_agg(${column}, chr(127) order by a.attnum) as cols
      from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p', 'v', 'm', 'f', 'c')
      left join pg_catalog.pg_constraint p on p.conrelid = a.attrelid and p.contype = 'p'
      where a.attnum > 0 and not a.attisdropped group by 1),
    said as materialized (select d.objoid, string_agg(d.objsubid || ' ' || ${comment('d.description')}, chr(127)) filter (where d.objsubid > 0) as cols,
        max(${comment('d.description')}) filter (where d.objsubid = 0) as whole
      from pg_catalog.pg_description d where d.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass group by 1)
  ${packs(
    [
      'c.oid',
      'c.relnamespace',
      clean('c.relname'),
      'c.relkind',
      'c.reltuples::bigint',
      "(c.relpages + coalesce(i.pages, 0)) * pg_catalog.current_setting('block_size')::bigint",
      'said.whole',
      // The table that it is a partition of.
      'case when c.relispartition then (select h.inhparent from pg_catalog.pg_inherits h where h.inhrelid = c.oid) else 0 end',
      'cols.cols',
      'said.cols',
    ],
    `from pg_catalog.pg_class c left join i on i.indrelid = c.oid left join cols on cols.attrelid = c.oid left join said on said.objoid = c.oid
     where c.relkind in ('r', 'p', 'v', 'm', 'f', 'c', 'S') and c.relpersistence <> 't'
       and c.relnamespace <> 'pg_toast'::pg_catalog.regnamespace`,
  )}`;

const keys = packs(
  [
    'k.conrelid',
    'k.confrelid',
    "case k.contype when 'f' then 'f' when 'p' then 'p' else 'u' end",
    "array_to_string(k.conkey, ',')",
    "array_to_string(k.confkey, ',')",
    clean('k.conname'),
  ],
  `from pg_catalog.pg_constraint k join pg_catalog.pg_class c on c.oid = k.conrelid
   where k.contype in ('f', 'p', 'u') and k.conrelid <> 0 and k.conparentid = 0`,
);

const functions = packs(
  [
    'p.oid',
    'p.pronamespace',
    clean('p.proname'),
    'p.prokind',
    'p.proretset::int',
    clean('pg_catalog.pg_get_function_arguments(p.oid)'),
    clean("coalesce(pg_catalog.pg_get_function_result(p.oid), '')"),
    described('p.oid', 'pg_proc'),
    'p.prorettype',
  ],
  `from pg_catalog.pg_proc p where p.prorettype not in ('pg_catalog.cstring'::pg_catalog.regtype, 'pg_catalog.internal'::pg_catalog.regtype)
     and not 'pg_catalog.internal'::pg_catalog.regtype = any(p.proargtypes::oid[])`,
);

const roles = packs([clean('r.rolname')], 'from pg_catalog.pg_roles r');
const settings = packs(
  [clean('s.name'), 's.vartype', comment('s.short_desc'), 'array_to_string(s.enumvals, chr(127))', 's.context'],
  'from pg_catalog.pg_settings s',
);
const extensions = packs(
  [clean('e.extname'), clean('e.extversion'), described('e.oid', 'pg_extension')],
  'from pg_catalog.pg_extension e',
);

export const catalogPacks: Readonly<Record<CatalogSection, Query<PackRow>>> = {
  schemas: query('catalog.schemas', schemas),
  types: query('catalog.types', types),
  columnTypes: query('catalog.column-types', columnTypes),
  relations: query('catalog.relations', relations),
  keys: query('catalog.keys', keys),
  functions: query('catalog.functions', functions),
  roles: query('catalog.roles', roles),
  settings: query('catalog.settings', settings),
  extensions: query('catalog.extensions', extensions),
};
