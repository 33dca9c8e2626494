/**
 * DDL of every object of a nasty schema, applied to an empty database, gives a database that describes itself in the
 * same DDL and the same details: on every major.
 */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ddlOfObject, ddlParts } from '../../electron/features/objects/ddl/ddl.ts';
import type { DdlPart } from '../../electron/features/objects/ddl/ddl-words.ts';
import { detailOfObject } from '../../electron/features/objects/detail/detail.ts';
import type { ObjectKind, ObjectRef, TreeNode } from '../../shared/api/objects.ts';
import { nastyRoles, nastySchema } from './nasty-schema.ts';
import { wholeTree } from './objects-world.ts';
import { type PgSource, pgSource } from './pg-source.ts';
import { majors, startServer, type TestServer } from './servers.ts';

const parts: ReadonlySet<ObjectKind> = new Set([
  'column',
  'constraint',
  'index',
  'trigger',
  'rule',
  'policy',
  'statistics',
]);
/** What is made on its own: no parts, nothing of an extension, nothing of the whole server. */
const isMade = (node: TreeNode): boolean => {
  const kind = node.object?.kind;
  if (!kind || parts.has(kind) || kind === 'role' || kind === 'tablespace') return false;
  return !node.system || kind === 'extension';
};
const label = (object: ObjectRef): string => `${object.kind} ${object.schema ?? ''}.${object.name}`;

const rankOf = (kind: ObjectKind): number => (kind === 'schema' ? 0 : kind === 'type' ? 1 : 2);

async function describeAll(asker: PgSource): Promise<Map<string, { object: ObjectRef; ddl: DdlPart[] }>> {
  const found = new Map<string, { object: ObjectRef; ddl: DdlPart[] }>();
  const seen = new Set<string>();
  for (const node of await wholeTree(asker)) {
    const { object } = node;
    if (!object || !isMade(node) || seen.has(`${object.kind}${object.oid}`)) continue;
    seen.add(`${object.kind}${object.oid}`);
    if (object.kind === 'extension' && object.name === 'plpgsql') continue;
    if (object.kind === 'schema' && object.name === 'public') continue;
    found.set(`${label(object)} ${node.detail?.startsWith('(') || node.detail?.startsWith('on ') ? node.detail : ''}`, {
      object,
      ddl: await ddlParts(asker, object),
    });
  }
  return found;
}

/** Runs what can be run until nothing more can: objects in the tree's order need not be in the order of their dependencies. */
async function applyAll(client: pg.Client, scripts: readonly { what: string; sql: string }[]): Promise<string[]> {
  let waiting = [...scripts];
  let failures: string[] = [];
  while (waiting.length > 0) {
    const left: typeof waiting = [];
    failures = [];
    for (const script of waiting) {
      try {
        await client.query(`begin; ${script.sql}; commit`);
      } catch (error) {
        await client.query('rollback; reset role');
        left.push(script);
        failures.push(`${script.what}: ${error instanceof Error ? error.message : String(error)}\n${script.sql}`);
      }
    }
    if (left.length === waiting.length) return failures;
    waiting = left;
  }
  return [];
}

/** Serial and identity sequences come with their tables. */
const isOwned = (ddl: readonly DdlPart[]): boolean =>
  ddl.some((part) => /OWNED BY|^-- Made by the identity/.test(part.sql));

describe.each(majors)('PostgreSQL %i', (major) => {
  let server: TestServer;
  const opened: PgSource[] = [];
  const open = async (database: string): Promise<PgSource> => {
    const source = await pgSource(server, database);
    opened.push(source);
    return source;
  };
  beforeAll(async () => {
    server = await startServer(major, { settings: { wal_level: 'logical' } });
    await server.query(nastyRoles);
    await server.query('create database first');
    await server.query('create database second');
    const { host, port, user, password } = server;
    const client = new pg.Client({ host, port, user, password, database: 'first' });
    await client.connect();
    await client.query(nastySchema(major));
    await client.end();
  });
  afterAll(async () => {
    for (const source of opened) await source.close();
    await server?.stop();
  });

  test('DDL recreates everything', async () => {
    const first = await open('first');
    const described = await describeAll(first);
    const second = await open('second');
    // A function that names a type makes a shell of it, after which the type cannot be made from the beginning.
    const entries = [...described]
      .filter(([, { object, ddl }]) => !(object.kind === 'sequence' && isOwned(ddl)))
      .sort(([, a], [, b]) => rankOf(a.object.kind) - rankOf(b.object.kind));
    const script = (phase: DdlPart['phase']) =>
      entries
        .map(([what, { ddl }]) => ({
          what,
          sql: ddl
            .filter((part) => part.phase === phase)
            .map((part) => part.sql)
            .join('\n'),
        }))
        .filter(({ sql }) => sql !== '');
    // An event trigger must not watch the making, and a publication of all tables wants them all there.
    const client = second.client;
    expect(await applyAll(client, script('create'))).toEqual([]);
    expect(await applyAll(client, script('after'))).toEqual([]);
    const again = await describeAll(second);
    expect([...again.keys()].sort()).toEqual([...described.keys()].sort());
    const text = ({ ddl }: { ddl: DdlPart[] }) => ddl.map((part) => part.sql).join('\n');
    for (const [what, value] of described) expect(text(again.get(what) ?? { ddl: [] }), what).toBe(text(value));
    expect(await catalogFacts(second)).toEqual(await catalogFacts(first));
  });

  test('every object has a page, and every part DDL of its own', async () => {
    const first = await open('first');
    const seen = new Set<string>();
    const perKind = new Map<ObjectKind, number>();
    for (const node of await wholeTree(first)) {
      const { object } = node;
      if (!object) continue;
      const soMany = (perKind.get(object.kind) ?? 0) + 1;
      perKind.set(object.kind, soMany);
      // A table's parts are many and alike.
      if (soMany > 25 || seen.has(`${object.kind}${object.oid}.${object.subId}`)) continue;
      seen.add(`${object.kind}${object.oid}.${object.subId}`);
      const detail = await detailOfObject(first, object);
      expect(detail.properties.length, label(object)).toBeGreaterThan(0);
      for (const table of detail.tables) {
        expect(table.rows.every((row) => row.length === table.columns.length)).toBe(true);
        if (table.objects) expect(table.objects.length).toBe(table.rows.length);
      }
      const sql = await ddlOfObject(first, object);
      expect(sql.trim(), label(object)).not.toBe('');
      expect(sql + JSON.stringify(detail)).not.toContain('secret-canary');
    }
    expect(seen.size).toBeGreaterThan(200);
    expect(perKind.size).toBeGreaterThan(38);
  });
});

/**
 * Columns of the catalog that DDL text could agree on and still be wrong about. Not connoinherit of a partition's primary
 * key: the server sets it otherwise where the key was there before the partition was attached, and means nothing by it.
 */
async function catalogFacts(asker: PgSource): Promise<unknown[]> {
  const { rows } = await asker.client.query(`
    select 'class' as what, c.oid::regclass::text as name, concat_ws(' ', c.relkind, c.relpersistence, c.relacl, c.reloptions, c.relreplident, c.relrowsecurity, c.relforcerowsecurity, c.relispartition, pg_get_userbyid(c.relowner)) as facts
    from pg_class c where c.oid >= 16384 and c.relnamespace::regnamespace::text !~ '^pg_'
    union all select 'attribute', attrelid::regclass || '.' || attname, concat_ws(' ', format_type(atttypid, atttypmod), attnotnull, attidentity, attgenerated, attislocal, attinhcount, attstorage, attstattarget, attoptions, attacl, attcollation::regcollation)
    from pg_attribute join pg_class c on c.oid = attrelid where c.oid >= 16384 and attnum > 0 and not attisdropped and c.relkind in ('r', 'p', 'f', 'v', 'm', 'c') and c.relnamespace::regnamespace::text !~ '^pg_'
    union all select 'constraint', coalesce(nullif(conrelid, 0)::regclass::text, contypid::regtype::text) || '.' || conname, concat_ws(' ', pg_get_constraintdef(oid), conislocal, coninhcount, connoinherit and contype <> 'p', conparentid <> 0)
    from pg_constraint where oid >= 16384 and connamespace::regnamespace::text !~ '^pg_'
    union all select 'index', indexrelid::regclass::text, concat_ws(' ', pg_get_indexdef(indexrelid), indisvalid, indisclustered, indisreplident, (select h.inhparent::regclass from pg_inherits h where h.inhrelid = indexrelid))
    from pg_index where indexrelid >= 16384 and indrelid::regclass::text !~ '^pg_toast'
    union all select 'trigger', tgrelid::regclass || '.' || tgname, concat_ws(' ', pg_get_triggerdef(oid), tgenabled) from pg_trigger where not tgisinternal
    union all select 'proc', oid::regprocedure::text, concat_ws(' ', proacl, pg_get_userbyid(proowner), provolatile, prosecdef, proconfig, procost, prorows, proparallel) from pg_proc where oid >= 16384
    union all select 'type', format_type(oid, null), concat_ws(' ', typtype, typacl, typnotnull, typdefault, typlen, typstorage, typcategory) from pg_type where oid >= 16384 and typnamespace::regnamespace::text !~ '^pg_'
    union all select 'opclass', opcname, concat_ws(' ', opcdefault, opcintype::regtype, (select string_agg(amopopr::regoperator::text || amopstrategy, ',' order by 1) from pg_amop where amopfamily = opcfamily),
      (select string_agg(amproc::text || amprocnum, ',' order by amproc::text) from pg_amproc where amprocfamily = opcfamily)) from pg_opclass where oid >= 16384
    union all select 'default acl', pg_get_userbyid(defaclrole)::text || defaclobjtype::text, concat_ws(' ', defaclnamespace::regnamespace, defaclacl) from pg_default_acl
    union all select 'aggregate', aggfnoid::regprocedure::text, concat_ws(' ', aggtransfn, aggfinalfn, aggcombinefn, aggmtransfn, aggminvtransfn, aggmfinalfn, aggfinalextra, aggfinalmodify, aggmfinalmodify, aggsortop::regoperator, agginitval, aggminitval) from pg_aggregate where aggfnoid >= 16384
    order by 1, 2, 3`);
  return rows;
}
