/** What the page of a table, view, sequence or index shows. Aliases are the headings; each takes the oid as $1. */
import { query } from '../../../postgres/query.ts';
import type { ReferenceColumns, TableRow } from './any-object.sql.ts';

export interface PropertyRow {
  readonly name: string;
  readonly value: string | null;
}

/** Needs no lock on the relation. */
export const relationProperties = query<PropertyRow>(
  'objects.relationProperties',
  `select p.name, p.value from pg_class c
  left join pg_am m on m.oid = c.relam
  left join pg_tablespace s on s.oid = coalesce(nullif(c.reltablespace, 0), (select d.dattablespace from pg_database d where d.datname = current_database())),
  lateral (values
    (1, 'Persistence', case c.relpersistence when 'p' then 'permanent' when 'u' then 'unlogged' else 'temporary' end),
    (2, 'Access method', m.amname::text),
    (3, 'Tablespace', case when c.relkind in ('r', 'm', 'i', 'S') then s.spcname::text end),
    (4, 'Options', array_to_string(c.reloptions, ', ')),
    (5, 'Estimated rows', case when c.relkind in ('r', 'm', 'p') then case when c.reltuples < 0 then 'never analyzed' else round(c.reltuples::numeric)::text end end),
    (6, 'Pages', case when c.relkind in ('r', 'm', 'i') then c.relpages::text end),
    (7, 'All-visible pages', case when c.relkind in ('r', 'm') then c.relallvisible::text end),
    (8, 'Partition key', case when c.relkind = 'p' then pg_get_partkeydef(c.oid) end),
    (9, 'Partition of', (select h.inhparent::regclass::text from pg_inherits h where h.inhrelid = c.oid and c.relispartition and c.relkind <> 'I')),
    (10, 'Partition bound', pg_get_expr(c.relpartbound, 0)),
    (11, 'Inherits', (select string_agg(h.inhparent::regclass::text, ', ' order by h.inhseqno) from pg_inherits h where h.inhrelid = c.oid and not c.relispartition)),
    (12, 'Of type', case when c.reloftype <> 0 then format_type(c.reloftype, null) end),
    (13, 'Row security', case when c.relforcerowsecurity then 'enabled, also for the owner' when c.relrowsecurity then 'enabled' when c.relkind in ('r', 'p') then 'off' end),
    (14, 'Replica identity', case when c.relkind in ('r', 'p', 'm') then case c.relreplident when 'd' then 'default (primary key)' when 'n' then 'nothing' when 'f' then 'full row' else 'an index' end end),
    (15, 'Populated', case when c.relkind = 'm' then c.relispopulated::text end),
    (16, 'Foreign server', (select v.srvname::text from pg_foreign_table f join pg_foreign_server v on v.oid = f.ftserver where f.ftrelid = c.oid)),
    (17, 'Frozen up to', case when c.relkind in ('r', 'm') then age(c.relfrozenxid)::text || ' transactions ago' end),
    (18, 'File', case when c.relkind in ('r', 'm', 'i', 'S') then pg_relation_filepath(c.oid) end)
  ) p(place, name, value) where c.oid = $1::oid and p.value is not null order by p.place`,
);

/** Opens the relation: waits behind an ACCESS EXCLUSIVE lock, so it is asked apart and with a short patience. */
export const relationSizes = query<PropertyRow>(
  'objects.relationSizes',
  `select p.name, p.value from pg_class c, lateral (values
    (1, 'Total size', case when c.relkind in ('r', 'm') then pg_size_pretty(pg_total_relation_size(c.oid)) end),
    (2, 'Size', case when c.relkind in ('r', 'm', 'i', 'S') then pg_size_pretty(pg_relation_size(c.oid)) end),
    (3, 'Size of TOAST', case when c.reltoastrelid <> 0 then pg_size_pretty(pg_total_relation_size(c.reltoastrelid)) end),
    (4, 'Size of indexes', case when c.relkind in ('r', 'm') then pg_size_pretty(pg_indexes_size(c.oid)) end),
    (5, 'Size with partitions', case when c.relkind = 'p' then (select pg_size_pretty(sum(pg_total_relation_size(t.relid))) from pg_partition_tree(c.oid) t) end)
  ) p(place, name, value) where c.oid = $1::oid and p.value is not null order by p.place`,
);

export const columnsTable = query<TableRow & ReferenceColumns>(
  'objects.columnsTable',
  (since) => `select a.attnum as "No", a.attname as "Name", format_type(a.atttypid, a.atttypmod) as "Type",
    case when a.attnotnull then 'not null' end as "Null", case when a.attgenerated = '' then pg_get_expr(d.adbin, d.adrelid) end as "Default",
    case when a.attidentity = 'a' then 'identity always' when a.attidentity = 'd' then 'identity by default'
      when a.attgenerated = 's' then 'stored: ' || pg_get_expr(d.adbin, d.adrelid) when a.attgenerated <> '' then 'virtual: ' || pg_get_expr(d.adbin, d.adrelid) end as "Generated",
    (select o.collname from pg_collation o where o.oid = a.attcollation and a.attcollation <> t.typcollation) as "Collation",
    case a.attstorage when 'p' then 'plain' when 'e' then 'external' when 'm' then 'main' else 'extended' end as "Storage",
    ${since({ 13: 'null', 14: "case a.attcompression when 'p' then 'pglz' when 'l' then 'lz4' end" })} as "Compression",
    nullif(a.attstattarget, -1) as "Statistics target", array_to_string(a.attoptions, ', ') as "Options",
    array_to_string(a.attfdwoptions, ', ') as "Foreign options", col_description(a.attrelid, a.attnum) as "Comment",
    'column' as "refKind", a.attrelid as "refOid", a.attnum::int as "refSubId", n.nspname as "refSchema", a.attname as "refName"
  from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace join pg_type t on t.oid = a.atttypid
  left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where a.attrelid = coalesce((select y.typrelid from pg_type y where y.oid = $1::oid and y.typtype = 'c'), $1::oid)
    and a.attnum > 0 and not a.attisdropped order by a.attnum`,
);

export const constraintsTable = query<TableRow & ReferenceColumns>(
  'objects.constraintsTable',
  `select k.conname as "Name",
    case k.contype when 'p' then 'primary key' when 'u' then 'unique' when 'f' then 'foreign key' when 'x' then 'exclusion' when 'n' then 'not null' when 't' then 'trigger' else 'check' end as "Kind",
    pg_get_constraintdef(k.oid) as "Definition", case when k.convalidated then 'yes' else 'no' end as "Validated",
    case when k.conislocal then case when k.coninhcount > 0 then 'here and inherited' else 'here' end else 'inherited' end as "Defined",
    obj_description(k.oid, 'pg_constraint') as "Comment",
    'constraint' as "refKind", k.oid as "refOid", 0 as "refSubId", n.nspname as "refSchema", k.conname as "refName"
  from pg_constraint k join pg_namespace n on n.oid = k.connamespace where $1::oid in (k.conrelid, k.contypid)
    and not exists (select from pg_constraint o where o.oid = k.conparentid and o.conrelid = k.conrelid and o.conrelid <> 0)
  order by array_position(array['p', 'u', 'x', 'f', 'c', 'n', 't'], k.contype::text), k.conname`,
);
export const referencedByTable = query<TableRow & ReferenceColumns>(
  'objects.referencedByTable',
  `select k.conrelid::regclass::text as "Table", k.conname as "Constraint", pg_get_constraintdef(k.oid) as "Definition",
    'constraint' as "refKind", k.oid as "refOid", 0 as "refSubId", n.nspname as "refSchema", k.conname as "refName"
  from pg_constraint k join pg_namespace n on n.oid = k.connamespace where k.confrelid = $1::oid and k.conparentid = 0 order by 1, 2`,
);

/** Sizes of indexes cost a lock each and are on the indexes' own pages; pages are an estimate that costs none. */
export const indexesTable = query<TableRow & ReferenceColumns>(
  'objects.indexesTable',
  `select c.relname as "Name", case when i.indisprimary then 'primary key' when i.indisunique then 'unique' end as "Unique",
    pg_get_indexdef(i.indexrelid) as "Definition", pg_size_pretty(c.relpages::bigint * current_setting('block_size')::bigint) as "Size (estimate)",
    pg_stat_get_numscans(c.oid)::text as "Scans", pg_stat_get_tuples_returned(c.oid)::text as "Rows read",
    case when not i.indisvalid then 'invalid' when not i.indisready then 'not ready' else 'valid' end as "State", obj_description(c.oid, 'pg_class') as "Comment",
    'index' as "refKind", c.oid as "refOid", 0 as "refSubId", n.nspname as "refSchema", c.relname as "refName"
  from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace where i.indrelid = $1::oid
  order by not i.indisprimary, not i.indisunique, c.relname`,
);
export const triggersTable = query<TableRow & ReferenceColumns>(
  'objects.triggersTable',
  `select t.tgname as "Name", case t.tgenabled when 'D' then 'disabled' when 'R' then 'replica only' when 'A' then 'always' else 'enabled' end as "State",
    pg_get_triggerdef(t.oid) as "Definition", obj_description(t.oid, 'pg_trigger') as "Comment",
    'trigger' as "refKind", t.oid as "refOid", 0 as "refSubId", n.nspname as "refSchema", t.tgname as "refName"
  from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
  where t.tgrelid = $1::oid and not t.tgisinternal order by t.tgname`,
);
export const rulesTable = query<TableRow & ReferenceColumns>(
  'objects.rulesTable',
  `select r.rulename as "Name", case r.ev_enabled when 'D' then 'disabled' when 'R' then 'replica only' when 'A' then 'always' else 'enabled' end as "State",
    pg_get_ruledef(r.oid, true) as "Definition",
    'rule' as "refKind", r.oid as "refOid", 0 as "refSubId", n.nspname as "refSchema", r.rulename as "refName"
  from pg_rewrite r join pg_class c on c.oid = r.ev_class join pg_namespace n on n.oid = c.relnamespace
  where r.ev_class = $1::oid and r.rulename <> '_RETURN' order by r.rulename`,
);
export const policiesTable = query<TableRow & ReferenceColumns>(
  'objects.policiesTable',
  `select p.polname as "Name", case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end as "Command",
    case when p.polpermissive then 'permissive' else 'restrictive' end as "Kind",
    (select string_agg(case u.role when 0 then 'PUBLIC' else pg_get_userbyid(u.role)::text end, ', ') from unnest(p.polroles) u(role)) as "Roles",
    pg_get_expr(p.polqual, p.polrelid) as "Using", pg_get_expr(p.polwithcheck, p.polrelid) as "With check",
    'policy' as "refKind", p.oid as "refOid", 0 as "refSubId", n.nspname as "refSchema", p.polname as "refName"
  from pg_policy p join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace where p.polrelid = $1::oid order by p.polname`,
);
export const partitionsTable = query<TableRow & ReferenceColumns>(
  'objects.partitionsTable',
  `select n.nspname as "Schema", c.relname as "Name", pg_get_expr(c.relpartbound, 0) as "Bound",
    case when c.reltuples >= 0 then round(c.reltuples::numeric)::text end as "Estimated rows",
    pg_size_pretty(c.relpages::bigint * current_setting('block_size')::bigint) as "Size (estimate)",
    case c.relkind when 'p' then 'partitionedTable' when 'f' then 'foreignTable' else 'table' end as "refKind", c.oid as "refOid", 0 as "refSubId", n.nspname as "refSchema", c.relname as "refName"
  from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_namespace n on n.oid = c.relnamespace
  where i.inhparent = $1::oid order by pg_get_expr(c.relpartbound, 0) = 'DEFAULT', c.relname limit 5000`,
);
/** Counters since the statistics were reset. */
export const activityTable = query<TableRow>(
  'objects.activityTable',
  `select p.name as "Counter", p.value as "Value" from pg_stat_all_tables s, lateral (values
    ('Live rows', s.n_live_tup::text), ('Dead rows', s.n_dead_tup::text), ('Changed since analyze', s.n_mod_since_analyze::text),
    ('Sequential scans', s.seq_scan::text), ('Rows read by them', s.seq_tup_read::text), ('Index scans', s.idx_scan::text), ('Rows fetched by them', s.idx_tup_fetch::text),
    ('Inserted', s.n_tup_ins::text), ('Updated', s.n_tup_upd::text), ('Updated in place (HOT)', s.n_tup_hot_upd::text), ('Deleted', s.n_tup_del::text),
    ('Last vacuum', s.last_vacuum::text), ('Last autovacuum', s.last_autovacuum::text), ('Last analyze', s.last_analyze::text), ('Last autoanalyze', s.last_autoanalyze::text),
    ('Vacuums', (s.vacuum_count + s.autovacuum_count)::text), ('Analyzes', (s.analyze_count + s.autoanalyze_count)::text)
  ) p(name, value) where s.relid = $1::oid and p.value is not null`,
);
/** What the planner believes; only for columns one may read. */
export const columnStatisticsTable = query<TableRow>(
  'objects.columnStatisticsTable',
  `select s.attname as "Column", round(s.null_frac::numeric * 100, 2) || ' %' as "Null", s.avg_width as "Average bytes",
    case when s.n_distinct < 0 then round(-s.n_distinct::numeric * 100, 2) || ' % of rows' else round(s.n_distinct::numeric)::text end as "Distinct",
    round(s.correlation::numeric, 3)::text as "Correlation", left(s.most_common_vals::text, 300) as "Most common", left(s.most_common_freqs::text, 200) as "Their shares"
  from pg_stats s join pg_class c on c.relname = s.tablename join pg_namespace n on n.oid = c.relnamespace and n.nspname = s.schemaname
  where c.oid = $1::oid and not s.inherited order by s.attname limit 1700`,
);

export const viewDefinition = query<{ readonly definition: string | null }>(
  'objects.viewDefinition',
  `select case when c.relkind in ('v', 'm') then pg_get_viewdef(c.oid, true) end as definition from pg_class c where c.oid = $1::oid`,
);
export const sequenceProperties = query<PropertyRow>(
  'objects.sequenceProperties',
  `select p.name, p.value from pg_sequence s join pg_class c on c.oid = s.seqrelid, lateral (values
    (1, 'Type', format_type(s.seqtypid, null)), (2, 'Start', s.seqstart::text), (3, 'Increment', s.seqincrement::text),
    (4, 'Minimum', s.seqmin::text), (5, 'Maximum', s.seqmax::text), (6, 'Cache', s.seqcache::text), (7, 'Cycles', case when s.seqcycle then 'yes' else 'no' end),
    (8, 'Last value', case when has_sequence_privilege(c.oid, 'USAGE, SELECT') then coalesce(pg_sequence_last_value(c.oid::regclass)::text, 'not used yet') else 'no right to see it' end),
    (9, 'Owned by', (select d.refobjid::regclass || '.' || a.attname from pg_depend d join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
      where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i') limit 1))
  ) p(place, name, value) where s.seqrelid = $1::oid and p.value is not null order by p.place`,
);
export const indexProperties = query<PropertyRow>(
  'objects.indexProperties',
  `select p.name, p.value from pg_index i join pg_class c on c.oid = i.indexrelid, lateral (values
    (1, 'Table', i.indrelid::regclass::text), (2, 'Definition', pg_get_indexdef(i.indexrelid)),
    (3, 'Primary key', case when i.indisprimary then 'yes' end), (4, 'Unique', case when i.indisunique then 'yes' else 'no' end),
    (5, 'Predicate', pg_get_expr(i.indpred, i.indrelid)), (6, 'Valid', case when i.indisvalid then 'yes' else 'no: queries do not use it' end),
    (7, 'Clustered on', case when i.indisclustered then 'yes' end), (8, 'Replica identity', case when i.indisreplident then 'yes' end),
    (9, 'Constraint', (select k.conname::text from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x') limit 1)),
    (10, 'Scans', pg_stat_get_numscans(c.oid)::text), (11, 'Entries read', pg_stat_get_tuples_returned(c.oid)::text), (12, 'Rows fetched', pg_stat_get_tuples_fetched(c.oid)::text)
  ) p(place, name, value) where i.indexrelid = $1::oid and p.value is not null order by p.place`,
);
export const indexColumnsTable = query<TableRow>(
  'objects.indexColumnsTable',
  `select k.at as "No", pg_get_indexdef(i.indexrelid, k.at, true) as "Column or expression", case when k.at > i.indnkeyatts then 'included' else 'key' end as "Role",
    (select o.opcname from pg_opclass o where o.oid = i.indclass[k.at - 1]) as "Operator class",
    case when k.at <= i.indnkeyatts then case when i.indoption[k.at - 1] & 1 = 1 then 'descending' else 'ascending' end
      || case when i.indoption[k.at - 1] & 2 = 2 then ', nulls first' else ', nulls last' end end as "Order"
  from pg_index i, lateral generate_series(1, i.indnatts::int) k(at) where i.indexrelid = $1::oid order by k.at`,
);
