import { expect, test } from 'vitest';
import type { ConnectionFailure, Failure } from '../../shared/api/base.ts';
import { askAbout, troubleOver, useTrouble, waysOut } from './trouble.ts';

const failed = (reason: ConnectionFailure['reason']): Failure => ({ kind: 'connection', reason, message: reason });

test('who asks later for the same connection neither hides that the password was wrong nor is forgotten', () => {
  const tried: string[] = [];
  askAbout({ connectionId: 'a', failure: failed('passwordWrong'), retry: () => tried.push('session') });
  askAbout({ connectionId: 'a', failure: failed('passwordNeeded'), retry: () => tried.push('tree') });
  expect(useTrouble.getState().trouble?.failure).toMatchObject({ reason: 'passwordWrong' });
  useTrouble.getState().trouble?.retry();
  expect(tried).toEqual(['session', 'tree']);
  askAbout({ connectionId: 'b', failure: failed('sshAuth'), retry: () => undefined });
  expect(useTrouble.getState().trouble).toMatchObject({ connectionId: 'b', failure: { reason: 'sshAuth' } });
  troubleOver();
  expect(useTrouble.getState().trouble).toBeNull();
});

test('what a page offers depends on what is wrong', () => {
  const retry = () => undefined;
  const labels = (failure: Failure) => waysOut('a', failure, retry).map(({ label }) => label);
  expect(labels(failed('passwordNeeded'))).toEqual(['Enter the password…', 'Try again', 'Edit connection']);
  expect(labels(failed('refused'))).toEqual(['Try again', 'Edit connection']);
  expect(labels({ kind: 'internal', message: 'no' })).toEqual(['Try again']);
  waysOut('a', failed('secretsLocked'), retry)[0]?.run();
  expect(useTrouble.getState().trouble).toMatchObject({
    connectionId: 'a',
    failure: { reason: 'secretsLocked' },
    retry,
  });
  troubleOver();
});
