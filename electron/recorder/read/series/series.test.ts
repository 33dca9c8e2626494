import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { RecordingFile } from '../../file/recording-file.ts';
import { openWriter } from '../../file/writer.ts';
import { answer } from '../questions.ts';

const folder = mkdtempSync(join(tmpdir(), 'howdah-series-'));
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

const hourMs = 3_600_000;
const base = Date.UTC(2026, 2, 2);
const key = (relid: number) => ['shop', 'public', `part_${relid}`, String(relid), 'table', `part_${relid}`];

it('adds up any number of parts as one curve, also those that were read long ago', () => {
  const file = join(folder, 'parts.howdah');
  const writer = openWriter({ file, name: 'parts' });
  const read = (hour: number, rows: { key: string[]; values: number[] }[]) =>
    writer.family({
      family: 'relation_size',
      atMs: base + hour * hourMs,
      coveredMs: hourMs,
      flags: [],
      complete: false,
      rows,
    });
  const parts = Array.from({ length: 120 }, (_, at) => at + 1);
  read(
    1,
    parts.map((relid) => ({ key: key(relid), values: [100, 10] })),
  );
  // Only one of them is read again, twenty hours later.
  read(21, [{ key: key(1), values: [1_000, 10] }]);
  writer.close();
  const reader = new RecordingFile(file);
  const question = {
    fromMs: base + 20 * hourMs,
    toMs: base + 22 * hourMs,
    family: 'relation_size',
    metrics: ['bytes'],
    buckets: 2,
  };
  const keys = parts.slice(0, 119).map(key);
  const { series } = answer(reader, 'series', { ...question, keys, together: true });
  expect(series).toHaveLength(1);
  expect(series[0]?.values.filter((value) => value !== null)).toContain(118 * 100 + 1_000);
  expect(() => answer(reader, 'series', { ...question, keys })).toThrow('No more than 50 curves at once');
  reader.close();
});
