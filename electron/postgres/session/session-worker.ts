/**
 * The thread of one source: the tabs' connections and the catalog's. A crash, or running out of memory, ends this
 * thread and the sessions in it, and nothing else. Rows never leave it: they go into result files.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { failureOf, invalid } from '../../../shared/failure.ts';
import { ColumnTypes, typeLookupSql } from '../wire/column-types.ts';
import { Catalog } from './catalog.ts';
import { TabSession } from './tab-session.ts';
import type { CallName, FromWorker, ToWorker, WorkerCalls, WorkerStart } from './worker-messages.ts';
import { WriteLine } from './write-line.ts';

const port = parentPort;
if (!port) throw new Error('session-worker runs as a worker thread');
const start = workerData as WorkerStart;

const catalog = new Catalog(start.spec);
/** The rows of tables come over connections of their own: what they wait for keeps no tree or completion waiting. */
const data = new Catalog(start.spec, 'data');
const writes = new WriteLine();
const types = new ColumnTypes(async (wanted) => {
  const oids = wanted.map(([oid]) => oid);
  const typmods = wanted.map(([, typmod]) => typmod);
  const rows = await catalog.ask({ text: typeLookupSql, values: [oids, typmods], timeoutMs: 2_000 });
  return new Map(rows.map((row) => [String(row.key), { name: String(row.name), category: String(row.category) }]));
});
const sessions = new Map<string, TabSession>();
const aborts = new Map<number, AbortController>();

const tell = (message: FromWorker): void => {
  // Index entries are handed over, not copied.
  port.postMessage(message, message.kind === 'fileGrew' ? [message.index.buffer] : []);
};

function sessionOf(sessionId: string): TabSession {
  const session = sessions.get(sessionId);
  if (!session) throw invalid('sessionId', 'There is no such session: it was closed.');
  return session;
}

type Calls = {
  readonly [Name in CallName]: (input: WorkerCalls[Name][0], signal: AbortSignal) => Promise<WorkerCalls[Name][1]>;
};
const calls: Calls = {
  facts: async ({ spec }) => {
    catalog.useSpec(spec);
    data.useSpec(spec);
    return await catalog.facts();
  },
  ask: async (question, signal) => await catalog.ask({ ...question, signal }),
  read: async ({ text, values, timeoutMs }, signal) => {
    const { fields, rows } = await data.read({ text, values, timeoutMs, signal });
    return { columns: await types.columns(fields), rows };
  },
  write: async ({ spec, request }) => await writes.run(spec, request),
  open: async ({ sessionId, spec }) => {
    catalog.useSpec(spec);
    const session = new TabSession({ sessionId, filePrefix: start.filePrefix, catalog, types, tell });
    const onConnectError = await session.open(spec);
    sessions.set(sessionId, session);
    return { now: session.now, onConnectError };
  },
  run: async ({ sessionId, request }) => {
    await sessionOf(sessionId).run(request);
    return null;
  },
  peek: async ({ sessionId, questions, timeoutMs }) => await sessionOf(sessionId).peek(questions, timeoutMs),
  describe: async ({ sessionId, text }) => await sessionOf(sessionId).describe(text),
  cancel: async ({ sessionId }) => await sessionOf(sessionId).cancel(),
  close: async ({ sessionId }) => {
    const session = sessions.get(sessionId);
    sessions.delete(sessionId);
    await session?.close();
    return null;
  },
};

async function answer<Name extends CallName>(id: number, name: Name, input: WorkerCalls[Name][0]): Promise<void> {
  const abort = new AbortController();
  aborts.set(id, abort);
  try {
    tell({ kind: 'answer', id, value: await calls[name](input, abort.signal) });
  } catch (thrown) {
    tell({ kind: 'failure', id, failure: failureOf(thrown) });
  } finally {
    aborts.delete(id);
  }
}

port.on('message', (message: ToWorker) => {
  switch (message.kind) {
    case 'call':
      void answer(message.id, message.name, message.input);
      break;
    case 'abort':
      aborts.get(message.id)?.abort();
      break;
    case 'ping':
      tell({ kind: 'pong', count: message.count });
      break;
  }
});
