/** Files as they come from elsewhere: cut, flipped, newer, read-only, or something else altogether. */
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateRecording } from '../../tests/fixtures/generate-recording.ts';
import { copyRecording } from './file/copy.ts';
import { RecordingFile } from './file/recording-file.ts';
import { openWriter } from './file/writer.ts';
import { answer } from './read/questions.ts';

const folder = mkdtempSync(join(tmpdir(), 'howdah-opening-'));
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
const whole = join(folder, 'shop.howdah');
let made: { fromMs: number; toMs: number };
beforeAll(() => {
  made = generateRecording(whole, { hours: 0.5 });
});

function copyAs(name: string): string {
  const file = join(folder, name);
  copyFileSync(whole, file);
  return file;
}
const question = () => ({ ...made, by: 'class', filters: [], background: false, buckets: 600, top: 20 }) as const;
const read = <T>(file: string, work: (reader: RecordingFile) => T): T => {
  const reader = new RecordingFile(file);
  try {
    return work(reader);
  } finally {
    reader.close();
  }
};

describe('a file that is no recording', () => {
  it.each([
    ['empty', (file: string) => writeFileSync(file, ''), /is empty/],
    ['text', (file: string) => writeFileSync(file, 'SELECT 1;\n'.repeat(50)), /is no recording of Howdah/],
    [
      'another database',
      (file: string) => {
        const db = new Database(file);
        db.exec('CREATE TABLE a (b)');
        db.close();
      },
      /is no recording of Howdah/,
    ],
    ['missing', () => undefined, /There is no file/],
    ['folder', (file: string) => mkdirSync(file), /is a folder/],
  ] as const)('%s: says so', (name, make, message) => {
    const file = join(folder, `not ${name}.howdah`);
    make(file);
    expect(() => new RecordingFile(file)).toThrow(message);
    if (name !== 'empty' && name !== 'missing') expect(() => openWriter({ file, name })).toThrow();
  });
  it('from a newer Howdah: says which', () => {
    const file = copyAs('newer.howdah');
    const db = new Database(file);
    db.pragma('user_version = 99');
    db.close();
    expect(() => new RecordingFile(file)).toThrow(/newer Howdah \(version 99/);
    expect(() => openWriter({ file, name: 'newer' })).toThrow(/newer Howdah/);
  });
});

describe('a damaged file', () => {
  it('reads everything but the minutes that are damaged, and shows those as gaps', () => {
    const file = copyAs('flipped.howdah');
    const db = new Database(file);
    const { t0, core } = db
      .prepare<[], { t0: number; core: Buffer }>('SELECT t0, core FROM ash_chunk LIMIT 1 OFFSET 4')
      .get() ?? { t0: 0, core: Buffer.alloc(0) };
    core[20] = (core[20] ?? 0) ^ 1;
    db.prepare('UPDATE ash_chunk SET core = ? WHERE t0 = ?').run(core, t0);
    db.close();
    read(file, (reader) => {
      const { series, coveredMs } = answer(reader, 'activity', { ...question(), by: 'pid' });
      const place = Math.floor((t0 + 30_000 - made.fromMs) / 3000);
      expect(series[0]?.values[place]).toBeNull();
      expect(coveredMs.filter((ms) => ms === 0).length).toBeGreaterThanOrEqual(19);
      expect(answer(reader, 'span', {}).gaps.map(({ reason }) => reason)).toContain('damaged');
    });
  });
  it('with bits flipped anywhere never answers with nonsense or a crash', () => {
    const bytes = readFileSync(whole);
    const truth = read(whole, (reader) => answer(reader, 'activity', question()));
    const most = Math.max(...truth.peak.map((peak) => peak ?? 0));
    for (let round = 0; round < 40; round++) {
      const flipped = Buffer.from(bytes);
      for (let each = 0; each < 3; each++) {
        const at = 100 + ((round * 7919 + each * 104_729 * (round + 1)) % (bytes.length - 100));
        flipped[at] = (flipped[at] ?? 0) ^ (1 << (each * 2));
      }
      const file = join(folder, 'bits.howdah');
      writeFileSync(file, flipped);
      try {
        read(file, (reader) => {
          const { peak } = answer(reader, 'activity', question());
          expect(Math.max(...peak.map((value) => value ?? 0))).toBeLessThanOrEqual(most);
        });
      } catch (thrown) {
        // Where the damage is in SQLite's own pages: a word for the person, not an error of the library.
        expect(String(thrown)).toMatch(/damaged|recording|malformed/);
      }
    }
  });
  it('that was cut reads what is there and says what is missing', () => {
    const file = copyAs('cut.howdah');
    truncateSync(file, Math.floor(readFileSync(file).length * 0.8));
    read(file, (reader) => {
      expect(reader.damage).toMatch(/was cut/);
      expect(answer(reader, 'info', {}).name).toBe('shop-db-1');
      const { series } = answer(reader, 'activity', { ...question(), by: 'pid' });
      expect(series.length).toBeGreaterThan(0);
    });
  });
  it('is not made worse by writing on', () => {
    const file = copyAs('garbage.howdah');
    appendFileSync(file, 'garbage behind the end');
    const writer = openWriter({ file, name: 'on' });
    writer.close();
    read(file, (reader) => expect(answer(reader, 'activity', question()).series.length).toBeGreaterThan(3));
  });
});

describe('a file at rest', () => {
  it('is one file, and opens where nothing can be written', () => {
    const away = join(folder, 'away');
    mkdirSync(away);
    cpSync(whole, join(away, 'shop.howdah'));
    chmodSync(join(away, 'shop.howdah'), 0o444);
    chmodSync(away, 0o555);
    read(join(away, 'shop.howdah'), (reader) => expect(answer(reader, 'span', {}).toMs).toBe(made.toMs));
    chmodSync(away, 0o755);
  });
  it('copied without its -wal while it was written opens as it was at the last checkpoint', () => {
    const file = copyAs('torn.howdah');
    const writer = openWriter({ file, name: 'torn' });
    const copy = join(folder, 'torn copy.howdah');
    copyFileSync(file, copy);
    writer.close();
    read(copy, (reader) => expect(answer(reader, 'span', {}).toMs).toBe(made.toMs));
  });
});

describe('a copy', () => {
  const literal = /total|customers|placed_at|products/;
  it('of a stretch holds that stretch, and answers alike in it', async () => {
    const span = { fromMs: made.fromMs + 300_000, toMs: made.fromMs + 900_000 };
    const copy = join(folder, 'stretch.howdah');
    const size = await copyRecording(whole, copy, { span, redactTexts: false });
    expect(size).toBeLessThan(readFileSync(whole).length);
    const inner = { ...question(), fromMs: span.fromMs + 60_000, toMs: span.toMs - 60_000, buckets: 100 };
    const of = (file: string) =>
      read(file, (reader) => [
        answer(reader, 'activity', inner),
        answer(reader, 'shares', { ...inner, by: 'query', limit: 50 }),
        answer(reader, 'statements', { ...inner, order: 'calls', limit: 5 }).statements.map(({ calls, text }) => [
          calls,
          text,
        ]),
        answer(reader, 'snapshot', { kind: 'settings', database: null, atMs: inner.fromMs })?.content,
        answer(reader, 'series', { ...inner, family: 'database', metrics: ['xact_commit', 'numbackends'], keys: [] }),
      ]);
    expect(of(copy)).toEqual(of(whole));
    const ends = read(copy, (reader) => answer(reader, 'span', {}));
    expect(ends.fromMs).toBeGreaterThanOrEqual(span.fromMs - 60_000);
    expect(ends.toMs).toBeLessThanOrEqual(span.toMs + 60_000);
    await expect(copyRecording(whole, copy, { span: { fromMs: 0, toMs: 1000 }, redactTexts: false })).rejects.toThrow(
      /nothing of that time/,
    );
  });
  it('without texts has none anywhere in the file, and keeps statements apart', async () => {
    const copy = join(folder, 'redacted.howdah');
    await copyRecording(whole, copy, { redactTexts: true });
    const db = new Database(copy, { readonly: true });
    const bodies = ['query_text', 'snapshot_body'].flatMap((table) => db.prepare(`SELECT * FROM ${table}`).all());
    expect(bodies.length).toBeGreaterThan(20);
    expect(JSON.stringify(db.prepare('SELECT before, after FROM event').all())).not.toMatch(literal);
    db.close();
    read(copy, (reader) => {
      const { shares } = answer(reader, 'shares', { ...question(), by: 'query', limit: 50 });
      expect(shares.map(({ label }) => label).join('\n')).not.toMatch(literal);
      expect(new Set(shares.map(({ label }) => label)).size).toBe(shares.length);
      expect(shares[0]?.label).toMatch(/^[A-Z]+ … [0-9a-f]{16}$/);
      expect(answer(reader, 'info', {}).redacted).toBe(true);
    });
  });
  it('of what is being recorded holds all of it', async () => {
    const file = copyAs('going-on.howdah');
    const writer = openWriter({ file, name: 'going on' });
    const atMs = made.toMs + 5000;
    writer.tick({ atMs, plannedMs: 1000, weightMs: 1000, tookMs: 1, full: false, sessions: [], locks: null });
    const copy = join(folder, 'going-on copy.howdah');
    await copyRecording(file, copy, { redactTexts: false });
    writer.close();
    read(copy, (reader) => expect(answer(reader, 'span', {}).toMs).toBe(atMs));
  });
});
