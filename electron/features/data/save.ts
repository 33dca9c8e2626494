/** Storing edits: the relation is looked at anew, all statements go in one transaction, and what they did is kept. */
import type { RelationModel, RowEdit } from '../../../shared/api/data.ts';
import { BoundSql } from '../../../shared/edit/bound-sql.ts';
import { addTextForm, type EditStatement, statementsFor } from '../../../shared/edit/statements.ts';
import { type FailureError, invalid } from '../../../shared/failure.ts';
import type { JournalChange } from '../../../shared/journal/change.ts';
import type { Source, WriteOutcome } from '../../postgres/source.ts';
import { addKey } from './figures.ts';
import { RowsSql, readRows } from './rows.ts';

export type Writing = Pick<Source, 'read' | 'write'>;

const statementTimeoutMs = 60_000;
const lockTimeoutMs = 5_000;

type Texts = readonly (string | null)[];
interface StoredOtherwise {
  readonly column: number;
  readonly typed: string | null;
  readonly stored: string | null;
}
export type SaveOutcome =
  | {
      readonly kind: 'saved';
      readonly inserted: number;
      readonly updated: number;
      readonly deleted: number;
      readonly changedByServer: StoredOtherwise[];
      readonly stored: { id: string; cells: { column: number; value: string | null }[] }[];
      readonly changes: JournalChange[];
    }
  | {
      readonly kind: 'refused';
      readonly id: string | null;
      readonly failure: FailureError['failure'];
      readonly now: { column: number; value: string | null }[] | null;
    };

/** Sends nothing where nothing would change. */
export async function saveEdits(
  source: Writing,
  model: RelationModel,
  edits: readonly RowEdit[],
): Promise<SaveOutcome> {
  const statements = statementsFor(model, edits);
  if (statements.length === 0)
    return { kind: 'saved', inserted: 0, updated: 0, deleted: 0, changedByServer: [], stored: [], changes: [] };
  const outcome = await source.write({
    statements: statements.map(({ text, values }) => ({ text, values, affects: 1 })),
    statementTimeoutMs,
    lockTimeoutMs,
  });
  if (outcome.kind !== 'committed') return await refusal(source, model, edits, statements, outcome);
  const stored = statements.map((_, at) => outcome.rows[at]?.[0] ?? []);
  const count = (kind: RowEdit['kind']) => statements.filter((statement) => statement.kind === kind).length;
  return {
    kind: 'saved',
    inserted: count('insert'),
    updated: count('update'),
    deleted: count('delete'),
    changedByServer: await storedOtherwise(source, model, edits, statements, stored),
    stored: statements.map(({ id, returns }, row) => ({
      id,
      cells: returns.map((column, at) => ({ column, value: stored[row]?.[at] ?? null })),
    })),
    changes: statements.map((statement, at) => changeOf(model, edits, statement, stored[at] ?? [])),
  };
}

const editNamed = (edits: readonly RowEdit[], id: string | undefined) => edits.find((edit) => edit.id === id);

async function refusal(
  source: Writing,
  model: RelationModel,
  edits: readonly RowEdit[],
  statements: readonly EditStatement[],
  outcome: Exclude<WriteOutcome, { kind: 'committed' }>,
): Promise<SaveOutcome> {
  const id = outcome.at === null ? null : (statements[outcome.at]?.id ?? null);
  if (outcome.kind === 'refused') return { kind: 'refused', id, failure: outcome.failure, now: null };
  const edit = editNamed(edits, id ?? undefined);
  const now = edit && edit.kind !== 'insert' ? await rowNow(source, model, edit.key).catch(() => null) : null;
  const { failure } = invalid('edits', whyMiscounted(edit, now, outcome.affected));
  return { kind: 'refused', id, failure, now };
}

function whyMiscounted(
  edit: RowEdit | undefined,
  now: readonly { column: number; value: string | null }[] | null,
  affected: number,
): string {
  const nothing = 'Nothing was saved.';
  if (affected > 1)
    return `The server says that ${affected} rows were changed instead of one (a rule does that). ${nothing}`;
  if (!edit || edit.kind === 'insert')
    return `The server added no row: a trigger or a rule kept it from that. ${nothing}`;
  if (now === null)
    return `This row is not there any more, or out of your sight: another has deleted it or changed its key. ${nothing}`;
  const differs = edit.old.some((old) => now.some((cell) => cell.column === old.column && cell.value !== old.value));
  if (differs) return `Another has changed this row since you read it. ${nothing}`;
  const verb = edit.kind === 'delete' ? 'deleted' : 'changed';
  return `The server ${verb} no row, although it is there: a trigger, a rule or a policy kept it from that. ${nothing}`;
}

async function rowNow(source: Writing, model: RelationModel, key: readonly string[]) {
  const columns = model.columns.filter((column) => column.maySelect);
  const sql = new RowsSql();
  sql.add('/* howdah:data.now */ select ').list(columns, (column) => addTextForm(sql, column));
  sql.add(' from ').relation(model.schema, model.name);
  addKey(sql, model, key);
  const { rows } = await readRows(source, sql);
  const [row] = rows;
  return row ? columns.map(({ number }, at) => ({ column: number, value: row[at] ?? null })) : null;
}

/** Names that mean "of length 1" where a length is left out. */
const withoutLength: Readonly<Record<number, string>> = { 1042: 'bpchar', 1560: 'bit varying' };

/** What is held otherwise than it was typed: as a value of the column's type, not as a text (10 is 10.00). */
async function storedOtherwise(
  source: Writing,
  model: RelationModel,
  edits: readonly RowEdit[],
  statements: readonly EditStatement[],
  stored: readonly Texts[],
): Promise<StoredOtherwise[]> {
  const pairs: StoredOtherwise[] = [];
  for (const [at, statement] of statements.entries()) {
    const edit = editNamed(edits, statement.id);
    if (!edit || edit.kind === 'delete') continue;
    for (const { column, value } of edit.changes) {
      if (value.kind === 'default') continue;
      const typed = value.kind === 'null' ? null : value.text;
      const place = statement.returns.indexOf(column);
      const now = stored[at]?.[place] ?? null;
      if (place >= 0 && now !== typed) pairs.push({ column, typed, stored: now });
    }
  }
  if (pairs.length === 0) return [];
  const asked = pairs.slice(0, 500);
  const sql = new BoundSql();
  sql.add('/* howdah:data.same */ select ').list(asked, ({ column, typed, stored: now }) => {
    const of = model.columns.find(({ number }) => number === column);
    const type = withoutLength[of?.baseTypeOid ?? 0] ?? of?.baseTypeName ?? 'text';
    const compared = of?.sortable ? '' : '::text';
    sql.value(typed).add(`::${type}${compared} is distinct from `).value(now).add(`::${type}${compared}`);
  });
  // Only words after the fact: where they cannot be had, what was saved is saved.
  const answer = await source.read(sql.text, sql.values).catch(() => null);
  return asked.filter((_, at) => answer?.rows[0]?.[at] === 't');
}

/** What became of a row, for taking it back. */
function changeOf(
  model: RelationModel,
  edits: readonly RowEdit[],
  statement: EditStatement,
  stored: Texts,
): JournalChange {
  const nameOf = (number: number) => model.columns.find((column) => column.number === number)?.name ?? '';
  const now = Object.fromEntries(statement.returns.map((number, at) => [nameOf(number), stored[at] ?? null]));
  const keyColumns = model.key?.columns ?? [];
  const table = { schema: model.schema, table: model.name };
  const edit = editNamed(edits, statement.id);
  if (!edit || edit.kind === 'insert') {
    const key = Object.fromEntries(keyColumns.map((number) => [nameOf(number), now[nameOf(number)] ?? null]));
    return { ...table, key, before: null, after: now };
  }
  const key = Object.fromEntries(keyColumns.map((number, at) => [nameOf(number), edit.key[at] ?? null]));
  if (edit.kind === 'delete') return { ...table, key, before: now, after: null };
  const changed = new Set(edit.changes.map(({ column }) => column));
  const before = edit.old
    .filter(({ column }) => changed.has(column))
    .map(({ column, value }) => [nameOf(column), value]);
  return { ...table, key, before: Object.fromEntries(before), after: now };
}
