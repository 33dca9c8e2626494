/** The parts of the program that exports and imports need, for one connection and one command. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OpenResults } from '../../postgres/result/open-results.ts';
import type { ConnectSpec } from '../../postgres/source.ts';
import { createSources } from '../../postgres/sources.ts';

export interface TransferWorld {
  readonly results: OpenResults;
  readonly sources: Awaited<ReturnType<typeof createSources>>;
  readonly folder: string;
  close(): Promise<void>;
}

export async function openTransferWorld(spec: ConnectSpec): Promise<TransferWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'howdah-transfer-'));
  const quiet = () => {};
  const log = { info: quiet, warn: quiet, error: quiet };
  const sources = await createSources({ resultsFolder: join(folder, 'results'), specOf: async () => spec, log });
  const results = new OpenResults(sources.results);
  return {
    results,
    sources,
    folder,
    async close() {
      await results.close();
      await sources.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Of a name as one writes it: shop.orders, or orders for public.orders. */
export function tableOf(written: string): { schema: string; name: string } {
  const parts = [...written.matchAll(/"((?:[^"]|"")+)"|([^".]+)/g)].map(([, quoted, plain = '']) =>
    quoted === undefined ? plain : quoted.replaceAll('""', '"'),
  );
  const [first = '', second] = parts;
  return second === undefined ? { schema: 'public', name: first } : { schema: first, name: second };
}
