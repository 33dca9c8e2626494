import { Check, Circle, CircleAlert, CircleX, LoaderCircle } from 'lucide-react';
import type { Estimate } from '../../../../shared/ddl/estimate.ts';
import { blocksWords, lockWords, type Step } from '../../../../shared/ddl/step.ts';
import { counted, shownBytes, shownDuration } from '../../../ui/amounts.ts';
import { cx } from '../../../ui/class-names.ts';
import { visibleText } from '../../../ui/visible-text.ts';

export type StepState = 'pending' | 'running' | 'done' | 'failed';

const workWords = {
  catalog: 'catalog only',
  scan: 'reads the table',
  index: 'builds an index',
  rewrite: 'rewrites the table',
  query: 'runs its query',
  copy: 'copies the template',
} as const;

/** Strong and long: what a person should think about before running it. */
const isHard = ({ lock, work }: Step): boolean =>
  work !== 'catalog' && (lock === 'AccessExclusiveLock' || lock === 'ShareRowExclusiveLock' || lock === 'ShareLock');

/** One statement: its text, what it locks, how much it has to do, and how far it is. */
export function StepLine({
  step,
  expected,
  objection,
  state,
  tookMs,
}: {
  step: Step;
  /** How long it may take; null where that does not depend on the size, or the size is not known. */
  expected: Estimate | null;
  /** What PostgreSQL's parser has against it. */
  objection: string | null;
  state: StepState;
  tookMs: number | undefined;
}) {
  // How fast it is says nothing where the way there and back takes longer.
  const isMoment = expected !== null && expected.ms < 100;
  return (
    <li className="flex gap-2 border-b border-line px-3 py-2">
      <StateMark state={state} />
      <div className="flex min-w-0 flex-1 flex-col gap-1">
        <pre className="selectable m-0 font-mono text-xs leading-[17px] break-words whitespace-pre-wrap">
          {`${shown(step.sql)};`}
        </pre>
        {objection && (
          <p className="flex items-start gap-1.5 text-xs text-danger">
            <CircleAlert size={14} strokeWidth={1.75} aria-hidden className="mt-px shrink-0" />
            {visibleText(objection)}
          </p>
        )}
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1 text-2xs text-muted">
          {step.lock && (
            <span
              title={`While it runs, ${blocksWords(step.lock)}${step.on ? `: ${step.on}` : ''}.`}
              className={cx(
                'rounded-sm px-1.5 py-px font-medium',
                isHard(step) ? 'bg-danger-soft text-danger' : 'bg-sunken text-muted',
              )}
            >
              {lockWords(step.lock)}
            </span>
          )}
          <span
            className={cx(
              'rounded-sm px-1.5 py-px',
              step.work === 'catalog' ? 'bg-sunken' : 'bg-warning-soft text-warning',
            )}
          >
            {workWords[step.work]}
            {expected &&
              `: ${shownBytes(expected.bytes)}, ${isMoment ? 'a moment' : `about ${shownDuration(expected.ms)}`}`}
          </span>
          {expected && !isMoment && <span title={basisTitle(expected)}>{basis(expected)}</span>}
          {tookMs !== undefined && <span className="text-success">took {shownDuration(tookMs)}</span>}
        </div>
        {step.lock && isHard(step) && <p className="text-xs text-muted">Meanwhile {blocksWords(step.lock)}.</p>}
        {step.notes.map((note) => (
          <p key={note} className="text-xs text-muted">
            {note}
          </p>
        ))}
      </div>
    </li>
  );
}

/** "at 38 MB/s, measured here on 3 Nov" */
function basis({ bytesASecond, measured }: Estimate): string {
  const speed = `at ${shownBytes(bytesASecond)}/s`;
  if (!measured) return `${speed}, as is usual`;
  return `${speed}, measured here on ${day.format(measured.lastAtMs)}`;
}
const day = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short' });
function basisTitle({ measured }: Estimate): string {
  if (!measured) return 'No step of this kind was run on this server from here yet: an ordinary disk is assumed.';
  const { runs, mostBytes } = measured;
  return `All bytes over all time of the last ${counted(runs, 'run')} of this kind; the largest went over ${shownBytes(mostBytes)}.`;
}

const shown = (sql: string): string => sql.split('\n').map(visibleText).join('\n');

function StateMark({ state }: { state: StepState }) {
  const look = 'mt-0.5 size-4 shrink-0';
  if (state === 'running')
    return <LoaderCircle className={cx(look, 'animate-spin text-accent')} aria-label="running" />;
  if (state === 'done') return <Check className={cx(look, 'text-success')} aria-label="done" />;
  if (state === 'failed') return <CircleX className={cx(look, 'text-danger')} aria-label="failed" />;
  return (
    <span aria-hidden className={cx(look, 'flex items-center justify-center text-faint')}>
      <Circle size={7} strokeWidth={2} />
    </span>
  );
}
