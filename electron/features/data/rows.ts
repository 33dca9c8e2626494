/** Pages of rows: by key, by place in the file, or by windows; never by counting over millions. */
import type { DataPage, DataQuery, PageFrom, Place, RelationModel } from '../../../shared/api/data.ts';
import { BoundSql } from '../../../shared/edit/bound-sql.ts';
import { addTextForm } from '../../../shared/edit/statements.ts';
import { FailureError, invalid } from '../../../shared/failure.ts';
import type { Source, TextRows } from '../../postgres/source.ts';
import { addCells, readSizes } from './cells.ts';
import { addBeyond, addOrderBy, addOrdered, type Order, type OrderPart, orderOf, reversed } from './order.ts';
import { columnSpread } from './relation.sql.ts';
import { aboutWritten, checkWritten, type Written } from './where-text.ts';

export type Reading = Pick<Source, 'ask' | 'read' | 'facts'>;

export const rowsTimeoutMs = 60_000;
/** Windows go no deeper: each costs what all before it cost. */
export const deepestWindow = 10_000;
/** With an order that is total, rows may be counted off up to here: some ten milliseconds. */
const deepestCounted = 50_000;
/** Of a step in the spread of values at most so many rows are walked over. */
const mostWalked = 20_000;

export interface PageRequest {
  readonly query: DataQuery;
  readonly from: PageFrom;
  readonly count: number;
}

/** A statement with what the person wrote in it. */
export class RowsSql extends BoundSql {
  readonly writtenParts: Written[] = [];
  #joined = false;

  /** Begins WHERE, or goes on with AND. */
  condition(): this {
    this.add(this.#joined ? ' and ' : ' where ');
    this.#joined = true;
    return this;
  }

  filter(model: RelationModel, query: DataQuery): this {
    if (query.where.trim() !== '') {
      this.condition().add('(');
      this.writtenParts.push({ field: 'where', text: query.where, from: this.written(query.where) });
      this.add(')');
    }
    if (query.search !== '') this.#search(model, query.search);
    return this;
  }

  orderAsWritten(text: string): this {
    this.add(' order by ');
    this.writtenParts.push({ field: 'orderBy', text, from: this.written(text) });
    return this;
  }

  #search(model: RelationModel, text: string): void {
    const bytea = 17;
    const looked = model.columns.filter((column) => column.maySelect && column.baseTypeOid !== bytea);
    this.condition().add('(');
    if (looked.length === 0) this.add('false');
    this.list(
      looked,
      (column, at) => {
        this.add('position(lower(');
        if (at === 0) this.value(text).add('::text');
        else this.add(`$${this.values.length}`);
        this.add(') in lower(');
        addTextForm(this, column);
        this.add(')) > 0');
      },
      ' or ',
    );
    this.add(')');
  }
}

/** Runs it; a complaint about a written text comes back as one about its place. */
export async function readRows(
  source: Pick<Source, 'read'>,
  sql: RowsSql,
  signal?: AbortSignal,
  timeoutMs = rowsTimeoutMs,
): Promise<TextRows> {
  try {
    return await source.read(sql.text, sql.values, { signal, timeoutMs });
  } catch (thrown) {
    throw aboutWritten(thrown, sql.text, sql.writtenParts);
  }
}

export async function checkQuery(query: DataQuery): Promise<void> {
  await checkWritten('where', query.where);
  await checkWritten('orderBy', query.orderBy);
}

export async function readPage(
  source: Reading,
  model: RelationModel,
  request: PageRequest,
  signal?: AbortSignal,
): Promise<DataPage> {
  await checkQuery(request.query);
  const startedAt = performance.now();
  const order = orderOf(model, request.query.orderBy);
  const page =
    order.kind === 'columns'
      ? await byKey(source, model, order.parts, request, signal)
      : order.kind === 'place' && request.query.where.trim() === '' && request.query.search === ''
        ? await byPlace(source, model, request, signal)
        : await byWindow(source, model, order, request, signal);
  return { ...page, tookMs: performance.now() - startedAt };
}

type Page = Omit<DataPage, 'tookMs'>;

function addSource(sql: BoundSql, model: RelationModel, more = ''): void {
  const readable = model.columns.filter((column) => column.maySelect);
  sql.add('select ').list(readable, (column) => sql.name(column.name));
  sql.add(`${more} from `).relation(model.schema, model.name);
}
const chosen = ') chosen';

async function byKey(
  source: Reading,
  model: RelationModel,
  parts: readonly OrderPart[],
  { query, from, count }: PageRequest,
  signal?: AbortSignal,
): Promise<Page> {
  if (from.kind === 'offset' && from.offset > deepestCounted) throw tooDeep();
  const backwards = from.kind === 'before' || from.kind === 'end';
  const way = backwards ? reversed(parts) : parts;
  const about = from.kind === 'about' ? await placeAbout(source, model, parts, from.fraction, signal) : null;
  const sql = new RowsSql();
  const cellsOf = addHead(sql, model, parts);
  sql.filter(model, query);
  if (from.kind === 'after' || from.kind === 'before' || from.kind === 'at') {
    const { place } = from;
    if (place.length !== parts.length) throw invalid('from', 'The order is another one by now: begin at the start.');
    sql.condition();
    addBeyond(sql, way, place, from.kind === 'at');
  } else if (about && about.value !== null && way[0]) {
    sql.condition();
    addOrdered(sql, way[0]);
    sql.add(way[0].descending ? ' <= ' : ' >= ').value(about.value);
  }
  addOrderBy(sql, way);
  sql.add(` limit ${Number(count) + 1}`);
  const walked = from.kind === 'offset' ? from.offset : (about?.walk ?? 0);
  if (walked > 0) sql.add(` offset ${Number(walked)}`);
  sql.add(chosen);
  const { rows } = await readRows(source, sql, signal);
  const kept = rows.slice(0, count);
  if (backwards) kept.reverse();
  const read = kept.map(cellsOf);
  return { ...pageOf(read), more: rows.length > count };
}

interface ReadRow {
  readonly cells: (string | null)[];
  readonly place: Place;
  readonly key: string[];
  readonly cut: [number, number][];
}

const pageOf = (read: readonly ReadRow[]): Pick<DataPage, 'rows' | 'cut' | 'places' | 'keys'> => ({
  rows: read.map((one) => one.cells),
  cut: read.flatMap((one, row) => one.cut.map(([column, bytes]): [number, number, number] => [row, column, bytes])),
  places: read.map((one) => one.place),
  keys: read.flatMap((one) => (one.key.length > 0 ? [one.key] : [])),
});

/**
 * Up to the inner FROM: cells are made of the rows that were chosen and of no others, and names in what was written mean
 * columns and not cells. The caller closes the parenthesis. @returns how a row of the answer is read
 */
function addHead(
  sql: RowsSql,
  model: RelationModel,
  parts: readonly OrderPart[],
): (row: readonly (string | null)[]) => ReadRow {
  sql.add('/* howdah:data.rows */ select ');
  addCells(sql, model.columns);
  const aside = addAside(sql, model, parts);
  sql.add(' from (');
  addSource(sql, model);
  const width = model.columns.length;
  const whole = (row: readonly (string | null)[], number: number): string | null => {
    const at = aside.indexOf(number);
    return row[at < 0 ? model.columns.findIndex((column) => column.number === number) : width + 1 + at] ?? null;
  };
  return (row) => ({
    cells: row.slice(0, width),
    place: parts.map((part) => whole(row, part.column.number)),
    key: (model.key?.columns ?? []).map((number) => whole(row, number) ?? ''),
    cut: readSizes(row[width] ?? null, row),
  });
}

/** What orders and proves rows has to be whole, also where the cell that is shown may be cut. @returns their columns */
function addAside(sql: BoundSql, model: RelationModel, parts: readonly OrderPart[]): number[] {
  const wanted = new Set([...parts.map((part) => part.column.number), ...(model.key?.columns ?? [])]);
  const aside = model.columns.filter((column) => wanted.has(column.number) && column.typeLength < 0);
  for (const column of aside) {
    sql.add(', ');
    addTextForm(sql, column);
  }
  return aside.map((column) => column.number);
}

/** By the spread of the first part's values as ANALYZE has found it; between two bounds some rows are walked over. */
async function placeAbout(
  source: Reading,
  model: RelationModel,
  parts: readonly OrderPart[],
  fraction: number,
  signal?: AbortSignal,
): Promise<{ value: string | null; walk: number }> {
  const first = parts[0];
  if (!first) return { value: null, walk: 0 };
  const rows = model.estimatedRows ?? 0;
  if (rows <= deepestWindow) return { value: null, walk: Math.floor(rows * fraction) };
  const [spread] = await source.ask(columnSpread, [model.oid, first.column.number], { signal });
  const bounds = spread?.bounds;
  if (!bounds || bounds.length < 2) {
    throw new FailureError({
      kind: 'unsupported',
      needs: 'statistics of the table',
      message: `How the values of ${first.column.name} are spread is not known yet, so there is no way to go so far into the table at once. Run ANALYZE on it, or filter.`,
    });
  }
  const steps = bounds.length - 1;
  const forward = (first.descending ? 1 - fraction : fraction) * steps;
  const at = first.descending ? Math.ceil(forward) : Math.floor(forward);
  const whole = between(bounds[Math.floor(forward)], bounds[Math.ceil(forward)], forward - Math.floor(forward));
  if (whole !== null && first.column.category === 'N') return { value: whole, walk: 0 };
  const walk = Math.min(mostWalked, Math.floor((Math.abs(forward - at) * rows) / steps));
  return { value: bounds[Math.min(at, steps)] ?? null, walk };
}

/** Between two whole numbers; null for anything else. */
function between(low: string | undefined, high: string | undefined, share: number): string | null {
  if (!low || !high || !/^-?\d+$/.test(low) || !/^-?\d+$/.test(high)) return null;
  return String(BigInt(low) + (BigInt(Math.round(share * 1_000_000)) * (BigInt(high) - BigInt(low))) / 1_000_000n);
}

const tooDeep = () => invalid('from', 'Rows so deep in the order are reached by their place, not by their number.');

const placeText = /^\((\d+),(\d+)\)$/;
/** So many pages of the file are looked at for one page of rows, then twice as many, and so on. */
const firstPages = 32;

/** A table without a key: rows as they lie in the file. */
async function byPlace(
  source: Reading,
  model: RelationModel,
  { from, count }: PageRequest,
  signal?: AbortSignal,
): Promise<Page> {
  if (from.kind === 'offset' && from.offset > deepestCounted) throw tooDeep();
  const [size] = (await readRows(source, pagesOf(model), signal)).rows;
  const pages = Number(size?.[0] ?? 0);
  if (from.kind === 'offset') {
    const sql = placeSql(source, model, 0, Math.max(0, pages - 1), placeStart(from, pages), [count + 1, from.offset]);
    const { rows } = await readRows(source, sql, signal);
    return { ...pageOf(rows.slice(0, count).map((row) => placedRow(model, row))), more: rows.length > count };
  }
  const start = placeStart(from, pages);
  const found: ReadRow[] = [];
  let step = firstPages;
  let at = start.page;
  const backwards = from.kind === 'before' || from.kind === 'end';
  while (found.length <= count && (backwards ? at >= 0 : at < pages)) {
    const low = backwards ? Math.max(0, at - step + 1) : at;
    const high = backwards ? at : Math.min(pages - 1, at + step - 1);
    const sql = placeSql(source, model, low, high, start);
    const { rows } = await readRows(source, sql, signal);
    const read = rows.map((row) => placedRow(model, row));
    if (backwards) found.unshift(...read);
    else found.push(...read);
    at = backwards ? low - 1 : high + 1;
    step = Math.min(step * 2, 65_536);
  }
  const kept = backwards ? found.slice(-count) : found.slice(0, count);
  return { ...pageOf(kept), more: found.length > count };
}

const placedRow = (model: RelationModel, row: readonly (string | null)[]): ReadRow => ({
  cells: row.slice(0, model.columns.length),
  place: [row.at(-1) ?? null],
  key: [],
  cut: readSizes(row[model.columns.length] ?? null, row),
});

const pagesOf = (model: RelationModel): RowsSql => {
  const sql = new RowsSql();
  // The planner's figure may be old: rows added since would never be seen.
  sql
    .add('/* howdah:data.pages */ select pg_relation_size(')
    .value(String(model.oid))
    .add('::oid::regclass) / current_setting(');
  sql.add("'block_size')::int8");
  return sql;
};

interface PlaceStart {
  readonly page: number;
  readonly beyond: string | null;
  readonly operator: '>' | '>=' | '<';
}

function placeStart(from: PageFrom, pages: number): PlaceStart {
  if (from.kind === 'end') return { page: pages - 1, beyond: null, operator: '<' };
  if (from.kind === 'about')
    return { page: Math.floor(from.fraction * Math.max(0, pages - 1)), beyond: null, operator: '>' };
  if (from.kind === 'start' || from.kind === 'offset') return { page: 0, beyond: null, operator: '>' };
  const [place] = from.place;
  const match = placeText.exec(place ?? '');
  if (!place || !match) throw invalid('from', 'The order is another one by now: begin at the start.');
  return {
    page: Number(match[1]),
    beyond: place,
    operator: from.kind === 'after' ? '>' : from.kind === 'at' ? '>=' : '<',
  };
}

/** From 14 on a range of places is read directly; before, only places that are named one by one. */
function placeSql(
  source: Reading,
  model: RelationModel,
  low: number,
  high: number,
  start: PlaceStart,
  window?: readonly [limit: number, offset: number],
): RowsSql {
  const sql = new RowsSql();
  sql.add('/* howdah:data.rows */ select ');
  addCells(sql, model.columns);
  sql.add(', ctid from (');
  addSource(sql, model, ', ctid');
  if (source.facts.versionNum >= 140_000) {
    sql
      .add(' where ctid >= ')
      .value(`(${low},0)`)
      .add('::tid and ctid < ')
      .value(`(${high + 1},0)`)
      .add('::tid');
  } else {
    sql.add(' where ctid = any (array(select format(');
    sql.add(
      `'(%s,%s)', b, i)::tid from generate_series(${Number(low)}, ${Number(high)}) b, generate_series(1, 291) i))`,
    );
  }
  if (start.beyond !== null) sql.add(` and ctid ${start.operator} `).value(start.beyond).add('::tid');
  sql.add(' order by ctid');
  if (window) sql.add(` limit ${Number(window[0])} offset ${Number(window[1])}`);
  return sql.add(chosen) as RowsSql;
}

async function byWindow(
  source: Reading,
  model: RelationModel,
  order: Order,
  { query, from, count }: PageRequest,
  signal?: AbortSignal,
): Promise<Page> {
  const offset =
    from.kind === 'start' ? 0 : from.kind === 'offset' ? from.offset : from.kind === 'at' ? Number(from.place[0]) : -1;
  if (!(offset >= 0 && offset < deepestWindow))
    throw new FailureError({
      kind: 'unsupported',
      needs: 'a key to go by',
      message: `Without a key only the first ${deepestWindow.toLocaleString('en-US')} rows can be looked at in this order. Filter for those you want.`,
    });
  const sql = new RowsSql();
  const cellsOf = addHead(sql, model, []);
  sql.filter(model, query);
  if (order.kind === 'window' && order.text !== '') sql.orderAsWritten(order.text);
  sql.add(` limit ${Number(count) + 1} offset ${Number(offset)}`).add(chosen);
  const { rows } = await readRows(source, sql, signal);
  const kept = rows.slice(0, Math.min(count, deepestWindow - offset));
  return {
    ...pageOf(kept.map(cellsOf)),
    places: kept.map((_, at) => [String(offset + at)]),
    more: rows.length > kept.length && offset + kept.length < deepestWindow,
  };
}
