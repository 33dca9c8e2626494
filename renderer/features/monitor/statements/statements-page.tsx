import { useDeferredValue, useMemo, useState } from 'react';
import { type Statement, statementOrders } from '../../../../shared/api/monitor.ts';
import { client } from '../../../client/connect.ts';
import { useCall } from '../../../client/use-call.ts';
import { FailureView } from '../../../ui/failure-view.tsx';
import { Segmented, Select } from '../../../ui/field.tsx';
import { SearchField } from '../../../ui/inputs/search-field.tsx';
import { Callout, Pending } from '../../../ui/states.tsx';
import type { MonitorView } from '../frame/monitor-view.ts';
import { Lacking } from '../parts/lacking.tsx';
import { DataTable } from '../parts/table/data-table.tsx';
import type { SortBy } from '../parts/table/sorted.ts';
import { Toolbar } from '../parts/table/toolbar.tsx';
import { WithDetails } from '../parts/table/with-details.tsx';
import { counted, percent } from '../parts/words.ts';
import { useRunningThen } from './running-then.ts';
import { statementColumns } from './statement-columns.tsx';
import { StatementDetails } from './statement-details.tsx';
import { markOf, orderLabels, type StatementOrder } from './statement-words.ts';

const mostStatements = 500;
const orderOf = (key: string): StatementOrder | undefined => statementOrders.find((each) => each === key);
type Mode = 'all' | 'new' | 'slower';
const modes: readonly { value: Mode; label: string }[] = [
  { value: 'all', label: 'All statements' },
  { value: 'new', label: 'New ones only' },
  { value: 'slower', label: 'Slower ones only' },
];

/** A line each statement of each role and database, or each pattern: what differs in its values only. */
type By = 'statement' | 'pattern';

const sampledOnly = {
  title: 'Estimated from samples',
  text: 'pg_stat_statements is not there or may not be read: times are what the samples of running statements add up to, with half the width of the 95 % interval; calls are those that were seen, a lower bound.',
};

type Question = Parameters<typeof client.monitor.statements>[0];
const askStatements = ({ by, question }: { by: By; question: Question }, options: { signal: AbortSignal }) =>
  by === 'pattern' ? client.monitor.patterns(question, options) : client.monitor.statements(question, options);

const passes = (row: Statement, mode: Mode): boolean =>
  mode === 'all' || (mode === 'new' ? row.isNew : markOf(row) === 'slower');

/** What the server has spent its time on in the range, from what its counters grew by. */
export function StatementsPage({ view, focus }: { view: MonitorView; focus: string | undefined }) {
  const [order, setOrder] = useState<StatementOrder>('totalMs');
  const [sort, setSort] = useState<SortBy>({ key: 'totalMs', down: true });
  const [typed, setTyped] = useState('');
  const [mode, setMode] = useState<Mode>('all');
  const [by, setBy] = useState<By>('statement');
  const [selected, setSelected] = useState<string | null>(focus ?? null);
  const search = useDeferredValue(typed.trim());
  const { fromMs, toMs } = view.range;
  const answer = useCall(askStatements, {
    by,
    question: { id: view.id, fromMs, toMs, order, limit: mostStatements, ...(search ? { search } : {}) },
  });
  const running = useRunningThen(view);
  const columns = useMemo(() => statementColumns(running), [running]);
  const { data } = answer;
  if (!data && answer.state === 'failed') return <FailureView failure={answer.failure} className="m-4" />;
  if (!data) return <Pending label="Reading the statements" />;
  const rows = data.statements.filter((row) => passes(row, mode));
  // By one of the contract's orders the top is taken over all statements, so it is asked for.
  const onSort = (next: SortBy) => {
    const wanted = orderOf(next.key);
    setSort(wanted && next.key !== sort.key ? { key: next.key, down: true } : next);
    if (wanted) setOrder(wanted);
  };
  const table = (
    <DataTable
      label="Statements"
      rows={rows}
      columns={columns}
      rowKey={(row) => row.key}
      sort={sort}
      onSort={onSort}
      selectedKey={selected}
      onSelect={setSelected}
      empty={
        search || mode !== 'all'
          ? 'No statement fits.'
          : 'No statement ended in this stretch of time. Counters are read once a minute.'
      }
    />
  );
  return (
    <div className="flex h-full flex-col">
      <Toolbar
        end={
          <>
            {data.total > rows.length ? `${rows.length} of ` : ''}
            {counted(data.total, by)} ·{' '}
            <span title="Of the shown stretch: what was counted between readings that both lie in the recording">
              {percent(Math.min(1, data.coveredMs / Math.max(1, toMs - fromMs)))} covered
            </span>
          </>
        }
      >
        <SearchField
          className="w-44"
          label="Search statements"
          placeholder="Words of the statement"
          value={typed}
          onValue={setTyped}
        />
        <span className="flex items-center gap-1.5 text-xs text-muted">
          Top by
          <Select
            aria-label="Top by"
            value={order}
            onValue={(next: StatementOrder) => onSort({ key: next, down: true })}
            options={statementOrders.map((value) => ({ value, label: orderLabels[value] }))}
            className="w-32!"
          />
        </span>
        <Segmented
          label="Lines"
          value={by}
          onValue={setBy}
          options={[
            { value: 'statement', label: 'Statements' },
            { value: 'pattern', label: 'Patterns' },
          ]}
        />
        <Select aria-label="Which statements" value={mode} onValue={setMode} options={modes} className="w-36!" />
      </Toolbar>
      <Lacking view={view} names={['pg_stat_statements']} about={data.sampled ? sampledOnly : undefined} />
      {(data.evicted ?? 0) > 0 && (
        <Callout
          tone="warning"
          className="mx-3 my-2 shrink-0"
          title={`${counted(data.evicted ?? 0, 'time')} the server threw out rare statements to make room`}
        >
          What these did since the last reading is lost. Raise pg_stat_statements.max (needs a restart).
        </Callout>
      )}
      <div className="min-h-0 flex-1">
        <WithDetails
          table={table}
          details={
            selected !== null && (
              <StatementDetails
                view={view}
                statementKey={selected}
                row={data.statements.find((row) => row.key === selected)}
                onClose={() => setSelected(null)}
              />
            )
          }
        />
      </div>
    </div>
  );
}
