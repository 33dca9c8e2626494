/** Recordings: what a day takes on the disk, and how fast charts are read from it. No server: a generator writes them. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { openToWrite } from '../../electron/recorder/file/database.ts';
import { FamilyWriter } from '../../electron/recorder/file/family-writer.ts';
import { RecordingFile } from '../../electron/recorder/file/recording-file.ts';
import { openWriter } from '../../electron/recorder/file/writer.ts';
import { shapeOf } from '../../electron/recorder/pack/block-columns.ts';
import { answer } from '../../electron/recorder/read/questions.ts';
import { series } from '../../electron/recorder/read/series/series.ts';
import { familyOf } from '../../shared/metrics/families.ts';
import { generateRecording } from '../fixtures/generate-recording.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const rounds = 5;

const median = (times: number[]): number => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;

/** Each round opens the file anew: nothing decoded is kept from the round before. */
function readMs(file: string, work: (reader: RecordingFile) => void): number {
  return median(
    Array.from({ length: rounds }, () => {
      const reader = new RecordingFile(file);
      reader.meta('name');
      const startedAt = performance.now();
      work(reader);
      const took = performance.now() - startedAt;
      reader.close();
      return took;
    }),
  );
}

/** Bytes in use by what the tables hold. */
function bytesOf(file: string, tables: readonly string[], families?: string, grain?: number): number {
  const db = new Database(file, { readonly: true });
  const sum = (sql: string): number => db.prepare<[], { bytes: number | null }>(sql).get()?.bytes ?? 0;
  const bytes = families
    ? sum(
        `SELECT sum(length(head) + coalesce((SELECT sum(length(data)) FROM part WHERE part.id / 1024 = block.id), 0)) AS bytes FROM block JOIN family ON family.id = block.family WHERE family.name LIKE '${families}' AND block.grain = ${grain ?? 'block.grain'}`,
      )
    : tables.reduce((all, table) => all + sum(`SELECT sum(pgsize) AS bytes FROM dbstat WHERE name = '${table}'`), 0);
  db.close();
  return bytes;
}

/**
 * 90 days of a polled family at one poll a minute, three databases: written by the part of the writer that keeps polls,
 * a day a transaction, because a hundred thousand transactions of a minute each would take longer than all the rest.
 */
function ninetyDays(file: string): { fromMs: number; toMs: number } {
  const family = familyOf('database');
  if (!family) throw new Error('no such family');
  openWriter({ file, name: 'ninety days', families: [family] }).close();
  const { db, close } = openToWrite(file);
  const writer = new FamilyWriter(db, [shapeOf(family)]);
  const toMs = Date.UTC(2026, 5, 1);
  const fromMs = toMs - 90 * dayMs;
  const poll = (atMs: number) =>
    writer.poll({
      family: 'database',
      atMs,
      coveredMs: 60_000,
      flags: [],
      complete: true,
      rows: ['shop', 'analytics', 'postgres'].map((name, place) => ({
        key: [name, String(place)],
        values: family.metrics.map((_, column) => (((atMs / 60_000) * (column + 3)) % 997) * (place + 1)),
      })),
    });
  const day = db.transaction((startMs: number) => {
    for (let atMs = startMs + 60_000; atMs <= startMs + dayMs; atMs += 60_000) {
      poll(atMs);
      if (atMs % hourMs === 0) for (const step of writer.due(atMs)) step();
    }
    for (const step of writer.joinDay(startMs - dayMs)) step();
  });
  for (let startMs = fromMs; startMs < toMs; startMs += dayMs) day(startMs);
  db.transaction(() => writer.sealAll())();
  close();
  return { fromMs, toMs };
}

export async function run() {
  const folder = mkdtempSync(join(tmpdir(), 'howdah-bench-recording-'));
  const began = performance.now();
  const tell = (what: string) => console.log(`  ${what} after ${((performance.now() - began) / 1000).toFixed(0)} s`);
  try {
    const day = join(folder, 'day.howdah');
    const made = generateRecording(day, {
      hours: 24,
      active: 50,
      connected: 80,
      statements: 200,
      families: [],
      withoutStatements: true,
      quiet: true,
    });
    tell('a day of samples');
    const samples = bytesOf(day, ['ash_chunk', 'ash_tail']);
    const sums = bytesOf(day, [], 'activity.%');
    const { toMs } = made;
    const by = (hours: number, by: 'class' | 'query', value?: string) => (reader: RecordingFile) => {
      const filters = value ? [{ dimension: 'class' as const, value }] : [];
      answer(reader, 'activity', {
        fromMs: toMs - hours * hourMs,
        toMs,
        by,
        filters,
        background: false,
        buckets: 600,
        top: 12,
      });
    };
    const statements = join(folder, 'statements.howdah');
    generateRecording(statements, {
      hours: 6,
      everyMs: 10_000,
      active: 1,
      statements: 5_000,
      changing: 250,
      families: ['statement'],
      quiet: true,
    });
    tell('six hours of statements');
    const statementsADay = (grain: number) => bytesOf(statements, [], 'statement', grain) * 4;
    const long = join(folder, 'ninety.howdah');
    const span = ninetyDays(long);
    tell('90 days');
    const mb = (bytes: number): number => Math.round(bytes / 10_000) / 100;
    const figure = (name: string, value: number, unit: string, bar: number) => ({
      name,
      value,
      unit,
      bar,
      ok: value <= bar,
    });
    return [
      figure('a day of samples, 50 active a second', mb(samples), 'MB', 12),
      figure('and its sums by minute and hour', mb(sums), 'MB', 3),
      figure('a day of 5,000 statements, 250 changing a minute', mb(statementsADay(1)), 'MB', 5),
      figure('and its sums by hour', mb(statementsADay(2)), 'MB', 2.5),
      figure('activity by class, 1 hour', readMs(day, by(1, 'class')), 'ms', 20),
      figure('activity by query, 1 hour, one class', readMs(day, by(1, 'query', 'IO')), 'ms', 20),
      figure('activity by class, 24 hours', readMs(day, by(24, 'class')), 'ms', 200),
      figure('activity by query, 24 hours, one class', readMs(day, by(24, 'query', 'IO')), 'ms', 200),
      figure(
        '90 days of minutes of one metric',
        readMs(long, (reader) => {
          const key = ['shop', '0'];
          reader.atOnce(() =>
            series(reader, { ...span, family: 'database', metrics: ['xact_commit'], keys: [key], buckets: 2000 }, 1),
          );
        }),
        'ms',
        50,
      ),
      figure('the file of that day as a whole', mb(statSync(day).size), 'MB', 16),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
