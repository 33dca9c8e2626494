/** Sources over a real server, and what a test wants to do with them in a line. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ConnectSpec, ResultFile, RunRequest, RunWatch, Session, Source } from '../../electron/postgres/source.ts';
import { createSources, type Sources } from '../../electron/postgres/sources.ts';
import type { RunEvent } from '../../shared/api/sessions.ts';

export interface World {
  readonly sources: Sources;
  readonly folder: string;
  readonly logged: string[];
  source(): Promise<Source>;
  session(): Promise<Session>;
  close(): Promise<void>;
}

export async function openWorld(spec: () => ConnectSpec, watch?: RunWatch): Promise<World> {
  const folder = await mkdtemp(path.join(tmpdir(), `howdah-world-${process.pid}-`));
  const logged: string[] = [];
  const note = (message: string) => void logged.push(message);
  const sources = await createSources({
    resultsFolder: path.join(folder, 'results'),
    specOf: async () => spec(),
    log: { info: note, warn: note, error: note },
    watch,
  });
  return {
    sources,
    folder,
    logged,
    source: () => sources.source('test'),
    session: async () => (await sources.source('test')).openSession(),
    close: async () => {
      await sources.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Statements as a splitter would hand them over: each its own text, one after the other in the editor. */
export function requestOf(texts: readonly string[], more: Partial<RunRequest> = {}): RunRequest {
  let at = 0;
  const statements = texts.map((text) => {
    const from = at;
    at += text.length + 1;
    return { text, range: { from, to: from + text.length } };
  });
  return { statements, rowLimit: null, stopOnError: true, ...more };
}

export async function run(
  session: Session,
  texts: string | readonly string[],
  more?: Partial<RunRequest>,
): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  const request = requestOf(typeof texts === 'string' ? [texts] : texts, more);
  for await (const event of session.run(request)) events.push(event);
  return events;
}

export type Kind = RunEvent['kind'];
export type EventOf<K extends Kind> = Extract<RunEvent, { kind: K }>;

export const all = <K extends Kind>(events: readonly RunEvent[], kind: K): EventOf<K>[] =>
  events.filter((event): event is EventOf<K> => event.kind === kind);

export function only<K extends Kind>(events: readonly RunEvent[], kind: K): EventOf<K> {
  const [first, ...others] = all(events, kind);
  if (!first || others.length > 0) {
    throw new Error(`${others.length + (first ? 1 : 0)} events "${kind}" in ${JSON.stringify(events)}`);
  }
  return first;
}

/** All cells of a result, read from its file by nothing of ours. */
export async function cellsOf(file: Pick<ResultFile, 'path'>): Promise<(string | null)[][]> {
  const bytes = await readFile(file.path);
  const rows: (string | null)[][] = [];
  for (let at = 0; at < bytes.length; ) {
    if (bytes[at] !== 0x44) throw new Error(`not a row at ${at}`);
    const next = at + 1 + bytes.readUInt32BE(at + 1);
    const cells: (string | null)[] = [];
    let cell = at + 7;
    for (let column = bytes.readUInt16BE(at + 5); column > 0; column--) {
      const length = bytes.readInt32BE(cell);
      cell += 4;
      cells.push(length < 0 ? null : bytes.toString('utf8', cell, cell + length));
      if (length > 0) cell += length;
    }
    if (cell !== next) throw new Error(`a row of ${next - at} bytes has ${cell - at}`);
    rows.push(cells);
    at = next;
  }
  return rows;
}

/** Runs one query and gives its columns and cells. */
export async function select(world: World, session: Session, text: string) {
  const events = await run(session, text);
  const failed = all(events, 'failed')[0];
  if (failed) throw new Error(JSON.stringify(failed.failure));
  const { resultId, columns } = only(events, 'result');
  const file = world.sources.results.resultFile(resultId);
  return { columns, file, cells: await cellsOf(file), events };
}

/** Waits for something that a server does by itself. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  withinMs = 60_000,
): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
