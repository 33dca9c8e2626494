/**
 * Restores an archive: into a database made for it (dropped again where it fails), or into one that is there (one
 * transaction, or item by item). The file is read through and checked before the first statement is sent.
 */
import type { Failure } from '../../../../shared/api/base.ts';
import { FailureError, failureOf, invalid } from '../../../../shared/failure.ts';
import { identifier } from '../../../../shared/sql/quote.ts';
import type { ConnectSpec } from '../../source.ts';
import { ArchiveReader, nameOf } from '../archive/archive-reader.ts';
import type { ArchiveItem, ItemData } from '../archive/manifest.ts';
import { verifyArchive } from '../archive/verify.ts';
import type { BackupProgress, WorkTold } from '../progress.ts';
import { BackupLink } from '../wire/backup-link.ts';
import { intoNewDatabase, restoreName } from './new-database.ts';
import { planRestore, type RestorePlan } from './plan-restore.ts';
import type { RestoreChoice } from './request.ts';
import { dropsOf, Steps } from './steps.ts';

export interface RestoreRequest {
  /** To the server; the database is the choice's, this one is where a new one is made from. */
  readonly spec: ConnectSpec;
  readonly path: string;
  readonly choice: RestoreChoice;
}
export interface RestoreOutcome {
  readonly plan: RestorePlan;
  readonly items: number;
  readonly rows: number;
  /** Only with `continue`. */
  readonly failures: readonly { readonly item: ArchiveItem; readonly failure: Failure }[];
  readonly tookMs: number;
}

/** @throws why nothing was restored, or, item by item, why it stopped */
export async function runRestore(request: RestoreRequest, told: WorkTold = {}): Promise<RestoreOutcome> {
  const began = performance.now();
  const { spec, path, choice } = request;
  const plan = await planRestore(spec, path, choice, told.signal);
  if (plan.obstacles.length > 0) throw invalid('target', plan.obstacles.join(' '));
  told.onLine?.(`Reading ${path} through before anything is changed`);
  await verifyArchive(path, {
    onBytes: (bytes) =>
      told.onProgress?.({ step: 'verifying', done: 0, all: 0, bytes, allBytes: plan.rawBytes, now: [] }),
    ...(told.signal ? { signal: told.signal } : {}),
  });
  const archive = await ArchiveReader.open(path);
  try {
    const restore = new Restore(request, told, plan, archive);
    await (choice.target.kind === 'new' ? restore.intoNew(choice.target.database) : restore.intoExisting());
    return { plan, ...restore.done, tookMs: performance.now() - began };
  } catch (thrown) {
    const unsure = failureOf(thrown).kind === 'outcomeUnknown';
    if (!told.signal?.aborted || unsure) throw thrown;
    throw new FailureError({ kind: 'cancelled', message: cancelledWords(choice) });
  } finally {
    await archive.close();
  }
}

const cancelledWords = ({ target, errors }: RestoreChoice): string =>
  target.kind === 'new'
    ? `The restore was cancelled, and the database ${target.database} dropped again.`
    : errors === 'single'
      ? 'The restore was cancelled. Nothing has changed.'
      : 'The restore was cancelled. What was restored before that stays.';

class Restore {
  readonly #request: RestoreRequest;
  readonly #told: WorkTold;
  readonly #plan: RestorePlan;
  readonly #archive: ArchiveReader;
  readonly #steps: Steps;
  readonly #failures: { item: ArchiveItem; failure: Failure }[] = [];
  readonly #now = new Map<BackupLink, string>();
  readonly #links: BackupLink[] = [];
  readonly #skipped = new Set<number>();
  #items = 0;
  #rows = 0;
  #bytes = 0;

  constructor(request: RestoreRequest, told: WorkTold, plan: RestorePlan, archive: ArchiveReader) {
    this.#request = request;
    this.#told = told;
    this.#plan = plan;
    this.#archive = archive;
    this.#steps = new Steps(plan, request.choice);
  }

  get done(): Pick<RestoreOutcome, 'items' | 'rows' | 'failures'> {
    return { items: this.#items, rows: this.#rows, failures: this.#failures };
  }

  async intoNew(database: string): Promise<void> {
    const { spec, choice } = this.#request;
    const home = await BackupLink.open(spec, restoreName, this.#told.signal);
    let rest: readonly string[] = [];
    const create = async (working: string) => {
      const { create, name } = this.#plan.manifest.database;
      const [createSql = '', ...others] = await this.#steps.database(create, name, working);
      await this.#createDatabase(home, createSql, working);
      rest = others;
    };
    try {
      await this.#makeRoles(home);
      await intoNewDatabase({ home, spec, database, create, say: (line) => this.#say(line) }, async (working) => {
        await this.#withLinks({ ...spec, database: working }, choice.jobs, (links) => this.#runs(links, choice.errors));
        for (const sql of rest) await home.script(sql);
      });
    } finally {
      await home.close();
    }
  }

  async intoExisting(): Promise<void> {
    const { spec, choice } = this.#request;
    const { target, errors } = choice;
    if (target.kind !== 'existing') return;
    if (target.onExisting === 'skip')
      for (const { item } of this.#plan.existing) {
        this.#skipped.add(item);
        this.#say(`Left as it is: ${this.#plan.items.find(({ id }) => id === item)?.name}`);
      }
    const drops = target.onExisting === 'replace' ? dropsOf(this.#plan.existing) : [];
    // A schema or an extension that is there is used, not dropped: other things live in it.
    for (const { item, kind } of this.#plan.existing)
      if (kind === 'schema' || kind === 'extension') this.#skipped.add(item);
    await this.#withLinks({ ...spec, database: target.database }, 1, async ([link]) => {
      if (!link) return;
      if (errors === 'single') await link.script('begin');
      await this.#makeRoles(link);
      for (const sql of drops) {
        this.#say(sql);
        await link.script(sql);
      }
      for (const item of this.#plan.items) await this.#one(link, item, errors);
      this.#told.signal?.throwIfAborted();
      if (errors === 'single') await link.commit();
    });
  }

  /** Items in their order; rows, indexes and keys, which do not need each other, several at a time. */
  async #runs(links: readonly BackupLink[], errors: RestoreChoice['errors']): Promise<void> {
    const [first] = links;
    if (!first) return;
    const { items } = this.#plan;
    for (let at = 0; at < items.length; ) {
      let end = at + 1;
      const together = isApart(items[at]);
      while (end < items.length && isApart(items[end]) === together) end++;
      const run = items.slice(at, end);
      if (together) await this.#atOnce(links, run, errors);
      else {
        // Many small statements: one commit for all of them.
        if (errors !== 'continue') await first.script('begin');
        for (const item of run) await this.#one(first, item, errors);
        if (errors !== 'continue') await first.script('commit');
      }
      at = end;
    }
  }

  /** Each as soon as what it needs of these is there. */
  async #atOnce(
    links: readonly BackupLink[],
    run: readonly ArchiveItem[],
    errors: RestoreChoice['errors'],
  ): Promise<void> {
    const waiting = new Set(run);
    const open = new Set(run.map(({ id }) => id));
    let failed: { readonly thrown: unknown } | null = null;
    let wake = Promise.withResolvers<void>();
    const settle = () => {
      wake.resolve();
      wake = Promise.withResolvers<void>();
    };
    const next = (): ArchiveItem | undefined => {
      for (const item of waiting) if (!item.needs.some((id) => open.has(id))) return item;
      return undefined;
    };
    await Promise.all(
      links.map(async (link) => {
        while (waiting.size > 0 && !failed) {
          const item = next();
          if (!item) {
            await wake.promise;
            continue;
          }
          waiting.delete(item);
          try {
            await this.#one(link, item, errors);
          } catch (thrown) {
            failed ??= { thrown };
            await Promise.all(links.map((other) => other.cancel()));
          }
          open.delete(item.id);
          settle();
        }
      }),
    );
    if (failed) throw (failed as { readonly thrown: unknown }).thrown;
  }

  async #one(link: BackupLink, item: ArchiveItem, errors: RestoreChoice['errors']): Promise<void> {
    this.#told.signal?.throwIfAborted();
    if (
      this.#skipped.has(item.id) ||
      item.needs.some((id) => this.#skipped.has(id) && isOfSkipped(item, id, this.#plan.items))
    ) {
      this.#skipped.add(item.id);
      return;
    }
    this.#now.set(link, `${item.kind} ${nameOf(item)}`);
    this.#tell(item.data ? 'copying' : 'making');
    try {
      const sql = await this.#steps.script(item);
      if (sql !== '') await link.script(sql);
      if (item.data) await this.#load(link, item as ArchiveItem & { readonly data: ItemData }, errors === 'single');
      if (item.afterRows) await link.script(await this.#steps.script(item, item.afterRows));
      this.#items++;
    } catch (thrown) {
      const failure = failureIn(thrown, item);
      if (errors !== 'continue' || this.#told.signal?.aborted) throw new FailureError(failure, { cause: thrown });
      this.#say(`FAILED: ${item.kind} ${nameOf(item)}: ${failure.message}`);
      this.#failures.push({ item, failure });
      await link.script('reset role');
    } finally {
      this.#now.delete(link);
    }
  }

  async #load(
    link: BackupLink,
    item: ArchiveItem & { readonly data: ItemData },
    inTransaction: boolean,
  ): Promise<void> {
    const { data } = item;
    const source = this.#counted(this.#archive.rows(item));
    let rows: number;
    if (inTransaction) rows = await link.copyIn(data.copy, source);
    else {
      // The table is ours and empty: truncated in the same transaction, its rows can be written as old ones at once.
      const table = /^COPY ((?:"(?:[^"]|"")*"\.?)+)/.exec(data.copy)?.[1];
      const ours = this.#request.choice.target.kind === 'new' && table !== undefined;
      await link.script(ours ? `begin; truncate only ${table}` : 'begin');
      try {
        rows = await link.copyIn(ours ? `${data.copy} WITH (FREEZE)` : data.copy, source);
        await link.script('commit');
      } catch (thrown) {
        await link.script('rollback').catch(() => {});
        throw thrown;
      }
    }
    if (rows !== data.rows)
      throw new FailureError({
        kind: 'internal',
        message: `The server took ${rows} rows of ${nameOf(item)}, and the backup has ${data.rows}.`,
      });
    this.#rows += rows;
    this.#say(`${nameOf(item)}: ${rows} rows`);
  }

  async *#counted(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const piece of pieces) {
      this.#told.signal?.throwIfAborted();
      this.#bytes += piece.length;
      this.#tell('copying');
      yield piece;
    }
  }

  /** Without any right but to be there: who they are is for the people of that server to say. */
  async #makeRoles(link: BackupLink): Promise<void> {
    if (this.#request.choice.missingRoles !== 'create') return;
    for (const name of this.#plan.missingRoles) {
      await link.script(`create role ${identifier(name)}`);
      this.#say(`Made the role ${name}, without the right to log in`);
    }
  }

  /** Where the server does not know the old one's locale, it takes its own and says so. */
  async #createDatabase(home: BackupLink, sql: string, database: string): Promise<void> {
    try {
      await home.script(sql);
    } catch (thrown) {
      const failure = failureOf(thrown);
      if (failure.kind !== 'postgres' || !['42809', '22023', '0A000'].includes(failure.sqlstate)) throw thrown;
      this.#say(`The server refused the locale of the backup (${failure.message}); the database has the server's own.`);
      await home.script(`create database ${identifier(database)} template template0`);
    }
  }

  async #withLinks(
    spec: ConnectSpec,
    count: number,
    work: (links: readonly BackupLink[]) => Promise<void>,
  ): Promise<void> {
    const stop = () => void Promise.all(this.#links.map((link) => link.cancel()));
    this.#told.signal?.addEventListener('abort', stop, { once: true });
    try {
      for (let at = 0; at < Math.max(1, count); at++) {
        const link = await BackupLink.open(spec, restoreName, this.#told.signal);
        this.#links.push(link);
        await link.script(
          "set check_function_bodies = off; set default_tablespace = ''; set session_replication_role = 'origin'",
        );
      }
      await work(this.#links);
    } finally {
      this.#told.signal?.removeEventListener('abort', stop);
      await Promise.all(this.#links.map((link) => link.close()));
    }
  }

  #say(line: string): void {
    this.#told.onLine?.(line);
  }
  #tell(step: BackupProgress['step']): void {
    this.#told.onProgress?.({
      step,
      done: this.#items,
      all: this.#plan.items.length,
      bytes: this.#bytes,
      allBytes: this.#plan.rawBytes,
      now: [...this.#now.values()],
    });
  }
}

/** What can be done at the same time as others of its kind. */
const isApart = (item: ArchiveItem | undefined): boolean =>
  item?.kind === 'rows' || item?.kind === 'index' || item?.kind === 'constraint';

/** Parts of what was left as it is are left, too; what only uses it is made. */
function isOfSkipped(item: ArchiveItem, id: number, items: readonly ArchiveItem[]): boolean {
  const skipped = items.find((one) => one.id === id);
  if (!skipped || skipped.kind === 'schema' || skipped.kind === 'extension') return false;
  return (
    item.section !== 'before' &&
    item.schema === skipped.schema &&
    (item.name === skipped.name || item.name.endsWith(` on ${skipped.name}`))
  );
}

/** The server's word, with what was being restored before it. */
function failureIn(thrown: unknown, item: ArchiveItem): Failure {
  const failure = failureOf(thrown);
  if (failure.kind !== 'postgres') return failure;
  return { ...failure, message: `${item.kind} ${nameOf(item)}: ${failure.message}` };
}
