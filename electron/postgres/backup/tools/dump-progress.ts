/** Follows a pg_dump: its own words say which tables it has begun, the server how much of those under way has gone out. */
import type { ConnectSpec } from '../../source.ts';
import type { OnProgress } from '../progress.ts';
import { BackupLink } from '../wire/backup-link.ts';
import { dumpCopies, dumpSizes } from './dump-progress.sql.ts';

interface Sized {
  readonly name: string;
  readonly oid: string;
  readonly bytes: number;
}
const everyMs = 700;

export class DumpProgress {
  readonly #link: BackupLink;
  readonly #tables: ReadonlyMap<string, Sized>;
  readonly #application: string;
  readonly #onProgress: OnProgress;
  readonly #begun: Sized[] = [];
  readonly #timer: NodeJS.Timeout;
  #asking = false;

  static async open(spec: ConnectSpec, application: string, onProgress: OnProgress): Promise<DumpProgress> {
    const link = await BackupLink.open(spec, 'howdah: progress');
    try {
      const rows = await link.ask(dumpSizes);
      const tables = rows.map(({ bytes, ...row }) => ({ ...row, bytes: Number(bytes) }));
      return new DumpProgress(link, new Map(tables.map((table) => [table.name, table])), application, onProgress);
    } catch (thrown) {
      await link.close();
      throw thrown;
    }
  }

  private constructor(
    link: BackupLink,
    tables: ReadonlyMap<string, Sized>,
    application: string,
    onProgress: OnProgress,
  ) {
    this.#link = link;
    this.#tables = tables;
    this.#application = application;
    this.#onProgress = onProgress;
    this.#timer = setInterval(() => void this.#look(), everyMs).unref();
  }

  get serverVersionNum(): number {
    return this.#link.facts.versionNum;
  }
  get serverVersion(): string {
    return this.#link.facts.version;
  }

  /** A line of the program. */
  readonly line = (line: string): void => {
    const table = this.#tables.get(/dumping contents of table "(.*)"$/.exec(line)?.[1] ?? '');
    if (!table) return;
    this.#begun.push(table);
    this.#tell(new Map([[table.oid, 0]]));
  };

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#link.close();
  }

  async #look(): Promise<void> {
    if (this.#asking || this.#begun.length === 0) return;
    this.#asking = true;
    try {
      const rows = await this.#link.ask(dumpCopies, [this.#application]);
      // Before 14 nothing is told of a COPY: the last that was begun is under way, and nobody knows how far.
      const last = this.#begun.at(-1);
      const copies = rows.map(({ oid, bytes }) => [oid, Number(bytes)] as const);
      this.#tell(new Map(this.serverVersionNum < 140_000 && last ? [[last.oid, 0]] : copies));
    } catch {
      // What is only for looking at must not end the backup.
    } finally {
      this.#asking = false;
    }
  }

  /** What was begun and is not under way has ended. COPY text may be longer than the table: the table is the measure. */
  #tell(under: ReadonlyMap<string, number>): void {
    const bytes = this.#begun.reduce((sum, { oid, bytes: all }) => sum + Math.min(all, under.get(oid) ?? all), 0);
    const now = this.#begun.filter(({ oid }) => under.has(oid));
    this.#onProgress({
      step: 'copying',
      done: this.#begun.length - now.length,
      all: this.#tables.size,
      bytes,
      allBytes: [...this.#tables.values()].reduce((sum, table) => sum + table.bytes, 0),
      now: now.map(({ name }) => name),
    });
  }
}
