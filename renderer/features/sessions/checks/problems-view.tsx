import { CircleX, Info, Lightbulb, TriangleAlert } from 'lucide-react';
import { type KeyboardEvent, useRef } from 'react';
import type { Fix, Problem, Severity } from '../../../../shared/lint/problem.ts';
import { cx } from '../../../ui/class-names.ts';
import { EmptyState } from '../../../ui/states.tsx';
import { shownKeysOf } from '../../../workspace/commands.ts';

const look = { size: 14, strokeWidth: 1.75, 'aria-hidden': true } as const;
const marks: Readonly<Record<Severity, { icon: typeof Info; word: string; className: string }>> = {
  error: { icon: CircleX, word: 'Error', className: 'text-danger' },
  warning: { icon: TriangleAlert, word: 'Warning', className: 'text-warning' },
  info: { icon: Info, word: 'Note', className: 'text-accent' },
  hint: { icon: Lightbulb, word: 'Hint', className: 'text-faint' },
};

/** More are not drawn: a person mends these first. */
const mostShown = 300;

/** What the checks say of the text, in its order: a line each, with what it means and what mends it. */
export function ProblemsView({
  problems,
  placeOf,
  onGoTo,
  onFix,
}: {
  problems: readonly Problem[];
  placeOf: (range: { from: number; to: number }) => string;
  onGoTo: (range: { from: number; to: number }) => void;
  onFix: (fix: Fix) => void;
}) {
  const list = useRef<HTMLUListElement>(null);
  if (problems.length === 0) {
    return (
      <EmptyState title="No problems found">
        Statements are checked as you type: their syntax, the names and types in them, and what is known to go wrong.
        Which checks are made is chosen in the settings.
      </EmptyState>
    );
  }
  const move = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    const lines = [...(list.current?.querySelectorAll<HTMLElement>('[data-problem]') ?? [])];
    const at = lines.indexOf(document.activeElement as HTMLElement);
    event.preventDefault();
    lines[Math.min(lines.length - 1, Math.max(0, at + step))]?.focus();
  };
  return (
    <ul ref={list} aria-label="Problems" className="h-full overflow-auto py-1" onKeyDown={move}>
      {problems.slice(0, mostShown).map((problem) => (
        <Line
          key={`${problem.from} ${problem.rule} ${problem.message}`}
          problem={problem}
          placeOf={placeOf}
          onGoTo={onGoTo}
          onFix={onFix}
        />
      ))}
      {problems.length > mostShown && (
        <li className="px-3 py-1 text-xs text-faint">{problems.length - mostShown} more are not shown.</li>
      )}
      <li className="px-3 pt-1 text-xs text-faint">
        {shownKeysOf('problem.next')} goes to the next one, {shownKeysOf('problem.fix')} in the text offers what mends
        it.
      </li>
    </ul>
  );
}

function Line({
  problem,
  placeOf,
  onGoTo,
  onFix,
}: {
  problem: Problem;
  placeOf: (range: { from: number; to: number }) => string;
  onGoTo: (range: { from: number; to: number }) => void;
  onFix: (fix: Fix) => void;
}) {
  const { icon: Icon, word, className } = marks[problem.severity];
  return (
    <li className="flex items-start gap-3 px-1.5 hover:bg-sunken">
      <button
        type="button"
        data-problem
        className="flex min-w-0 flex-1 items-start gap-2 rounded-sm px-1.5 py-1 text-left text-xs"
        onClick={() => onGoTo(problem)}
      >
        <Icon {...look} className={cx('mt-px shrink-0', className)} />
        <span className="sr-only">{word}: </span>
        <span className="min-w-0">
          <span className="break-words">{problem.message}</span>
          <span className="ml-2 whitespace-nowrap text-faint tabular-nums">{placeOf(problem)}</span>
          <span className="block break-words text-muted">{problem.explanation}</span>
        </span>
        <span className="ml-auto shrink-0 pl-2 font-mono text-2xs leading-4 text-faint">{problem.rule}</span>
      </button>
      <span className="flex w-52 shrink-0 flex-col items-start gap-0.5 py-1">
        {problem.fixes.map((fix) => (
          <button
            key={fix.title}
            type="button"
            className="max-w-full truncate text-left text-xs text-accent hover:underline"
            onClick={() => onFix(fix)}
          >
            {fix.title}
          </button>
        ))}
      </span>
    </li>
  );
}

/** For the tab of the problems: how many, in the colour of the worst. */
export function ProblemsMark({ problems }: { problems: readonly Problem[] }) {
  if (problems.length === 0) return null;
  const worst = (['error', 'warning', 'info', 'hint'] as const).find((severity) =>
    problems.some((each) => each.severity === severity),
  );
  return (
    <span
      className={cx(
        'text-2xs tabular-nums',
        worst === 'error' || worst === 'warning' ? marks[worst].className : 'text-faint',
      )}
    >
      {problems.length}
    </span>
  );
}
