import { expect, it } from 'vitest';
import { stepsOf } from './replay.ts';

it('puts together what one reading found, of one database, the newest first', () => {
  const event = (atMs: number, kind: string, database: string, subject: string) => ({
    atMs,
    kind,
    database,
    subject,
    before: null,
    after: '',
  });
  const steps = stepsOf(
    [
      event(1, 'ddl', 'd', 'a'),
      event(1, 'ddl', 'd', 'b'),
      event(2, 'ddl', 'other', 'c'),
      event(2, 'setting', 'd', 'e'),
      event(3, 'ddl', 'd', 'f'),
    ],
    'd',
  );
  expect(steps.map(({ atMs, events }) => [atMs, events.map(({ subject }) => subject)])).toEqual([
    [3, ['f']],
    [1, ['a', 'b']],
  ]);
});
