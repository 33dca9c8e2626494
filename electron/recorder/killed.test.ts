/** A recorder that is killed at any moment loses seconds, never the file. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { RecordingFile } from './file/recording-file.ts';
import { openWriter } from './file/writer.ts';
import { answer } from './read/questions.ts';

const folder = mkdtempSync(join(tmpdir(), 'howdah-killed-'));
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

const script = join(import.meta.dirname, '../../tests/fixtures/record-until-killed.ts');
const base = Date.UTC(2026, 2, 2);

/** @returns the last tick that was handed over before the process was killed */
async function recordAndKill(file: string, fromMs: number, afterTicks: number): Promise<number> {
  const child = spawn(process.execPath, ['--no-warnings', script, file, String(fromMs)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let told = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    told += text;
    if (told.split('\n').length > afterTicks) child.kill('SIGKILL');
  });
  const [, signal] = await once(child, 'close');
  expect(signal).toBe('SIGKILL');
  return Number(told.split('\n').at(-2));
}

it('survives 50 kills at random moments, each time missing at most 10 seconds', async () => {
  const file = join(folder, 'killed.howdah');
  let lastMs = base;
  let coveredMs = 0;
  for (let kill = 0; kill < 50; kill++) {
    const fromMs = lastMs;
    lastMs = await recordAndKill(file, fromMs, 5 + Math.floor(Math.random() * 400));
    const reader = new RecordingFile(file);
    const { toMs, gaps } = answer(reader, 'span', {});
    expect(toMs).toBeGreaterThanOrEqual(lastMs - 10_000);
    expect(gaps).toEqual([]);
    coveredMs += lastMs - fromMs;
    reader.close();
    // Ticks after the last one that was told: the next process begins behind them.
    lastMs = Math.max(lastMs, toMs ?? 0);
  }
  openWriter({ file, name: 'killed' }).close();
  const reader = new RecordingFile(file);
  expect(reader.damage).toBeNull();
  const question = {
    fromMs: base,
    toMs: lastMs,
    by: 'class',
    filters: [],
    background: false,
    buckets: 1,
    top: 5,
  } as const;
  const found = answer(reader, 'activity', question);
  expect(found.series[0]?.totalMs).toBeGreaterThanOrEqual(3 * (coveredMs - 50 * 10_000));
  expect(found.series[0]?.totalMs).toBe(3 * (found.coveredMs[0] ?? 0));
  const { totalMs } = answer(reader, 'shares', { ...question, by: 'user', limit: 5 });
  expect(totalMs).toBe(found.series[0]?.totalMs);
  reader.close();
}, 600_000);
