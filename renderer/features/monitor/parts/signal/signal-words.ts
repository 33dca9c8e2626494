import type { SignalPreview } from '../../../../../shared/api/signals.ts';
import { shownAmount } from '../../../../../shared/metrics/units.ts';
import { counted } from '../words.ts';

const duration = (ms: number) => shownAmount(ms, { unit: 'ms' });

/** What it costs and frees, one sentence each. */
export function consequences(preview: SignalPreview, how: 'cancel' | 'terminate'): readonly string[] {
  const { state, xactAgeMs, hasWritten, blocks, antiWraparound, backendType } = preview;
  const lines: string[] = [];
  if (how === 'cancel' && state !== 'active') lines.push('It runs no statement now: cancelling will change nothing.');
  if (how === 'cancel' && state === 'active')
    lines.push('Its running statement fails with “canceling statement due to user request”.');
  if (how === 'terminate') lines.push('Its connection is closed; the client sees an error.');
  if (xactAgeMs !== null) {
    const age = `open for ${duration(xactAgeMs)}`;
    if (hasWritten) lines.push(`Its transaction, ${age}, is rolled back: what it has written is lost.`);
    else lines.push(`Its transaction, ${age}, has written nothing so far.`);
  }
  if (blocks > 0) lines.push(`${counted(blocks, 'session')} that ${blocks === 1 ? 'waits' : 'wait'} for it can go on.`);
  if (antiWraparound)
    lines.push('This is an autovacuum against transaction id wraparound: it will start again and must finish one day.');
  else if (backendType === 'autovacuum worker') lines.push('Autovacuum will come back to the table later.');
  if (backendType === 'walsender') lines.push('A standby or a subscriber is fed by it: it will have to connect again.');
  return lines;
}
