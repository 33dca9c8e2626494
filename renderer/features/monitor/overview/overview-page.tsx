import { useMemo, useState } from 'react';
import { type FamilyTable, type HealthEvidence, rowsOf, sumOf } from '../../../../shared/health/evidence.ts';
import type { CategoryId } from '../../../../shared/health/finding.ts';
import { type CategoryHealth, judgeHealth } from '../../../../shared/health/health.ts';
import { shownAmount } from '../../../../shared/metrics/units.ts';
import { shownRange } from '../../../chart/time-axis.ts';
import { client } from '../../../client/connect.ts';
import { useCall } from '../../../client/use-call.ts';
import { cx } from '../../../ui/class-names.ts';
import { FailureView } from '../../../ui/failure-view.tsx';
import { Pending } from '../../../ui/states.tsx';
import { visibleText } from '../../../ui/visible-text.ts';
import type { MonitorView } from '../frame/monitor-view.ts';
import { slowInstant } from '../parts/stretch.ts';
import { counted, percent } from '../parts/words.ts';
import { FindingList } from './finding-list.tsx';
import { gatherEvidence } from './gather.ts';
import { OverviewCharts } from './overview-charts.tsx';
import { BigScore, ScoreBar } from './score-badge.tsx';

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

const rowsIn = (table: FamilyTable | null | undefined): string =>
  table ? table.rows.length.toLocaleString('en') : '–';

const kindWords: readonly (readonly [kinds: readonly string[], one: string])[] = [
  [['r', 'p'], 'table'],
  [['i'], 'index'],
  [['v'], 'view'],
  [['m'], 'materialized view'],
  [['S'], 'sequence'],
  [['f'], 'foreign table'],
];

/** All objects of the recorded structure; before that is read, the tables that statistics tell of. */
function Objects({ view, fallback }: { view: MonitorView; fallback: FamilyTable | null | undefined }) {
  const { data } = useCall(client.monitor.objects, { id: view.id, atMs: slowInstant(view) });
  if (!data || data.databases === 0) return <Tile label="Tables" value={rowsIn(fallback)} note="with statistics" />;
  const count = (kinds: readonly string[]) =>
    data.kinds.reduce((sum, each) => sum + (kinds.includes(each.kind) ? each.count : 0), 0);
  const words = kindWords.flatMap(([kinds, one]) => {
    const found = count(kinds);
    return found === 0 ? [] : [counted(found, one, one === 'index' ? 'indexes' : `${one}s`)];
  });
  const all = data.kinds.reduce((sum, each) => sum + each.count, 0);
  return (
    <Tile
      label="Objects"
      value={all.toLocaleString('en')}
      note={words.slice(0, 2).join(', ')}
      title={`${words.join(', ')} in ${counted(data.databases, 'database')}`}
    />
  );
}

function Tiles({ evidence, view }: { evidence: HealthEvidence; view: MonitorView }) {
  const [connections] = rowsOf(evidence, 'connections') ?? [];
  const databases = rowsOf(evidence, 'database') ?? [];
  const total = connections?.value('total') ?? null;
  const max = connections?.value('max_connections') ?? null;
  const covered = evidence.families.database?.coveredMs ?? 0;
  const transactions = (sumOf(databases, 'xact_commit') ?? 0) + (sumOf(databases, 'xact_rollback') ?? 0);
  const bytes = sumOf(rowsOf(evidence, 'database_size') ?? [], 'bytes');
  const oldest = connections?.value('oldest_xact_age') ?? null;
  return (
    <dl className="flex flex-wrap items-stretch gap-x-6 gap-y-2">
      <Tile label="Connections" value={total === null ? '–' : String(total)} note={max === null ? '' : `of ${max}`} />
      <Tile
        label="Transactions"
        value={covered === 0 ? '–' : shownAmount(transactions / (covered / 1000), { unit: 'count', perSecond: true })}
      />
      <Tile label="Oldest transaction" value={oldest === null ? 'none' : shownAmount(oldest, { unit: 'ms' })} />
      <Tile
        label="Databases"
        value={bytes === null ? '–' : shownAmount(bytes, { unit: 'bytes' })}
        note={`${databases.filter((row) => row.name('datid') !== '0').length} in number`}
      />
      <Objects view={view} fallback={evidence.families.table} />
      <Tile label="Next backup" value="–" note="No backup is planned" />
    </dl>
  );
}

function Tile({ label, value, note, title }: { label: string; value: string; note?: string; title?: string }) {
  return (
    <div title={title} className="flex min-w-20 flex-col justify-center">
      <dt className="text-2xs text-faint">{label}</dt>
      <dd className="text-lg leading-5 font-semibold tabular-nums">{value}</dd>
      <dd className="h-4 text-2xs text-muted">{note}</dd>
    </div>
  );
}
