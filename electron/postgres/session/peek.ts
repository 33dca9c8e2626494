/** Questions within a tab's own session, of which nothing stays: see Session.peek. */
import { lostFailure } from '../connect/failures.ts';
import type { PeekAnswer, PeekQuestion } from '../source.ts';
import type { Link } from './link.ts';
import { ReadOnlyRail } from './read-only/read-only-rail.ts';

const savepoint = 'howdah_peek';
/** A question waits for nobody. */
const lockTimeoutMs = 500;

/** In a transaction of its own that reads, or before a savepoint of the one that is open. Throws where the link is lost. */
export async function peek(link: Link, questions: readonly PeekQuestion[], timeoutMs: number): Promise<PeekAnswer[]> {
  const { transaction } = link;
  if (transaction === 'failed') return questions.map(() => ({ kind: 'failed', why: 'The transaction has failed.' }));
  const open = transaction === 'open';
  const timeouts = `set local statement_timeout = ${Math.round(timeoutMs)}; set local lock_timeout = ${lockTimeoutMs}`;
  const undo = open ? `rollback to savepoint ${savepoint}` : 'rollback';
  const begin = open ? `savepoint ${savepoint}` : 'begin read only';
  const answers: PeekAnswer[] = [];
  for (const question of questions) {
    try {
      await link.script(`/* howdah:sessions.peek */ ${begin}; ${timeouts}`);
      answers.push(await answerTo(link, question));
    } finally {
      if (!link.lost)
        await link.script(`/* howdah:sessions.peek */ ${undo}${open ? `; release savepoint ${savepoint}` : ''}`);
    }
  }
  return answers;
}

/** A refusal by the server would fail the transaction that is open: it fails only what stands behind a savepoint. */
export async function withoutFailing<T>(link: Link, work: () => Promise<T>): Promise<T> {
  if (link.transaction !== 'open') return await work();
  await link.script(`/* howdah:sessions.describe */ savepoint ${savepoint}`);
  try {
    return await work();
  } finally {
    if (!link.lost) await link.script(`rollback to savepoint ${savepoint}; release savepoint ${savepoint}`);
  }
}

async function answerTo(link: Link, { text, values = [], mostRows, ours }: PeekQuestion): Promise<PeekAnswer> {
  const acts = ours ? null : await new ReadOnlyRail(link).objectionTo(text);
  if (acts) return { kind: 'acts', why: acts };
  if (mostRows === 0) return { kind: 'rows', columns: [], rows: [] };
  const { columns, rows, error, lost } = await link.rows(text, values, mostRows);
  if (lost) throw lostFailure(error ?? new Error('closed'));
  if (error) return { kind: 'failed', why: error.code === '57014' ? 'It took too long.' : error.message };
  return { kind: 'rows', columns, rows };
}
