import { expect, test } from 'vitest';
import { workerUrl } from './worker-url.ts';

test('beside its source, and in the bundle’s main folder', () => {
  const name = 'session/session-worker';
  expect(workerUrl(name, 'file:///p/electron/postgres/worker-url.ts').href).toBe(
    'file:///p/electron/postgres/session/session-worker.ts',
  );
  expect(workerUrl(name, 'file:///p/out/main/main.js').href).toBe('file:///p/out/main/session-worker.js');
  expect(workerUrl(name, 'file:///p/out/main/chunks/core-1a2b.js').href).toBe('file:///p/out/main/session-worker.js');
});
