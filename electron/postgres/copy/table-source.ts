/**
 * Rows of a table or a query as the source of an import: COPY's text, read in one snapshot. By the table's key where the copy
 * is to go on after a break: the place is the key of the last row.
 */
import { z } from 'zod';
import type { CopySource } from '../../../shared/api/table-copy.ts';
import { FailureError, invalid } from '../../../shared/failure.ts';
import { quoteIdentifier, quoteLiteral, quoteQualified } from '../../../shared/sql/quote.ts';
import { splitSql } from '../../../shared/sql/split.ts';
import { BackupLink } from '../backup/wire/backup-link.ts';
import { separatedReader, textFields } from '../import/read/separated.ts';
import type { RowsSource, SourceBatch, SourceReader } from '../import/read/source-batch.ts';
import type { ConnectSpec } from '../source.ts';
import { CopyOutStream } from './copy-out.ts';
import { sameFormsSql } from './row-check.ts';

export interface WantedRows {
  readonly source: CopySource;
  /** In the order in which they are sent. */
  readonly columns: readonly string[];
  /** Not null and unique, some of `columns`; null: it cannot go on after a break. */
  readonly key: readonly string[] | null;
}

/** How COPY writes its text. */
export const copyDialect = {
  format: 'text',
  encoding: 'utf-8',
  delimiter: '\t',
  quote: '"',
  escape: '"',
  header: false,
  nullText: null,
  sheet: null,
} as const;

const lineFeed = 0x0a;

/** Without its line feed. COPY writes none within a row. */
function lastLineOf(pieces: readonly Buffer[]): string {
  let end = Buffer.alloc(0);
  for (const piece of pieces.toReversed()) {
    end = Buffer.concat([piece, end]);
    const last = end[end.length - 1] === lineFeed ? end.length - 1 : end.length;
    const before = last > 0 ? end.lastIndexOf(lineFeed, last - 1) : -1;
    if (before >= 0 || piece === pieces[0]) return end.toString('utf8', before + 1, last);
  }
  return '';
}

/** The statement without its semicolon. @throws invalid where it is not one */
export function oneStatement(sql: string): string {
  const [only, ...others] = splitSql(sql);
  if (!only || others.length > 0) throw invalid('sql', 'One query can be copied at a time.');
  return sql.slice(only.from, only.semicolon ? only.to - 1 : only.to);
}

export const fromSql = (source: CopySource): string =>
  source.kind === 'table'
    ? quoteQualified(source.table.schema, source.table.name)
    : `(${oneStatement(source.sql)}\n) as q`;

export class TableSource implements RowsSource {
  readonly link: BackupLink;
  /** Kept with the place: a copy that goes on has to know it. */
  targetRowsBefore = 0;
  readonly #wanted: WantedRows;
  #reading: CopyOutStream | null = null;

  /** Its snapshot is that of this moment. @throws connection failures */
  static async open(spec: ConnectSpec, wanted: WantedRows): Promise<TableSource> {
    const link = await BackupLink.open(spec, 'howdah: copy');
    try {
      await link.script('set search_path to default; set row_security to default');
      if (spec.onConnectSql.trim()) await link.script(spec.onConnectSql);
      await link.script(`${sameFormsSql}; set client_encoding = 'UTF8'`);
      await link.script('begin isolation level repeatable read read only');
      return new TableSource(link, wanted);
    } catch (thrown) {
      await link.close();
      throw thrown;
    }
  }

  private constructor(link: BackupLink, wanted: WantedRows) {
    this.link = link;
    this.#wanted = wanted;
  }

  get bytes(): number {
    return this.#reading?.bytes ?? 0;
  }

  get rows(): number {
    return this.#reading?.rows ?? 0;
  }

  /** @param format null: the one that COPY has by itself */
  async *pieces(format: 'binary' | null): AsyncGenerator<Buffer, void, void> {
    this.#reading = new CopyOutStream(this.link);
    yield* this.#reading.read(`copy (${this.rowsSql()}) to stdout${format ? ' (format binary)' : ''}`);
  }

  async open(place: string | null): Promise<SourceReader> {
    const { columns } = this.#wanted;
    const kept = place === null ? null : keptPlace.parse(JSON.parse(place));
    if (kept) this.targetRowsBefore = kept.targetRowsBefore;
    this.#reading = new CopyOutStream(this.link);
    const reading = this.#reading;
    const sql = `copy (${this.rowsSql(kept?.after)}) to stdout`;
    return separatedReader({ dialect: copyDialect, columns: columns.length, text: () => reading.read(sql) });
  }

  placeOf({ raw }: SourceBatch): string | null {
    const { key, columns } = this.#wanted;
    if (!key) return null;
    if (!raw) throw new FailureError({ kind: 'internal', message: 'COPY wrote rows that cannot be told apart.' });
    const fields = textFields(lastLineOf(raw), copyDialect);
    const after = key.map((name) => fields[columns.indexOf(name)] ?? null);
    return JSON.stringify({ after, targetRowsBefore: this.targetRowsBefore });
  }

  /** The SELECT of all rows, or of those behind the one with this key. */
  rowsSql(after: readonly string[] | null = null): string {
    const { source, columns, key } = this.#wanted;
    const names = columns.map(quoteIdentifier).join(', ');
    const select = `select ${names} from ${fromSql(source)}`;
    if (!key) return select;
    const by = key.map(quoteIdentifier).join(', ');
    return `${select}${after === null ? '' : ` where (${by}) > (${after.map((value) => quoteLiteral(value)).join(', ')})`} order by ${by}`;
  }

  async close(): Promise<void> {
    await this.link.close();
  }
}

const keptPlace = z.object({ after: z.array(z.string()), targetRowsBefore: z.number() });
