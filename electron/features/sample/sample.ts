/** The procedures of the sample server. */
import type { ConnectionDraft } from '../../../shared/api/connections.ts';
import type { SampleProgress } from '../../../shared/api/sample.ts';
import { failureOf, invalid } from '../../../shared/failure.ts';
import type { Log } from '../../platform.ts';
import { EventQueue } from '../../postgres/session/event-queue.ts';
import { procedures, stream } from '../../procedures.ts';
import { createSampleServer, type SampleTarget } from './sample-server.ts';
import { createWorkload } from './workload/workload.ts';

export interface SampleDeps {
  readonly dataFolder: string;
  readonly resourcesFolder: string;
  /** `few` for tests. */
  readonly rows?: 'few' | 'all';
  readonly log: Log;
  /**
   * Saves the connection, or brings it up to date where `knownId` still exists (port and password can change).
   * Answers its id.
   */
  ensureConnection(draft: ConnectionDraft, password: string, knownId?: string): Promise<string>;
}

export function createSample(deps: SampleDeps) {
  const server = createSampleServer(deps);
  const workload = createWorkload(deps.log);

  async function openAll(tell: (event: SampleProgress) => void): Promise<void> {
    const target = await server.open((step, fraction) => tell({ kind: 'progress', step, fraction }));
    const { connectionId: knownId } = await server.status();
    const connectionId = await deps.ensureConnection(draftFor(target), target.password, knownId);
    await server.rememberConnection(connectionId);
    tell({ kind: 'ready', connectionId });
  }

  /** Whoever leaves the stream leaves the loading to go on; the next one joins it. */
  function open(): AsyncIterable<SampleProgress> {
    const isStep = (event: SampleProgress) => event.kind === 'progress';
    const events = new EventQueue<SampleProgress>((newer, older) => isStep(newer) && isStep(older));
    void openAll((event) => events.push(event))
      .catch((thrown) => events.push({ kind: 'failed', failure: failureOf(thrown) }))
      .finally(() => events.end());
    return events;
  }

  async function stop(): Promise<void> {
    await workload.stop();
    await server.stop();
  }

  return {
    procedures: {
      status: procedures.sample.status.handler(async () => ({
        ...(await server.status()),
        workloadRunning: workload.running,
      })),
      open: procedures.sample.open.handler(() => stream(open())),
      stop: procedures.sample.stop.handler(stop),
      startWorkload: procedures.sample.startWorkload.handler(() => {
        if (!server.target) throw invalid('sample', 'Open the sample first.');
        return workload.start(server.target);
      }),
      stopWorkload: procedures.sample.stopWorkload.handler(() => workload.stop()),
    },
    /** Where it runs and this program uses it. */
    target: () => server.target,
    /** With the app. */
    close: stop,
  };
}

const draftFor = (target: SampleTarget): ConnectionDraft => ({
  name: 'Sample',
  group: '',
  tags: ['sample'],
  color: 'teal',
  environment: 'development',
  region: '',
  provider: 'this computer',
  host: target.host,
  port: target.port,
  database: target.database,
  user: target.user,
  sslMode: 'auto',
  sslRootCert: '',
  sslCert: '',
  ssh: null,
  readOnly: false,
  onConnectSql: '',
  password: 'keychain',
  parameters: {},
});
