/** Runs an explain script on a session and collects the plan's lines. */
import type { Failure } from '../../../shared/api/base.ts';
import type { RunEvent } from '../../../shared/api/sessions.ts';
import { FailureError } from '../../../shared/failure.ts';
import type { OpenResults } from '../../postgres/result/open-results.ts';
import type { RunRequest, Session } from '../../postgres/source.ts';
import type { Script } from './explain-script.ts';

/** Throws what the server said, after everything was rolled back. An abort cancels on the server. */
export async function runScript(
  results: OpenResults,
  session: Session,
  script: Script,
  signal: AbortSignal | undefined,
): Promise<{ text: string; notices: string[] }> {
  signal?.throwIfAborted();
  const cancel = () => void session.cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  const collected = new Collected(script.at);
  try {
    // One run, so that no statement of the tab can come between.
    for await (const event of session.run(requestOf(script.statements))) collected.take(event);
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
  if (collected.skipped > 0 && !session.state.lost) await undo(session, script);
  try {
    if (collected.failure) throw new FailureError(collected.failure);
    if (signal?.aborted || collected.resultId === null) {
      throw new FailureError({ kind: 'cancelled', message: 'The explain was cancelled; what it did was rolled back.' });
    }
    return { text: await linesOf(results, collected.resultId), notices: collected.notices };
  } finally {
    await Promise.all(collected.resultIds.map((id) => results.closeResult(id)));
  }
}

class Collected {
  resultId: string | null = null;
  readonly resultIds: string[] = [];
  failure: Failure | null = null;
  skipped = 0;
  readonly notices: string[] = [];
  readonly #at: number;
  constructor(at: number) {
    this.#at = at;
  }

  take(event: RunEvent): void {
    if (event.kind === 'result') {
      this.resultIds.push(event.resultId);
      if (event.statement === this.#at) this.resultId = event.resultId;
    } else if (event.kind === 'failed') {
      // The first one is the cause; after it the transaction refuses the rest.
      if (event.statement <= this.#at) this.failure ??= event.failure;
    } else if (event.kind === 'notice') this.notices.push(`${event.notice.severity}: ${event.notice.message}`);
    else if (event.kind === 'end') this.skipped = event.skipped;
  }
}

/** A cancel stops the whole run, and so leaves the transaction open. */
async function undo(session: Session, { undo: statements }: Script): Promise<void> {
  if (statements.length === 0 || session.state.transaction === 'idle') return;
  for await (const _ of session.run(requestOf(statements)));
}

function requestOf(texts: readonly string[]): RunRequest {
  const statements = texts.map((text) => ({ text, range: { from: 0, to: text.length } }));
  return { statements, rowLimit: null, stopOnError: false };
}

const windowRows = 1_000;

async function linesOf(results: OpenResults, resultId: string): Promise<string> {
  const lines: string[] = [];
  for (let from = 0; ; from += windowRows) {
    const { rows } = await results.rows({ resultId }, from, windowRows, 16_000_000);
    for (const [line] of rows) lines.push(line ?? '');
    if (rows.length < windowRows) return lines.join('\n');
  }
}
