/** The procedures of backups, and the schedules that run while the program does. */
import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { drillFailed, type RestoreChoice, type RestorePlan, type ScheduleNow } from '../../../shared/api/backups.ts';
import type { Connection } from '../../../shared/api/connections.ts';
import { invalid } from '../../../shared/failure.ts';
import type { ChosenFiles, Log, Platform } from '../../platform.ts';
import type { ConnectSpec, Source } from '../../postgres/source.ts';
import { procedures, stream } from '../../procedures.ts';
import type { BackupStore, KeptBackup, KeptSchedule } from '../../store/backups.ts';
import { BackupFiles } from './backup-files.ts';
import { BackupMaker } from './backup-work.ts';
import { contentsOf, saveCopy } from './file-contents.ts';
import { Jobs } from './jobs.ts';
import { notifyOf, type Telling } from './notify.ts';
import { plannedRestore } from './restore-plan.ts';
import { toRemove } from './retention.ts';
import { cronOf, momentsOf, watchSchedules } from './schedules.ts';
import { serverState } from './server-state.ts';
import { surveyDatabases, surveySchemas, surveySize } from './survey.sql.ts';
import { toolsFor } from './tools-for.ts';

export interface BackupsDeps {
  readonly store: BackupStore;
  /** Where backups go unless another folder was chosen. */
  readonly folder: string;
  readonly files: ChosenFiles;
  readonly chooseFolder?: ((title: string) => Promise<string | null>) | undefined;
  readonly notify: Platform['notify'];
  readonly notice: Telling['notice'];
  readonly sendMail: Telling['sendMail'];
  readonly program: string;
  specOf(connectionId: string, database?: string): Promise<ConnectSpec>;
  find(connectionId: string): Connection;
  source(connectionId: string, database?: string): Promise<Source>;
  scratch(): Promise<{ readonly spec: ConnectSpec; stop(): Promise<void> }>;
  readonly log: Log;
}

export function createBackups(deps: BackupsDeps) {
  const { store, log } = deps;
  const files = new BackupFiles(store, deps.folder);
  const jobs = new Jobs();
  const maker = new BackupMaker({
    files,
    jobs,
    program: deps.program,
    specOf: deps.specOf,
    connectionName: (id) => deps.find(id).name,
    scratch: deps.scratch,
    log,
  });
  const swept = files
    .sweep()
    .catch((thrown) => log.warn('backups could not be looked through', { why: String(thrown) }));

  const runSchedule = async (schedule: KeptSchedule): Promise<string> => {
    const { connectionId, database, choice, drill } = schedule;
    const wanted = { connectionId, database, choice, scheduleId: schedule.id, drill };
    return maker.backUp(wanted, (kept) => {
      void afterwards(schedule, kept).catch((thrown) => log.warn('after a backup', { why: String(thrown) }));
    });
  };
  /** A bad one removes nothing, nor one that could not be drilled: what is there may be the last that is good. */
  const afterwards = async (schedule: KeptSchedule, kept: KeptBackup): Promise<void> => {
    if (kept.state === 'good' && !drillFailed(kept.drill)) {
      const list = files.list([]).filter((each) => each.scheduleId === schedule.id && each.state === 'good');
      for (const id of toRemove(list, schedule.keep)) await files.remove(id);
    }
    jobs.listChanged();
    await notifyOf(schedule, kept, deps);
  };
  const unattended = (schedule: KeptSchedule): void => {
    const busy = jobs
      .all()
      .some(({ state, backupId }) => state === 'running' && store.get(backupId)?.scheduleId === schedule.id);
    if (busy) return;
    runSchedule(schedule).catch((thrown) => log.warn('a scheduled backup did not begin', { why: String(thrown) }));
  };
  const stopWatching = watchSchedules(store, unattended);

  const scheduleOf = (id: string): KeptSchedule => {
    const found = store.schedules().find((schedule) => schedule.id === id);
    if (!found) throw invalid('id', 'This schedule is not there any more.');
    return found;
  };
  const nameOf = (connectionId: string): string => {
    try {
      return deps.find(connectionId).name;
    } catch {
      return 'a connection that is gone';
    }
  };
  const schedulesNow = (): ScheduleNow[] => {
    const list = files.list(jobs.all());
    return store.schedules().map(({ lastMs, ...schedule }) => {
      const last = list.find(({ scheduleId }) => scheduleId === schedule.id);
      return {
        ...schedule,
        connectionName: nameOf(schedule.connectionId),
        nextMs: schedule.enabled ? (cronOf(schedule.cron).nextRun()?.getTime() ?? null) : null,
        lastMs: last?.atMs ?? null,
        lastState: last?.state === 'good' && drillFailed(last.drill) ? 'drillFailed' : (last?.state ?? null),
      };
    });
  };

  const planned = async (
    id: string,
    connectionId: string,
    choice: RestoreChoice,
    signal?: AbortSignal,
  ): Promise<RestorePlan> => {
    const connection = deps.find(connectionId);
    const on = { connection, spec: await deps.specOf(connectionId) };
    return plannedRestore(files.get(id), files.path(id), on, choice, signal);
  };

  const { backups } = procedures;
  return {
    procedures: {
      list: backups.list.handler(async () => {
        await swept;
        return {
          backups: files.list(jobs.all()),
          folder: files.folder,
          mayChooseFolder: deps.chooseFolder !== undefined,
        };
      }),
      follow: backups.follow.handler(({ signal }) => stream(jobs.follow(signal))),
      survey: backups.survey.handler(async ({ input, signal }) => {
        const source = await deps.source(input.connectionId, input.database ?? undefined);
        const asked = signal ? { signal } : {};
        const [databases, schemas, size] = await Promise.all([
          source.ask(surveyDatabases, [], asked),
          source.ask(surveySchemas, [], asked),
          source.ask(surveySize, [], asked),
        ]);
        return {
          databases: databases.map(({ name }) => name),
          database: source.facts.database,
          serverVersion: source.facts.version,
          sizeBytes: Number(size[0]?.bytes ?? 0),
          schemas: schemas.map(({ name, tables, bytes }) => ({ name, tables, bytes: Number(bytes) })),
        };
      }),
      onServer: backups.onServer.handler(async ({ input, signal }) =>
        serverState(await deps.source(input.connectionId), signal),
      ),
      start: backups.start.handler(async ({ input }) => {
        deps.find(input.connectionId);
        return { jobId: await maker.backUp({ ...input, scheduleId: null, drill: false }) };
      }),
      cancel: backups.cancel.handler(({ input }) => jobs.cancel(input.jobId)),
      tools: backups.tools.handler(async ({ input }) => {
        const source = await deps.source(input.connectionId, input.database);
        const spec = await deps.specOf(input.connectionId, input.database);
        return toolsFor(input.choice, files.folder, spec, source.facts.versionNum);
      }),
      contents: backups.contents.handler(({ input }) => contentsOf(files.get(input.id), files.path(input.id))),
      verify: backups.verify.handler(({ input }) => ({ jobId: maker.verify(input.id) })),
      drill: backups.drill.handler(({ input }) => ({ jobId: maker.drill(input.id) })),
      plan: backups.plan.handler(({ input, signal }) => planned(input.id, input.connectionId, input.choice, signal)),
      restore: backups.restore.handler(async ({ input, signal }) => {
        const plan = await planned(input.id, input.connectionId, input.choice, signal);
        if (plan.obstacles.length > 0) throw invalid('choice', plan.obstacles.join(' '));
        if (plan.confirm !== null && input.confirm !== plan.confirm)
          throw invalid('confirm', `Type ${plan.confirm} to say that this is meant.`);
        return { jobId: maker.restore(input.id, await deps.specOf(input.connectionId), input.choice) };
      }),
      remove: backups.remove.handler(async ({ input }) => {
        if (jobs.all().some(({ state, backupId }) => state === 'running' && backupId === input.id))
          throw invalid('id', 'It is being worked on. Cancel that first.');
        await files.remove(input.id);
        jobs.listChanged();
      }),
      open: backups.open.handler(async ({ input }) => {
        const path = deps.files.path(input.fileToken);
        const added = await files.add(path, basename(path));
        jobs.listChanged();
        return added;
      }),
      saveCopy: backups.saveCopy.handler(async ({ input, signal }) => {
        await saveCopy(files.get(input.id), files.path(input.id), deps.files.path(input.fileToken), input.form, signal);
        const to = deps.files.path(input.fileToken);
        deps.files.finished(input.fileToken);
        return { sizeBytes: (await stat(to)).size };
      }),
      chooseFolder: backups.chooseFolder.handler(async () => {
        const chosen = deps.chooseFolder ? await deps.chooseFolder('Where new backups go') : null;
        if (chosen !== null) store.putFolder(chosen);
        return { chosen: chosen !== null };
      }),
      schedules: backups.schedules.handler(() => schedulesNow()),
      moments: backups.moments.handler(({ input }) => momentsOf(input.cron, 3)),
      saveSchedule: backups.saveSchedule.handler(({ input }) => {
        deps.find(input.connectionId);
        if (momentsOf(input.cron, 1).length === 0) throw invalid('cron', 'This pattern has no moment to come.');
        const before = store.schedules().find(({ id }) => id === input.id);
        const again = before && before.cron === input.cron && before.enabled === input.enabled;
        const id = input.id ?? randomUUID();
        store.putSchedule({ ...input, id, lastMs: again ? before.lastMs : Date.now() });
        jobs.listChanged();
        return { id };
      }),
      removeSchedule: backups.removeSchedule.handler(({ input }) => {
        store.removeSchedule(scheduleOf(input.id).id);
        jobs.listChanged();
      }),
      runSchedule: backups.runSchedule.handler(async ({ input }) => ({
        jobId: await runSchedule(scheduleOf(input.id)),
      })),
    },
    /** Schedules that are on, and work under way, in a few words. */
    background(): string[] {
      const on = store.schedules().filter(({ enabled }) => enabled).length;
      const running = jobs.all().filter(({ state }) => state === 'running');
      return [
        ...(on === 0 ? [] : [on === 1 ? '1 backup schedule' : `${on} backup schedules`]),
        ...running.map(({ title }) => title),
      ];
    },
    async close(): Promise<void> {
      stopWatching();
      await jobs.close();
    },
  };
}
