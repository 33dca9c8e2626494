/** Cancels statements and ends sessions, over the source's own connection, and says what came of it. */
import { setTimeout as delay } from 'node:timers/promises';
import type { SignalPreview, SignalResult } from '../../../shared/api/signals.ts';
import type { Source } from '../../postgres/source.ts';
import type { Sources } from '../../postgres/sources.ts';
import { procedures } from '../../procedures.ts';
import { cancelSession, sessionPreview, sessionStatement, terminateSession } from './signals.sql.ts';

type Asker = Pick<Source, 'ask'>;

/** A signal works at the session's next check for interrupts: mostly at once. */
const waitMs = 5_000;
const lookEveryMs = 100;

/** True once the session has ended, or (after a cancel) is not at that statement any more. */
async function tookEffect(
  asker: Asker,
  values: readonly unknown[],
  how: 'cancel' | 'terminate',
  statement: string | null,
) {
  const [now] = await asker.ask(sessionStatement, values);
  if (!now) return true;
  return how === 'cancel' && now.statement !== statement;
}

/** What would be lost and who would be freed. @param values pid and start of the session, in epoch milliseconds */
export async function previewSession(asker: Asker, values: readonly unknown[]): Promise<SignalPreview> {
  const [row] = await asker.ask(sessionPreview, values);
  if (!row) {
    const none = { state: null, query: '', xactAgeMs: null, hasWritten: false, blocks: 0, antiWraparound: false };
    return { there: false, backendType: '', ...none };
  }
  const { xactAgeMs, blocks } = row;
  return { there: true, ...row, xactAgeMs: xactAgeMs === null ? null : Number(xactAgeMs), blocks: Number(blocks) };
}

/** @param values pid and start of the session, in epoch milliseconds */
export async function sendSignal(
  asker: Asker,
  values: readonly unknown[],
  how: 'cancel' | 'terminate',
): Promise<SignalResult> {
  const began = performance.now();
  const tookMs = () => Math.round(performance.now() - began);
  const [signal] = await asker.ask(how === 'cancel' ? cancelSession : terminateSession, values);
  if (!signal?.sent) return { outcome: 'gone', tookMs: tookMs() };
  while (performance.now() - began < waitMs) {
    if (await tookEffect(asker, values, how, signal.statement)) return { outcome: 'done', tookMs: tookMs() };
    await delay(lookEveryMs);
  }
  return { outcome: 'sent', tookMs: tookMs() };
}

export const signalProcedures = ({ sources }: { sources: Pick<Sources, 'source'> }) => ({
  preview: procedures.signals.preview.handler(async ({ input: { connectionId, pid, backendStartMs } }) =>
    previewSession(await sources.source(connectionId), [
      pid,
      backendStartMs === null ? null : Math.floor(backendStartMs),
    ]),
  ),
  send: procedures.signals.send.handler(async ({ input: { connectionId, pid, backendStartMs, how } }) =>
    sendSignal(
      await sources.source(connectionId),
      [pid, backendStartMs === null ? null : Math.floor(backendStartMs)],
      how,
    ),
  ),
});
