/** The pending changes: steps and DDL, what they lock and cost, and running them. The same beside every form. */
import { Copy, Play, Square, SquareTerminal } from 'lucide-react';
import { useState } from 'react';
import type { Pace, RelationSize } from '../../../../shared/api/structure.ts';
import { estimate } from '../../../../shared/ddl/estimate.ts';
import { chosenSteps, type Step } from '../../../../shared/ddl/step.ts';
import type { Change } from '../../../../shared/ddl/table-steps.ts';
import { client } from '../../../client/connect.ts';
import { useCall } from '../../../client/use-call.ts';
import { SqlText } from '../../../editor/sql-text.tsx';
import { shownDuration } from '../../../ui/amounts.ts';
import { Button, IconButton } from '../../../ui/button.tsx';
import { FailureView } from '../../../ui/failure-view.tsx';
import { Checkbox, Segmented, Select } from '../../../ui/field.tsx';
import { Callout, EmptyState } from '../../../ui/states.tsx';
import { toast } from '../../../ui/toast.tsx';
import { openTab } from '../../../workspace/tabs.ts';
import { changeText } from '../../../workspace/texts.ts';
import { cancelRun, changeRunSettings, forgetRun, runChange, type StructureRun, useStructureRuns } from '../runs.ts';
import { runStepOf, scriptText } from './script.ts';
import { StepLine, type StepState } from './step-line.tsx';
import { useObjections } from './use-objections.ts';

export interface PlanPaneProps {
  readonly tabId: string;
  readonly connectionId: string;
  readonly database: string;
  readonly change: Change;
  readonly size: RelationSize | null;
  readonly safely: boolean;
  readonly onSafely: (safely: boolean) => void;
  /** All of it is done. */
  readonly onDone: () => void;
  /** Takes the changes back; absent where there is nothing to go back to. */
  readonly onRevert?: (() => void) | undefined;
  /** What the empty list says. */
  readonly empty: string;
  /** On the button: "Create table", "Run 3 steps". */
  readonly runLabel?: string | undefined;
  readonly danger?: boolean;
}

export function PlanPane(props: PlanPaneProps) {
  const { tabId, connectionId, database, change, size, safely, empty } = props;
  const run = useStructureRuns(({ byTab }) => byTab.get(tabId));
  const settings = useStructureRuns((state) => state.settings);
  const paces = useCall(client.structure.paces, { connectionId });
  const [view, setView] = useState<'steps' | 'sql'>('steps');
  const steps = chosenSteps(change.steps, safely);
  const objections = useObjections(steps);
  const script = scriptText(steps, settings.lockTimeoutMs);
  const running = run?.state === 'running';
  const start = async () => {
    if (await runChange(tabId, { connectionId, database, steps: steps.map((each) => runStepOf(each, size)) }))
      props.onDone();
    paces.reload();
  };
  const openInTab = () => {
    const id = openTab({ kind: 'query', connectionId, database });
    changeText(id, { text: script, caret: 0 });
  };
  return (
    <section aria-label="Pending changes" className="flex h-full min-h-0 flex-col border-l border-line bg-surface">
      <header className="flex h-9 shrink-0 items-center gap-2 border-b border-line px-3">
        <h2 className="flex-1 text-xs font-semibold text-muted">
          Pending changes{steps.length > 0 && <span className="ml-1.5 font-normal tabular-nums">{steps.length}</span>}
        </h2>
        <Segmented
          label="Shown as"
          value={view}
          onValue={setView}
          options={[
            { value: 'steps', label: 'Steps' },
            { value: 'sql', label: 'SQL' },
          ]}
        />
      </header>
      {change.problems.length > 0 && (
        <Callout tone="warning" className="m-2 shrink-0">
          <ul className="flex flex-col gap-0.5">
            {change.problems.map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
        </Callout>
      )}
      {change.steps.some(({ safe }) => safe) && (
        <div className="shrink-0 border-b border-line px-3 py-2">
          <Checkbox
            label="Let others work meanwhile"
            hint={change.steps.find(({ safe }) => safe)?.safe?.why ?? ''}
            checked={safely}
            disabled={running}
            onChange={(event) => props.onSafely(event.currentTarget.checked)}
          />
        </div>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard, too */}
      <section aria-label="Steps" tabIndex={0} className="min-h-0 flex-1 overflow-auto">
        {steps.length === 0 ? (
          change.problems.length === 0 && <EmptyState title="Nothing to do">{empty}</EmptyState>
        ) : view === 'sql' ? (
          <SqlText text={script} label="SQL of the changes" />
        ) : (
          <Steps steps={steps} size={size} paces={paces.data ?? []} objections={objections} run={run} />
        )}
      </section>
      {run && <Outcome run={run} steps={steps} onClose={() => forgetRun(tabId)} />}
      {steps.length > 0 && (
        <footer className="flex shrink-0 flex-col gap-2 border-t border-line px-3 py-2">
          <Patience disabled={running} />
          <div className="flex flex-wrap items-center gap-1.5">
            {running ? (
              <Button kind="danger" icon={<Square size={14} strokeWidth={1.75} />} onClick={() => cancelRun(tabId)}>
                Cancel
              </Button>
            ) : (
              <Button
                kind={props.danger ? 'danger' : 'primary'}
                icon={<Play size={14} strokeWidth={1.75} />}
                disabled={change.problems.length > 0}
                onClick={() => void start()}
              >
                {props.runLabel ?? (steps.length === 1 ? 'Run 1 step' : `Run ${steps.length} steps`)}
              </Button>
            )}
            {props.onRevert && (
              <Button kind="quiet" disabled={running} onClick={props.onRevert}>
                Revert
              </Button>
            )}
            <span className="ml-auto flex gap-1.5">
              <IconButton label="Copy SQL" icon={<Copy size={15} strokeWidth={1.75} />} onClick={() => copy(script)} />
              <IconButton
                label="Open in a query tab"
                icon={<SquareTerminal size={15} strokeWidth={1.75} />}
                onClick={openInTab}
              />
            </span>
          </div>
        </footer>
      )}
    </section>
  );
}

function copy(text: string): void {
  navigator.clipboard.writeText(text).then(
    () => toast('SQL copied.', 'success'),
    () => toast('The browser did not allow writing to the clipboard.', 'warning'),
  );
}

/** Steps under headings that say which share a transaction. */
function Steps({
  steps,
  size,
  paces,
  objections,
  run,
}: {
  steps: readonly Step[];
  size: RelationSize | null;
  paces: readonly Pace[];
  objections: ReadonlyMap<string, string>;
  run: StructureRun | undefined;
}) {
  const groups: { from: number; alone: boolean; steps: Step[] }[] = [];
  for (const [at, step] of steps.entries()) {
    const last = groups.at(-1);
    if (last && !last.alone && !step.alone) last.steps.push(step);
    else groups.push({ from: at, alone: step.alone, steps: [step] });
  }
  return (
    <ol>
      {groups.map((group) => (
        <li key={group.from}>
          <div className="border-b border-line bg-canvas px-3 py-1 text-2xs font-medium text-muted">
            {group.alone
              ? 'By itself, outside of a transaction'
              : group.steps.length === 1
                ? 'A transaction of its own'
                : `One transaction: all ${group.steps.length}, or none`}
          </div>
          <ol>
            {group.steps.map((step, index) => (
              <StepLine
                key={step.sql}
                step={step}
                expected={estimate(step, size, paces)}
                objection={objections.get(step.sql) ?? null}
                state={stateOf(run, group.from + index)}
                tookMs={run?.tookMs.get(group.from + index)}
              />
            ))}
          </ol>
        </li>
      ))}
    </ol>
  );
}

function stateOf(run: StructureRun | undefined, at: number): StepState {
  if (!run) return 'pending';
  if (run.tookMs.has(at) || at < run.kept) return 'done';
  if (at !== run.at) return 'pending';
  return run.state === 'failed' ? 'failed' : run.state === 'running' ? 'running' : 'done';
}

function Outcome({ run, steps, onClose }: { run: StructureRun; steps: readonly Step[]; onClose: () => void }) {
  if (run.state === 'running') {
    if (!run.again) return null;
    return (
      <Callout tone="info" className="m-2 shrink-0">
        A lock was not to be had in time: what the transaction did was undone. Attempt {run.again.attempt} of{' '}
        {run.again.of} begins in {shownDuration(run.again.waitMs)}.
      </Callout>
    );
  }
  if (run.state === 'done' || !run.failure) return null;
  const stays =
    run.kept === 0
      ? 'Nothing was changed.'
      : `The first ${run.kept === 1 ? 'step' : `${run.kept} steps`} of ${steps.length} stay done; the rest was not.`;
  return (
    <div className="m-2 flex max-h-[40%] shrink-0 flex-col gap-1 overflow-auto">
      <FailureView
        failure={run.failure}
        actions={
          <Button small onClick={onClose}>
            Dismiss
          </Button>
        }
      />
      <p className="text-xs text-muted">
        {stays} {run.note ?? ''}
      </p>
    </div>
  );
}

const waits = [1000, 3000, 10_000, 60_000, 0] as const;
const tries = [1, 3, 10, 50] as const;
/** How long it waits in the queue for a lock: everybody who comes after it waits behind it. */
function Patience({ disabled }: { disabled: boolean }) {
  const { lockTimeoutMs, attempts } = useStructureRuns(({ settings }) => settings);
  return (
    <div
      className="flex flex-wrap items-center gap-x-2 gap-y-1 text-xs text-muted"
      title="While it waits for a lock, everybody who comes after it waits behind it: give up early, and try again."
    >
      <span>Wait for a lock</span>
      <span className="w-22">
        <Select
          aria-label="Wait for a lock"
          className="h-6 text-xs"
          disabled={disabled}
          value={String(lockTimeoutMs)}
          options={waits.map((ms) => ({ value: String(ms), label: ms === 0 ? 'for ever' : shownDuration(ms) }))}
          onValue={(value) => changeRunSettings({ lockTimeoutMs: Number(value) })}
        />
      </span>
      <span>and try</span>
      <span className="w-22">
        <Select
          aria-label="Attempts"
          className="h-6 text-xs"
          disabled={disabled}
          value={String(attempts)}
          options={tries.map((count) => ({ value: String(count), label: count === 1 ? 'once' : `${count} times` }))}
          onValue={(value) => changeRunSettings({ attempts: Number(value) })}
        />
      </span>
    </div>
  );
}
