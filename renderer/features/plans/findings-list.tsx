import { CircleAlert, Info, TriangleAlert } from 'lucide-react';
import type { Finding } from '../../../shared/plan/findings/finding.ts';
import { titleOf } from '../../../shared/plan/plan.ts';
import { cx } from '../../ui/class-names.ts';
import { visibleText } from '../../ui/visible-text.ts';
import { shownMs } from './metrics.ts';
import type { ViewProps } from './plan-model.ts';

const looks = {
  serious: { Icon: CircleAlert, className: 'text-danger', word: 'Serious' },
  warning: { Icon: TriangleAlert, className: 'text-warning', word: 'Warning' },
  info: { Icon: Info, className: 'text-muted', word: 'Note' },
} as const;

/** What could be better, the largest saving first; a click goes to the node. */
export function FindingsList({ model, selected, onSelect }: ViewProps) {
  if (model.findings.length === 0) {
    return (
      <p className="p-3 text-sm text-muted">
        {model.plan.analyzed
          ? 'Nothing stands out in this plan.'
          : 'A plan that was not run has only estimates: where its time goes shows in one that was run with ANALYZE.'}
      </p>
    );
  }
  return (
    <ol>
      {model.findings.map((finding, at) => (
        <li key={`${finding.rule}:${finding.nodeId ?? at}`}>
          <Item
            finding={finding}
            model={model}
            selected={finding.nodeId !== null && finding.nodeId === selected}
            onSelect={onSelect}
          />
        </li>
      ))}
    </ol>
  );
}

function Item({
  finding,
  model,
  selected,
  onSelect,
}: { finding: Finding; selected: boolean } & Omit<ViewProps, 'selected'>) {
  const { Icon, className, word } = looks[finding.level];
  const node = finding.nodeId === null ? undefined : model.plan.nodes[finding.nodeId];
  return (
    <button
      type="button"
      onClick={() => node && onSelect(node.id)}
      className={cx(
        'flex w-full gap-2 border-b border-line px-3 py-2 text-left',
        selected ? 'bg-selected' : 'hover:bg-hover',
      )}
    >
      <Icon size={15} strokeWidth={1.75} className={cx('mt-px shrink-0', className)} aria-label={word} />
      <span className="min-w-0 flex-1">
        <span className="block text-sm font-medium break-words">{visibleText(finding.title)}</span>
        {node && <span className="block truncate text-xs text-muted">{visibleText(titleOf(node))}</span>}
        <span className="mt-1 block text-xs break-words">{visibleText(finding.evidence)}</span>
        <span className="mt-1 block text-xs break-words text-muted">{visibleText(finding.remedy)}</span>
        {finding.savableMs !== null && finding.savableMs >= 0.01 && (
          <span className="mt-1 block text-2xs text-muted tabular-nums">
            could save up to about {shownMs(finding.savableMs)}
          </span>
        )}
      </span>
    </button>
  );
}
