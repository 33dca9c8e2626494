import { useMemo, useState } from 'react';
import type { CategoryId } from '../../../../shared/health/finding.ts';
import { type CategoryHealth, judgeHealth } from '../../../../shared/health/health.ts';
import { shownRange } from '../../../chart/time-axis.ts';
import { useCall } from '../../../client/use-call.ts';
import { cx } from '../../../ui/class-names.ts';
import { FailureView } from '../../../ui/failure-view.tsx';
import { Pending } from '../../../ui/states.tsx';
import { visibleText } from '../../../ui/visible-text.ts';
import type { MonitorView } from '../frame/monitor-view.ts';
import { percent } from '../parts/words.ts';
import { FindingList } from './finding-list.tsx';
import { gatherEvidence } from './gather.ts';
import { OverviewCharts } from './overview-charts.tsx';
import { BigScore, ScoreBar } from './score-badge.tsx';
import { Tiles } from './tiles.tsx';

/** A live server is judged anew so often. */
const everyMs = 30_000;

/** How the server fares in the shown stretch: a score with its evidence, and what to do next. */
export function OverviewPage({ view }: { view: MonitorView }) {
  const [category, setCategory] = useState<CategoryId | null>(null);
  const { range } = view;
  const newest = Math.min(range.toMs, view.span.toMs ?? range.toMs);
  const toMs = view.pinned ? view.atMs : view.live ? Math.ceil(newest / everyMs) * everyMs : range.toMs;
  const fromMs = Math.min(range.fromMs, toMs - 60_000);
  const answer = useCall(gatherEvidence, { id: view.id, fromMs, toMs, vcpus: view.vcpus });
  const health = useMemo(() => (answer.data ? judgeHealth(answer.data) : null), [answer.data]);
  if (!health && answer.state === 'failed') return <FailureView failure={answer.failure} className="m-4" />;
  if (!health || !answer.data) return <Pending label="Examining the server" />;
  const shown = category === null ? health.findings : health.findings.filter((each) => each.category === category);
  return (
    <div className="flex h-full flex-col overflow-auto">
      <section
        aria-label="At a glance"
        className="flex shrink-0 flex-wrap items-stretch gap-x-6 gap-y-3 border-b border-line px-4 py-3"
      >
        <div className="flex items-center gap-3">
          <BigScore score={health.score} />
          <div className="text-xs text-muted">
            <h2 className="text-sm font-semibold text-ink">Health</h2>
            <p title="How much of what counts could be seen">{percent(health.confidence)} certain</p>
            <p>{shownRange({ fromMs, toMs: Math.min(toMs, newest) })}</p>
          </div>
        </div>
        <Tiles evidence={answer.data} view={view} />
      </section>
      <OverviewCharts view={view} />
      <div className="flex min-h-80 flex-1 border-t border-line">
        <nav aria-label="Categories" className="w-64 shrink-0 border-r border-line py-2">
          <CategoryButton
            label="All findings"
            note={String(health.findings.length)}
            active={category === null}
            onClick={() => setCategory(null)}
          />
          {health.categories.map((each) => (
            <CategoryButton
              key={each.id}
              label={each.label}
              title={titleOf(each)}
              score={each.score}
              active={category === each.id}
              onClick={() => setCategory(each.id)}
            />
          ))}
        </nav>
        <div className="min-w-0 flex-1">
          {category !== null && <Evidence health={health.categories.find((each) => each.id === category)} />}
          <FindingList findings={shown} view={view} />
        </div>
      </div>
    </div>
  );
}

const titleOf = ({ missing, known }: CategoryHealth): string =>
  known === 'known' ? 'All that counts could be seen' : missing.join(' ');

function CategoryButton(props: {
  label: string;
  note?: string;
  title?: string;
  score?: number | null;
  active: boolean;
  onClick: () => void;
}) {
  return (
    <button
      type="button"
      aria-pressed={props.active}
      title={props.title}
      onClick={props.onClick}
      className={cx(
        'flex h-7 w-full items-center gap-2 px-3 text-left text-xs',
        props.active ? 'bg-selected font-medium' : 'hover:bg-hover',
      )}
    >
      <span className="min-w-0 flex-1 truncate">{props.label}</span>
      {props.note !== undefined ? (
        <span className="text-muted tabular-nums">{props.note}</span>
      ) : (
        <ScoreBar score={props.score ?? null} />
      )}
    </button>
  );
}

/** What the category was judged by, also where all is well. */
function Evidence({ health }: { health: CategoryHealth | undefined }) {
  if (!health) return null;
  return (
    <div className="flex flex-wrap items-baseline gap-x-4 gap-y-1 border-b border-line bg-canvas px-3 py-2 text-xs">
      {health.numbers.map(({ label, value }) => (
        <span key={label}>
          <span className="text-faint">{label}</span> <span className="tabular-nums">{visibleText(value)}</span>
        </span>
      ))}
      {health.missing.map((each) => (
        <span key={each} className="text-warning">
          Not seen: {each}
        </span>
      ))}
    </div>
  );
}
