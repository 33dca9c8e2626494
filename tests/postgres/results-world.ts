/** Results over a real server: sessions that make them, and the results that work on them. */
import { readdir, readFile } from 'node:fs/promises';
import type { ExportedQuery } from '../../electron/postgres/result/job/result-job.ts';
import { OpenResults, type WantedFile } from '../../electron/postgres/result/open-results.ts';
import type { ConnectSpec } from '../../electron/postgres/source.ts';
import { type ExportChoices, type ExportProgress, exportOptions } from '../../shared/api/transfer.ts';
import { all, only, openWorld, run, type World } from './session-world.ts';

export interface ResultsWorld extends World {
  readonly results: OpenResults;
  /** Runs a query in a session of its own; the result's id. */
  fetch(sql: string): Promise<string>;
}

export async function openResultsWorld(spec: () => ConnectSpec): Promise<ResultsWorld> {
  const world = await openWorld(spec);
  const results = new OpenResults(world.sources.results);
  return {
    ...world,
    results,
    async fetch(sql) {
      const session = await world.session();
      try {
        const events = await run(session, sql);
        const [failed] = all(events, 'failed');
        if (failed) throw new Error(JSON.stringify(failed.failure));
        return only(events, 'result').resultId;
      } finally {
        await session.close();
      }
    },
    async close() {
      await results.close();
      await world.close();
    },
  };
}

export type TestFile = ExportChoices & { readonly path: string };

/** What an export is to become, with what is usual where nothing is said. */
export const wantedFile = ({ path, ...choices }: TestFile): WantedFile => ({
  path,
  options: exportOptions.parse(choices),
});

/** Exports one query. */
export const exportQuery = (
  results: OpenResults,
  spec: ConnectSpec,
  asked: string | ExportedQuery,
  file: TestFile,
  signal?: AbortSignal,
) => {
  const query = typeof asked === 'string' ? { text: asked, values: [] } : asked;
  return results.exportQueries(spec, [query], wantedFile(file), { signal });
};

/** The last event of an export, which must have ended. */
export async function outcome(
  events: AsyncIterable<ExportProgress>,
): Promise<Exclude<ExportProgress, { kind: 'progress' }>> {
  for await (const event of events) if (event.kind !== 'progress') return event;
  throw new Error('an export without an end');
}

/** Waits for the export and gives the bytes it wrote; throws its failure. */
export async function bytesOf(events: AsyncIterable<ExportProgress>, path: string): Promise<Buffer> {
  const end = await outcome(events);
  if (end.kind === 'failed') throw new Error(JSON.stringify(end.failure));
  const bytes = await readFile(path);
  if (bytes.length !== end.bytes) throw new Error(`${bytes.length} bytes are there, ${end.bytes} were told`);
  return bytes;
}

/** What lies in a folder, for saying that nothing was left. */
export const filesIn = (folder: string): Promise<string[]> => readdir(folder);
