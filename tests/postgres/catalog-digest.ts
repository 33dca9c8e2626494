/**
 * What a database's catalog says, without what differs between two databases that are alike (oids, file names, counters):
 * two databases made from the same DDL, or one restored from the other's backup, have equal digests.
 */
import pg from 'pg';

/** One fact: what kind of thing, its name as the catalog has it, and everything about it in one line. */
export interface CatalogFact {
  readonly what: string;
  readonly name: string;
  readonly facts: string | null;
}

/**
 * Facts of everything made after initdb, in one order. The connection needs an empty search_path, so that all names come
 * qualified. Not connoinherit of a partition's primary key: the server sets it otherwise where the key was there before the
 * partition was attached, and means nothing by it. Definitions of views are not in it: `(a or b) or c` comes back from a
 * server as `a or b or c`; compare those through `viewDigest` where both went the same way.
 */
export async function catalogDigest(client: pg.Client): Promise<CatalogFact[]> {
  const { rows } = await client.query<CatalogFact>(`${facts}\norder by 1, 2, 3`);
  return rows;
}

/** Definitions of views and materialized views. */
export async function viewDigest(client: pg.Client): Promise<CatalogFact[]> {
  const { rows } = await client.query<CatalogFact>(
    `select 'view' as what, c.oid::regclass::text as name, pg_get_viewdef(c.oid) as facts from pg_class c where c.relkind in ('v', 'm') and c.oid >= 16384 order by 2`,
  );
  return rows;
}

/**
 * How many rows each table and materialized view has, and a sum over them that minds neither their order nor that of the
 * columns: a child whose parent got a column later has it elsewhere than one that is made anew.
 */
export async function rowDigest(client: pg.Client): Promise<Record<string, string>> {
  const { rows } = await client.query<{ name: string; columns: string }>(
    `select c.oid::regclass::text as name, string_agg('t.' || quote_ident(a.attname), ', ' order by a.attname) as columns
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relkind in ('r', 'm') and c.relispopulated and c.oid >= 16384 and c.relnamespace::regnamespace::text !~ '^pg_' group by 1 order by 1`,
  );
  const sums = rows.map(
    ({ name, columns }) =>
      `select ${pg.escapeLiteral(name)} as name, count(*) || ' ' || coalesce(sum(('x' || substr(md5(row(${columns})::text), 1, 15))::bit(60)::bigint), 0) as sum from only ${name} t`,
  );
  const answers =
    sums.length === 0 ? [] : (await client.query<{ name: string; sum: string }>(sums.join(' union all '))).rows;
  return Object.fromEntries(answers.map(({ name, sum }) => [name, sum]));
}

const facts = `
    select 'class' as what, c.oid::regclass::text as name, concat_ws(' ', c.relkind, c.relpersistence, c.relacl, c.reloptions, c.relreplident, c.relrowsecurity, c.relforcerowsecurity, c.relispartition, pg_get_userbyid(c.relowner),
      case when c.relkind = 'p' then pg_get_partkeydef(c.oid) end, pg_get_expr(c.relpartbound, c.oid)) as facts
    from pg_class c where c.oid >= 16384 and c.relnamespace::regnamespace::text !~ '^pg_'
    union all select 'inherits', inhrelid::regclass::text, inhseqno || ' ' || inhparent::regclass from pg_inherits
    union all select 'attribute', attrelid::regclass || '.' || attname, concat_ws(' ', format_type(atttypid, atttypmod), attnotnull, attidentity, attgenerated, attislocal, attinhcount, attstorage, attstattarget, attoptions, attacl, attcollation::regcollation)
    from pg_attribute join pg_class c on c.oid = attrelid where c.oid >= 16384 and attnum > 0 and not attisdropped and c.relkind in ('r', 'p', 'f', 'v', 'm', 'c') and c.relnamespace::regnamespace::text !~ '^pg_'
    union all select 'default', adrelid::regclass || '.' || attname, pg_get_expr(adbin, adrelid) from pg_attrdef join pg_attribute on attrelid = adrelid and attnum = adnum
    union all select 'constraint', coalesce(nullif(conrelid, 0)::regclass::text, contypid::regtype::text) || '.' || conname, concat_ws(' ', pg_get_constraintdef(oid), conislocal, coninhcount, connoinherit and contype <> 'p', conparentid <> 0)
    from pg_constraint where oid >= 16384 and connamespace::regnamespace::text !~ '^pg_'
    union all select 'index', indexrelid::regclass::text, concat_ws(' ', pg_get_indexdef(indexrelid), indisvalid, indisclustered, indisreplident, (select h.inhparent::regclass from pg_inherits h where h.inhrelid = indexrelid))
    from pg_index where indexrelid >= 16384 and indrelid::regclass::text !~ '^pg_toast'
    union all select 'trigger', tgrelid::regclass || '.' || tgname, concat_ws(' ', pg_get_triggerdef(oid), tgenabled) from pg_trigger where not tgisinternal
    union all select 'rule', ev_class::regclass || '.' || rulename, concat_ws(' ', ev_enabled, pg_get_ruledef(oid)) from pg_rewrite where rulename <> '_RETURN' and oid >= 16384
    union all select 'policy', polrelid::regclass || '.' || polname, concat_ws(' ', polpermissive, polcmd, polroles::regrole[], pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)) from pg_policy
    union all select 'statistics', stxnamespace::regnamespace || '.' || stxname, pg_get_statisticsobjdef(oid) || coalesce(' ' || nullif(stxstattarget, -1), '') from pg_statistic_ext
    union all select 'sequence', seqrelid::regclass::text, concat_ws(' ', seqtypid::regtype, seqstart, seqincrement, seqmin, seqmax, seqcache, seqcycle) from pg_sequence
    union all select 'proc', oid::regprocedure::text, concat_ws(' ', proacl, pg_get_userbyid(proowner), provolatile, prosecdef, proconfig, procost, prorows, proparallel, prosrc) from pg_proc where oid >= 16384
    union all select 'type', format_type(oid, null), concat_ws(' ', typtype, typacl, typnotnull, typdefault, typlen, typstorage, typcategory) from pg_type where oid >= 16384 and typnamespace::regnamespace::text !~ '^pg_'
    union all select 'enum', enumtypid::regtype::text, string_agg(enumlabel, ',' order by enumsortorder) from pg_enum where oid >= 16384 group by enumtypid
    union all select 'range', rngtypid::regtype::text, concat_ws(' ', rngsubtype::regtype, rngcollation::regcollation, rngcanonical, rngsubdiff) from pg_range where rngtypid >= 16384
    union all select 'opclass', opcname, concat_ws(' ', opcdefault, opcintype::regtype, (select string_agg(amopopr::regoperator::text || amopstrategy, ',' order by 1) from pg_amop where amopfamily = opcfamily),
      (select string_agg(amproc::text || amprocnum, ',' order by amproc::text) from pg_amproc where amprocfamily = opcfamily)) from pg_opclass where oid >= 16384
    union all select 'default acl', pg_get_userbyid(defaclrole)::text || defaclobjtype::text, concat_ws(' ', defaclnamespace::regnamespace, defaclacl) from pg_default_acl
    union all select 'aggregate', aggfnoid::regprocedure::text, concat_ws(' ', aggtransfn, aggfinalfn, aggcombinefn, aggmtransfn, aggminvtransfn, aggmfinalfn, aggfinalextra, aggfinalmodify, aggmfinalmodify, aggsortop::regoperator, agginitval, aggminitval) from pg_aggregate where aggfnoid >= 16384
    union all select 'schema', nspname, concat_ws(' ', pg_get_userbyid(nspowner), nspacl) from pg_namespace where oid >= 16384 and nspname !~ '^pg_'
    union all select 'extension', extname, concat_ws(' ', extversion, extnamespace::regnamespace) from pg_extension where oid >= 16384
    union all select 'event trigger', evtname, concat_ws(' ', evtevent, evtfoid::regproc, evtenabled, evttags) from pg_event_trigger where oid >= 16384
    union all select 'foreign server', srvname, concat_ws(' ', (select fdwname from pg_foreign_data_wrapper w where w.oid = srvfdw), srvtype, srvversion, srvacl, srvoptions) from pg_foreign_server
    union all select 'foreign table', ftrelid::regclass::text, concat_ws(' ', (select srvname from pg_foreign_server s where s.oid = ftserver), ftoptions) from pg_foreign_table
    union all select 'publication', pubname, concat_ws(' ', puballtables, pubinsert, pubupdate, pubdelete, pubtruncate, pubviaroot, (select string_agg(prrelid::regclass::text, ',' order by prrelid::regclass::text) from pg_publication_rel where prpubid = p.oid)) from pg_publication p
    union all select 'cast', castsource::regtype || ' ' || casttarget::regtype, concat_ws(' ', castfunc::regprocedure, castcontext, castmethod) from pg_cast where oid >= 16384
    union all select 'comment', concat_ws(' ', i.type, i.identity), description from pg_description d, lateral pg_identify_object(d.classoid, d.objoid, d.objsubid) i where d.objoid >= 16384
    union all select 'depends on extension', (pg_identify_object(classid, objid, 0)).identity, (select extname::text from pg_extension e where e.oid = refobjid) from pg_depend where deptype = 'x'`;
