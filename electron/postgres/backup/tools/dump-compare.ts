/**
 * Whether a database has the rows of a dump: their number and, what COPY gives of them. Where the texts differ (another time
 * zone writes an instant in other words) or the dump has INSERTs, the dump's rows are put into a temporary table beside it and
 * the server compares.
 */
import { failureOf } from '../../../../shared/failure.ts';
import { quoteQualified } from '../../../../shared/sql/quote.ts';
import type { ScriptReader } from '../../import/sql/script-reader.ts';
import { RowSums } from '../archive/row-sums.ts';
import type { WorkTold } from '../progress.ts';
import type { BackupLink } from '../wire/backup-link.ts';
import { copiedTable, insertedRows } from './dump-rows.ts';
import { type DumpTable, rowsIn } from './dump-words.ts';

export interface Compared {
  readonly rows: number;
  readonly differences: readonly string[];
  /** Tables whose rows were counted only, with the reason. */
  readonly countedOnly: readonly string[];
}
interface Table {
  /** As the dump writes it. */
  readonly name: string;
  /** With ONLY, where its parts have their rows in the dump themselves. */
  readonly from: string;
  readonly relation: string;
  readonly ofDump: DumpTable;
}

/** Of INSERTs that are sent together. */
const atOnce = 500;

export class DumpComparison {
  readonly #link: BackupLink;
  readonly #told: WorkTold;
  readonly #differences: string[] = [];
  readonly #countedOnly: string[] = [];
  /** Tables whose rows the server has to compare. */
  readonly #again = new Map<string, Table>();
  #rows = 0;

  constructor(link: BackupLink, told: WorkTold) {
    this.#link = link;
    this.#told = told;
  }

  get result(): Compared {
    return { rows: this.#rows, differences: this.#differences, countedOnly: this.#countedOnly };
  }
  /** Whether the dump has to be read once more. */
  get needsDump(): boolean {
    return this.#again.size > 0;
  }

  async count(tables: ReadonlyMap<string, DumpTable>): Promise<void> {
    let done = 0;
    for (const [name, ofDump] of tables) {
      const table = await this.#found(name, ofDump);
      if (!table) this.#differences.push(`Missing after the restore: table ${name}.`);
      else await this.#one(table);
      done++;
      this.#told.onProgress?.({ step: 'verifying', done, all: tables.size, bytes: 0, allBytes: null, now: [name] });
    }
  }

  async #found(name: string, ofDump: DumpTable): Promise<Table | null> {
    const [found] = await this.#link.rows<{ schema: string; name: string; kind: string }>(
      `select n.nspname::text as schema, c.relname::text as name, c.relkind::text as kind from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace where c.oid = pg_catalog.to_regclass($1)`,
      [name],
    );
    if (!found) return null;
    const relation = quoteQualified(found.schema, found.name);
    // Of a partitioned table a dump may have the rows of all its parts; of another only its own.
    return { name, relation, from: found.kind === 'p' ? relation : `only ${relation}`, ofDump };
  }

  async #one(table: Table): Promise<void> {
    const { name, from, ofDump } = table;
    const wanted = rowsIn(ofDump);
    const [columns] = ofDump.columns;
    const text = ofDump.inserted === 0 && ofDump.columns.size === 1 && columns ? new RowSums() : null;
    const there = text ? await this.#read(`${columns?.slice(1, -1)} from ${from}`, text) : await this.#count(from);
    this.#rows += there;
    if (there !== wanted) this.#differences.push(`${name} has ${there} rows; the dump has ${wanted}.`);
    else if (there > 0 && !text?.equals(ofDump.sums)) this.#again.set(name, table);
  }

  /** @param select the dump's own list of columns, as it stood in the COPY that was run */
  async #read(select: string, into: RowSums): Promise<number> {
    const sink = {
      row: () => {},
      append: (chunk: Buffer, from: number, to: number) => into.append(chunk, from, to),
    };
    await this.#link.copyOut(`copy (select ${select}) to stdout`, sink);
    return into.rows;
  }

  async #count(from: string): Promise<number> {
    const [count] = await this.#link.rows<{ n: string }>(`select pg_catalog.count(*)::text as n from ${from}`);
    return Number(count?.n);
  }

  /** Reads the dump once more. @param reader of it, from its beginning */
  async readAgain(reader: ScriptReader): Promise<void> {
    const beside = new Beside(this.#link, this.#again);
    try {
      for (let statement = await reader.next(); statement; statement = await reader.next()) {
        this.#told.signal?.throwIfAborted();
        const { text, takesData } = statement;
        const inserted = takesData ? null : insertedRows(text);
        if (inserted) await beside.insert(inserted.name, inserted.rest);
        else if (takesData) {
          const { name, columns } = copiedTable(text);
          await beside.copy(name, columns, reader.data());
        }
      }
      await beside.flush();
    } finally {
      await reader.close();
    }
    for (const { name, from } of this.#again.values()) {
      const place = beside.places.get(name);
      const reason = beside.reasons.get(name);
      if (reason !== undefined || !place) this.#countedOnly.push(`${name}: ${reason ?? 'not met again'}`);
      else if (!(await this.#same(from, place)))
        this.#differences.push(`The rows of ${name} are not those of the dump.`);
    }
  }

  async #same(one: string, other: string): Promise<boolean> {
    const sumOf = async (from: string): Promise<string | undefined> => {
      const [found] = await this.#link.rows<{ sum: string }>(
        `select pg_catalog.count(*) || ' ' || coalesce(pg_catalog.sum(pg_catalog.hashtextextended(row(x.*)::text, 0)), 0)
          as sum from ${from} x`,
      );
      return found?.sum;
    };
    return (await sumOf(one)) === (await sumOf(other));
  }
}

/** The dump's rows of some tables, in temporary tables of the same columns. */
class Beside {
  readonly places = new Map<string, string>();
  /** Of tables whose rows could not be had: the server's words. */
  readonly reasons = new Map<string, string>();
  readonly #link: BackupLink;
  readonly #tables: ReadonlyMap<string, Table>;
  #waiting: string[] = [];
  #waitingFor = '';

  constructor(link: BackupLink, tables: ReadonlyMap<string, Table>) {
    this.#link = link;
    this.#tables = tables;
  }

  async insert(name: string, rest: string): Promise<void> {
    if (name !== this.#waitingFor || this.#waiting.length >= atOnce) await this.flush();
    const place = await this.#placeOf(name);
    if (place === null) return;
    this.#waitingFor = name;
    this.#waiting.push(`insert into ${place} ${rest}`);
  }

  async flush(): Promise<void> {
    const statements = this.#waiting;
    this.#waiting = [];
    if (statements.length > 0) await this.#trying(this.#waitingFor, () => this.#link.script(statements.join(';\n')));
  }

  /** Takes all rows, also those of tables that are not asked for. */
  async copy(name: string, columns: string, rows: AsyncGenerator<Buffer, void, void>): Promise<void> {
    const place = await this.#placeOf(name);
    if (place !== null)
      await this.#trying(name, () => this.#link.copyIn(`copy ${place} ${columns} from stdin`, kept(rows)));
    for await (const _ of rows);
  }

  /** Null where the table is not asked for, or cannot be had. */
  async #placeOf(name: string): Promise<string | null> {
    const table = this.#tables.get(name);
    if (!table || this.reasons.has(name)) return null;
    const known = this.places.get(name);
    if (known !== undefined) return known;
    const place = `pg_temp.howdah_drill_${this.places.size + 1}`;
    this.places.set(name, place);
    await this.#trying(name, () =>
      this.#link.script(`create temporary table ${place} (like ${table.relation} including generated)`),
    );
    return this.reasons.has(name) ? null : place;
  }

  async #trying(name: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      const failure = failureOf(thrown);
      if (failure.kind !== 'postgres') throw thrown;
      this.reasons.set(name, failure.message);
    }
  }
}

/** The same rows; who leaves them half way leaves the rest to be taken. */
async function* kept(rows: AsyncGenerator<Buffer, void, void>): AsyncGenerator<Buffer, void, void> {
  for (let next = await rows.next(); !next.done; next = await rows.next()) yield next.value;
}
