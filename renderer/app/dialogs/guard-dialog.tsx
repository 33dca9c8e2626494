import { type FormEvent, useId, useState } from 'react';
import type { GuardConcern } from '../../../shared/api/guard.ts';
import { shownCount } from '../../ui/amounts.ts';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/class-names.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { TypedName } from '../../ui/inputs/typed-name.tsx';
import { visibleText } from '../../ui/visible-text.ts';
import { environmentMark } from '../../workspace/connection-look.ts';
import { type OpenQuestion, useGuardQuestion } from '../../workspace/guard/guard-questions.ts';

/** Asks before something runs that the connection's guard rails want confirmed; in front of the tab that wants to. */
export function GuardDialog({ tabId }: { tabId: string }) {
  const open = useGuardQuestion(tabId);
  // A new question starts with an empty field.
  return open ? <Asking key={open.question.permit} {...open} /> : null;
}

function Asking({ question, notes, runLabel, onPlan, answer }: OpenQuestion) {
  const { connectionName, environment, typeName, concerns, more } = question;
  const [typed, setTyped] = useState('');
  const form = useId();
  const may = typeName === null || typed === typeName;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (may) answer(true);
  };
  const showPlan = ({ range }: GuardConcern) => {
    answer(false);
    onPlan(range);
  };
  const changes = concerns.some((concern) => concern.class !== 'cost');
  const mark = environmentMark[environment];
  return (
    <Dialog
      open
      onClose={() => answer(false)}
      title={titleOf(concerns, more)}
      footerStart={
        <span className="flex min-w-0 items-center gap-2 text-sm text-muted">
          {mark && <span className={cx('rounded-sm px-1.5 text-2xs font-medium', mark.className)}>{mark.label}</span>}
          <span className="truncate">{visibleText(connectionName)}</span>
        </span>
      }
      footer={
        <>
          {/* The way out is what Enter means, as long as nothing is typed. */}
          <Button autoFocus={typeName === null} onClick={() => answer(false)}>
            Do not run
          </Button>
          <Button kind={changes ? 'danger' : 'primary'} type="submit" form={form} disabled={!may}>
            {runLabel}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="flex flex-col gap-3">
        <ul className="flex flex-col gap-2">
          {concerns.map((concern, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the list does not change while it is asked about
            <Concern key={at} concern={concern} onPlan={showPlan} />
          ))}
        </ul>
        {more > 0 && <p className="text-sm text-muted">and {shownCount(more)} more of the like</p>}
        {notes.length > 0 && (
          <ul className="list-disc space-y-0.5 pl-4 text-xs text-muted">
            {notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        )}
        {typeName !== null && <TypedName name={typeName} to="run it" value={typed} onValue={setTyped} />}
      </form>
    </Dialog>
  );
}

function titleOf(concerns: readonly GuardConcern[], more: number): string {
  const [first, ...others] = concerns;
  if (!first) return 'Run this?';
  if (others.length + more > 0) return `Run these ${shownCount(concerns.length + more)} changes?`;
  const target = first.target ? ` ${visibleText(first.target)}` : '';
  const words = first.command.toUpperCase();
  if (first.class === 'cost') return 'Run this expensive query?';
  return `Run ${words}${target.length > 60 ? `${target.slice(0, 59)}…` : target}?`;
}

function Concern({ concern, onPlan }: { concern: GuardConcern; onPlan: (concern: GuardConcern) => void }) {
  const grave = concern.class === 'destroy' || concern.class === 'writeAll';
  return (
    <li className="flex gap-2 text-sm">
      <span
        className={cx(
          'mt-px h-[18px] shrink-0 rounded-sm px-1.5 font-mono text-2xs leading-[18px]',
          grave ? 'bg-danger-soft text-danger' : 'bg-sunken text-muted',
        )}
      >
        {concern.command.toUpperCase()}
      </span>
      <div className="selectable flex min-w-0 flex-1 flex-col gap-0.5">
        <p className="break-words">{visibleText(withoutCommand(concern))}</p>
        {concern.evidence.map((line) => (
          <p key={line} className="text-xs break-words text-muted">
            {visibleText(line)}
          </p>
        ))}
        {concern.sample && <Sample sample={concern.sample} />}
        {concern.class === 'cost' && (
          <button
            type="button"
            className="self-start text-xs text-accent hover:underline"
            onClick={() => onPlan(concern)}
          >
            Show the plan instead
          </button>
        )}
      </div>
    </li>
  );
}

/** "DROP TABLE item." stands beside a mark that says DROP TABLE already. */
function withoutCommand({ what, command, target }: GuardConcern): string {
  return target && what === `${command.toUpperCase()} ${target}.` ? target : what;
}

/** The first rows that it would touch. */
function Sample({ sample }: { sample: NonNullable<GuardConcern['sample']> }) {
  return (
    <section
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard, too
      tabIndex={0}
      aria-label="First rows that it would touch"
      className="mt-1 max-w-full overflow-x-auto rounded-md border border-line"
    >
      <table className="w-full border-collapse text-xs">
        <thead>
          <tr className="bg-sunken text-left text-muted">
            {sample.columns.map((column, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns may have the same name
              <th key={at} className="px-2 py-1 font-medium whitespace-nowrap">
                {visibleText(column)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="font-mono">
          {sample.rows.map((row, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows are only shown
            <tr key={at} className="border-t border-line">
              {row.map((cell, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: as above
                <td key={column} className="max-w-48 truncate px-2 py-1 whitespace-nowrap">
                  {cell === null ? <span className="text-faint">NULL</span> : visibleText(cell)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
