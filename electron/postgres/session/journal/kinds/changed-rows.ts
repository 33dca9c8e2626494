/**
 * UPDATE and DELETE: before it the rows are read by its very FROM and WHERE, FOR UPDATE, so that they are still those
 * when it runs; after an UPDATE they are read again by their key. INSERT: the rows are found by the transaction that
 * made them (xmin).
 */
import type { Affected } from '../../../../../shared/guard/affected.ts';
import type { JournalChange } from '../../../../../shared/journal/change.ts';
import { quoteIdentifier, quoteLiteral } from '../../../../../shared/sql/quote.ts';
import type { CapturePlan } from '../../../source.ts';
import type { Link } from '../../link.ts';
import { ReadOnlyRail } from '../../read-only/read-only-rail.ts';
import {
  changeOf,
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

type Finding = Pick<Affected, 'withText' | 'fromText' | 'target'> & { readonly values: readonly (string | null)[] };

/** The rows of the target that a slice of the statement finds, locked; each once. `more` are further columns of them. */
export async function lockedRows(
  link: Link,
  facts: TableFacts,
  { withText, fromText, target, values }: Finding,
  more: readonly string[] = [],
): Promise<Row[]> {
  const name = quoteIdentifier(target);
  const columns = [
    ...facts.columns.map((column) => `${name}.${quoteIdentifier(column)}`),
    ...more.map((column) => `${name}.${column}`),
  ];
  const select = `${withText}\nselect ${columns.join(', ')} ${fromText}`;
  await mayBeAskedTwice(link, select);
  const rows = await readRows(link, facts, `${select}limit ${mostRows + 1} for update of ${name}`, { values, more });
  // A join may find a row more than once.
  return [...new Map(rows.map((row) => [idOf(facts, row), row])).values()];
}

export async function mayBeAskedTwice(link: Link, select: string): Promise<void> {
  const acts = await new ReadOnlyRail(link).objectionTo(select);
  if (acts) throw new NotKept(`Its condition cannot be asked twice. ${acts}`);
}

/** As they are now, by their key; those that are gone are missing. */
export async function rowsAgain(
  link: Link,
  facts: TableFacts,
  before: readonly Row[],
  more: readonly string[] = [],
): Promise<Map<string, Row>> {
  if (before.length === 0) return new Map();
  const tuple = (cells: readonly string[]) => `(${cells.join(', ')})`;
  const keys = before.map((row) => tuple(facts.key.map((name) => quoteLiteral(row[name] ?? ''))));
  const text = `${selectFrom(facts, more.join(', '))} where ${tuple(facts.key.map(quoteIdentifier))} in (${keys.join(', ')})`;
  return new Map((await readRows(link, facts, text, { more })).map((row) => [idOf(facts, row), row]));
}

/** The rows that this transaction has made or changed. */
export const rowsWritten = (link: Link, facts: TableFacts): Promise<Row[]> =>
  readRows(link, facts, `${selectFrom(facts)} where xmin::pg_catalog.text = (${thisTransaction})`);

export async function changedRows(
  link: Link,
  facts: TableFacts,
  plan: Extract<CapturePlan, { kind: 'update' | 'delete' }>,
): Promise<(rows: number) => Promise<JournalChange[]>> {
  const before = await lockedRows(link, facts, { ...plan.affected, values: plan.values });
  return async (rows) => {
    if (before.length !== rows) throw new NotKept('Other rows were changed than those that were found before.');
    if (plan.kind === 'delete') return before.map((row) => changeOf(facts, row, null));
    const found = await rowsAgain(link, facts, before);
    return before.map((row) => {
      const after = found.get(idOf(facts, row));
      if (!after) throw new NotKept('A row could not be found again by its key.');
      return changeOf(facts, row, after);
    });
  };
}

export function addedRows(link: Link, facts: TableFacts): (rows: number) => Promise<JournalChange[]> {
  return async (rows) => {
    if (rows > mostRows) throw new NotKept(tooMany);
    const made = await rowsWritten(link, facts);
    if (made.length !== rows) throw new NotKept('Its rows cannot be told from others of the same transaction.');
    return made.map((row) => changeOf(facts, null, row));
  };
}
