import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { SampleFolder } from './sample-folder.ts';

const root = process.getuid?.() === 0;

/** mkdtemp makes folders that only we may enter, so that root's cluster goes outside. */
async function madeOutside(): Promise<{ dataFolder: string; base: string }> {
  const dataFolder = await mkdtemp(path.join(tmpdir(), 'howdah-test-'));
  return { dataFolder, base: await new SampleFolder(dataFolder).base({ uid: 65_534, gid: 65_534 }) };
}

test.skipIf(!root)('a cluster outside goes when its data folder is gone, and no other does', async () => {
  const gone = await madeOutside();
  const kept = await madeOutside();
  expect(path.dirname(gone.base)).not.toBe(gone.dataFolder);
  await rm(gone.dataFolder, { recursive: true });
  const next = await madeOutside();
  try {
    expect(existsSync(gone.base)).toBe(false);
    expect(existsSync(kept.base)).toBe(true);
  } finally {
    for (const made of [kept, next]) {
      await rm(made.dataFolder, { recursive: true });
      await rm(made.base, { recursive: true });
    }
  }
});
