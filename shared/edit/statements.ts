/**
 * From edits to statements: one a row, found by its proven key, in which no column appears that is not meant. Values are
 * parameters; the server reads them by the column's own type. What the person saw has to be there still: the texts of
 * the old values are compared, since not every type has an equality and not every equality tells all texts apart.
 */
import type { DataColumn, RelationModel, RowEdit } from '../api/data.ts';
import { FailureError, invalid } from '../failure.ts';
import { BoundSql, type Value } from './bound-sql.ts';
import { visibleName } from './words.ts';

export interface EditStatement {
  readonly id: string;
  readonly kind: RowEdit['kind'];
  readonly text: string;
  readonly values: readonly Value[];
  /** Columns whose stored texts come back, in this order. */
  readonly returns: readonly number[];
}

/**
 * Deletions first and new rows last: what a deletion frees another row may take. An update without a change is no
 * statement. @throws invalid or unsupported with what is wrong, before anything is sent
 */
export function statementsFor(model: RelationModel, edits: readonly RowEdit[]): EditStatement[] {
  if (model.readOnly) {
    const { reason, wayOut } = model.readOnly;
    throw new FailureError({ kind: 'unsupported', needs: 'a row that can be proven', message: `${reason} ${wayOut}` });
  }
  const seen = new Set<string>();
  for (const edit of edits) {
    if (seen.has(edit.id)) throw invalid('edits', 'One row is named twice.');
    seen.add(edit.id);
  }
  const of = (kind: RowEdit['kind']) => edits.filter((edit) => edit.kind === kind);
  return [...of('delete'), ...of('update'), ...of('insert')].flatMap((edit) => {
    const sql = new BoundSql();
    const returns = one(sql, model, edit);
    return returns === null ? [] : [{ id: edit.id, kind: edit.kind, text: sql.text, values: sql.values, returns }];
  });
}

function one(sql: BoundSql, model: RelationModel, edit: RowEdit): readonly number[] | null {
  if (edit.kind === 'insert') return insert(sql, model, edit.changes);
  if (edit.kind === 'update') {
    if (edit.changes.length === 0) return null;
    return update(sql, model, edit);
  }
  if (!model.mayDelete) throw invalid('edits', 'Your role may not delete rows of this table.');
  sql.add('delete from ').relation(model.schema, model.name);
  addRow(sql, model, edit.key, edit.old);
  // The whole row, so that it can be brought back.
  return addReturning(
    sql,
    model,
    model.columns.map(({ number }) => number),
  );
}

type Change = Extract<RowEdit, { kind: 'insert' }>['changes'][number];
type Old = Extract<RowEdit, { kind: 'update' }>['old'];

function columnOf(model: RelationModel, number: number): DataColumn {
  const column = model.columns.find((each) => each.number === number);
  if (!column) throw invalid('edits', 'A column that was edited is not there any more. Refresh the rows.');
  return column;
}

function checkWritable(column: DataColumn, value: Change['value'], inNewRow: boolean): void {
  const name = visibleName(column.name);
  if (column.generated !== 'no' && value.kind !== 'default')
    throw invalid('edits', `The server computes ${name}: it cannot be written.`);
  if (column.identity === 'always' && value.kind !== 'default')
    throw invalid('edits', `${name} is GENERATED ALWAYS AS IDENTITY: only the server gives it a value.`);
  if (!(inNewRow ? column.mayInsert : column.mayUpdate)) throw invalid('edits', `Your role may not write ${name}.`);
  if (value.kind === 'text' && (value.text.includes('\0') || !value.text.isWellFormed()))
    throw invalid(
      'edits',
      `The value for ${name} holds a character that PostgreSQL cannot store (NUL, or half of a pair).`,
    );
}

const addNew = (sql: BoundSql, value: Change['value']) =>
  value.kind === 'default' ? sql.add('default') : sql.value(value.kind === 'null' ? null : value.text);

function checkOnce(changes: readonly Change[]): void {
  if (new Set(changes.map(({ column }) => column)).size < changes.length)
    throw invalid('edits', 'One column of a row is named twice.');
}

function update(sql: BoundSql, model: RelationModel, edit: Extract<RowEdit, { kind: 'update' }>): readonly number[] {
  checkOnce(edit.changes);
  for (const { column } of edit.changes)
    if (!edit.old.some((old) => old.column === column)) throw invalid('edits', 'An old value is missing.');
  sql.add('update ').relation(model.schema, model.name).add(' set ');
  sql.list(edit.changes, ({ column, value }) => {
    const written = columnOf(model, column);
    checkWritable(written, value, false);
    sql.name(written.name).add(' = ');
    addNew(sql, value);
  });
  addRow(sql, model, edit.key, edit.old);
  return addReturning(
    sql,
    model,
    edit.changes.map(({ column }) => column),
  );
}

function insert(sql: BoundSql, model: RelationModel, changes: readonly Change[]): readonly number[] {
  if (!model.mayInsert) throw invalid('edits', 'Your role may not add rows to this table.');
  checkOnce(changes);
  sql.add('insert into ').relation(model.schema, model.name);
  const columns = changes.map(({ column, value }) => {
    const written = columnOf(model, column);
    checkWritable(written, value, true);
    return written;
  });
  if (changes.length === 0) sql.add(' default values');
  else {
    sql
      .add(' (')
      .list(columns, ({ name }) => sql.name(name))
      .add(') values (');
    sql.list(changes, ({ value }) => addNew(sql, value)).add(')');
  }
  return addReturning(
    sql,
    model,
    changes.map(({ column }) => column),
  );
}

/** What was written comes back as it is stored; of a new row its key too, for undoing it later. */
function addReturning(sql: BoundSql, model: RelationModel, columns: readonly number[]): readonly number[] {
  const numbers = [...new Set([...columns, ...(model.key?.columns ?? [])])];
  const readable = numbers.filter((number) => columnOf(model, number).maySelect);
  if (readable.length > 0) {
    sql.add(' returning ').list(readable, (number) => addTextForm(sql, columnOf(model, number)));
  }
  return readable;
}

/** WHERE: the key by the operators of its own index, then what was read of the columns in question. */
function addRow(sql: BoundSql, model: RelationModel, key: readonly string[], old: Old): void {
  if (!model.key || key.length !== model.key.columns.length || key.length === 0)
    throw invalid('edits', 'The key of this table is another one by now. Refresh the rows.');
  const { columns, equals } = model.key;
  sql.add(' where ');
  sql.list(
    columns,
    (number, at) =>
      sql
        .name(columnOf(model, number).name)
        .add(` ${equals[at]} `)
        .value(key[at] ?? null),
    ' and ',
  );
  for (const { column, value } of old) {
    const compared = columnOf(model, column);
    // Computed from the others, which are compared themselves; and what may not be read was not seen.
    if (compared.generated !== 'no' || !compared.maySelect) continue;
    sql.add(' and ');
    addOld(sql, compared, value);
  }
}

function addOld(sql: BoundSql, column: DataColumn, value: Value): void {
  if (value === null) {
    // IS NULL is true of a composite value whose fields are all NULL, too.
    sql.name(column.name).add(column.typeKind === 'c' ? ' is not distinct from null' : ' is null');
    return;
  }
  if (column.castsToText) sql.name(column.name).add(" is not null and format('%s', ").name(column.name).add(')');
  else sql.name(column.name).add('::text');
  if (!column.deterministic) sql.add(' collate "C"');
  sql.add(' = ').value(value);
}

/** The text form; `::text` is not that for every type. */
export function addTextForm(sql: BoundSql, column: Pick<DataColumn, 'name' | 'castsToText'>): void {
  if (!column.castsToText) {
    sql.name(column.name).add('::text');
    return;
  }
  sql.add('case when num_nulls(').name(column.name).add(") = 0 then format('%s', ").name(column.name).add(') end');
}
