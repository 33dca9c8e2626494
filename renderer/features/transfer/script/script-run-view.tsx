import { z } from 'zod';
import { type SqlCounts, type SqlProgress, sqlError } from '../../../../shared/api/sql-import.ts';
import { rowsWords, shownBytes, shownCount, shownDuration } from '../../../ui/amounts.ts';
import { FailureView } from '../../../ui/failure-view.tsx';
import { Callout, ProgressBar } from '../../../ui/states.tsx';
import { visibleText } from '../../../ui/visible-text.ts';
import { rateAndRest } from '../rate.ts';
import type { Outcome } from '../tasks/use-task.ts';

export type ScriptNow = Extract<SqlProgress, { kind: 'reading' | 'progress' }>;
export type ScriptEnd = Extract<SqlProgress, { kind: 'done' }>;

export const scriptCounts = ({ statements, failed, rows }: SqlCounts): string =>
  `${shownCount(statements)} ${statements === 1 ? 'statement' : 'statements'}, ${failed === 0 ? 'none failed' : `${shownCount(failed)} failed`}, ${rowsWords(rows)} written`;

export function scriptWords(now: ScriptNow, startedAt: number): string {
  const read = `${shownBytes(now.bytes)} of ${shownBytes(now.totalBytes)}`;
  if (now.kind === 'reading') {
    const left = leftWords(now, performance.now() - startedAt);
    return [`Reading it through: ${shownCount(now.statements)} statements`, read, ...left].join(', ');
  }
  const { rows, statements, runningMs } = now;
  const { rate } = rateAndRest(rows || statements, null, runningMs);
  return [
    scriptCounts(now),
    read,
    `line ${shownCount(now.line)}`,
    ...(rate === null ? [] : [`${shownCount(rate)} ${rows > 0 ? 'row' : 'statement'}${rate === 1 ? '' : 's'}/s`]),
    ...leftWords(now, runningMs),
  ].join(', ');
}

function leftWords({ bytes, totalBytes }: ScriptNow, passedMs: number): string[] {
  const { restMs } = rateAndRest(bytes, totalBytes, passedMs);
  return restMs === null ? [] : [`about ${shownDuration(restMs)} left`];
}

/** How far it is, or how it ended, with the statements that failed. */
export function ScriptRunView({ run }: { run: Outcome<ScriptNow, ScriptEnd> }) {
  if (run.kind === 'none') return null;
  if (run.kind === 'failed')
    return (
      <div className="flex flex-col gap-2">
        <FailureView failure={run.failure} invalid="The script stopped" />
        <Errors errors={failedEnd.safeParse(run.end).data?.errors ?? []} />
      </div>
    );
  if (run.kind === 'done') {
    const { end } = run;
    const title = end.failed > 0 ? 'It is through; some statements failed' : 'It is through';
    return (
      <div className="flex flex-col gap-2">
        <Callout tone={end.failed > 0 ? 'warning' : 'success'} title={title}>
          {scriptCounts(end)}, in {shownDuration(end.tookMs)}.
          {end.notes.map((note) => (
            <span key={note} className="block">
              {visibleText(note)}
            </span>
          ))}
        </Callout>
        <Errors errors={end.errors} />
      </div>
    );
  }
  const { now, startedAt } = run;
  const fraction = now && now.totalBytes > 0 ? now.bytes / now.totalBytes : undefined;
  return (
    <div className="flex flex-col gap-1.5">
      <ProgressBar label="Running the script" {...(fraction === undefined ? {} : { fraction })} />
      <p role="status" className="text-sm text-muted tabular-nums">
        {now ? scriptWords(now, startedAt) : 'Reading it through'}
      </p>
    </div>
  );
}

const failedEnd = z.object({ errors: z.array(sqlError) });

function Errors({ errors }: { errors: ScriptEnd['errors'] }) {
  if (errors.length === 0) return null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: so that the keyboard can scroll it
    <div className="max-h-56 overflow-auto rounded-md border border-line" tabIndex={0}>
      <table className="w-full text-xs">
        <caption className="sr-only">Statements that failed</caption>
        <thead className="sticky top-0 bg-canvas text-left text-muted">
          <tr>
            <th className="w-20 px-2 py-1 text-right font-medium">Line</th>
            <th className="px-2 py-1 font-medium">Why it failed</th>
          </tr>
        </thead>
        <tbody>
          {errors.map(({ line, reason, statement }) => (
            <tr key={`${line} ${reason}`} className="border-t border-line align-top">
              <td className="px-2 py-1 text-right tabular-nums">{shownCount(line)}</td>
              <td className="selectable px-2 py-1 break-words">
                {visibleText(reason)}
                <span className="block truncate font-mono text-2xs text-faint">{visibleText(statement)}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
