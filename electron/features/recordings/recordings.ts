/** Recordings made in the background and files opened from elsewhere; what they tell is the feature `monitor`. */
import { EventPublisher } from '@orpc/server';
import type { Capability, Recording, Retention } from '../../../shared/api/recordings.ts';
import { capability, retention as retentionSchema } from '../../../shared/api/recordings.ts';
import { invalid } from '../../../shared/failure.ts';
import type { ChosenFiles, HostEvent, Log } from '../../platform.ts';
import type { ConnectSpec } from '../../postgres/source.ts';
import { procedures, stream } from '../../procedures.ts';
import { otherServer } from '../../recorder/collect/identity.ts';
import { defaultRetention } from '../../recorder/file/retention.ts';
import { openWriter } from '../../recorder/file/writer.ts';
import type { OpenRecordings } from '../../recorder/open/open-recordings.ts';
import { RecorderThread } from '../../recorder/thread/recorder-thread.ts';
import type { RecordingStore } from '../../store/recordings.ts';
import { costOf } from './cost.ts';
import { Homes } from './homes.ts';
import { Poolers } from './poolers.ts';
import { RecordingList } from './recording-list.ts';

export interface RecordingsDeps {
  /** For the recordings that this program makes. */
  readonly folder: string;
  readonly store: RecordingStore;
  readonly recordings: OpenRecordings;
  readonly files: ChosenFiles;
  specOf(connectionId: string, database?: string): Promise<ConnectSpec>;
  /** Throws where the connection is gone. */
  connectionName(connectionId: string): string;
  onHostEvent(listener: (event: HostEvent) => void): () => void;
  readonly log: Log;
}

interface Making {
  readonly connectionId: string;
  readonly name: string;
  readonly everyMs: number;
  readonly thread: RecorderThread;
}
interface Followed {
  readonly id: string;
  readonly toMs: number | null;
  readonly changed: boolean;
}

const standardEveryMs = 1_000;

export function createRecordings(deps: RecordingsDeps) {
  const { recordings, store, log } = deps;
  const list = new RecordingList(deps.folder, recordings);
  const homes = new Homes(deps, list);
  const poolers = new Poolers(deps);
  const making = new Map<string, Making>();
  const changes = new EventPublisher<{ change: Followed }>();
  let followers = 0;
  let closed = false;

  const liveOf = (id: string) => {
    const made = making.get(id);
    if (!made) return undefined;
    const { trouble, lastMs, serverVersion, running } = made.thread;
    return { trouble, lastMs, serverVersion, running, connectionId: made.connectionId, name: made.name };
  };
  const idOf = (connectionId: string): string => connectionId.replaceAll(/[^\w-]/g, '_');
  const tell = (id: string, changed: boolean) =>
    changes.publish('change', { id, toMs: making.get(id)?.thread.lastMs ?? null, changed });
  const describe = async (id: string): Promise<Recording> => list.describe(id, await list.fileOfId(id), liveOf(id));

  async function begin(connectionId: string, everyMs: number): Promise<string> {
    const id = idOf(connectionId);
    const before = making.get(id);
    if (before?.thread.running) {
      if (before.everyMs === everyMs) return id;
      await end(id);
    }
    await list.makeFolder();
    const name = deps.connectionName(connectionId);
    const file = list.fileOf(connectionId);
    const thread = new RecorderThread({
      file,
      name,
      connectionId,
      everyMs,
      specOf: (database) => deps.specOf(connectionId, database ?? undefined),
      homeSpecOf: homes.specOf(connectionId),
      poolerSpecOf: poolers.specOf(connectionId),
      onTick: () => tell(id, false),
      onState: () => {
        if (thread.trouble) log.warn('a recording has trouble', { kind: thread.trouble.kind });
        tell(id, true);
      },
    });
    making.set(id, { connectionId, name, everyMs, thread });
    void thread.ended.then(() => ended(id, thread, connectionId, everyMs));
    await thread.ready;
    recordings.set(id, { file, live: true });
    thread.watched(followers > 0);
    return id;
  }

  /** A connection that leads to another server now: its recording begins anew, the old one stays beside. */
  async function ended(id: string, thread: RecorderThread, connectionId: string, everyMs: number): Promise<void> {
    recordings.set(id, { file: thread.file, live: false });
    const { trouble } = thread;
    if (closed || trouble?.kind !== 'unsupported' || trouble.needs !== otherServer) return;
    await list.setAside(thread.file);
    await begin(connectionId, everyMs).catch((thrown) => log.warn('no new recording', { why: String(thrown) }));
  }

  async function end(id: string): Promise<void> {
    const made = making.get(id);
    if (!made) return;
    // Readers let go first, so that the file comes to rest as one.
    await recordings.release(made.thread.file);
    await made.thread.stop();
    tell(id, true);
  }

  const stopListening = deps.onHostEvent((event) => {
    for (const { thread } of making.values()) {
      if (event.kind === 'suspend') thread.suspended();
      if (event.kind === 'resume') thread.resumed();
    }
  });

  async function* follow(signal: AbortSignal | undefined): AsyncGenerator<Followed> {
    followers++;
    for (const { thread } of making.values()) thread.watched(true);
    try {
      yield* changes.subscribe('change', { signal });
    } finally {
      followers--;
      if (followers === 0) for (const { thread } of making.values()) thread.watched(false);
    }
  }

  const connectionOf = async (id: string): Promise<string | null> =>
    making.get(id)?.connectionId ?? (await describe(id)).connectionId;
  const liveHome = (id: string) => making.get(id)?.thread.home ?? null;

  const { recordings: contract } = procedures;
  return {
    /** Goes on with what was being recorded when the program ended. */
    resume(): void {
      for (const { connectionId, everyMs } of store.all())
        void begin(connectionId, everyMs).catch((thrown) => {
          log.warn('a recording was not resumed', { why: String(thrown) });
        });
    },
    /** The connection leads elsewhere now, or is gone. */
    async moved(connectionId: string): Promise<void> {
      const made = making.get(idOf(connectionId));
      if (!made?.thread.running) return;
      await end(idOf(connectionId));
      if (isKnown(deps, connectionId)) await begin(connectionId, made.everyMs).catch(() => {});
      else store.remove(connectionId);
    },
    /** The servers that are being recorded, in a few words. */
    background: (): string[] =>
      [...making.values()].filter(({ thread }) => thread.running).map(({ name }) => `Recording ${name}`),
    async close(): Promise<void> {
      closed = true;
      stopListening();
      await Promise.all([...making.keys()].map(end));
    },
    procedures: {
      list: contract.list.handler(() => list.all(liveOf)),
      follow: contract.follow.handler(({ signal }) => stream(follow(signal))),
      start: contract.start.handler(async ({ input }) => {
        deps.connectionName(input.connectionId);
        const running = making.get(idOf(input.connectionId));
        const everyMs = input.everyMs ?? (running?.thread.running ? running.everyMs : standardEveryMs);
        const id = await begin(input.connectionId, everyMs);
        store.put(input.connectionId, everyMs);
        return describe(id);
      }),
      stop: contract.stop.handler(async ({ input }) => {
        const made = making.get(input.id);
        if (made) store.remove(made.connectionId);
        await end(input.id);
        return describe(input.id);
      }),
      burst: contract.burst.handler(({ input }) => running(making, input.id).thread.burst(input.forMs)),
      open: contract.open.handler(async ({ input }) => {
        const opened = await list.open(deps.files.path(input.fileToken));
        // Other windows list it, too.
        changes.publish('change', { id: opened.id, toMs: null, changed: true });
        return opened;
      }),
      close: contract.close.handler(async ({ input }) => {
        const made = making.get(input.id);
        if (made) store.remove(made.connectionId);
        await end(input.id);
        making.delete(input.id);
        await list.close(input.id, input.alsoDelete);
        changes.publish('change', { id: input.id, toMs: null, changed: true });
      }),
      saveCopy: contract.saveCopy.handler(async ({ input: { id, fileToken, fromMs, toMs, redactTexts } }) => {
        const ends = fromMs === undefined && toMs === undefined ? undefined : await recordings.ask(id, 'info', {});
        const span = ends && { fromMs: fromMs ?? ends.fromMs ?? 0, toMs: toMs ?? (ends.toMs ?? 0) + 1 };
        const sizeBytes = await recordings.saveCopy(id, deps.files.path(fileToken), { span, redactTexts });
        deps.files.finished(fileToken);
        return { sizeBytes };
      }),
      capabilities: contract.capabilities.handler(({ input, signal }) => capabilitiesOf(recordings, input.id, signal)),
      reading: contract.reading.handler(({ input }) => {
        const thread = making.get(input.id)?.thread;
        return thread?.running ? [...thread.reading.values()] : [];
      }),
      cost: contract.cost.handler(({ input, signal }) => costOf(recordings, input, signal)),
      retention: contract.retention.handler(async ({ input }) => {
        const live = making.get(input.id)?.thread;
        if (live?.running && live.retention) return live.retention;
        const file = await list.fileOfId(input.id);
        return list.isOpened(input.id) ? defaultRetention : atRest(file, (writer) => writer.retention());
      }),
      setRetention: contract.setRetention.handler(async ({ input }) => {
        if (list.isOpened(input.id))
          throw invalid('id', 'A file from elsewhere is only read: nothing in it is forgotten.');
        const live = making.get(input.id)?.thread;
        if (live?.running) live.setRetention(input.retention);
        else {
          const file = await list.fileOfId(input.id);
          await recordings.release(file);
          atRest(file, (writer) => writer.setRetention(input.retention));
        }
        return input.retention;
      }),
      home: contract.home.handler(async ({ input }) => homes.stateOf(await connectionOf(input.id), liveHome(input.id))),
      setHome: contract.setHome.handler(async ({ input }) => {
        const connectionId = await connectionOf(input.id);
        if (connectionId === null)
          throw invalid('id', 'Only what is recorded here has a second home; this is a file from elsewhere.');
        await homes.set(connectionId, input.connectionId);
        making.get(input.id)?.thread.setHome(homes.specOf(connectionId));
        return homes.stateOf(connectionId, null);
      }),
      pooler: contract.pooler.handler(async ({ input }) => poolers.of(await connectionOf(input.id))),
      setPooler: contract.setPooler.handler(async ({ input }) => {
        const connectionId = await connectionOf(input.id);
        if (connectionId === null) throw invalid('id', 'Pools are recorded along with a server; this is a file.');
        await poolers.set(connectionId, input.connectionId);
        making.get(input.id)?.thread.setPooler(poolers.specOf(connectionId));
        return poolers.of(connectionId);
      }),
      inHome: contract.inHome.handler(({ input }) => homes.recordings(input.connectionId)),
      bringBack: contract.bringBack.handler(async ({ input: { connectionId, number, ...span } }) => {
        const id = await homes.bringBack(connectionId, number, span);
        changes.publish('change', { id, toMs: null, changed: true });
        return describe(id);
      }),
    },
  };
}

function running(making: ReadonlyMap<string, Making>, id: string): Making {
  const made = making.get(id);
  if (!made?.thread.running) throw invalid('id', 'This server is not being recorded now. Start the recording first.');
  return made;
}

function isKnown(deps: RecordingsDeps, connectionId: string): boolean {
  try {
    deps.connectionName(connectionId);
    return true;
  } catch {
    return false;
  }
}

/** A recording of ours that nobody writes now. */
function atRest(file: string, work: (writer: ReturnType<typeof openWriter>) => Retention): Retention {
  const writer = openWriter({ file, name: '' });
  try {
    return retentionSchema.parse(work(writer));
  } finally {
    writer.close();
  }
}

async function capabilitiesOf(
  recordings: OpenRecordings,
  id: string,
  signal: AbortSignal | undefined,
): Promise<Capability[]> {
  const input = { kind: 'capabilities', database: null, atMs: Number.MAX_SAFE_INTEGER };
  const snapshot = await recordings.ask(id, 'snapshot', input, signal);
  return capability.array().catch([]).parse(snapshot?.content);
}
