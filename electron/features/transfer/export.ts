/** From what is to be exported to the engine that writes it, and to where the page wants it. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TableName } from '../../../shared/api/import-plan.ts';
import type { ExportOptions, ExportProgress, ExportSource } from '../../../shared/api/transfer.ts';
import { invalid } from '../../../shared/failure.ts';
import { bindParameters, MissingParameter, parameterPlaces } from '../../../shared/sql/parameters.ts';
import { qualified, quoteIdentifier, quoteQualified } from '../../../shared/sql/quote.ts';
import type { Query } from '../../postgres/query.ts';
import type { ExportedQuery } from '../../postgres/result/job/result-job.ts';
import type { OpenResults, WantedFile } from '../../postgres/result/open-results.ts';
import type { ConnectSpec } from '../../postgres/source.ts';
import { columnsOfTables, type TableColumns } from './transfer.sql.ts';

/** What can be asked about a database. */
export interface Asker {
  ask<Row>(query: Query<Row>, values?: readonly unknown[], options?: { signal?: AbortSignal }): Promise<Row[]>;
}

export interface ExportNeeds {
  readonly results: Pick<OpenResults, 'export' | 'exportQueries'>;
  readonly sources: { source(connectionId: string, database?: string): Promise<Asker> | Asker };
  specOf(connectionId: string, database?: string): Promise<ConnectSpec>;
  /** For what goes to the clipboard, on its way. */
  readonly dataFolder: string;
}

/** More does not go to a clipboard. */
const mostClipboardBytes = 16 * 1024 * 1024;

/** @param path null: the text comes with the last event */
export async function openExport(
  needs: ExportNeeds,
  { source, options, path }: { source: ExportSource; options: ExportOptions; path: string | null },
  signal?: AbortSignal,
): Promise<AsyncGenerator<ExportProgress, void, void>> {
  const open = await opener(needs, source, options, signal);
  return path === null ? asText(needs.dataFolder, options, open) : open(path);
}

type Open = (path: string) => AsyncGenerator<ExportProgress, void, void>;

async function opener(
  { results, sources, specOf }: ExportNeeds,
  source: ExportSource,
  options: ExportOptions,
  signal: AbortSignal | undefined,
): Promise<Open> {
  const name = options.tableName ?? 'Rows';
  const file = (path: string): WantedFile => ({ path, options, name });
  if (source.kind === 'result') return (path) => results.export(source, file(path), signal);
  const spec = await specOf(source.connectionId, source.database);
  if (source.kind === 'query') {
    const query = boundQuery(source);
    return (path) => results.exportQueries(spec, [query], file(path), { signal });
  }
  const asker = await sources.source(source.connectionId, source.database);
  const tables = await tablesOf(asker, source.tables);
  const known = tables.every(({ rows }) => rows !== null);
  const totalRows = known ? Math.round(tables.reduce((sum, { rows }) => sum + (rows ?? 0), 0)) : null;
  const queries = tables.map((table) => readTable(table, options, tables.length > 1));
  return (path) => results.exportQueries(spec, queries, file(path), { signal, totalRows });
}

/** The query as it is sent. Throws invalid where a parameter has no value. */
function boundQuery({ sql, values = {} }: Extract<ExportSource, { kind: 'query' }>): ExportedQuery {
  try {
    return bindParameters(sql, parameterPlaces(sql), values) ?? { text: sql, values: [] };
  } catch (thrown) {
    if (thrown instanceof MissingParameter) throw invalid('values', thrown.message);
    throw thrown;
  }
}

async function tablesOf(asker: Asker, wanted: readonly TableName[]): Promise<TableColumns[]> {
  const tables = await asker.ask(columnsOfTables, [wanted.map(({ schema }) => schema), wanted.map(({ name }) => name)]);
  const there = new Set(tables.map(({ schema, name }) => JSON.stringify([schema, name])));
  const missing = wanted.find(({ schema, name }) => !there.has(JSON.stringify([schema, name])));
  if (missing) throw invalid('tables', `There is no table ${qualified(missing.schema, missing.name)} (any more).`);
  return tables;
}

/** @param among of several, a table gives only rows of its own: those of its children come with them */
function readTable(table: TableColumns, { format }: ExportOptions, among: boolean): ExportedQuery {
  const { schema, name, kind, alwaysIdentity } = table;
  const columns = format === 'sql' ? table.writable : table.columns;
  const only = among && kind === 'r' ? 'only ' : '';
  const text = `select ${columns.map(quoteIdentifier).join(', ')} from ${only}${quoteQualified(schema, name)}`;
  const names = { name: `${schema}.${name}`, sqlName: quoteQualified(schema, name), overriding: alwaysIdentity };
  return { text, values: [], table: names };
}

/** Written like any other, then read back: the engine knows files only. */
async function* asText(
  dataFolder: string,
  { format, compression, encoding, splitBytes }: ExportOptions,
  open: Open,
): AsyncGenerator<ExportProgress, void, void> {
  if (format === 'xlsx' || format === 'parquet' || compression !== 'none' || splitBytes !== null)
    throw invalid('format', 'Only text goes to the clipboard: choose a format without packing, or a file.');
  if (encoding !== 'utf-8') throw invalid('encoding', 'The clipboard takes characters, not an encoding.');
  const folder = await mkdtemp(join(dataFolder, 'clipboard-'));
  const path = join(folder, 'text');
  try {
    for await (const event of open(path)) {
      const large = event.kind !== 'failed' && event.bytes > mostClipboardBytes;
      if (large) throw invalid('target', 'This is more than 16 MB. Export it to a file instead.');
      yield event.kind === 'done' ? { ...event, text: await readFile(path, 'utf8') } : event;
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
