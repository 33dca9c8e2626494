/** Several connections that see the same moment of one database, and keep its tables from being dropped or altered. */
import { FailureError, failureOf } from '../../../../shared/failure.ts';
import { quoteLiteral, quoteQualified } from '../../../../shared/sql/quote.ts';
import type { ConnectSpec } from '../../source.ts';
import { BackupLink } from '../wire/backup-link.ts';
import { backupSnapshot, type TableRow } from './contents.sql.ts';

const applicationName = 'howdah: backup';
const begin = 'begin transaction isolation level repeatable read, read only';
/** Tables locked by one statement. */
const lockedAtOnce = 200;

export class Snapshot {
  readonly links: readonly [BackupLink, ...BackupLink[]];
  readonly name: string;
  readonly lsn: string | null;
  readonly #signal: AbortSignal | undefined;
  readonly #stop = () => void this.cancel();

  static async open(spec: ConnectSpec, jobs: number, signal?: AbortSignal): Promise<Snapshot> {
    const opened: BackupLink[] = [];
    try {
      const first = await BackupLink.open(spec, applicationName, signal);
      opened.push(first);
      await first.script(begin);
      const [exported] = await first.ask(backupSnapshot);
      if (!exported) throw new Error('the server exported no snapshot');
      for (let more = 1; more < jobs; more++) {
        const link = await BackupLink.open(spec, applicationName, signal);
        opened.push(link);
        await link.script(begin);
        await link.script(`set transaction snapshot ${quoteLiteral(exported.name)}`);
      }
      return new Snapshot([first, ...opened.slice(1)], exported.name, exported.lsn, signal);
    } catch (thrown) {
      await Promise.all(opened.map((link) => link.close()));
      throw thrown;
    }
  }

  private constructor(
    links: readonly [BackupLink, ...BackupLink[]],
    name: string,
    lsn: string | null,
    signal: AbortSignal | undefined,
  ) {
    this.links = links;
    this.name = name;
    this.lsn = lsn;
    this.#signal = signal;
    signal?.addEventListener('abort', this.#stop, { once: true });
    if (signal?.aborted) this.#stop();
  }

  get first(): BackupLink {
    return this.links[0];
  }

  /**
   * ACCESS SHARE on all of them, by every connection: one that asked only when its turn came could wait behind somebody
   * who waits for the first, for ever and unseen by the server.
   */
  async lock(tables: readonly TableRow[], timeoutMs: number): Promise<void> {
    const lockable = tables.filter(({ readable }) => readable);
    for (const [at, link] of this.links.entries()) {
      await link.script(`set lock_timeout = ${Number(at === 0 ? timeoutMs : 1_000)}`);
      for (let from = 0; from < lockable.length; from += lockedAtOnce) {
        const names = lockable.slice(from, from + lockedAtOnce).map(({ schema, name }) => quoteQualified(schema, name));
        await link.script(`lock table only ${names.join(', only ')} in access share mode`).catch((thrown) => {
          throw lockFailure(thrown, timeoutMs);
        });
      }
    }
  }

  /** Does the work on all of the list, each connection taking the next. The first failure stops the others. */
  async share<T>(work: readonly T[], act: (link: BackupLink, one: T) => Promise<void>): Promise<void> {
    let next = 0;
    let failed: { readonly thrown: unknown } | null = null;
    await Promise.all(
      this.links.map(async (link) => {
        try {
          for (let at = next++; at < work.length && !failed; at = next++) {
            this.#signal?.throwIfAborted();
            await act(link, work[at] as T);
          }
        } catch (thrown) {
          if (failed) return;
          failed = { thrown };
          await this.cancel();
        }
      }),
    );
    const { thrown } = (failed as { readonly thrown: unknown } | null) ?? {};
    if (failed) throw thrown;
  }

  async cancel(): Promise<void> {
    await Promise.all(this.links.map((link) => link.cancel()));
  }

  async close(): Promise<void> {
    this.#signal?.removeEventListener('abort', this.#stop);
    await Promise.all(this.links.map((link) => link.close()));
  }
}

/** A table that has gone since the snapshot began, or that somebody keeps locked. */
function lockFailure(thrown: unknown, timeoutMs: number): unknown {
  const failure = failureOf(thrown);
  if (failure.kind !== 'postgres') return thrown;
  if (failure.sqlstate === '42P01' || failure.sqlstate === '3F000')
    return new FailureError({
      ...failure,
      message: `${failure.message}: it was dropped or renamed while the backup began.`,
      hint: 'Run the backup again.',
    });
  if (failure.sqlstate === '55P03')
    return new FailureError({
      ...failure,
      message: `A table is locked by somebody else for longer than ${timeoutMs / 1000} s.`,
      hint: 'Look at the locks page for who holds it, or run the backup later.',
    });
  return thrown;
}
