/**
 * Rows with what they refer to as INSERT statements, in an order in which every row finds what it refers to. Where rows
 * refer to each other in a circle, a reference that may be empty is filled in by an UPDATE at the end; where none may,
 * the constraints have to be deferrable, and the script says so.
 */
import type { DataColumn } from '../api/data.ts';
import { identifier, qualified, quoteNullable } from '../sql/quote.ts';

export type ScriptColumn = Pick<DataColumn, 'number' | 'name' | 'notNull' | 'generated' | 'identity'>;

export interface ScriptTable {
  readonly schema: string;
  readonly name: string;
  /** Those that were read, in the order of the cells. */
  readonly columns: readonly ScriptColumn[];
  /** Numbers of the columns that tell a row from others; empty where none do. */
  readonly key: readonly number[];
}
export interface ScriptRow {
  readonly id: string;
  readonly table: ScriptTable;
  readonly cells: readonly (string | null)[];
}
export interface ScriptReference {
  readonly from: string;
  readonly to: string;
  /** Numbers of the columns of `from`. */
  readonly columns: readonly number[];
}

export function insertScript(rows: readonly ScriptRow[], references: readonly ScriptReference[]): string {
  const { order, broken } = inOrder(rows, references);
  const byId = new Map(rows.map((row) => [row.id, row]));
  const lines = ['BEGIN;'];
  const later: string[] = [];
  let needsDeferring = false;
  for (const id of order) {
    const row = byId.get(id);
    if (!row) continue;
    const empty = new Set<number>();
    for (const { columns } of broken.filter(({ from }) => from === id)) {
      // One empty column is enough for the whole reference to mean nothing yet.
      const free = columns.find((number) => canWait(row.table, number));
      if (free === undefined) needsDeferring = true;
      else empty.add(free);
    }
    lines.push(insertOf(row, empty));
    if (empty.size > 0) later.push(updateOf(row, empty));
  }
  if (needsDeferring) {
    lines.splice(
      1,
      0,
      '-- Some of these rows refer to each other in a circle: this needs DEFERRABLE constraints.',
      'SET CONSTRAINTS ALL DEFERRED;',
    );
  }
  return `${[...lines, ...later, 'COMMIT;'].join('\n')}\n`;
}

/** Rows after what they refer to; `broken`: references that would have to come before themselves. */
function inOrder(
  rows: readonly ScriptRow[],
  references: readonly ScriptReference[],
): { order: string[]; broken: ScriptReference[] } {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const out = Map.groupBy(references, ({ from }) => from);
  const order: string[] = [];
  const broken: ScriptReference[] = [];
  const state = new Map<string, 'open' | 'done'>();
  // References that cannot wait are followed first, so that a circle is broken at one that can.
  const canBreak = ({ from, columns }: ScriptReference) => {
    const table = byId.get(from)?.table;
    return table !== undefined && columns.some((number) => canWait(table, number));
  };
  const strict = new Set(references.filter((reference) => !canBreak(reference)));
  /** By references that cannot wait, it leads back to a row that is only just being ordered. */
  const leadsBack = (from: string): boolean => {
    const seen = new Set([from]);
    const queue = [from];
    for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
      if (state.get(at) === 'open') return true;
      for (const reference of out.get(at) ?? [])
        if (strict.has(reference) && !seen.has(reference.to)) {
          seen.add(reference.to);
          queue.push(reference.to);
        }
    }
    return false;
  };
  const visit = (id: string): void => {
    state.set(id, 'open');
    const own = out.get(id) ?? [];
    for (const reference of [...own.filter((each) => strict.has(each)), ...own.filter((each) => !strict.has(each))]) {
      const { to } = reference;
      // A row may refer to itself in one statement.
      if (!byId.has(to) || to === id || state.get(to) === 'done') continue;
      if (state.get(to) === 'open' || (!strict.has(reference) && leadsBack(to))) broken.push(reference);
      else visit(to);
    }
    state.set(id, 'done');
    order.push(id);
  };
  for (const { id } of rows) if (!state.has(id)) visit(id);
  return { order, broken };
}

function canWait(table: ScriptTable, number: number): boolean {
  const column = table.columns.find((each) => each.number === number);
  return (
    column !== undefined &&
    !column.notNull &&
    column.generated === 'no' &&
    table.key.length > 0 &&
    !table.key.includes(number)
  );
}

function insertOf({ table, cells }: ScriptRow, empty: ReadonlySet<number>): string {
  const written = table.columns.flatMap((column, at) =>
    column.generated === 'no' ? [{ column, cell: cells[at] ?? null }] : [],
  );
  const always = table.columns.some(({ identity }) => identity === 'always') ? ' OVERRIDING SYSTEM VALUE' : '';
  const name = qualified(table.schema, table.name);
  if (written.length === 0) return `INSERT INTO ${name} DEFAULT VALUES;`;
  const names = written.map(({ column }) => identifier(column.name)).join(', ');
  const values = written.map(({ column, cell }) => quoteNullable(empty.has(column.number) ? null : cell)).join(', ');
  return `INSERT INTO ${name} (${names})${always} VALUES (${values});`;
}

function updateOf({ table, cells }: ScriptRow, filled: ReadonlySet<number>): string {
  const value = (number: number) =>
    quoteNullable(cells[table.columns.findIndex((column) => column.number === number)] ?? null);
  const name = (number: number) => identifier(table.columns.find((column) => column.number === number)?.name ?? '');
  const sets = [...filled].map((number) => `${name(number)} = ${value(number)}`).join(', ');
  const where = table.key.map((number) => `${name(number)} = ${value(number)}`).join(' AND ');
  return `UPDATE ${qualified(table.schema, table.name)} SET ${sets} WHERE ${where};`;
}
