/** How many rows, and one value in full. */
import type { DataQuery, RelationModel } from '../../../shared/api/data.ts';
import { addTextForm } from '../../../shared/edit/statements.ts';
import { FailureError, invalid } from '../../../shared/failure.ts';
import { checkQuery, type Reading, RowsSql, readRows } from './rows.ts';

/** Up to here rows are counted without being asked for: some tens of milliseconds. */
export const countedAtOnce = 50_000;
const exactTimeoutMs = 600_000;
const boundedTimeoutMs = 5_000;

export const isWhole = (query: DataQuery) => query.where.trim() === '' && query.search === '';

export async function countRows(
  source: Reading,
  model: RelationModel,
  query: DataQuery,
  exact: boolean,
  signal?: AbortSignal,
): Promise<{ rows: number; exact: boolean }> {
  await checkQuery(query);
  if (exact) return { rows: await counted(source, model, query, null, exactTimeoutMs, signal), exact: true };
  // What is known to be many is not counted to find that out.
  const known = isWhole(query) ? model.estimatedRows : null;
  if (known === null || known < countedAtOnce * 4) {
    const most = countedAtOnce + 1;
    const rows = await counted(source, model, query, most, boundedTimeoutMs, signal).catch((thrown) => {
      if (isTimeout(thrown)) return null;
      throw thrown;
    });
    if (rows !== null && rows < most) return { rows, exact: true };
    return { rows: Math.max(rows ?? 0, await estimated(source, model, query, signal)), exact: false };
  }
  return { rows: Math.round(known), exact: false };
}

const isTimeout = (thrown: unknown): boolean =>
  thrown instanceof FailureError && thrown.failure.kind === 'postgres' && thrown.failure.sqlstate === '57014';

async function counted(
  source: Reading,
  model: RelationModel,
  query: DataQuery,
  most: number | null,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<number> {
  const sql = new RowsSql();
  sql.add('/* howdah:data.count */ select count(*) from ');
  if (most !== null) sql.add('(select from ');
  sql.relation(model.schema, model.name).filter(model, query);
  if (most !== null) sql.add(` limit ${Number(most)}) counted`);
  const { rows } = await readRows(source, sql, signal, timeoutMs);
  return Number(rows[0]?.[0] ?? 0);
}

async function estimated(
  source: Reading,
  model: RelationModel,
  query: DataQuery,
  signal?: AbortSignal,
): Promise<number> {
  const sql = new RowsSql();
  sql.add('explain (format json) select from ').relation(model.schema, model.name).filter(model, query);
  const { rows } = await readRows(source, sql, signal);
  const plan = JSON.parse(rows[0]?.[0] ?? '[]') as { Plan?: { 'Plan Rows'?: number } }[];
  return plan[0]?.Plan?.['Plan Rows'] ?? 0;
}

/** A piece of one value's text form. The row is found by its key. */
export async function readValue(
  source: Reading,
  model: RelationModel,
  input: {
    readonly key: readonly string[];
    readonly column: number;
    readonly offsetBytes: number;
    readonly lengthBytes: number;
    readonly base64?: boolean;
  },
  signal?: AbortSignal,
) {
  const column = model.columns.find(({ number }) => number === input.column);
  if (!column) throw invalid('column', 'This column is not there any more.');
  const sql = new RowsSql();
  sql.add('/* howdah:data.value */ select octet_length(b), encode(substring(b from ');
  sql
    .value(String(input.offsetBytes + 1))
    .add('::int4 for ')
    .value(String(input.lengthBytes))
    .add("::int4), 'base64')");
  sql.add(' from (select convert_to(');
  addTextForm(sql, column);
  sql.add(", 'UTF8') as b from ").relation(model.schema, model.name);
  addKey(sql, model, input.key);
  sql.add(') whole');
  const { rows } = await readRows(source, sql, signal);
  const [row] = rows;
  if (!row) throw invalid('key', 'This row is not there any more.');
  const sizeBytes = Number(row[0] ?? 0);
  const bytes = wholeCharacters(Buffer.from(row[1] ?? '', 'base64'), input.base64 === true);
  const end = input.offsetBytes + bytes.length;
  return {
    isNull: row[0] === null,
    sizeBytes,
    text: bytes.toString(input.base64 ? 'base64' : 'utf8'),
    nextOffsetBytes: end < sizeBytes && bytes.length > 0 ? end : null,
  };
}

/** A piece ends where a character does. */
function wholeCharacters(bytes: Buffer, asBytes: boolean): Buffer {
  if (asBytes) return bytes;
  let end = bytes.length;
  while (end > 0 && end > bytes.length - 4 && ((bytes[end - 1] ?? 0) & 0xc0) === 0x80) end--;
  const lead = bytes[end - 1] ?? 0;
  const needs = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
  return bytes.length - end + 1 >= needs ? bytes : bytes.subarray(0, end - 1);
}

/** WHERE the key is this: each part compared by the operator of the key's own index. */
export function addKey(sql: RowsSql, model: RelationModel, key: readonly string[]): void {
  if (!model.key || key.length !== model.key.columns.length)
    throw invalid('key', 'This table has no key that would prove which row is meant.');
  const { columns, equals } = model.key;
  for (const [at, number] of columns.entries()) {
    const column = model.columns.find((one) => one.number === number);
    sql
      .condition()
      .name(column?.name ?? '')
      .add(` ${equals[at]} `)
      .value(key[at] ?? null);
  }
}
