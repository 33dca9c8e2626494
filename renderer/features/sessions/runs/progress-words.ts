/** What a running statement is at, in words. */
import type { SessionProgress } from '../../../../shared/api/sessions.ts';
import { shownBytes, shownCount } from '../../../ui/amounts.ts';

const amountOf = (value: number, unit: NonNullable<SessionProgress['reported']>['unit']): string =>
  unit === 'bytes' ? shownBytes(value) : `${shownCount(value)} ${unit === 'tuples' ? 'rows' : 'blocks'}`;

/** From 0 to 1; null where the server does not say. */
export function shareDone({ reported }: SessionProgress): number | null {
  if (!reported || reported.total === null) return null;
  return Math.min(1, reported.done / reported.total);
}

/** "CREATE INDEX on shop.orders: building index, 1,200 of 9,000 blocks" */
export function reportedWords({ reported }: SessionProgress): string | null {
  if (!reported) return null;
  const { command, object, phase, done, total, unit } = reported;
  const amount =
    total === null
      ? done > 0
        ? `, ${amountOf(done, unit)}`
        : ''
      : `, ${unit === 'bytes' ? shownBytes(done) : shownCount(done)} of ${amountOf(total, unit)}`;
  // The command has said it already.
  return `${command}${object ? ` on ${object}` : ''}: ${phase.replace(/^building index: /, '')}${amount}`;
}

/** "waits for Lock: relation (held by 4711) · 2 parallel workers" */
export function workWords({ waitEventType, waitEvent, workers, blockedBy }: SessionProgress): string {
  const holders = blockedBy.length > 0 ? ` (held by ${blockedBy.join(', ')})` : '';
  const words = [
    waitEventType ? `waits for ${waitEventType}: ${waitEvent ?? '?'}${holders}` : 'at work, not waiting',
    workers > 0 ? `${workers} parallel ${workers === 1 ? 'worker' : 'workers'}` : null,
  ];
  return words.filter((word) => word !== null).join(' · ');
}
