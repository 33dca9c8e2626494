import { useMemo } from 'react';
import type { KeptPlan } from '../../../../shared/api/plans.ts';
import { type ComparedNode, comparePlans } from '../../../../shared/plan/compare.ts';
import { titleOf } from '../../../../shared/plan/plan.ts';
import { shownCount } from '../../../ui/amounts.ts';
import { cx } from '../../../ui/class-names.ts';
import { visibleText } from '../../../ui/visible-text.ts';
import { shownMs } from '../metrics.ts';
import { type PlanModel, planModel } from '../plan-model.ts';

const signed = (value: number, text: (value: number) => string): string =>
  `${value > 0 ? '+' : value < 0 ? '−' : ''}${text(Math.abs(value))}`;

const indentPx = 12;
/** Room for the name of a node, however deep: below that the table scrolls sideways. */
const namePx = 120;

interface Column {
  readonly title: string;
  of(node: ComparedNode): number | null;
  text(value: number): string;
  /** Less is no change. */
  readonly least: number;
  /** More is neither better nor worse. */
  readonly neutral?: boolean;
  /** Says nothing beside times. */
  readonly guessed?: boolean;
}
const wholeCount = (value: number): string => shownCount(Math.round(value));
const changes: readonly Column[] = [
  { title: 'Own time', of: (node) => node.exclusiveMs, text: shownMs, least: 0.05 },
  { title: 'Own cost', of: (node) => node.exclusiveCost, text: wholeCount, least: 0.5, guessed: true },
  { title: 'Rows', of: (node) => node.rows, text: wholeCount, least: 0.5, neutral: true },
  { title: 'Expected', of: (node) => node.plannedRows, text: wholeCount, least: 0.5, neutral: true },
  { title: 'Pages', of: (node) => node.pages, text: shownCount, least: 1 },
];

/** The older plan against the newer one, node by node. */
export function CompareView({
  before,
  model,
  onSelect,
}: {
  before: KeptPlan;
  model: PlanModel;
  onSelect: (id: number) => void;
}) {
  const other = useMemo(() => planModel(before.text), [before.text]);
  const compared = useMemo(() => comparePlans(other, model), [other, model]);
  // What neither plan says is no column; where nothing was run, what is expected is all there is.
  const timed = compared.nodes.some(({ exclusiveMs }) => exclusiveMs !== null);
  const columns = changes.filter(
    ({ of, guessed }) => !(guessed && timed) && compared.nodes.some((node) => of(node) !== null),
  );
  return (
    <div className="h-full overflow-auto p-4">
      <p className="mb-3 text-sm">
        <span className="font-medium">
          {compared.sameShape ? 'The plan is the same; its figures differ.' : 'The plan is another.'}
        </span>{' '}
        <span className="text-muted">
          From {new Date(before.atMs).toLocaleString()} to the one shown
          {totals(other, model)}.
        </span>
      </p>
      <table className="w-full border-collapse text-xs">
        <thead className="border-b border-line text-2xs text-muted">
          <tr>
            <th className="w-full py-1 text-left font-medium">Node</th>
            {columns.map(({ title }) => (
              <th key={title} className="px-2 text-right font-medium whitespace-nowrap">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {compared.nodes.map((node) => (
            <Line
              key={`${node.before?.id ?? ''}:${node.after?.id ?? ''}`}
              node={node}
              columns={columns}
              onSelect={onSelect}
            />
          ))}
        </tbody>
      </table>
      {compared.indexes.length > 0 && (
        <table className="mt-5 border-collapse text-xs">
          <caption className="pb-1 text-left text-sm font-medium">Indexes</caption>
          <thead className="border-b border-line text-2xs text-muted">
            <tr>
              <th className="py-1 pr-6 text-left font-medium">Name</th>
              <th className="px-3 font-medium">Before</th>
              <th className="px-3 font-medium">After</th>
            </tr>
          </thead>
          <tbody>
            {compared.indexes.map(({ name, before: was, after: is }) => (
              <tr key={name} className="h-7 border-b border-line">
                <td className="pr-6">{visibleText(name)}</td>
                <td className="text-center">{was ? 'used' : '—'}</td>
                <td className="text-center">{is ? 'used' : '—'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}

function totals(before: PlanModel, after: PlanModel): string {
  const [was, is] = [before.figures.totalMs, after.figures.totalMs];
  if (was !== null && is !== null) return `: ${shownMs(was)} became ${shownMs(is)}`;
  const [cost, now] = [before.plan.root.totalCost, after.plan.root.totalCost];
  return cost !== null && now !== null ? `: cost ${shownCount(cost)} became ${shownCount(now)}` : '';
}

function Line({
  node,
  columns,
  onSelect,
}: {
  node: ComparedNode;
  columns: readonly Column[];
  onSelect: (id: number) => void;
}) {
  const shown = node.after ?? node.before;
  if (!shown) return null;
  const isNew = node.before === null;
  const gone = node.after === null;
  const words = isNew ? 'new' : gone ? 'gone' : node.changes.join('; ');
  return (
    <tr
      className={cx(
        'h-7 border-b border-line',
        isNew && 'bg-success-soft',
        gone && 'bg-danger-soft',
        node.changes.length > 0 && 'bg-warning-soft',
      )}
    >
      <td className="py-0.5" style={{ paddingLeft: node.depth * indentPx, minWidth: namePx + node.depth * indentPx }}>
        <button
          type="button"
          disabled={gone}
          onClick={() => node.after && onSelect(node.after.id)}
          className={cx('text-left wrap-anywhere', gone && 'line-through')}
        >
          {visibleText(titleOf(shown))}
        </button>
        {words && <span className="block text-2xs text-muted wrap-anywhere">{visibleText(words)}</span>}
      </td>
      {columns.map((column) => (
        <Change key={column.title} column={column} value={column.of(node)} />
      ))}
    </tr>
  );
}

function Change({ column: { text, least, neutral }, value }: { column: Column; value: number | null }) {
  const small = value === null || Math.abs(value) < least;
  return (
    <td
      className={cx(
        'px-2 text-right whitespace-nowrap tabular-nums',
        small ? 'text-faint' : neutral ? '' : value > 0 ? 'text-danger' : 'text-success',
      )}
    >
      {value === null ? '—' : small ? '=' : signed(value, text)}
    </td>
  );
}
