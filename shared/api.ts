/** The whole contract on one screen. Three doors serve it: a MessagePort, a WebSocket, later REST. */
import type { ContractRouterClient } from '@orpc/contract';
import { app } from './api/app.ts';
import { backups } from './api/backups.ts';
import { catalog } from './api/catalog.ts';
import { connections } from './api/connections.ts';
import { data } from './api/data.ts';
import { diagrams } from './api/diagrams.ts';
import { files } from './api/files.ts';
import { guard } from './api/guard.ts';
import { history } from './api/history.ts';
import { journal } from './api/journal.ts';
import { lint } from './api/lint.ts';
import { mail } from './api/mail.ts';
import { memory } from './api/memory.ts';
import { monitor } from './api/monitor.ts';
import { objects } from './api/objects.ts';
import { plans } from './api/plans.ts';
import { queries } from './api/queries.ts';
import { recordings } from './api/recordings.ts';
import { resultCache } from './api/result-cache.ts';
import { results } from './api/results.ts';
import { sample } from './api/sample.ts';
import { sessions } from './api/sessions.ts';
import { signals } from './api/signals.ts';
import { structure } from './api/structure.ts';
import { transfer } from './api/transfer.ts';
import { workspace } from './api/workspace.ts';

export const contract = {
  app,
  backups,
  catalog,
  connections,
  data,
  diagrams,
  files,
  guard,
  history,
  mail,
  memory,
  monitor,
  journal,
  lint,
  objects,
  plans,
  queries,
  recordings,
  resultCache,
  results,
  sample,
  sessions,
  signals,
  transfer,
  structure,
  workspace,
};

export type Contract = typeof contract;
export type Client = ContractRouterClient<Contract>;
