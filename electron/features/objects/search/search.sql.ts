/**
 * Everything that can be searched, packed: a row carries up to 4,000 objects, one text a column, because a quarter of a
 * million small rows (or strings) would cost the host more than all searching. Names and comments are separated by
 * U+0001; where one has that character it is replaced. `parents` are schemas (0: the database itself) or, for parts,
 * the relation or type.
 */
import { query } from '../../../postgres/query.ts';
import { isInternal, relationKind, standAloneType } from '../tree/object-words.sql.ts';

export interface PackedRow {
  /** Kinds, oids, sub-ids and parents, separated by commas. */
  readonly kinds: string;
  readonly oids: string;
  readonly subIds: string;
  readonly parents: string;
  readonly names: string;
  /** Places in the pack that have a comment, and the comments. */
  readonly commented: string | null;
  readonly comments: string | null;
}
const clean = (text: string): string => `replace(${text}, chr(1), '?')`;
const packed = (rows: string): string => `
  select string_agg(e.kind, ',' order by e.place) as kinds, string_agg(e.oid::text, ',' order by e.place) as oids,
    string_agg(e.sub::text, ',' order by e.place) as "subIds", string_agg(e.parent::text, ',' order by e.place) as parents,
    string_agg(${clean('e.name')}, chr(1) order by e.place) as names,
    string_agg(e.place::text, ',' order by e.place) filter (where e.comment <> '') as commented,
    string_agg(${clean('e.comment')}, chr(1) order by e.place) filter (where e.comment <> '') as comments
  from (select r.*, (row_number() over () - 1) / 4000 as pack, (row_number() over () - 1) % 4000 as place from (${rows}) r) e group by e.pack`;

const visibleSchema = `n.nspname !~ '^pg_(toast_)?temp_' and n.nspname <> 'pg_toast'
  and ($1::boolean or n.nspname not in ('pg_catalog', 'information_schema'))`;
const inSchema = (kind: string, catalog: string, prefix: string, where = 'true'): string => `
  select ${kind} as kind, c.oid, 0 as sub, c.${prefix}namespace as parent, c.${prefix}name::text as name,
    obj_description(c.oid, '${catalog}') as comment
  from ${catalog} c join pg_namespace n on n.oid = c.${prefix}namespace where ${visibleSchema} and ${where}`;
const inDatabase = (kind: string, catalog: string, prefix: string): string => `
  select '${kind}' as kind, c.oid, 0 as sub, 0::oid as parent, c.${prefix}name::text as name,
    obj_description(c.oid, '${catalog}') as comment from ${catalog} c where $1::boolean or c.oid >= 16384`;

/** $1 whether pg_catalog and information_schema are wanted. A partition's parent is its partitioned table. */
export const searchRelations = query<PackedRow>(
  'objects.searchRelations',
  packed(`
  select ${relationKind} as kind, c.oid, 0 as sub, coalesce(i.indrelid, h.inhparent, c.relnamespace) as parent, c.relname::text as name,
    d.description as comment
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  left join pg_index i on i.indexrelid = c.oid
  left join pg_inherits h on h.inhrelid = c.oid and c.relispartition and i.indrelid is null
  left join pg_description d on d.classoid = 'pg_class'::regclass and d.objoid = c.oid and d.objsubid = 0
  where ${visibleSchema} and c.relkind in ('r', 'p', 'f', 'v', 'm', 'S', 'i', 'I')`),
);
/** $1 as above. */
export const searchColumns = query<PackedRow>(
  'objects.searchColumns',
  packed(`
  select 'column' as kind, a.attrelid as oid, a.attnum as sub, a.attrelid as parent, a.attname::text as name, d.description as comment
  from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
  left join pg_description d on d.classoid = 'pg_class'::regclass and d.objoid = c.oid and d.objsubid = a.attnum
  where ${visibleSchema} and c.relkind in ('r', 'p', 'f', 'v', 'm') and not c.relispartition and a.attnum > 0 and not a.attisdropped`),
);
/** $1 as above. */
export const searchOthers = query<PackedRow>('objects.searchOthers', (since) =>
  packed(
    [
      inSchema(
        `(case c.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end)`,
        'pg_proc',
        'pro',
        `not ${isInternal('pg_proc', 'c.oid')}`,
      ),
      `select case c.typtype when 'd' then 'domain' else 'type' end, c.oid, 0, c.typnamespace, c.typname::text, obj_description(c.oid, 'pg_type')
       from (select t.oid, t.typtype, t.typnamespace, t.typname from pg_type t left join pg_class c on c.oid = t.typrelid
         where t.typtype = 'd' or (${standAloneType})) c
       join pg_namespace n on n.oid = c.typnamespace where ${visibleSchema}`,
      inSchema("'collation'", 'pg_collation', 'coll'),
      inSchema("'operatorClass'", 'pg_opclass', 'opc'),
      inSchema("'operatorFamily'", 'pg_opfamily', 'opf'),
      inSchema("'operator'", 'pg_operator', 'opr', 'c.oprcode::oid <> 0'),
      inSchema("'conversion'", 'pg_conversion', 'con'),
      inSchema("'textSearchConfiguration'", 'pg_ts_config', 'cfg'),
      inSchema("'textSearchDictionary'", 'pg_ts_dict', 'dict'),
      inSchema("'textSearchParser'", 'pg_ts_parser', 'prs'),
      inSchema("'textSearchTemplate'", 'pg_ts_template', 'tmpl'),
      inSchema("'statistics'", 'pg_statistic_ext', 'stx'),
      `select 'schema', n.oid, 0, 0::oid, n.nspname::text, obj_description(n.oid, 'pg_namespace') from pg_namespace n where ${visibleSchema}`,
      // A primary key's or unique constraint's index has the same name and is found already.
      `select 'constraint', k.oid, 0, case k.conrelid when 0 then k.contypid else k.conrelid end, k.conname::text, obj_description(k.oid, 'pg_constraint')
       from pg_constraint k join pg_namespace n on n.oid = k.connamespace
       where ${visibleSchema} and k.contype in ('c', 'f') and k.conparentid = 0`,
      `select 'trigger', t.oid, 0, t.tgrelid, t.tgname::text, obj_description(t.oid, 'pg_trigger')
       from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
       where ${visibleSchema} and not t.tgisinternal and t.tgparentid = 0`,
      `select 'rule', r.oid, 0, r.ev_class, r.rulename::text, obj_description(r.oid, 'pg_rewrite')
       from pg_rewrite r join pg_class c on c.oid = r.ev_class join pg_namespace n on n.oid = c.relnamespace
       where ${visibleSchema} and r.rulename <> '_RETURN'`,
      `select 'policy', p.oid, 0, p.polrelid, p.polname::text, obj_description(p.oid, 'pg_policy')
       from pg_policy p join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace where ${visibleSchema}`,
      inDatabase('extension', 'pg_extension', 'ext').replace('c.oid >= 16384', 'true'),
      inDatabase('language', 'pg_language', 'lan'),
      inDatabase('accessMethod', 'pg_am', 'am'),
      inDatabase('foreignDataWrapper', 'pg_foreign_data_wrapper', 'fdw'),
      inDatabase('foreignServer', 'pg_foreign_server', 'srv'),
      inDatabase('eventTrigger', 'pg_event_trigger', 'evt'),
      inDatabase('publication', 'pg_publication', 'pub'),
      `select 'subscription', s.oid, 0, 0::oid, s.subname::text, obj_description(s.oid, 'pg_subscription') from ${since(
        {
          // Before 14 the oid was readable only by superusers; the view of their workers shows it to all.
          13: '(select t.subid as oid, s.subname, s.subdbid from pg_subscription s join (select distinct subid, subname from pg_stat_subscription) t using (subname))',
          14: 'pg_subscription',
        },
      )} s where s.subdbid = (select d.oid from pg_database d where d.datname = current_database())`,
      `select 'role', r.oid, 0, 0::oid, r.rolname::text, shobj_description(r.oid, 'pg_authid') from pg_roles r where $1::boolean or r.rolname !~ '^pg_'`,
      `select 'tablespace', s.oid, 0, 0::oid, s.spcname::text, shobj_description(s.oid, 'pg_tablespace') from pg_tablespace s`,
    ].join('\n  union all '),
  ),
);

/** Changes when anything but a column's name or a comment does: whether what was read is still true. */
export const searchFingerprint = query<{ readonly fingerprint: string }>(
  'objects.searchFingerprint',
  `select concat_ws(' ',
    (select concat(count(*), ':', sum(hashtext(concat(oid, '.', xmin)))) from pg_class where relkind <> 't'),
    (select concat(count(*), ':', sum(hashtext(concat(oid, '.', xmin)))) from pg_proc where oid >= 16384),
    (select concat(count(*), ':', sum(hashtext(concat(oid, '.', xmin)))) from pg_namespace),
    (select concat(count(*), ':', sum(hashtext(concat(oid, '.', xmin)))) from pg_constraint where contype in ('c', 'f')),
    (select concat(count(*), ':', sum(hashtext(concat(oid, '.', xmin)))) from pg_type where oid >= 16384 and typtype in ('d', 'e')),
    (select count(*) from pg_trigger), (select count(*) from pg_policy), (select count(*) from pg_rewrite),
    (select count(*) from pg_roles), (select count(*) from pg_extension), (select count(*) from pg_description)) as fingerprint`,
);
