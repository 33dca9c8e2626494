/** What a database holds, as a backup has to know it: objects, what is a part of what, who needs whom. */
import { query, type Since } from '../../query.ts';

export interface ObjectRow {
  /** `pg_class`, … */
  readonly catalog: string;
  readonly oid: number;
  readonly kind: string;
  readonly schema: string | null;
  readonly name: string;
}
/** Made after initdb, and not by an extension or a range type (which bring their members themselves). The schema public is there from the start. */
const list = (catalog: string, kind: string, schema: string, name: string, rest = ''): string =>
  `select '${catalog}' as catalog, x.oid, ${kind} as kind, ${schema} as schema, ${name}::text as name from ${catalog} x ${rest}
   ${rest.includes('where') ? 'and' : 'where'} (x.oid >= 16384 or ('${catalog}' = 'pg_namespace' and x.oid = 2200))
     and not exists (select from pg_depend e where e.classid = '${catalog}'::regclass and e.objid = x.oid and e.deptype ${catalog === 'pg_proc' || catalog === 'pg_cast' ? "in ('e', 'i')" : "= 'e'"})`;
const inSchema = (column: string): string => `(select n.nspname from pg_namespace n where n.oid = x.${column})`;
const real = (column: string): string =>
  `(select n.nspname !~ '^pg_(toast|temp)' and n.nspname not in ('pg_catalog', 'information_schema') from pg_namespace n where n.oid = x.${column})`;
const plain = (catalog: string, kind: string, prefix: string): string =>
  list(catalog, `'${kind}'`, inSchema(`${prefix}namespace`), `x.${prefix}name`, `where ${real(`${prefix}namespace`)}`);
const bare = (catalog: string, kind: string, name: string): string => list(catalog, `'${kind}'`, 'null', name);

export const backupObjects = query<ObjectRow>(
  'backup.objects',
  [
    list('pg_namespace', "'schema'", 'x.nspname', 'x.nspname', "where x.nspname !~ '^pg_'"),
    bare('pg_extension', 'extension', 'x.extname'),
    list(
      'pg_class',
      `case x.relkind when 'r' then 'table' when 'p' then 'partitionedTable' when 'f' then 'foreignTable' when 'v' then 'view' when 'm' then 'materializedView' else 'sequence' end`,
      inSchema('relnamespace'),
      'x.relname',
      `where x.relkind in ('r', 'p', 'f', 'v', 'm', 'S') and x.relpersistence <> 't' and ${real('relnamespace')}
        and not (x.relkind = 'S' and exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = x.oid and d.objsubid = 0 and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i')))`,
    ),
    list(
      'pg_proc',
      `case x.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end`,
      inSchema('pronamespace'),
      `x.proname || '(' || pg_get_function_identity_arguments(x.oid) || ')'`,
      `where ${real('pronamespace')}`,
    ),
    list(
      'pg_type',
      `case x.typtype when 'd' then 'domain' else 'type' end`,
      inSchema('typnamespace'),
      'x.typname',
      `where ${real('typnamespace')} and x.typtype <> 'm' and (x.typrelid = 0 or exists (select from pg_class c where c.oid = x.typrelid and c.relkind = 'c'))
        and not exists (select from pg_type e where e.typarray = x.oid)`,
    ),
    plain('pg_collation', 'collation', 'coll'),
    // Without a function it is only named by another one, which makes it.
    list(
      'pg_operator',
      `'operator'`,
      inSchema('oprnamespace'),
      'x.oprname',
      `where x.oprcode <> 0 and ${real('oprnamespace')}`,
    ),
    plain('pg_opclass', 'operatorClass', 'opc'),
    plain('pg_opfamily', 'operatorFamily', 'opf'),
    plain('pg_conversion', 'conversion', 'con'),
    plain('pg_ts_config', 'textSearchConfiguration', 'cfg'),
    plain('pg_ts_dict', 'textSearchDictionary', 'dict'),
    plain('pg_ts_parser', 'textSearchParser', 'prs'),
    plain('pg_ts_template', 'textSearchTemplate', 'tmpl'),
    bare('pg_language', 'language', 'x.lanname'),
    bare('pg_cast', 'cast', `format_type(x.castsource, null) || ' as ' || format_type(x.casttarget, null)`),
    bare('pg_transform', 'transform', 'format_type(x.trftype, null)'),
    bare('pg_am', 'accessMethod', 'x.amname'),
    bare('pg_foreign_data_wrapper', 'foreignDataWrapper', 'x.fdwname'),
    bare('pg_foreign_server', 'foreignServer', 'x.srvname'),
    `select 'pg_user_mapping', m.umid, 'userMapping', null, m.usename || ' on ' || m.srvname from pg_user_mappings m`,
    bare('pg_event_trigger', 'eventTrigger', 'x.evtname'),
    bare('pg_publication', 'publication', 'x.pubname'),
    list('pg_default_acl', `'defaultPrivileges'`, inSchema('defaclnamespace'), 'pg_get_userbyid(x.defaclrole)'),
  ].join('\n union all '),
);

/** A row where the schema public is not as initdb left it: owner or rights. */
export const publicIsChanged = query<{ readonly oid: number }>(
  'backup.public',
  `select n.oid from pg_namespace n left join pg_init_privs i on i.classoid = 'pg_namespace'::regclass and i.objoid = n.oid and i.objsubid = 0
  where n.oid = 2200 and (n.nspowner >= 16384 or n.nspacl::text is distinct from i.initprivs::text)`,
);

export interface PartRow {
  readonly catalog: string;
  readonly oid: number;
  readonly ofCatalog: string;
  readonly ofOid: number;
}
/** Things that come with another: a column's default with its table, an array with its element, a member with its extension. */
export const backupParts = query<PartRow>(
  'backup.parts',
  (since: Since) => `
    select 'pg_attrdef' as catalog, oid, 'pg_class' as "ofCatalog", adrelid as "ofOid" from pg_attrdef
    union all select 'pg_rewrite', oid, 'pg_class', ev_class from pg_rewrite where rulename = '_RETURN'
    union all select 'pg_constraint', oid, case when conrelid <> 0 then 'pg_class' else 'pg_type' end, case when conrelid <> 0 then conrelid else contypid end
      from pg_constraint where contype in ('c', 'n') and (contypid <> 0 or contype = 'n' or convalidated)
    union all select 'pg_constraint', k.oid, 'pg_trigger', t.oid from pg_trigger t join pg_constraint k on k.oid = t.tgconstraint where k.contype = 't'
    union all select 'pg_class', conindid, 'pg_constraint', oid from pg_constraint where contype in ('p', 'u', 'x') and conindid <> 0
    union all select 'pg_type', t.oid, 'pg_class', c.oid from pg_class c join pg_type t on t.typrelid = c.oid where c.relkind in ('r', 'p', 'f', 'v', 'm')
    union all select 'pg_class', c.oid, 'pg_type', c.reltype from pg_class c where c.relkind = 'c'
    union all select 'pg_type', typarray, 'pg_type', oid from pg_type where typarray <> 0
    ${since({ 13: '', 14: "union all select 'pg_type', rngmultitypid, 'pg_type', rngtypid from pg_range" })}
    union all select 'pg_publication_rel', oid, 'pg_publication', prpubid from pg_publication_rel
    union all select 'pg_class', d.objid, 'pg_class', d.refobjid from pg_depend d join pg_class s on s.oid = d.objid and s.relkind = 'S'
      where d.classid = 'pg_class'::regclass and d.objsubid = 0 and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i')
    union all select d.classid::regclass::text, d.objid, d.refclassid::regclass::text, d.refobjid from pg_depend d
      where d.classid in ('pg_amop'::regclass, 'pg_amproc'::regclass) and d.refclassid in ('pg_opclass'::regclass, 'pg_opfamily'::regclass) and d.deptype in ('a', 'i')
    union all select d.classid::regclass::text, d.objid, 'pg_type', d.refobjid from pg_depend d
      where d.deptype = 'i' and d.classid in ('pg_proc'::regclass, 'pg_cast'::regclass) and d.refclassid = 'pg_type'::regclass
    union all select d.classid::regclass::text, d.objid, 'pg_extension', d.refobjid from pg_depend d where d.deptype = 'e' and d.refclassid = 'pg_extension'::regclass`,
);

export interface NeedRow {
  readonly catalog: string;
  readonly oid: number;
  readonly refCatalog: string;
  readonly refOid: number;
}
export const backupNeeds = query<NeedRow>(
  'backup.needs',
  `select distinct classid::regclass::text as catalog, objid as oid, refclassid::regclass::text as "refCatalog", refobjid as "refOid"
  from pg_depend where deptype not in ('e', 'p', 'x') and objid >= 16384 and refobjid >= 16384 and (classid, objid) <> (refclassid, refobjid)`,
);

export interface TableRow {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly relkind: string;
  readonly sizeBytes: string;
  readonly readable: boolean;
  readonly hidden: boolean;
  readonly isPartition: boolean;
  /** Of the extension's own rows: a condition with WHERE, or empty; null where the table is no extension's. */
  readonly extensionRows: string | null;
  /** Columns that hold values of their own, in order. */
  readonly columns: string[];
}
const tables = (size: string): string =>
  `select c.oid, n.nspname as schema, c.relname as name, c.relkind::text as relkind, ${size}::text as "sizeBytes",
    has_table_privilege(c.oid, 'SELECT') as readable, c.relispartition as "isPartition",
    c.relrowsecurity and not (select r.rolsuper or r.rolbypassrls from pg_roles r where r.rolname = current_user)
      and (c.relforcerowsecurity or not pg_has_role(c.relowner, 'USAGE')) as hidden,
    (select coalesce(e.extcondition[array_position(e.extconfig, c.oid)], '') from pg_extension e where c.oid = any (e.extconfig) limit 1) as "extensionRows",
    coalesce((select array_agg(a.attname order by a.attnum) from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''), '{}') as columns
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p') and c.relpersistence <> 't' and c.oid >= 16384 and n.nspname !~ '^pg_'
    and (exists (select from pg_extension e where c.oid = any (e.extconfig))
      or not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'))
  order by c.oid`;
/** Before they are locked: a size cannot be asked for without waiting for who holds the table. */
export const tablesToLock = query<TableRow>('backup.tablesToLock', tables('0'));
/** Tables whose rows belong into a backup. `hidden`: policies would keep rows from this role. */
export const backupTables = query<TableRow>(
  'backup.tables',
  tables("case when c.relkind = 'r' then coalesce(pg_table_size(c.oid), 0) else 0 end"),
);

export interface SequenceRow {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly readable: boolean;
  /** The table that it belongs to. */
  readonly tableOid: number | null;
}
export const backupSequences = query<SequenceRow>(
  'backup.sequences',
  `select c.oid, n.nspname as schema, c.relname as name, has_sequence_privilege(c.oid, 'SELECT') as readable, d.refobjid as "tableOid"
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  left join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = c.oid and d.objsubid = 0 and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i')
  where c.relkind = 'S' and c.relpersistence <> 't' and c.oid >= 16384
    and (not exists (select from pg_depend e where e.classid = 'pg_class'::regclass and e.objid = c.oid and e.deptype = 'e') or exists (select from pg_extension e where c.oid = any (e.extconfig)))
  order by n.nspname, c.relname`,
);

export interface FactsRow {
  readonly oid: number;
  readonly name: string;
  readonly encoding: string;
  readonly collate: string;
  readonly ctype: string;
  readonly largeObjects: string;
  readonly subscriptions: string;
  readonly invalidIndexes: string | null;
}
export const backupFacts = query<FactsRow>(
  'backup.database',
  `select d.oid, d.datname as name, pg_encoding_to_char(d.encoding) as encoding, d.datcollate as collate, d.datctype as ctype,
    (select count(*) from pg_largeobject_metadata)::text as "largeObjects", (select count(*) from pg_subscription s where s.subdbid = d.oid)::text as subscriptions,
    (select string_agg(i.indexrelid::regclass::text, ', ' order by 1) from pg_index i join pg_class c on c.oid = i.indrelid where not i.indisvalid and c.relkind = 'r' and i.indexrelid >= 16384) as "invalidIndexes"
  from pg_database d where d.datname = current_database()`,
);

/** Owner, rights and comment of each large object, as statements that end with a semicolon. */
export const largeObjectStatements = query<{ readonly sql: string }>(
  'backup.largeObjects',
  `select sql from (
    select m.oid, 1 as place, 'ALTER LARGE OBJECT ' || m.oid || ' OWNER TO ' || quote_ident(pg_get_userbyid(m.lomowner)) || ';' as sql from pg_largeobject_metadata m
    union all
    select m.oid, 2, 'GRANT ' || x.privilege_type || ' ON LARGE OBJECT ' || m.oid || ' TO ' || case x.grantee when 0 then 'PUBLIC' else quote_ident(pg_get_userbyid(x.grantee)) end
      || case when x.is_grantable then ' WITH GRANT OPTION' else '' end || ';'
      from pg_largeobject_metadata m, lateral aclexplode(m.lomacl) x where x.grantee <> m.lomowner
    union all
    select m.oid, 3, 'COMMENT ON LARGE OBJECT ' || m.oid || ' IS ' || quote_literal(obj_description(m.oid, 'pg_largeobject')) || ';'
      from pg_largeobject_metadata m where obj_description(m.oid, 'pg_largeobject') is not null
  ) s order by oid, place`,
);

/** Roles that anything here is owned by, granted to or named in; the one initdb made leaves no trace there. */
export const backupRoles = query<{ readonly oid: number; readonly name: string; readonly first: boolean }>(
  'backup.roles',
  `select r.oid, r.rolname as name, r.oid = 10 as first from pg_roles r
  where r.oid = 10 or (r.oid >= 16384 and exists (select from pg_shdepend s where s.refclassid = 'pg_authid'::regclass and s.refobjid = r.oid
    and (s.dbid = (select oid from pg_database where datname = current_database()) or (s.dbid = 0 and s.classid = 'pg_database'::regclass and s.objid = (select oid from pg_database where datname = current_database()))))) order by r.rolname`,
);

/** The place in the WAL that the snapshot is at or before; not to be had on a standby, where replay goes on. */
export const backupSnapshot = query<{ readonly name: string; readonly lsn: string | null }>(
  'backup.snapshot',
  `select pg_export_snapshot() as name, case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end::text as lsn`,
);
