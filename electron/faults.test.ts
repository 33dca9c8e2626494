import { expect, it } from 'vitest';
import { outliveFaults } from './faults.ts';

it('logs what nobody caught and lets the program go on', async () => {
  const said: string[] = [];
  const listeners = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  const nothing = () => {};
  const stop = outliveFaults({ info: nothing, warn: nothing, error: (message) => said.push(message) });
  void Promise.reject(new Error('a slip'));
  await new Promise(setImmediate);
  stop();
  for (const listener of listeners) process.on('unhandledRejection', listener);
  expect(said).toEqual(['unhandled rejection: a slip']);
});
