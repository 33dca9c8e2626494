/** The report and the commands that make it, over a recording whose texts would like to be more than text. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateRecording } from '../../../tests/fixtures/generate-recording.ts';
import { RecordingFile } from '../file/recording-file.ts';
import { openWriter } from '../file/writer.ts';
import { reportData } from './report-data.ts';
import { reportHtml } from './report-html.ts';
import { reportMarkdown } from './report-markdown.ts';
import { bytes, duration, short } from './words.ts';

const folder = mkdtempSync(join(tmpdir(), 'howdah-report-'));
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
const file = join(folder, 'shop.howdah');
const nasty = '<script>alert(1)</script> | `x` "\'& \u202egnp\u001b[31m';
beforeAll(() => {
  const { toMs } = generateRecording(file, { hours: 0.5, name: nasty });
  const writer = openWriter({ file, name: nasty });
  writer.event({ atMs: toMs - 1000, kind: 'ddl', database: nasty, subject: nasty, before: null, after: nasty });
  writer.close();
});

const howdah = (...args: string[]) => {
  const cli = join(import.meta.dirname, '../../cli.ts');
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--no-warnings', cli, ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
};

describe('a report', () => {
  const data = () => {
    const reader = new RecordingFile(file);
    try {
      return reportData(reader, reader.span() ?? { fromMs: 0, toMs: 1 });
    } finally {
      reader.close();
    }
  };
  it('holds no element that came out of a text, nothing to load and nothing to run', () => {
    const page = reportHtml(data());
    const body = page.replace(/<style>[\s\S]*?<\/style>/, '');
    expect(body).not.toMatch(/<script|javascript:|\son\w+=|<link|<img|src=|href=|url\(/i);
    expect(body).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
    expect(page).toContain("default-src 'none'");
    const tags = [...body.matchAll(/<(\/?)([a-z0-9]+)[^>]*?(\/?)>/g)].filter(
      ([, , name]) => !['meta', 'i'].includes(name ?? ''),
    );
    const open = tags.filter(([, end, , closed]) => !end && !closed).length;
    expect(open).toBe(tags.filter(([, end]) => end).length);
  });
  it('draws a gap as a gap, and says how much was recorded', () => {
    const found = data();
    expect(found.coverage).toBeGreaterThan(0.9);
    expect(found.coverage).toBeLessThan(1);
    expect(reportHtml(found)).toContain('class="gap"');
    expect(found.charts.map(({ title }) => title)).toContain('Transactions');
  });
  it('keeps a text in its cell of Markdown', () => {
    const rows = reportMarkdown(data())
      .split('\n')
      .filter((line) => line.startsWith('|') && line.includes('alert'));
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(row).not.toMatch(/[^\\][<`]/);
  });
});

describe('the commands', () => {
  it('inspect: 0 and what it holds; 1 where it is damaged; 1 with a word for what is no recording', () => {
    const sound = howdah('inspect', file);
    expect(sound.status).toBe(0);
    expect(sound.stdout).toMatch(/PostgreSQL 17\.4[\s\S]*activity\.class[\s\S]*Sound: all/);
    expect(sound.stdout).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
    const damaged = join(folder, 'damaged.howdah');
    const db = new Database(file);
    db.exec(`VACUUM INTO '${damaged}'`);
    db.close();
    const other = new Database(damaged);
    other.exec("UPDATE ash_chunk SET core = x'00' WHERE t0 = (SELECT min(t0) FROM ash_chunk)");
    other.close();
    const found = howdah('inspect', '--json', damaged);
    expect(found.status).toBe(1);
    expect(JSON.parse(found.stdout)).toMatchObject({ sound: false, damagedPieces: 1 });
    const none = howdah('inspect', join(import.meta.dirname, 'words.ts'));
    expect([none.status, none.stderr]).toEqual([1, expect.stringContaining('is no recording of Howdah')]);
  });
  it('report: any stretch in any format, and a word for a stretch that is not there', () => {
    const page = howdah('report', '--from=-10m', file);
    expect([page.status, page.stdout.slice(0, 15)]).toEqual([0, '<!doctype html>']);
    const json = JSON.parse(howdah('report', '--format', 'json', '--from=-10m', file).stdout);
    expect(json.span.toMs - json.span.fromMs).toBe(600_000);
    expect(howdah('report', '--from=2020-01-01', '--to=2020-01-02', file)).toMatchObject({ status: 2, stdout: '' });
    expect(howdah('report', '--format', 'pdf', file).stderr).toContain('--format is one of');
  });
});

it('writes numbers short', () => {
  expect([0, 0.0001, 0.1234, 12.3, 100, 1234.5].map(short)).toEqual(['0', '0', '0.123', '12.3', '100', '1,235']);
  expect([999, 1500, 2.5e9].map(bytes)).toEqual(['999 B', '1.46 kB', '2.33 GB']);
  expect([12, 90_000, 7_200_000, 90_000_000].map(duration)).toEqual(['12 ms', '1 min 30 s', '2 h', '1 d 1 h']);
});
