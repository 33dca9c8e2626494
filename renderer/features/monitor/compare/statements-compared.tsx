import { X } from 'lucide-react';
import { useDeferredValue, useMemo, useState } from 'react';
import { shownAmount } from '../../../../shared/metrics/units.ts';
import { client } from '../../../client/connect.ts';
import { useCall } from '../../../client/use-call.ts';
import { Button, IconButton } from '../../../ui/button.tsx';
import { FailureView } from '../../../ui/failure-view.tsx';
import { Segmented } from '../../../ui/field.tsx';
import { SearchField } from '../../../ui/inputs/search-field.tsx';
import { Callout, Pending } from '../../../ui/states.tsx';
import { visibleLines, visibleText } from '../../../ui/visible-text.ts';
import type { MonitorView } from '../frame/monitor-view.ts';
import { type Column, DataTable } from '../parts/table/data-table.tsx';
import { Toolbar } from '../parts/table/toolbar.tsx';
import { useTable } from '../parts/table/use-table.ts';
import { WithDetails } from '../parts/table/with-details.tsx';
import { counted, oneLine } from '../parts/words.ts';
import { MarkBadge } from '../statements/statement-columns.tsx';
import { changeWords, figureColumns } from './change.tsx';
import {
  type ComparedStatement,
  compareStatements,
  type StatementState,
  type StatementThen,
} from './compare-statements.ts';
import type { Sides } from './use-compared.ts';

const most = 5_000;
const ask = (view: MonitorView) => ({
  id: view.id,
  fromMs: view.range.fromMs,
  toMs: view.range.toMs,
  order: 'totalMs' as const,
  limit: most,
});
const perSecond = (value: number) => shownAmount(value, { unit: 'count', perSecond: true });
const ms = (value: number) => shownAmount(value, { unit: 'ms' });

const columns: readonly Column<ComparedStatement>[] = [
  {
    key: 'state',
    label: 'What',
    widthPx: 68,
    value: (row) => ['new', 'slower', 'faster', 'gone', 'same'].indexOf(row.state),
    cell: (row) => <MarkBadge mark={row.state === 'same' ? null : row.state} title={titleOf(row)} />,
  },
  {
    key: 'text',
    label: 'Statement',
    widthPx: 180,
    grows: true,
    value: (row) => row.text,
    cell: (row) => <span className="font-mono text-2xs">{row.text === null ? row.key : oneLine(row.text)}</span>,
  },
  ...figureColumns<StatementThen>({
    key: 'load',
    label: 'Load',
    title: 'Sessions busy with it on average',
    widthPx: 78,
    direction: 'bad',
    least: 0.0005,
    of: ({ load }) => load,
    words: (value) => (value < 0.0005 ? '0' : shownAmount(value, { unit: 'sessions' })),
    absentIsZero: true,
  }),
  ...figureColumns<StatementThen>({
    key: 'mean',
    label: 'Mean',
    title: 'Mean time of a call',
    widthPx: 78,
    direction: 'bad',
    of: ({ meanMs }) => meanMs || null,
    words: ms,
    absentIsZero: false,
    spare: 1,
  }),
  ...figureColumns<StatementThen>({
    key: 'calls',
    label: 'Calls',
    widthPx: 78,
    direction: 'neither',
    of: ({ callsPerSecond }) => callsPerSecond,
    words: perSecond,
    absentIsZero: true,
    spare: 2,
  }),
  {
    key: 'database',
    label: 'Database',
    widthPx: 84,
    spare: 9,
    value: (row) => row.database,
    cell: (row) => visibleText(row.database),
  },
];

function titleOf({ state, factor, shown, compared }: ComparedStatement): string {
  if (state === 'new') return 'Called in the shown stretch only';
  if (state === 'gone') return 'Called only in the stretch it is compared with';
  if (factor === null) return '';
  return `Mean time ${changeWords(shown?.meanMs ?? null, compared?.meanMs ?? null)}`;
}

const states: readonly { value: StatementState | 'all'; label: string }[] = [
  { value: 'all', label: 'All' },
  { value: 'new', label: 'New' },
  { value: 'gone', label: 'Gone' },
  { value: 'slower', label: 'Slower' },
  { value: 'faster', label: 'Faster' },
];

/** Which statements came, went, became slower or faster, by pattern: whoever called them, with whatever values. */
export function StatementsCompared({ shown, compared }: Sides) {
  const [state, setState] = useState<StatementState | 'all'>('all');
  const [typed, setTyped] = useState('');
  const search = useDeferredValue(typed.trim().toLowerCase());
  const lines = useTable('loadChange', true);
  const own = useCall(client.monitor.patterns, ask(shown));
  const other = useCall(client.monitor.patterns, ask(compared));
  const all = useMemo(
    () => (own.data && other.data ? compareStatements(own.data, other.data) : undefined),
    [own.data, other.data],
  );
  const failed = [own, other].find((each) => each.state === 'failed');
  if (!all && failed?.state === 'failed') return <FailureView failure={failed.failure} className="m-4" />;
  if (!all || !own.data || !other.data) return <Pending label="Reading the statements of both" />;
  const rows = all.filter(
    (row) =>
      (state === 'all' || row.state === state) && (!search || (row.text ?? row.key).toLowerCase().includes(search)),
  );
  const chosen = all.find((row) => row.key === lines.selectedKey);
  const count = (wanted: StatementState) => all.filter((row) => row.state === wanted).length;
  const uncovered =
    own.data.coveredMs === 0 ? 'the shown stretch' : other.data.coveredMs === 0 ? 'the compared one' : null;
  return (
    <div className="flex h-full flex-col">
      <Toolbar end={`${rows.length === all.length ? '' : `${rows.length} of `}${counted(all.length, 'pattern')}`}>
        <SearchField
          label="Search statements"
          placeholder="Words of the statement"
          value={typed}
          onValue={setTyped}
          className="w-64"
        />
        <Segmented
          label="Which statements"
          value={state}
          onValue={setState}
          options={states.map(({ value, label }) => ({
            value,
            label: value === 'all' ? label : `${label} ${count(value as StatementState)}`,
          }))}
        />
      </Toolbar>
      {uncovered && (
        <Callout tone="warning" className="mx-3 my-2 shrink-0" title={`No statement is known of ${uncovered}`}>
          Counters of statements are read once a minute. Choose a longer stretch, or one that is recorded.
        </Callout>
      )}
      {(own.data.sampled || other.data.sampled) && !uncovered && (
        <Callout tone="info" className="mx-3 my-2 shrink-0" title="Estimated from samples">
          Of {own.data.sampled ? (other.data.sampled ? 'both stretches' : 'the shown stretch') : 'the compared stretch'}{' '}
          no counters of statements are known: pg_stat_statements is lacking, or was not read twice in it. The load is
          estimated, calls and means are not known; a statement that seems new may only have been too quick to be
          sampled.
        </Callout>
      )}
      <div className="min-h-0 flex-1">
        <WithDetails
          table={
            <DataTable
              label="Statements compared"
              rows={rows}
              columns={columns}
              rowKey={(row) => row.key}
              {...lines}
              empty={state === 'all' && !search ? 'No statement ended in either stretch.' : 'No statement fits.'}
            />
          }
          mostPx={260}
          details={chosen && <Details row={chosen} sides={{ shown, compared }} onClose={() => lines.onSelect(null)} />}
        />
      </div>
    </div>
  );
}

function Details({ row, sides, onClose }: { row: ComparedStatement; sides: Sides; onClose: () => void }) {
  const facts: readonly (readonly [string, (then: StatementThen) => string])[] = [
    ['Load, sessions', ({ load }) => shownAmount(load, { unit: 'sessions' })],
    ['Mean time', ({ meanMs }) => (meanMs ? ms(meanMs) : '–')],
    ['Calls', ({ callsPerSecond }) => perSecond(callsPerSecond)],
    ['Rows a call', ({ rowsPerCall }) => shownAmount(rowsPerCall, { unit: 'count' })],
    ['Buffers a call', ({ blocksPerCall }) => shownAmount(blocksPerCall, { unit: 'blocks' })],
  ];
  const open = (view: MonitorView, then: StatementThen | null, label: string) => (
    <Button small disabled={then === null} onClick={() => then && view.go('statements', then.key)}>
      {label}
    </Button>
  );
  return (
    <aside aria-label="Statement compared" className="flex h-full flex-col">
      <header className="flex h-9 shrink-0 items-center gap-2 border-b border-line px-3">
        <h2 className="min-w-0 flex-1 truncate text-sm font-semibold">{`${titleOf(row) || 'In both stretches'}${row.database ? ` · ${visibleText(row.database)}` : ''}`}</h2>
        {open(sides.shown, row.shown, 'Open as shown')}
        {open(sides.compared, row.compared, 'Open as compared')}
        <IconButton label="Close the details" icon={<X size={14} strokeWidth={1.75} />} onClick={onClose} />
      </header>
      <div className="flex min-h-0 flex-1 gap-4 overflow-auto p-3">
        <table className="shrink-0 self-start text-xs tabular-nums">
          <thead>
            <tr className="text-2xs text-faint">
              <th scope="col" className="pr-4 text-left font-normal">
                <span className="sr-only">Figure</span>
              </th>
              <th scope="col" className="px-2 text-right font-normal">
                Shown
              </th>
              <th scope="col" className="px-2 text-right font-normal">
                Compared
              </th>
            </tr>
          </thead>
          <tbody>
            {facts.map(([label, words]) => (
              <tr key={label} className="h-5">
                <th scope="row" className="pr-4 text-left font-normal text-muted">
                  {label}
                </th>
                <td className="px-2 text-right">{row.shown ? words(row.shown) : '–'}</td>
                <td className="px-2 text-right text-muted">{row.compared ? words(row.compared) : '–'}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <pre className="selectable min-w-0 flex-1 overflow-auto rounded-md bg-sunken p-2 font-mono text-xs break-words whitespace-pre-wrap">
          {row.text === null ? 'The text of this statement is not known.' : visibleLines(row.text)}
        </pre>
      </div>
    </aside>
  );
}
