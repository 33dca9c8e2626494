/** A disk that takes no more: it is said, what was safe stays readable, and nothing half stands under a final name. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { smallDisk } from '../fixtures/small-disk.ts';
import { startServer, type TestServer } from './servers.ts';

const script = path.join(import.meta.dirname, '..', 'fixtures', 'on-full-disk.ts');
let server: TestServer;
beforeAll(async () => {
  server = await startServer(18);
});
afterAll(() => server?.stop());

interface Said {
  readonly failure: { readonly kind: string; readonly message: string };
  readonly rows: number;
  readonly lastCell: string;
  readonly after: number;
  readonly exported: readonly { readonly kind: string; readonly failure: { readonly message: string } }[];
  readonly kept: string;
  readonly fresh: boolean;
  readonly left: readonly string[];
}
/** @param before of the command line, which ends with the script and what it is told */
async function said(before: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Said> {
  const [command = '', ...args] = [...before, process.execPath, script, JSON.stringify(server.spec())];
  const { stdout } = await promisify(execFile)(command, args, { env: { ...process.env, ...env } });
  return JSON.parse(stdout);
}

function expectNothingHalf({ rows, lastCell, after, kept, fresh, left }: Said): void {
  expect(rows).toBeGreaterThan(0);
  expect(rows).toBeLessThan(30_000);
  expect(lastCell).toBe('x'.repeat(1000));
  // The session goes on, and so do results once there is room.
  expect(after).toBe(1);
  expect(kept).toBe('as it was');
  expect(fresh).toBe(false);
  expect([...left].sort()).toEqual(['kept.csv', 'results']);
}

test.skipIf(process.platform === 'win32')('a limit on the size of files', async () => {
  const told = await said(['/bin/sh', '-c', 'ulimit -f 6144 && exec "$@"', 'sh']);
  expectNothingHalf(told);
  expect(told.failure.message).toBe(
    `The result could not be written (EFBIG): ${told.rows.toLocaleString('en-US')} rows of it were kept.`,
  );
  for (const end of told.exported)
    expect(end).toMatchObject({
      kind: 'failed',
      failure: { message: 'The file is larger than this disk allows. No file was left behind. (EFBIG)' },
    });
});

test('a disk that is full', async ({ skip }) => {
  const disk = smallDisk();
  if (disk === null) return skip('no disk may be mounted here');
  try {
    const told = await said([], { TMPDIR: disk.folder });
    expectNothingHalf(told);
    expect(told.failure.message).toBe(`The disk is full: ${told.rows.toLocaleString('en-US')} rows of it were kept.`);
    for (const end of told.exported)
      expect(end).toMatchObject({
        kind: 'failed',
        failure: { message: 'The disk is full. No file was left behind. (ENOSPC)' },
      });
  } finally {
    disk.remove();
  }
});
