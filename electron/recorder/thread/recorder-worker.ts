/** The thread of one recording: the connection, the collectors and the file's writer, away from the pages' work. */
import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { FailureError, failureOf } from '../../../shared/failure.ts';
import { MonitorLink } from '../../postgres/monitor/monitor-link.ts';
import { PoolConsole } from '../../postgres/monitor/pool-console.ts';
import type { ConnectSpec } from '../../postgres/source.ts';
import { allCollectors } from '../collect/collectors.ts';
import { otherServer } from '../collect/identity.ts';
import { Recorder, type RecorderOutput } from '../collect/recorder.ts';
import { RecordingFile } from '../file/recording-file.ts';
import { openWriter, type RecordingWriter } from '../file/writer.ts';
import { Follower } from '../home/follow.ts';
import type { Destination, FromRecorder, RecorderStart, ToRecorder } from './recorder-messages.ts';

const port = parentPort;
if (!port) throw new Error('recorder-worker runs as a worker thread');
const start = workerData as RecorderStart;
const tell = (message: FromRecorder): void => port.postMessage(message);

const wanted = new Map<number, { resolve(spec: ConnectSpec): void; reject(reason: unknown): void }>();
let nextId = 1;
/** Asked for anew for each connection: a password may have been changed meanwhile. */
function specOf(database: string | null, to: Destination = 'server'): Promise<ConnectSpec> {
  const id = nextId++;
  return new Promise((resolve, reject) => {
    wanted.set(id, { resolve, reject });
    tell({ kind: 'specWanted', id, database, to });
  });
}

/** Where what was recorded before ends, and of which server it is. */
function recordedBefore(): { continuesMs: number | null; systemIdentifier: string | null } {
  if (!existsSync(start.file)) return { continuesMs: null, systemIdentifier: null };
  const file = new RecordingFile(start.file);
  try {
    return { continuesMs: file.span()?.toMs ?? null, systemIdentifier: file.meta('systemIdentifier') };
  } finally {
    file.close();
  }
}

let recorder: Recorder | null = null;
let writer: RecordingWriter | null = null;
let ended = false;
let namesPooler = start.pooler;
/** Brings what is recorded to its second home. */
let follower: Follower | null = null;
/** The end of it may be brought the next time: nobody waits long for a home that is slow. */
const lastBringingMs = 3_000;
const lettingGoMs = 1_000;

async function setHome(on: boolean): Promise<void> {
  const before = follower;
  follower = null;
  await before?.stop();
  if (!on || ended) return;
  follower = new Follower({
    file: start.file,
    specOf: () => specOf(null, 'home'),
    onState: (state) => tell({ kind: 'home', ...state }),
  });
  follower.start();
}

async function end(thrown?: unknown): Promise<void> {
  if (ended) return;
  ended = true;
  const failures: unknown[] = thrown === undefined ? [] : [thrown];
  const letGo = follower?.stop();
  await recorder?.stop();
  await Promise.race([letGo, delay(lettingGoMs)]);
  try {
    writer?.close();
  } catch (late) {
    failures.push(late);
  }
  if (failures.length === 0) await Promise.race([follower?.once().catch(() => {}), delay(lastBringingMs)]);
  tell({ kind: 'stopped', failure: failures.length > 0 ? failureOf(failures[0]) : null });
  port?.close();
}

/** A full disk or a damaged file is told once and ends the recording; it must not look like trouble of the server. */
function safely<Sample>(write: (sample: Sample) => void): (sample: Sample) => void {
  return (sample) => {
    if (ended) return;
    try {
      write(sample);
    } catch (thrown) {
      void end(thrown);
    }
  };
}

const outputTo = (file: RecordingWriter): RecorderOutput => ({
  tick: safely((tick) => {
    file.tick(tick);
    tell({ kind: 'tick', atMs: tick.atMs });
  }),
  gap: safely((gap) => {
    file.gap(gap);
    tell({ kind: 'gap', reason: gap.reason });
  }),
  family: safely((sample) => file.family(sample)),
  snapshot: safely((snapshot) => file.snapshot(snapshot)),
  event: safely((event) => file.event(event)),
  text: safely((text) => file.text(text)),
  run: safely((run) => file.run(run)),
  missingTexts: async (ids) => ids.filter((id) => !file.hasText(id)),
});

port.on('message', (message: ToRecorder) => {
  switch (message.kind) {
    case 'spec':
      wanted.get(message.id)?.resolve(message.spec);
      wanted.delete(message.id);
      break;
    case 'noSpec':
      wanted.get(message.id)?.reject(new FailureError(message.failure));
      wanted.delete(message.id);
      break;
    case 'burst':
      recorder?.burst(message.forMs);
      break;
    case 'watched':
      recorder?.watched(message.on);
      break;
    case 'suspended':
      recorder?.suspended();
      break;
    case 'resumed':
      recorder?.resumed();
      break;
    case 'home':
      void setHome(message.on);
      break;
    case 'pooler':
      namesPooler = message.on;
      recorder?.otherConsole();
      break;
    case 'setRetention':
      if (writer) tell({ kind: 'retention', retention: writer.setRetention(message.retention) });
      break;
    case 'stop':
      void end();
      break;
  }
});

try {
  const { file, name, connectionId, everyMs } = start;
  const before = recordedBefore();
  writer = openWriter({ file, name, connectionId, everyMs });
  recorder = new Recorder({
    open: async (database, signal) => MonitorLink.open(await specOf(database), signal),
    openConsole: async (signal) => PoolConsole.open(await specOf(null, namesPooler ? 'pooler' : 'server'), signal),
    namesPooler: () => namesPooler,
    output: outputTo(writer),
    collectors: allCollectors(),
    everyMs,
    ...before,
    onState: ({ server, trouble }) => {
      tell({ kind: 'state', serverVersion: server?.version ?? null, trouble });
      if (trouble?.kind === 'unsupported' && trouble.needs === otherServer) void end(new FailureError(trouble));
    },
    onReading: (collector, reading) => tell({ kind: 'reading', collector, reading }),
  });
  tell({ kind: 'ready', retention: writer.retention() });
  recorder.start();
  void setHome(start.home);
} catch (thrown) {
  void end(thrown);
}
