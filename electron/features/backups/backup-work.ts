/** Starts backups and what is done with them, and keeps what came of each. */
import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import type { BackupChoice, DrillResult, RestoreChoice } from '../../../shared/api/backups.ts';
import { type DumpTool, isOfServer, subjectOf } from '../../../shared/api/dump-tool.ts';
import { failureOf, invalid } from '../../../shared/failure.ts';
import type { Log } from '../../platform.ts';
import { isWhole } from '../../postgres/backup/dump/choice.ts';
import type { WorkTold } from '../../postgres/backup/progress.ts';
import type { BackupDone, BackupWork } from '../../postgres/backup/thread/backup-messages.ts';
import { inBackupThread } from '../../postgres/backup/thread/backup-thread.ts';
import { formOf, notOfOneDatabase, runPgDump, verifyDump } from '../../postgres/backup/tools/run-pg-dump.ts';
import { runPgRestore } from '../../postgres/backup/tools/run-pg-restore.ts';
import type { ConnectSpec } from '../../postgres/source.ts';
import { bytes } from '../../recorder/report/words.ts';
import type { KeptBackup } from '../../store/backups.ts';
import type { BackupFiles } from './backup-files.ts';
import type { Jobs } from './jobs.ts';

export interface WorkDeps {
  readonly files: BackupFiles;
  readonly jobs: Jobs;
  readonly program: string;
  specOf(connectionId: string, database?: string): Promise<ConnectSpec>;
  connectionName(connectionId: string): string;
  /** A server of its own for a drill; throws why there is none. */
  scratch(): Promise<{ readonly spec: ConnectSpec; stop(): Promise<void> }>;
  readonly log: Log;
}
export interface BackupWanted {
  readonly connectionId: string;
  readonly database: string;
  readonly choice: BackupChoice;
  readonly scheduleId: string | null;
  /** Restored and compared when it is done. */
  readonly drill: boolean;
}

const lockTimeoutMs = 60_000;
const counted = (count: number): string => count.toLocaleString('en');

export class BackupMaker {
  readonly #deps: WorkDeps;
  constructor(deps: WorkDeps) {
    this.#deps = deps;
  }

  /** @param onEnd told of it as it is kept then, good or not */
  async backUp(wanted: BackupWanted, onEnd: (kept: KeptBackup) => void = () => {}): Promise<string> {
    const { files, jobs } = this.#deps;
    const { connectionId, database, scheduleId } = wanted;
    const { tool } = wanted.choice;
    const form = tool ? formOf(tool) : 'howdah';
    const what = subjectOf(tool, database);
    const path = await files.place(what, form);
    const begun: KeptBackup = {
      ...nothingYet,
      id: randomUUID(),
      connectionId,
      connectionName: this.#deps.connectionName(connectionId),
      database: what,
      fileName: basename(path),
      form,
      atMs: Date.now(),
      scheduleId,
      path,
    };
    files.put(begun);
    jobs.listChanged();
    const title = `Backup of ${what}`;
    return jobs.start({ kind: 'backup', backupId: begun.id, title }, async (told) => {
      let kept = begun;
      try {
        const made = tool ? await this.#dumped(wanted, tool, path, told) : await this.#archived(wanted, path, told);
        kept = { ...begun, ...made, state: 'good', verifiedMs: Date.now() };
        files.put(kept);
        const summary = tool
          ? `${bytes(kept.sizeBytes)} by ${tool.program}; read back to its end.`
          : `${counted(kept.items)} items, ${counted(kept.rows)} rows; read back and sound.`;
        if (!wanted.drill || isOfServer(kept)) return summary;
        return `${summary} ${passed(await this.#drilled(kept, told))}`;
      } catch (thrown) {
        // What comes of its drill takes nothing from the backup that was made.
        if (kept.state === 'good') {
          kept = files.get(kept.id);
          throw thrown;
        }
        const failure = failureOf(thrown);
        kept = {
          ...begun,
          state: failure.kind === 'cancelled' ? 'cancelled' : 'failed',
          failure,
          tookMs: Date.now() - begun.atMs,
        };
        files.put(kept);
        throw thrown;
      } finally {
        onEnd(kept);
      }
    });
  }

  async #archived({ connectionId, database, choice }: BackupWanted, path: string, told: WorkTold) {
    const { jobs, level, tool: _, ...what } = choice;
    const spec = await this.#deps.specOf(connectionId, database);
    const { program } = this.#deps;
    const request = { spec, path, choice: what, jobs, level, lockTimeoutMs, program };
    const done = await this.#run({ kind: 'backup', request }, told);
    const { items, rows, rawBytes, sizeBytes, tookMs, serverVersion, whole, warnings } = done;
    return { items, rows, rawBytes, sizeBytes, tookMs, serverVersion, whole, warnings: [...warnings] };
  }

  async #dumped({ connectionId, database, choice }: BackupWanted, tool: DumpTool, path: string, told: WorkTold) {
    const spec = await this.#deps.specOf(connectionId, database);
    const request = { spec, path, tool, choice, jobs: choice.jobs };
    const { sizeBytes, sha256, tookMs, serverVersion, command } = await runPgDump(request, told);
    const whole =
      isWhole(choice) &&
      (tool.program === 'pg_dumpall' ? tool.what === 'all' : tool.sections.length === 0 && tool.tables.length === 0);
    return { sizeBytes, sha256, tookMs, serverVersion, command, whole };
  }

  verify(id: string): string {
    const { files, jobs } = this.#deps;
    const kept = files.get(id);
    const path = files.path(id);
    return jobs.start({ kind: 'verify', backupId: id, title: `Reading back ${kept.fileName}` }, async (told) => {
      try {
        const rows =
          kept.form === 'howdah'
            ? (await this.#run({ kind: 'verify', path }, told)).rows
            : void (await verifyDump(path, kept.form, kept.sha256, told));
        files.put({ ...files.get(id), state: 'good', failure: null, verifiedMs: Date.now() });
        if (rows !== undefined) return `Sound: ${counted(rows)} rows, every byte as it was written.`;
        return kept.sha256 === '' ? 'Read to its end.' : 'Sound: every byte as it was written, read to its end.';
      } catch (thrown) {
        const failure = failureOf(thrown);
        if (failure.kind === 'invalid') files.put({ ...files.get(id), state: 'damaged', failure });
        throw thrown;
      }
    });
  }

  drill(id: string): string {
    const { files, jobs } = this.#deps;
    const kept = files.get(id);
    files.path(id);
    if (isOfServer(kept)) throw invalid('id', notOfOneDatabase);
    return jobs.start({ kind: 'drill', backupId: id, title: `Restore drill of ${kept.fileName}` }, async (told) => {
      return passed(await this.#drilled(files.get(id), told));
    });
  }

  restore(id: string, spec: ConnectSpec, choice: RestoreChoice): string {
    const { files, jobs } = this.#deps;
    const kept = files.get(id);
    const path = files.path(id);
    const title = `Restore of ${kept.database} into ${choice.target.database}`;
    return jobs.start({ kind: 'restore', backupId: id, title }, async (told) => {
      if (kept.form === 'plain') {
        const { items, rows, failures } = await this.#run({ kind: 'script', request: { spec, path, choice } }, told);
        for (const failure of failures) told.onLine?.(`FAILED: ${failure}`);
        return `${counted(items)} statements run, ${counted(rows)} rows${failures.length > 0 ? `, ${failures.length} failed (see the log)` : ''}.`;
      }
      if (kept.form !== 'howdah') {
        const { items, failed, command } = await runPgRestore({ spec, path, choice }, told);
        told.onLine?.(command);
        return `${counted(items)} entries restored by pg_restore${failed > 0 ? `, ${failed} failed (see the log)` : ''}.`;
      }
      const { items, rows, failures } = await this.#run({ kind: 'restore', request: { spec, path, choice } }, told);
      for (const failure of failures) told.onLine?.(`FAILED: ${failure}`);
      return `${counted(items)} items, ${counted(rows)} rows restored${failures.length > 0 ? `, ${failures.length} failed (see the log)` : ''}.`;
    });
  }

  /** Keeps how it went, also where it could not be restored. */
  async #drilled(kept: KeptBackup, told: WorkTold): Promise<KeptBackup> {
    const { files } = this.#deps;
    const put = (drill: DrillResult): KeptBackup => {
      const now = { ...kept, drill };
      files.put(now);
      return now;
    };
    const atMs = Date.now();
    told.onLine?.('Starting a PostgreSQL for the drill');
    try {
      const scratch = await this.#deps.scratch();
      try {
        const { drill } = await this.#run(
          { kind: 'drill', spec: scratch.spec, path: kept.path, form: kept.form },
          told,
        );
        if (!drill) throw new Error('a drill without an outcome');
        const { serverVersion, against, items, rows, restoreMs, compareMs, differences, notes } = drill;
        return put({
          atMs,
          serverVersion,
          against,
          items,
          rows,
          restoreMs,
          compareMs,
          differences: [...differences],
          notes: [...notes],
          failure: null,
        });
      } finally {
        await scratch.stop();
      }
    } catch (thrown) {
      const failure = failureOf(thrown);
      if (failure.kind !== 'cancelled')
        put({ ...noDrill, atMs, against: kept.form === 'howdah' ? 'snapshot' : 'dump', failure });
      throw thrown;
    }
  }

  #run(work: BackupWork, told: WorkTold): Promise<BackupDone> {
    return inBackupThread(work, told);
  }
}

/** A drill's outcome in a sentence. @throws invalid where it found differences: that is no success */
function passed({ drill, form }: KeptBackup): string {
  const count = drill?.differences.length ?? 0;
  if (count === 0)
    return form === 'howdah' ? 'Restored, and equal to the snapshot.' : 'Restored, with the rows of the dump.';
  throw invalid(
    'drill',
    `Restored with ${count === 1 ? '1 difference' : `${count} differences`}: ${drill?.differences[0]}`,
  );
}

const noDrill = { serverVersion: '', items: 0, rows: 0, restoreMs: 0, compareMs: 0, differences: [], notes: [] };
const nothingYet = {
  serverVersion: '',
  state: 'running',
  failure: null,
  sizeBytes: 0,
  rawBytes: 0,
  items: 0,
  rows: 0,
  tookMs: 0,
  whole: true,
  warnings: [],
  verifiedMs: null,
  drill: null,
  command: '',
  sha256: '',
  ours: true,
} satisfies Partial<KeptBackup>;
