import { CircleStop, Gauge, Network, SlidersHorizontal, SquareTerminal } from 'lucide-react';
import type { ExplainOptions, KeptPlan } from '../../../shared/api/plans.ts';
import { Button } from '../../ui/button.tsx';
import { DropdownMenu, type MenuEntry } from '../../ui/menu.tsx';
import { visibleText } from '../../ui/visible-text.ts';
import { useConnections } from '../../workspace/connections.ts';
import { openTab } from '../../workspace/tabs.ts';
import { changeText } from '../../workspace/texts.ts';
import { changeOptions, type PlanRun, usePlanRuns } from './plan-runs.ts';

const look = { size: 15, strokeWidth: 1.75 } as const;

type Switch = Exclude<keyof ExplainOptions, 'analyze' | 'serialize'>;
const switches: readonly (readonly [Switch, string])[] = [
  ['buffers', 'Buffers'],
  ['verbose', 'Verbose'],
  ['settings', 'Settings'],
  ['summary', 'Summary'],
  ['genericPlan', 'Generic plan (parameters without values)'],
  ['memory', 'Memory of the planner (17 and later)'],
];
const withAnalyze: readonly (readonly [Switch, string])[] = [
  ['timing', 'Timing of each node'],
  ['wal', 'WAL'],
];

function optionEntries(options: ExplainOptions, freshSession: boolean): MenuEntry[] {
  const entry = ([name, label]: readonly [Switch, string]): MenuEntry => ({
    kind: 'choice',
    label,
    checked: options[name],
    run: () => changeOptions({ [name]: !options[name] }),
  });
  return [
    ...switches.map(entry),
    { kind: 'separator' },
    { kind: 'heading', label: 'With ANALYZE' },
    ...withAnalyze.map(entry),
    ...(['none', 'text', 'binary'] as const).map(
      (serialize): MenuEntry => ({
        kind: 'choice',
        label: serialize === 'none' ? 'Rows are not serialized' : `Serialize rows as ${serialize} (17 and later)`,
        checked: options.serialize === serialize,
        run: () => changeOptions({ serialize }),
      }),
    ),
    { kind: 'separator' },
    {
      kind: 'choice',
      label: 'On a fresh session instead of the tab’s own',
      checked: freshSession,
      run: () => usePlanRuns.setState({ freshSession: !freshSession }),
    },
  ];
}

/** In a new query tab, on its connection where that is still there; it is not run. */
function openStatement({ sql, connectionId, database }: KeptPlan): void {
  const known = useConnections.getState().connections.some((each) => each.id === connectionId);
  const tabId = openTab({
    kind: 'query',
    connectionId: known ? connectionId : null,
    database: known ? database : null,
  });
  changeText(tabId, { text: sql ?? '', caret: 0 });
}

/** Explain again, with other options; what is shown, where it came from. */
export function PlanToolbar({
  kept,
  run,
  mayAnalyze,
  onExplain,
  onCancel,
}: {
  kept: KeptPlan | undefined;
  run: PlanRun | undefined;
  /** Not somebody else's statement, and not from a recording. */
  mayAnalyze: boolean;
  /** Null where there is no connection to ask: a kept or pasted plan. */
  onExplain: ((analyze: boolean) => void) | null;
  onCancel: () => void;
}) {
  const { options, freshSession } = usePlanRuns();
  return (
    <div className="flex h-10 shrink-0 items-center gap-1 border-b border-line px-2">
      {run?.running ? (
        <Button kind="danger" icon={<CircleStop {...look} />} onClick={onCancel}>
          Cancel
        </Button>
      ) : (
        onExplain && (
          <>
            <Button
              icon={<Network {...look} />}
              onClick={() => onExplain(false)}
              title="Plan the statement, not run it"
            >
              Explain
            </Button>
            {mayAnalyze && (
              <Button
                icon={<Gauge {...look} />}
                onClick={() => onExplain(true)}
                title="Run the statement, measure it, and roll it back"
              >
                Analyze
              </Button>
            )}
          </>
        )
      )}
      {onExplain && (
        <DropdownMenu
          items={optionEntries(options, freshSession)}
          trigger={
            <Button kind="quiet" icon={<SlidersHorizontal {...look} />}>
              Options
            </Button>
          }
        />
      )}
      <span
        className="ml-1 min-w-0 flex-1 truncate font-mono text-xs text-muted"
        title={kept?.sql ? visibleText(kept.sql.slice(0, 2_000)) : undefined}
      >
        {visibleText((kept ? (kept.sql ?? 'A plan without its statement') : '').slice(0, 400).replace(/\s+/g, ' '))}
      </span>
      {kept?.sql && (
        <Button small kind="quiet" icon={<SquareTerminal {...look} />} onClick={() => openStatement(kept)}>
          Open statement
        </Button>
      )}
      {kept && (
        <span className="min-w-0 shrink-[0.25] truncate text-xs text-muted tabular-nums">
          {[
            kept.connectionName && `${kept.connectionName} / ${kept.database}`,
            kept.serverVersion && `PostgreSQL ${kept.serverVersion}`,
            new Date(kept.atMs).toLocaleString(),
          ]
            .filter(Boolean)
            .join(' · ')}
        </span>
      )}
    </div>
  );
}
