/** A run whose changed rows go into the undo journal. */
import type { GuardQuestion } from '../../../shared/api/guard.ts';
import type { RunEvent } from '../../../shared/api/sessions.ts';
import type { OnCaptured, RunRequest, Session } from '../../postgres/source.ts';

/** Keeps the rows that statements change. */
export interface Journal {
  plan(connectionId: string, statements: RunRequest['statements']): Promise<PlannedRun>;
  ofSession(connectionId: string, database: string, titleOf: (text: string) => string): SessionJournal;
}
/** Before the yes: that there will be nothing to take it back with. */
export function withWhatIsNotKept(question: GuardQuestion, { reasons }: PlannedRun): GuardQuestion {
  const concerns = question.concerns.map((concern) => {
    const why = reasons.get(concern.statement);
    if (why === undefined || concern.class === 'cost') return concern;
    return { ...concern, evidence: [...concern.evidence, `Its rows will not be in the undo journal. ${why}`] };
  });
  return { ...question, concerns };
}

interface PlannedRun {
  readonly statements: RunRequest['statements'];
  readonly reasons: ReadonlyMap<number, string>;
}
export interface SessionJournal {
  begin(run: PlannedRun): void;
  captured(...captured: Parameters<OnCaptured>): void;
  /** @param open a transaction is open after the event */
  saw(event: RunEvent, open: boolean): void;
  /** How many changed rows the run has put into the journal, and how many wait for COMMIT. */
  ended(open: boolean): { readonly rows: number; readonly waiting: number };
}

/** Begins at once, and throws at once where the session is busy. */
export function journaled(
  session: Session,
  request: RunRequest,
  reasons: ReadonlyMap<number, string>,
  journal: SessionJournal | undefined,
): AsyncIterable<RunEvent> {
  if (!journal) return session.run(request);
  const before = session.state.transaction !== 'idle';
  const events = session.run(request, (...captured) => journal.captured(...captured));
  journal.begin({ statements: request.statements, reasons });
  return seen(events, before, journal, reasons);
}

async function* seen(
  events: AsyncIterable<RunEvent>,
  before: boolean,
  journal: SessionJournal,
  reasons: ReadonlyMap<number, string>,
): AsyncIterable<RunEvent> {
  let open = before;
  for await (const event of events) {
    if (event.kind === 'state') open = event.state.transaction !== 'idle';
    journal.saw(event, open);
    if (event.kind === 'end') {
      const kept = journal.ended(open);
      if (kept.rows + kept.waiting > 0) yield { kind: 'journaled', ...kept };
    }
    yield event;
    // Also where nothing is asked before a run: whoever runs it knows what cannot be taken back.
    const why = event.kind === 'statement' ? reasons.get(event.statement) : undefined;
    if (event.kind === 'statement' && why !== undefined) yield { kind: 'notKept', statement: event.statement, why };
  }
}
