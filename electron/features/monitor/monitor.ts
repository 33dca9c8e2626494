/** What recordings tell, live or at rest: every procedure is a question to the recording's file. */
import { invalid } from '../../../shared/failure.ts';
import { Fingerprints } from '../../postgres/parser/fingerprints.ts';
import { procedures } from '../../procedures.ts';
import type { OpenRecordings } from '../../recorder/open/open-recordings.ts';
import type { QuestionInput, QuestionName } from '../../recorder/read/questions.ts';
import { patternsOf } from './patterns.ts';

/** As many as pg_stat_statements usually keeps: a pattern is the sum of all of its statements. */
const mostStatements = 5_000;

export function monitorProcedures({ recordings }: { recordings: OpenRecordings }) {
  const { monitor } = procedures;
  const fingerprints = new Fingerprints();
  const ask = <Name extends QuestionName>(
    name: Name,
    input: { id: string } & QuestionInput<Name>,
    signal: AbortSignal | undefined,
  ) => {
    checkRange(input);
    return recordings.ask(input.id, name, input, signal);
  };
  return {
    span: monitor.span.handler(async ({ input, signal }) => ({
      ...(await recordings.ask(input.id, 'span', {}, signal)),
      live: recordings.get(input.id).live,
    })),
    activity: monitor.activity.handler(({ input, signal }) => ask('activity', input, signal)),
    shares: monitor.shares.handler(({ input, signal }) => ask('shares', input, signal)),
    sessions: monitor.sessions.handler(({ input, signal }) => ask('sessions', input, signal)),
    locks: monitor.locks.handler(({ input, signal }) => ask('locks', input, signal)),
    blocked: monitor.blocked.handler(({ input, signal }) => ask('blocked', input, signal)),
    blame: monitor.blame.handler(({ input, signal }) => ask('blame', input, signal)),
    statements: monitor.statements.handler(({ input, signal }) => ask('statements', input, signal)),
    patterns: monitor.patterns.handler(async ({ input, signal }) => {
      const { statements, ...about } = await ask('statements', { ...input, limit: mostStatements }, signal);
      const made = await fingerprints.ofAll(statements.map(({ text }) => text ?? ''));
      const patterns = patternsOf(statements, made, input.order);
      return { ...about, total: patterns.length, statements: patterns.slice(0, input.limit) };
    }),
    statement: monitor.statement.handler(({ input, signal }) => ask('statement', input, signal)),
    series: monitor.series.handler(({ input, signal }) => ask('series', input, signal)),
    table: monitor.table.handler(({ input, signal }) => ask('table', input, signal)),
    objects: monitor.objects.handler(({ input, signal }) => ask('objects', input, signal)),
    events: monitor.events.handler(({ input, signal }) => ask('events', input, signal)),
    snapshot: monitor.snapshot.handler(({ input, signal }) => ask('snapshot', input, signal)),
  };
}

function checkRange(input: { id: string; fromMs?: number; toMs?: number }): void {
  if (input.fromMs !== undefined && input.toMs !== undefined && input.fromMs >= input.toMs)
    throw invalid('toMs', 'The end of the stretch must lie after its beginning.');
}
