/** Serves the page on which an instrument is tried alone: built as the app is, under the app's policy. */
import { resolve } from 'node:path';
import { build, preview } from 'vite';

export interface HarnessPage {
  /** Without a query. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Builds the instrument's page (some seconds) and serves it on a free port of the loopback. */
export async function serveHarness(instrument: 'grid' | 'editor' | 'chart'): Promise<HarnessPage> {
  const configFile = resolve(import.meta.dirname, `${instrument}.vite.config.ts`);
  await build({ configFile });
  const server = await preview({ configFile });
  const origin = server.resolvedUrls?.local[0];
  if (!origin) throw new Error('the page has no address');
  return { url: `${origin}tests/e2e/harness/${instrument}.html`, stop: () => server.close() };
}
