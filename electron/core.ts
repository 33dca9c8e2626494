/** What exists, as a list one can read. Both hosts start here; the command line takes single parts. */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { AnyRouter } from '@orpc/server';
import { createApp } from './features/app/app.ts';
import { createBackups } from './features/backups/backups.ts';
import { createCatalog } from './features/catalog/catalog.ts';
import { createConnections } from './features/connections/connections.ts';
import { dataProcedures } from './features/data/data.ts';
import { diagramProcedures } from './features/diagrams/diagrams.ts';
import { filesProcedures } from './features/files/files.ts';
import { createGuard } from './features/guard/guard.ts';
import { historyProcedures } from './features/history/history.ts';
import { createJournal } from './features/journal/journal.ts';
import { lintProcedures } from './features/lint/lint.ts';
import { createMail } from './features/mail/mail.ts';
import { memoryProcedures } from './features/memory/memory.ts';
import { monitorProcedures } from './features/monitor/monitor.ts';
import { objectProcedures } from './features/objects/objects.ts';
import { planProcedures } from './features/plans/plans.ts';
import { createQueries } from './features/queries/queries.ts';
import { createRecordings } from './features/recordings/recordings.ts';
import { createResultCache } from './features/result-cache/result-cache.ts';
import { WritesWatch } from './features/result-cache/writes-watch.ts';
import { resultProcedures } from './features/results/results.ts';
import { createSample } from './features/sample/sample.ts';
import { startScratchServer } from './features/sample/scratch/scratch-server.ts';
import { createSessions } from './features/sessions/sessions.ts';
import { signalProcedures } from './features/signals/signals.ts';
import { structureProcedures } from './features/structure/structure.ts';
import { transferProcedures } from './features/transfer/transfer.ts';
import { holderOf, workspaceProcedures } from './features/workspace/workspace.ts';
import type { Platform } from './platform.ts';
import { OpenResults } from './postgres/result/open-results.ts';
import { createSources } from './postgres/sources.ts';
import { procedures } from './procedures.ts';
import { OpenRecordings } from './recorder/open/open-recordings.ts';
import { createBackupStore } from './store/backups.ts';
import { createConnectionStore } from './store/connections.ts';
import { createDiagramStore } from './store/diagrams.ts';
import { createGuardStore } from './store/guard.ts';
import { createHistoryStore } from './store/history.ts';
import { createJournalStore } from './store/journal.ts';
import { type OpenedStore, openStore } from './store/open.ts';
import { createParameterStore } from './store/parameters.ts';
import { createPlanStore } from './store/plans.ts';
import { createQueryStore } from './store/queries.ts';
import { createRecordingStore } from './store/recordings.ts';
import { createResultCacheStore } from './store/result-cache.ts';
import { createMailStore, createSettingsStore } from './store/settings.ts';
import { createPaceStore } from './store/structure-paces.ts';
import { createWorkspaceStore } from './store/workspace.ts';

export interface Core {
  readonly router: AnyRouter;
  /** The host's word that a page (window, browser tab) and its line are gone. */
  pageGone(clientId: string): void;
  /** What goes on without a page, each in a few words; none: nothing is lost by ending the program. */
  background(): string[];
  close(): Promise<void>;
}

export async function createCore(platform: Platform): Promise<Core> {
  const { dataFolder, resourcesFolder, files, secrets, log } = platform;

  const store = openStore(dataFolder);
  const history = createHistoryStore(store.db);
  const workspaces = createWorkspaceStore(store.db);

  const app = createApp({ platform, settings: createSettingsStore(store.db), setAside: [...store.setAside] });
  const connections = createConnections({
    store: createConnectionStore(store.db),
    secrets,
    dataFolder,
    log,
    onMoved: (id) => {
      void sources.closeConnection(id);
      void catalog.forget(id);
      resultCache.forget(id);
      void recording.moved(id);
    },
  });
  const sources = await createSources({
    resultsFolder: join(dataFolder, 'results'),
    async specOf(id, database) {
      const spec = await connections.specOf(id, database);
      connections.used(id);
      return spec;
    },
    log,
    watch: new WritesWatch(() => resultCache.kept),
  });
  const resultCache = createResultCache({
    store: createResultCacheStore(store.db),
    results: sources.results,
    specOf: connections.specOf,
    log,
  });
  const results = new OpenResults(sources.results);
  const journal = createJournal({
    store: createJournalStore(store.db),
    sources,
    connectionName: connections.nameOf,
    wanted: (connectionId) => guard.keepsJournal(connectionId),
    log,
  });
  const guard = createGuard({ store: createGuardStore(store.db), connectionOf: connections.find });
  const sessions = createSessions({
    sources,
    guard,
    journal,
    recordRun: history.add,
    connectionName: connections.nameOf,
    parameters: createParameterStore(store.db),
    keptResults: resultCache,
    log,
  });
  const catalog = createCatalog({ sources, dataFolder, log });
  const queries = createQueries({
    store: createQueryStore(store.db),
    chooseFolder: platform.chooseFolder?.bind(platform),
    folder: platform.queriesFolder,
    log,
  });
  const sample = createSample({ dataFolder, resourcesFolder, log, ensureConnection: connections.ensure });
  const plans = createPlanStore(store.db);
  const recordings = new OpenRecordings();
  const recording = createRecordings({
    folder: join(dataFolder, 'recordings'),
    store: createRecordingStore(store.db),
    recordings,
    files,
    specOf: connections.specOf,
    connectionName: (id) => connections.find(id).name,
    onHostEvent: platform.onHostEvent,
    log,
  });
  recording.resume();
  const mail = createMail({ store: createMailStore(store.db), secrets });
  const backups = createBackups({
    store: createBackupStore(store.db),
    folder: join(dataFolder, 'backups'),
    files,
    chooseFolder: platform.chooseFolder?.bind(platform),
    notify: (message) => platform.notify(message),
    notice: (level, message) => app.tell({ kind: 'notice', level, message }),
    sendMail: mail.send,
    program: `Howdah ${platform.version}`,
    specOf: connections.specOf,
    find: connections.find,
    source: (id, database) => sources.source(id, database),
    scratch: startScratchServer,
    log,
  });
  const stopBackups = backUpNowAndThen(store, platform);

  return {
    router: procedures.router({
      app: app.procedures,
      backups: backups.procedures,
      catalog: catalog.procedures,
      connections: connections.procedures,
      data: dataProcedures({
        sources,
        specOf: connections.specOf,
        askedBeforeSaving: guard.beforeSaving,
        keep: journal.add,
        log,
      }),
      diagrams: diagramProcedures({ store: createDiagramStore(store.db), files, sources }),
      files: filesProcedures({ files }),
      guard: guard.procedures,
      history: historyProcedures({ history }),
      journal: journal.procedures,
      lint: lintProcedures({ sources }),
      mail: mail.procedures,
      memory: memoryProcedures({ recordings, store: plans }),
      monitor: monitorProcedures({ recordings }),
      objects: objectProcedures({ sources }),
      queries: queries.procedures,
      plans: planProcedures({
        sources,
        results,
        store: plans,
        local: sample.target,
        recordings,
        connectionName: connections.nameOf,
        guard,
      }),
      recordings: recording.procedures,
      resultCache: resultCache.procedures,
      results: resultProcedures({ results, hold: sessions.hold }),
      sample: sample.procedures,
      sessions: sessions.procedures,
      signals: signalProcedures({ sources }),
      transfer: transferProcedures({ sources, results, specOf: connections.specOf, files, dataFolder, guard }),
      structure: structureProcedures({
        sources,
        results,
        guard,
        recordRun: history.add,
        connectionName: connections.nameOf,
        paces: createPaceStore(store.db),
        log,
      }),
      workspace: workspaceProcedures({ workspaces }),
    }),

    pageGone(clientId) {
      if (!store.db.open) return;
      workspaces.release(holderOf(clientId));
      void sessions.pageGone(clientId);
    },

    background: () => [...backups.background(), ...recording.background()],

    async close() {
      stopBackups();
      queries.close();
      app.close();
      const recordingsClosed = recording.close().then(() => recordings.close());
      const closing = Promise.allSettled([
        recordingsClosed,
        backups.close(),
        resultCache.close(),
        results.close(),
        sources.close(),
        sample.close(),
      ]);
      const closed = await Promise.race([closing, delay(closeWithinMs, null, { ref: false })]);
      // A server that does not answer any more must not keep the program from ending.
      if (closed === null) log.warn('closing took too long and was left', { closeWithinMs });
      for (const each of closed ?? [])
        if (each.status === 'rejected') log.warn('not closed well', { why: String(each.reason) });
      store.close();
    },
  };
}

const closeWithinMs = 10_000;
const firstBackupMs = 30_000;
const backupEveryMs = 3_600_000;

/** So that a file found damaged one day costs an hour of it at most. */
function backUpNowAndThen(store: OpenedStore, { log }: Platform): () => void {
  const backUp = () => store.backup().catch((thrown) => log.warn('no backup was made', { why: String(thrown) }));
  const first = setTimeout(backUp, firstBackupMs).unref();
  const later = setInterval(backUp, backupEveryMs).unref();
  return () => {
    clearTimeout(first);
    clearInterval(later);
  };
}
