/** What exists, as a list one can read. Both hosts and the command line start here. */
import type { AnyRouter } from '@orpc/server';
import { createApp } from './features/app/app.ts';
import { filesProcedures } from './features/files/files.ts';
import { historyProcedures } from './features/history/history.ts';
import { holderOf, workspaceProcedures } from './features/workspace/workspace.ts';
import type { Platform } from './platform.ts';
import { createHistoryStore } from './store/history.ts';
import { openStore } from './store/open.ts';
import { createSettingsStore } from './store/settings.ts';
import { createWorkspaceStore } from './store/workspace.ts';

export interface Core {
  readonly router: AnyRouter;
  /** The host's word that a page (window, browser tab) and its line are gone. */
  pageGone(clientId: string): void;
  close(): Promise<void>;
}

export async function createCore(platform: Platform): Promise<Core> {
  const store = openStore(platform.dataFolder);
  const app = createApp({ platform, settings: createSettingsStore(store.db), setAside: [...store.setAside] });
  const workspaces = createWorkspaceStore(store.db);

  const router = {
    app: app.procedures,
    files: filesProcedures({ files: platform.files }),
    history: historyProcedures({ history: createHistoryStore(store.db) }),
    workspace: workspaceProcedures({ workspaces }),
  };

  return {
    router,
    pageGone: (clientId) => workspaces.release(holderOf(clientId)),
    async close() {
      app.close();
      store.close();
    },
  };
}
