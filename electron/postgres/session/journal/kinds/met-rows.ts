/**
 * What adds rows or changes those that are there. INSERT … ON CONFLICT DO UPDATE: the rows are read by the values of
 * its conflict columns, which are written out or come from its query, asked once more. MERGE: by its own ON and WHEN.
 * Both are locked. That nothing else was changed is known from the server's own counters of the transaction: they must
 * have grown by exactly what was found to be new, other (it lies elsewhere: ctid) and gone.
 */
import { z } from 'zod';
import type { JournalChange } from '../../../../../shared/journal/change.ts';
import { quoteIdentifier, quoteLiteral } from '../../../../../shared/sql/quote.ts';
import type { CapturePlan } from '../../../source.ts';
import type { Link } from '../../link.ts';
import { constraintSql } from '../table.sql.ts';
import {
  agreed,
  changeOf,
  countedIn,
  idOf,
  mostRows,
  NotKept,
  type Row,
  readRows,
  selectFrom,
  type TableFacts,
  thisTransaction,
  tooMany,
} from '../tables.ts';
import { lockedRows, mayBeAskedTwice, rowsAgain, rowsWritten } from './changed-rows.ts';

type Changes = (rows: number) => Promise<JournalChange[]>;
/** Where a row lies: another place after the statement means that it was written by it. */
const place = ['ctid', 'tableoid'] as const;
const without = (row: Row, names: readonly string[]): Row =>
  Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)));

/** How the server has counted an update: one that moved into another partition is a deletion and an addition. */
function tally(pairs: readonly (readonly [before: Row | null, after: Row | null])[]) {
  const found = { added: 0, updated: 0, deleted: 0 };
  for (const [before, after] of pairs) {
    if (!before) found.added++;
    else if (!after) found.deleted++;
    else if (before.tableoid !== after.tableoid) {
      found.added++;
      found.deleted++;
    } else if (before.ctid !== after.ctid) found.updated++;
  }
  return found;
}

const differs = (facts: TableFacts, before: Row | null, after: Row | null): boolean =>
  !before || !after || facts.columns.some((name) => before[name] !== after[name]);

const changesOf = (
  facts: TableFacts,
  pairs: readonly (readonly [before: Row | null, after: Row | null])[],
): JournalChange[] =>
  pairs
    .filter(([before, after]) => differs(facts, before, after))
    .map(([before, after]) => changeOf(facts, before && without(before, place), after && without(after, place)));

export async function upsertedRows(
  link: Link,
  facts: TableFacts,
  plan: Extract<CapturePlan, { kind: 'upsert' | 'upsertFrom' }>,
): Promise<Changes> {
  const target = typeof plan.target === 'string' ? await columnsOf(link, facts, plan.target) : plan.target;
  const keys = plan.kind === 'upsert' ? plan.keys : await keysOf(link, facts, { ...plan, target });
  const columns = target.map(quoteIdentifier).join(', ');
  const met = keys.length === 0 ? 'false' : `(${columns}) in (${keys.map((key) => `(${key.join(', ')})`).join(', ')})`;
  const mine = 'mine';
  const read = (more: readonly string[], names: readonly string[], end: string) =>
    readRows(link, facts, `${selectFrom(facts, more.join(', '))} where ${met} limit ${mostRows + 1}${end}`, {
      more: names,
    });
  const before = new Map((await read(place, place, ' for update')).map((row) => [idOf(facts, row), row]));
  const counted = await countedIn(link, facts);
  return async () => {
    const isMine = `xmin::pg_catalog.text = (${thisTransaction})`;
    const names = [...place, `\0${mine}`];
    const after = await read([...place, isMine], names, '');
    const pairs = after.flatMap((row): [Row | null, Row][] => {
      const old = before.get(idOf(facts, row)) ?? null;
      // Another session's row that came meanwhile and was left alone.
      return old || row[`\0${mine}`] === 't' ? [[old, without(row, [`\0${mine}`])]] : [];
    });
    await agreed(link, facts, counted, tally(pairs));
    return changesOf(facts, pairs);
  };
}

async function columnsOf(link: Link, { oid }: TableFacts, constraint: string): Promise<string[]> {
  const { value } = await link.scalar(constraintSql, [oid, constraint]);
  if (value === null) throw new NotKept('The constraint of its ON CONFLICT has no columns of its own.');
  return columnNames.parse(JSON.parse(value));
}
const columnNames = z.array(z.string()).min(1);

/** The values of the conflict columns, of the types that these have, as literals; NULLs meet nothing. */
async function keysOf(
  link: Link,
  facts: TableFacts,
  {
    target,
    columns,
    source,
    values,
  }: Extract<CapturePlan, { kind: 'upsertFrom' }> & { readonly target: readonly string[] },
): Promise<string[][]> {
  const names = columns.length > 0 ? columns : facts.columns;
  if (target.some((name) => !names.includes(name)))
    throw new NotKept('The columns of its ON CONFLICT are not among those that it fills.');
  const wanted = target.map((name) => {
    const type = facts.types[facts.columns.indexOf(name)] ?? 'text';
    return `howdah_source.${quoteIdentifier(name)}::${type}`;
  });
  const { withText, fromText } = source;
  // Without a list of columns its rows may have fewer than the table.
  const needed = names.slice(0, Math.max(...target.map((name) => names.indexOf(name))) + 1);
  const from = `${fromText} (${needed.map(quoteIdentifier).join(', ')})`;
  const select = `${withText}\nselect ${wanted.join(', ')} ${from}`;
  await mayBeAskedTwice(link, select);
  const { rows, error, lost } = await link.rows(`${select} limit ${mostRows + 1}`, values, mostRows + 1);
  if (error || lost)
    throw new NotKept(error?.code === '57014' ? 'Asking its query took too long.' : 'Its query could not be asked.');
  if (rows.length > mostRows) throw new NotKept(tooMany);
  return rows.flatMap((row) => {
    const literals = row.flatMap((cell) => (cell === null ? [] : [quoteLiteral(cell)]));
    return literals.length === target.length ? [literals] : [];
  });
}

export async function mergedRows(
  link: Link,
  facts: TableFacts,
  { finds, target, adds }: Extract<CapturePlan, { kind: 'merge' }>,
): Promise<Changes> {
  const before = new Map<string, Row>();
  for (const find of finds)
    for (const row of await lockedRows(link, facts, { ...find, target }, place)) before.set(idOf(facts, row), row);
  const earlier = new Set(adds ? (await rowsWritten(link, facts)).map((row) => idOf(facts, row)) : []);
  const counted = await countedIn(link, facts);
  return async () => {
    const found = await rowsAgain(link, facts, [...before.values()], place);
    const added = (adds ? await rowsWritten(link, facts) : []).filter((row) => {
      const id = idOf(facts, row);
      return !before.has(id) && !earlier.has(id);
    });
    const pairs = [
      ...[...before].map(([id, row]) => [row, found.get(id) ?? null] as const),
      ...added.map((row) => [null, row] as const),
    ];
    await agreed(link, facts, counted, tally(pairs));
    return changesOf(facts, pairs);
  };
}
