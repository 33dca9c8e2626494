/** One sample server for all browser tests of a run, started as `howdah sample` and stopped at the end. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sampleFile, startCommand, stopped } from './howdah.ts';

// biome-ignore lint/style/noDefaultExport: Playwright asks for it
export default async function startSample(): Promise<() => Promise<void>> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'howdah-e2e-sample-'));
  const { child, word } = await startCommand(['sample', '--data', dataFolder, '--port', '0'], /^postgres/);
  writeFileSync(sampleFile, JSON.stringify({ url: word, folder: join(dataFolder, 'sample') }));
  return async () => {
    child.kill('SIGTERM');
    await stopped(child);
    rmSync(sampleFile, { force: true });
    rmSync(dataFolder, { recursive: true, force: true, maxRetries: 5 });
  };
}
