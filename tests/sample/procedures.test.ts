/** The procedures as the page calls them. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { call } from '@orpc/server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSample } from '../../electron/features/sample/sample.ts';
import type { ConnectionDraft } from '../../shared/api/connections.ts';
import type { SampleProgress } from '../../shared/api/sample.ts';

const context = { context: { role: 'admin', clientId: 'page' } } as const;
const log = { info: () => undefined, warn: console.warn, error: console.error };
const saved: { draft: ConnectionDraft; password: string; knownId?: string }[] = [];
let dataFolder: string;
let sample: ReturnType<typeof createSample>;

beforeAll(async () => {
  dataFolder = await mkdtemp(path.join(tmpdir(), 'howdah-data-'));
  sample = createSample({
    dataFolder,
    resourcesFolder: path.resolve('resources'),
    rows: 'few',
    log,
    ensureConnection: async (draft, password, knownId) => {
      saved.push({ draft, password, knownId });
      return knownId ?? 'the-sample';
    },
  });
});
afterAll(async () => {
  await sample.close();
  const state = JSON.parse(await readFile(path.join(dataFolder, 'sample', 'state.json'), 'utf8')) as { base: string };
  await rm(state.base, { recursive: true, force: true, maxRetries: 5 });
  await rm(dataFolder, { recursive: true, force: true, maxRetries: 5 });
});

async function open(): Promise<SampleProgress[]> {
  const events: SampleProgress[] = [];
  for await (const event of await call(sample.procedures.open, undefined, context)) events.push(event);
  return events;
}

test('opens with progress, remembers the connection, and keeps the password out of what the page sees', async () => {
  expect(await call(sample.procedures.status, undefined, context)).toEqual({ state: 'absent', workloadRunning: false });
  await expect(call(sample.procedures.startWorkload, undefined, context)).rejects.toMatchObject({ code: 'invalid' });
  const events = await open();
  expect(events.at(-1)).toEqual({ kind: 'ready', connectionId: 'the-sample' });
  expect(events.filter(({ kind }) => kind === 'progress').length).toBeGreaterThan(2);
  const password = saved[0]?.password ?? '';
  expect(password).toMatch(/^[\w-]{24}$/);
  expect(JSON.stringify(events)).not.toContain(password);
  expect(JSON.stringify(saved[0]?.draft)).not.toContain(password);
  const state = await readFile(path.join(dataFolder, 'sample', 'state.json'), 'utf8');
  expect(state).not.toContain(password);
  await open();
  expect(saved[1]).toMatchObject({ knownId: 'the-sample', password });
});

test('starts and stops the workload and the server', async () => {
  await call(sample.procedures.startWorkload, undefined, context);
  expect(await call(sample.procedures.status, undefined, context)).toMatchObject({
    state: 'running',
    connectionId: 'the-sample',
    workloadRunning: true,
  });
  await call(sample.procedures.stopWorkload, undefined, context);
  expect(await call(sample.procedures.status, undefined, context)).toMatchObject({ workloadRunning: false });
  await call(sample.procedures.stop, undefined, context);
  expect(await call(sample.procedures.status, undefined, context)).toMatchObject({ state: 'stopped' });
  await expect(call(sample.procedures.startWorkload, undefined, context)).rejects.toMatchObject({ code: 'invalid' });
});

test('only an admin may open it', async () => {
  const viewer = { context: { role: 'viewer', clientId: 'page' } } as const;
  await expect(call(sample.procedures.stop, undefined, viewer)).rejects.toMatchObject({ code: 'FORBIDDEN' });
});
