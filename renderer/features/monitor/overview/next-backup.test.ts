import { expect, it } from 'vitest';
import type { ScheduleNow } from '../../../../shared/api/backups.ts';
import { nextBackup } from './next-backup.ts';

const schedule = (more: Partial<ScheduleNow>) =>
  ({ connectionId: 'a', name: 'nightly', enabled: true, nextMs: 7_200_000, lastState: 'good', ...more }) as ScheduleNow;

it('tells the time to the next backup of the server, and of a last one that is no good', () => {
  const all = [schedule({ nextMs: 9_000_000 }), schedule({}), schedule({ connectionId: 'b', nextMs: 1_000 })];
  expect(nextBackup(all, 'a', 0)).toEqual({ value: 'in 2 h', note: 'nightly' });
  expect(nextBackup([schedule({ lastState: 'failed' })], 'a', 8_000_000)).toEqual({
    value: 'due now',
    note: 'The last one is failed',
  });
  const none = { value: '–', note: 'No backup is planned' };
  expect(nextBackup([schedule({ enabled: false })], 'a', 0)).toEqual(none);
  expect(nextBackup(all, null, 0)).toEqual(none);
});
