/** A statement planned on a copy twice: as things are, and with indexes made and dropped. */
import type { WhatIf } from '../../../../shared/api/plans.ts';
import { failureOf, invalid } from '../../../../shared/failure.ts';
import type { Plan } from '../../../../shared/plan/plan.ts';
import { readPlan } from '../../../../shared/plan/read/read-plan.ts';
import { qualified, quoteIdentifier } from '../../../../shared/sql/quote.ts';
import type { Explainable } from '../statement.ts';
import { explainScript } from './explain-without-values.ts';
import type { IndexChange } from './index-change.ts';
import type { LocalCopy } from './local-copy.ts';
import { namedIn } from './named.ts';

export type Found = Omit<WhatIf, 'before' | 'after'> & { readonly before: string; readonly after: string };

export interface PlanningQuestion {
  readonly statement: Explainable;
  readonly changes: readonly IndexChange[];
  readonly searchPath: readonly string[];
}

/** What one statement of the question makes or takes away, partition by partition. */
interface Changed {
  readonly change: IndexChange;
  readonly oids: readonly string[];
  readonly names: ReadonlySet<string>;
  readonly sizeBytes: number | null;
  readonly note: string | null;
  /** Tables it is on. */
  readonly tables: ReadonlySet<string>;
}

export async function planTwice(copy: LocalCopy, question: PlanningQuestion, told: string): Promise<Found> {
  await setPath(copy, question.searchPath);
  const made: {
    readonly change: IndexChange;
    readonly before: readonly string[];
    readonly after: readonly string[];
  }[] = [];
  for (const change of question.changes) {
    if (change.kind === 'drop') continue;
    const before = await indexOids(copy);
    await copy.owner.query(change.runs).catch((thrown) => {
      throw invalid('indexes', `${failureOf(thrown).message}, says PostgreSQL of: ${change.sql}`);
    });
    made.push({ change, before, after: await indexOids(copy) });
  }
  await copy.fill();
  const changed: Changed[] = [];
  for (const change of question.changes) {
    const own = made.find((each) => each.change === change);
    const fresh = own?.after.filter((oid) => !own.before.includes(oid)) ?? [];
    changed.push(own ? await sized(copy, change, fresh) : await dropped(copy, change));
  }
  const created = changed.flatMap(({ change, oids }) => (change.kind === 'create' ? oids : []));
  const gone = changed.flatMap(({ change, oids }) => (change.kind === 'drop' ? oids : []));
  await copy.showIndexes(created, false);
  const before = await planOn(copy, question);
  await copy.showIndexes(created, true);
  await copy.showIndexes(gone, false);
  const after = await planOn(copy, question);
  const [was, is] = [usedIn(readPlan(before)), usedIn(readPlan(after))];
  const beside = await notRead(question.statement, readPlan(before), changed);
  return {
    means: 'copy',
    before,
    after,
    indexes: changed.map(({ change, names, sizeBytes }) => ({
      sql: change.sql,
      change: change.kind,
      used: [...names].some((name) => (change.kind === 'create' ? is : was).has(name)),
      sizeBytes,
    })),
    notes: [told, ...copy.notes, ...changed.flatMap(({ note }) => note ?? []), ...beside],
  };
}

/** Neither its text nor its plan has the table. */
async function notRead({ sql }: Explainable, plan: Plan, changed: readonly Changed[]): Promise<string[]> {
  const names = new Set((await namedIn([sql])).relations.map(({ name }) => name));
  for (const { relation } of plan.nodes) if (relation !== null) names.add(relation);
  return changed.flatMap(({ change, tables }) =>
    tables.size === 0 || [...tables].some((name) => names.has(name))
      ? []
      : [`The statement does not read the table of this index: ${change.sql}`],
  );
}

/** One plan, of things as they are. */
export async function planOnce(copy: LocalCopy, question: Omit<PlanningQuestion, 'changes'>): Promise<string> {
  await setPath(copy, question.searchPath);
  await copy.fill();
  return planOn(copy, question);
}

const setPath = ({ owner }: LocalCopy, path: readonly string[]) =>
  owner.query("select set_config('search_path', $1, false)", [path.map(quoteIdentifier).join(', ')]);

async function planOn({ owner }: LocalCopy, { statement }: Omit<PlanningQuestion, 'changes'>): Promise<string> {
  const { statements, undo } = explainScript(statement);
  let rows: Record<string, unknown>[] = [];
  for (const sql of statements) rows = await owner.query(sql);
  for (const sql of undo) await owner.query(sql);
  return rows.map((row) => String(Object.values(row)[0] ?? '')).join('\n');
}

export const usedIn = (plan: Plan): Set<string> =>
  new Set(plan.nodes.flatMap(({ index }) => (index === null ? [] : [index])));

const indexOids = async ({ owner }: LocalCopy): Promise<string[]> =>
  (await owner.query<{ oid: string }>('select i.indexrelid::text as oid from pg_catalog.pg_index i')).map(
    ({ oid }) => oid,
  );

/** As estimate_rel_size() of PostgreSQL guesses it where a table was never analyzed: by its pages, and 32 bytes a text. */
const expectedRows = `case when t.reltuples >= 0 and t.relpages > 0 then greatest(t.reltuples, 1)
        else greatest(1, pg_catalog.pg_relation_size(t.oid) / 8192 * 8168 / (28 + (select coalesce(sum(case when a.attlen > 0
          then a.attlen else 32 end), 0) from pg_catalog.pg_attribute a where a.attrelid = t.oid and a.attnum > 0)))
        end`;

/**
 * With the size each would have: an entry of a B-tree takes 8 bytes of head, 4 of line pointer and its columns, padded
 * to 8, and leaves are filled to nine tenths. Of other kinds of index it is a rough guess.
 */
async function sized(copy: LocalCopy, change: IndexChange, oids: readonly string[]): Promise<Changed> {
  const rows = await copy.owner.query<{
    name: string;
    schema: string;
    table: string;
    split: boolean;
    bytes: number;
    same: string | null;
  }>(
    `select c.relname as name, n.nspname as schema, t.relname as "table", c.relkind = 'I' as split,
      (${expectedRows} * (12 + 8 * ceil(coalesce((select sum(coalesce(s.avg_width, 8)) from pg_catalog.pg_attribute a
        left join pg_catalog.pg_stats s on s.schemaname = tn.nspname and s.tablename = t.relname and s.attname = a.attname and not s.inherited
        where a.attrelid = i.indrelid and a.attnum = any (i.indkey::int2[])), 8) / 8.0)) / 0.9)::float8 as bytes,
      (select o.indexrelid::regclass::text from pg_catalog.pg_index o join pg_catalog.pg_class oc on oc.oid = o.indexrelid
        where o.indrelid = i.indrelid and o.indexrelid <> all ($1::oid[]) and oc.relam = c.relam
          and (o.indkey::text, o.indclass::text, o.indcollation::text, o.indoption::text, o.indnkeyatts)
            = (i.indkey::text, i.indclass::text, i.indcollation::text, i.indoption::text, i.indnkeyatts)
          and pg_catalog.pg_get_expr(o.indexprs, o.indrelid) is not distinct from pg_catalog.pg_get_expr(i.indexprs, i.indrelid)
          and pg_catalog.pg_get_expr(o.indpred, o.indrelid) is not distinct from pg_catalog.pg_get_expr(i.indpred, i.indrelid)
        limit 1) as same
    from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    join pg_catalog.pg_class t on t.oid = i.indrelid join pg_catalog.pg_namespace tn on tn.oid = t.relnamespace
    where i.indexrelid = any ($1::oid[]) order by c.oid`,
    [oids],
  );
  const blocks = rows
    .filter(({ split }) => !split)
    .map(({ schema, name, bytes }) => [qualified(schema, name), Math.max(2, Math.ceil(bytes / 8192))] as const);
  await copy.resize(new Map(blocks));
  const same = rows.find((row) => row.same !== null)?.same;
  const note =
    rows.length === 0
      ? `There is an index of this name already: ${change.sql}`
      : same
        ? `There is such an index already, ${same}: ${change.sql}`
        : null;
  const sizeBytes = blocks.reduce((sum, [, each]) => sum + each * 8192, 0);
  return {
    ...{ change, oids, note, names: new Set(rows.map(({ name }) => name)) },
    tables: new Set(rows.map(({ table }) => table)),
    sizeBytes: oids.length === 0 ? null : sizeBytes,
  };
}

/** @throws invalid where it is none of those that the statement's tables have */
async function dropped(copy: LocalCopy, change: IndexChange): Promise<Changed> {
  const rows = await copy.owner.query<{ oid: string; name: string; bytes: number; constrained: boolean }>(
    `with recursive gone(oid) as (
      select i.indexrelid from unnest($1::text[]) as w(name)
      join pg_catalog.pg_index i on i.indexrelid = pg_catalog.to_regclass(w.name)
      union
      select h.inhrelid from gone g join pg_catalog.pg_inherits h on h.inhparent = g.oid
    )
    select g.oid::text as oid, c.relname as name, pg_catalog.pg_relation_size(g.oid)::float8 as bytes,
      exists (select from pg_catalog.pg_constraint k where k.conindid = g.oid and k.contype in ('p', 'u', 'x')) as constrained
    from gone g join pg_catalog.pg_class c on c.oid = g.oid`,
    [change.names],
  );
  if (rows.length === 0) throw invalid('indexes', `No table that the statement reads has this index: ${change.sql}`);
  const constrained = rows.find((row) => row.constrained);
  return {
    change,
    oids: rows.map(({ oid }) => oid),
    names: new Set(rows.map(({ name }) => name)),
    sizeBytes: rows.reduce((sum, { bytes }) => sum + bytes, 0),
    tables: new Set(),
    note: constrained
      ? `${constrained.name} stands behind a key or constraint, and cannot be dropped by itself.`
      : null,
  };
}
