/** In which order rows come, and how one goes on from a row without counting those before it. */
import type { DataColumn, RelationModel } from '../../../shared/api/data.ts';
import type { BoundSql, Value } from '../../../shared/edit/bound-sql.ts';
import { readOrder } from '../../../shared/edit/order-text.ts';

export interface OrderPart {
  readonly column: DataColumn;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

export type Order =
  /** Total: the last parts are those of the key. */
  | { readonly kind: 'columns'; readonly parts: readonly OrderPart[] }
  /** By place in the file. */
  | { readonly kind: 'place' }
  /** As the server gives them, or by what was written: only windows of a bounded fetch. */
  | { readonly kind: 'window'; readonly text: string };

/** @param text checked before: what one writes after ORDER BY */
export function orderOf(model: RelationModel, text: string): Order {
  const written = text.trim();
  if (model.paging !== 'key' || !model.key) {
    if (written === '' && model.paging === 'place') return { kind: 'place' };
    return { kind: 'window', text: written };
  }
  const sorts = written === '' ? [] : readOrder(written, model.columns);
  if (sorts === null) return { kind: 'window', text: written };
  const columnOf = (number: number) => model.columns.find((column) => column.number === number);
  const parts: OrderPart[] = [];
  const add = (number: number, descending: boolean, nullsFirst: boolean) => {
    const column = columnOf(number);
    if (column && !parts.some((part) => part.column === column)) parts.push({ column, descending, nullsFirst });
  };
  for (const sort of sorts) add(sort.column, sort.descending, sort.nullsFirst);
  // The key's own direction, so that its index serves a descending order too.
  const backwards = sorts.length > 0 && sorts.every((sort) => sort.descending);
  for (const number of model.key.columns) add(number, backwards, backwards);
  return { kind: 'columns', parts };
}

export const reversed = (parts: readonly OrderPart[]): OrderPart[] =>
  parts.map((part) => ({ ...part, descending: !part.descending, nullsFirst: !part.nullsFirst }));

/** The value that is compared: types without an order are ordered by their text. */
export function addOrdered(sql: BoundSql, { column }: OrderPart): void {
  sql.name(column.name);
  if (!column.sortable) sql.add('::text collate "C"');
}

export function addOrderBy(sql: BoundSql, parts: readonly OrderPart[]): void {
  sql.add(' order by ').list(parts, (part) => {
    addOrdered(sql, part);
    if (part.descending) sql.add(' desc');
    // Said only where it is not the server's own, so that the text reads well.
    if (!part.column.notNull && part.nullsFirst !== part.descending)
      sql.add(part.nullsFirst ? ' nulls first' : ' nulls last');
  });
}

/** The condition for rows beyond a place; `inclusive` takes in the row at it. */
export function addBeyond(
  sql: BoundSql,
  parts: readonly OrderPart[],
  place: readonly Value[],
  inclusive: boolean,
): void {
  const first = parts[0];
  const oneWay = parts.every((part) => part.column.notNull && part.descending === first?.descending);
  if (oneWay) {
    const operator = `${first?.descending ? '<' : '>'}${inclusive ? '=' : ''}`;
    if (parts.length === 1 && first) {
      addOrdered(sql, first);
      sql.add(` ${operator} `).value(place[0] ?? null);
      return;
    }
    sql.add('(').list(parts, (part) => addOrdered(sql, part));
    sql
      .add(`) ${operator} (`)
      .list(parts, (_, at) => sql.value(place[at] ?? null))
      .add(')');
    return;
  }
  addStepwise(sql, parts, place, inclusive);
}

/** a beyond, or a equal and (b beyond, or …); with a bound on the first part alone, which an index can use. */
function addStepwise(sql: BoundSql, parts: readonly OrderPart[], place: readonly Value[], inclusive: boolean): void {
  const [first, ...rest] = parts;
  if (!first) {
    sql.add(inclusive ? 'true' : 'false');
    return;
  }
  const value = place[0] ?? null;
  if (rest.length > 0 && value !== null && (first.column.notNull || first.nullsFirst)) {
    addOrdered(sql, first);
    sql
      .add(first.descending ? ' <= ' : ' >= ')
      .value(value)
      .add(' and ');
  }
  sql.add('(');
  addStrictlyBeyond(sql, first, value);
  sql.add(' or ');
  addSame(sql, first, value);
  sql.add(' and (');
  addStepwise(sql, rest, place.slice(1), inclusive);
  sql.add('))');
}

function addStrictlyBeyond(sql: BoundSql, part: OrderPart, value: Value): void {
  if (value === null) {
    // NULLs first: everything else comes after them. NULLs last: nothing does.
    if (part.nullsFirst) sql.name(part.column.name).add(' is distinct from null');
    else sql.add('false');
    return;
  }
  addOrdered(sql, part);
  sql.add(part.descending ? ' < ' : ' > ').value(value);
  if (!part.column.notNull && !part.nullsFirst)
    sql.add(' or ').name(part.column.name).add(' is not distinct from null');
}

function addSame(sql: BoundSql, part: OrderPart, value: Value): void {
  if (value === null) {
    sql.name(part.column.name).add(' is not distinct from null');
    return;
  }
  addOrdered(sql, part);
  sql.add(' = ').value(value);
}
