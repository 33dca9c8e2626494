import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { table } from '../../../../shared/metrics/families/relation.ts';
import { RecordingFile } from '../../file/recording-file.ts';
import { openWriter } from '../../file/writer.ts';
import type { FamilySample } from '../../samples.ts';
import { answer } from '../questions.ts';

const folder = mkdtempSync(join(tmpdir(), 'howdah-add-up-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const minuteMs = 60_000;
const base = Date.UTC(2026, 2, 2);
const at = (minutes: number) => base + minutes * minuteMs;

const valuesOf = (known: Record<string, number>) => table.metrics.map(({ name }) => known[name] ?? null);

/** What the recording says of a family from one minute to another. */
function tables(name: string, polls: readonly FamilySample[]) {
  const path = join(folder, `${name}.howdah`);
  const writer = openWriter({ file: path, name });
  for (const poll of polls) writer.family(poll);
  writer.close();
  const file = new RecordingFile(path);
  return {
    close: () => file.close(),
    of: (family: string, from: number, to: number) => {
      const found = answer(file, 'table', { fromMs: at(from), toMs: at(to), family });
      const read = found.atMs === null ? null : (found.atMs - base) / minuteMs;
      const value = (metric: string) => found.rows.map((row) => row.values[found.metrics.indexOf(metric)]);
      return { read, value };
    },
  };
}

it('tells sizes as they were last read up to the end of the stretch, and none that were read after it', () => {
  const size = (minutes: number, bytes: number): FamilySample => ({
    family: 'relation_size',
    atMs: at(minutes),
    coveredMs: 60 * minuteMs,
    flags: [],
    complete: false,
    rows: [{ key: ['shop', 'public', 'orders', '1', 'table', 'orders'], values: [bytes, 0] }],
  });
  const file = tables('sizes', [size(60, 100), size(120, 200), size(180, 300)]);
  const sizes = (from: number, to: number) => {
    const { read, value } = file.of('relation_size', from, to);
    return [read, ...value('bytes')];
  };
  // The reading of the second hour reaches over both ends of it.
  expect(sizes(70, 110)).toEqual([60, 100]);
  expect(sizes(119, 120)).toEqual([120, 200]);
  expect(sizes(130, 170)).toEqual([120, 200]);
  expect(sizes(10, 50)).toEqual([null]);
  file.close();
});

it('tells a gauge exactly at a whole hour, also where hours are added up, and counters as before', () => {
  // The last reading of each hour comes in its sum, and lies after its end.
  const poll = (place: number): FamilySample => ({
    family: 'table',
    atMs: at(place * 10 + 4),
    coveredMs: 10 * minuteMs,
    flags: [],
    complete: false,
    rows: [{ key: ['shop', 'public', 'orders', '1'], values: valuesOf({ seq_scan: 1, n_live_tup: place }) }],
  });
  const file = tables(
    'hours',
    Array.from({ length: 60 }, (_, place) => poll(place)),
  );
  const { value } = file.of('table', 60, 480);
  expect(value('n_live_tup')).toEqual([47]);
  expect(value('seq_scan')).toEqual([42]);
  file.close();
});
