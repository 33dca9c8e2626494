/** The log: one JSON object a line in `<dataFolder>/logs/howdah.log`, the one before it beside it. */
import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from './platform.ts';

const largestBytes = 2_000_000;

/**
 * Writing never fails the caller: a log that cannot be written is not a reason to stop working.
 * @param echo also shows warnings and errors on standard error, for a host with a terminal
 */
export function createLog(dataFolder: string, { echo = false } = {}): Log {
  const folder = join(dataFolder, 'logs');
  const file = join(folder, 'howdah.log');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch {
    // Each write below fails quietly then.
  }
  const write = (level: string, message: string, facts: Record<string, unknown> = {}): void => {
    try {
      if (sizeOf(file) > largestBytes) renameSync(file, join(folder, 'howdah.1.log'));
      const line = JSON.stringify({ at: new Date().toISOString(), level, pid: process.pid, message, ...facts });
      appendFileSync(file, `${line}\n`, { mode: 0o600 });
    } catch {
      // See above.
    }
    if (echo && level !== 'info') process.stderr.write(`howdah: ${message}\n`);
  };
  return {
    info: (message, facts) => write('info', message, facts),
    warn: (message, facts) => write('warn', message, facts),
    error: (message, facts) => write('error', message, facts),
  };
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
