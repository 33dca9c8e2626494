import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, describe, expect, it } from 'vitest';
import type { Dimension } from '../../../../shared/api/monitor.ts';
import { generateRecording } from '../../../../tests/fixtures/generate-recording.ts';
import { RecordingFile } from '../../file/recording-file.ts';
import { answer } from '../questions.ts';

const folder = mkdtempSync(join(tmpdir(), 'howdah-rolled-'));
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

const file = join(folder, 'shop.howdah');
const span = generateRecording(file, { hours: 1.5, families: [], active: 8 });

type Filter = readonly [Dimension, string];

/** Session-milliseconds by key, from sums of minutes and from the samples. */
function bothWays(by: Dimension, ...filters: readonly Filter[]) {
  const reader = new RecordingFile(file);
  const ask = (buckets: number) =>
    answer(reader, 'activity', {
      ...span,
      by,
      filters: filters.map(([dimension, value]) => ({ dimension, value })),
      background: false,
      buckets,
      top: 50,
    });
  const told = ({ grain, series, peak }: ReturnType<typeof ask>) => ({
    grain,
    byKey: Object.fromEntries(series.map(({ key, totalMs }) => [key, totalMs])),
    peak: Math.max(...peak.map((each) => each ?? 0)),
  });
  // Pieces shorter than half a minute are read from the samples.
  const both = { sums: told(ask(90)), samples: told(ask(360)) };
  reader.close();
  return both;
}

const expectSame = ({ sums, samples }: ReturnType<typeof bothWays>) => {
  expect(samples.grain).toBe('raw');
  expect(sums).toEqual({ ...samples, grain: 'minute' });
  expect(Object.keys(sums.byKey).length).toBeGreaterThan(0);
};

describe('sums of minutes', () => {
  it('tell what a class is made of as the samples do', () => {
    expectSame(bothWays('query', ['class', 'IO']));
    expectSame(bothWays('user', ['class', 'CPU']));
    expectSame(bothWays('event', ['class', 'IO']));
    expectSame(bothWays('class', ['database', 'shop']));
    expectSame(bothWays('application', ['class', 'IdleTx'], ['application', 'web']));
    expect(bothWays('query', ['user', 'shop_web']).sums.grain).toBe('raw');
  });

  it('give way to samples for the time before they were kept', () => {
    const db = new Database(file);
    const families = "(SELECT id FROM family WHERE name LIKE 'activity.class+%')";
    db.exec(`DELETE FROM block WHERE family IN ${families} AND to_ms < ${span.fromMs + 3_660_000}`);
    expect(db.prepare(`SELECT count(*) AS n FROM block WHERE family IN ${families}`).get()).not.toEqual({ n: 0 });
    db.close();
    expectSame(bothWays('query', ['class', 'IO']));
  });
});
