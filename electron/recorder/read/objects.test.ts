import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CatalogSnapshot } from '../../../shared/metrics/snapshots.ts';
import { generatedToMs, generateRecording } from '../../../tests/fixtures/generate-recording.ts';
import { RecordingFile } from '../file/recording-file.ts';
import { objects } from './objects.ts';

const folder = mkdtempSync(join(tmpdir(), 'howdah-objects-'));
let file: RecordingFile;
beforeAll(() => {
  const path = join(folder, 'shop.howdah');
  generateRecording(path, { hours: 0.05, tables: 7, quiet: true });
  file = new RecordingFile(path);
});
afterAll(() => {
  file.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

it('counts what the recorded structure holds, of the databases whose structure is known', () => {
  const { databases, kinds } = objects(file, { atMs: generatedToMs });
  expect(databases).toBe(1);
  const catalog = file.snapshot('catalog', 'shop', generatedToMs)?.content as CatalogSnapshot;
  expect(Object.fromEntries(kinds.map(({ kind, count }) => [kind, count]))).toEqual({
    r: catalog.relations.length,
    i: catalog.indexes.length,
  });
  expect(objects(file, { atMs: generatedToMs - 86_400_000 })).toEqual({ databases: 0, kinds: [] });
});
