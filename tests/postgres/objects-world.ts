/** The tree, the pages and the DDL of whole databases, for tests. */
import type pg from 'pg';
import { expect } from 'vitest';
import { childrenOf } from '../../electron/features/objects/tree/tree.ts';
import { ddlParts } from '../../electron/postgres/ddl/ddl.ts';
import type { DdlPart } from '../../electron/postgres/ddl/ddl-words.ts';
import type { ObjectKind, ObjectRef, TreeNode } from '../../shared/api/objects.ts';
import { catalogDigest } from './catalog-digest.ts';
import type { PgSource } from './pg-source.ts';

/** Every node of the tree, folders and objects. */
export async function wholeTree(asker: PgSource): Promise<TreeNode[]> {
  const all: TreeNode[] = [];
  const descend = async (key?: string): Promise<void> => {
    let after: string | undefined;
    do {
      const page = await childrenOf(asker, {
        ...(key === undefined ? {} : { key }),
        ...(after === undefined ? {} : { after }),
        limit: 50,
      });
      for (const node of page.nodes) {
        all.push(node);
        if (node.hasChildren) await descend(node.key);
      }
      after = page.next ?? undefined;
    } while (after !== undefined);
  };
  await descend();
  return all;
}

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
export const label = (object: ObjectRef): string => `${object.kind} ${object.schema ?? ''}.${object.name}`;

const rankOf = (kind: ObjectKind): number => (kind === 'schema' ? 0 : kind === 'type' ? 1 : 2);

export async function describeAll(asker: PgSource): Promise<Map<string, { object: ObjectRef; ddl: DdlPart[] }>> {
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

/**
 * Makes in `second` what `first` holds; fails where something cannot be made, and where the two then differ. Returns how
 * many objects it was.
 * @param shown how texts are compared. The server writes `(a or b) or c` for what it will read as `a or b or c`: once
 * round, the parentheses of such an expression are fewer.
 */
export async function recreate(first: PgSource, second: PgSource, shown = (text: string) => text): Promise<number> {
  const described = await describeAll(first);
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
  expect(await applyAll(second.client, script('create'))).toEqual([]);
  expect(await applyAll(second.client, script('after'))).toEqual([]);
  const again = await describeAll(second);
  expect([...again.keys()].sort()).toEqual([...described.keys()].sort());
  const text = ({ ddl }: { ddl: DdlPart[] }) => shown(ddl.map((part) => part.sql).join('\n'));
  for (const [what, value] of described) expect(text(again.get(what) ?? { ddl: [] }), what).toBe(text(value));
  const facts = async (asker: PgSource) => JSON.parse(shown(JSON.stringify(await catalogDigest(asker.client))));
  expect(await facts(second)).toEqual(await facts(first));
  return described.size;
}
