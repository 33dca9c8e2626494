import { ChevronDown, ChevronRight, Lock, UserRound } from 'lucide-react';
import { type KeyboardEvent, useMemo, useRef, useState } from 'react';
import type { LockNode } from '../../../../shared/api/monitor.ts';
import { shownAmount } from '../../../../shared/metrics/units.ts';
import { cx } from '../../../ui/class-names.ts';
import { visibleText } from '../../../ui/visible-text.ts';
import { ageAt, oneLine } from '../parts/words.ts';
import { type ForestLine, forestLines } from './lock-forest.ts';

const icon = { size: 14, strokeWidth: 1.75 } as const;
const indentPx = 20;
/** More lines are not read by anybody; the rest is counted at its object. */
const mostLines = 1_000;

/** Who blocks whom, root first: sessions and the objects they hold, with how long it has cost whom. */
export function ForestView({
  nodes,
  atMs,
  selectedId,
  onSelect,
}: {
  nodes: readonly LockNode[];
  atMs: number;
  selectedId: string | null;
  onSelect: (id: string) => void;
}) {
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const box = useRef<HTMLDivElement>(null);
  const lines = useMemo(() => forestLines(nodes, folded).slice(0, mostLines), [nodes, folded]);
  const toggle = (id: string, expand: boolean) =>
    setFolded((now) => {
      const next = new Set(now);
      if (expand) next.delete(id);
      else next.add(id);
      return next;
    });
  const selectedAt = lines.findIndex((line) => line.node.id === selectedId);
  const onKeyDown = (event: KeyboardEvent) => {
    const line = lines[selectedAt];
    const to = { ArrowDown: selectedAt + 1, ArrowUp: selectedAt - 1, Home: 0, End: lines.length - 1 }[event.key];
    if (to !== undefined) {
      const next = lines[Math.min(lines.length - 1, Math.max(0, to))];
      if (next) onSelect(next.node.id);
      box.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'ArrowRight' && line?.expandable) toggle(line.node.id, true);
    else if (event.key === 'ArrowLeft' && line?.expanded) toggle(line.node.id, false);
    else return;
    event.preventDefault();
  };
  return (
    <div
      ref={box}
      role="tree"
      aria-label="Who blocks whom"
      tabIndex={0}
      onKeyDown={onKeyDown}
      aria-activedescendant={selectedAt >= 0 ? `lock-${selectedAt}` : undefined}
      className="h-full overflow-auto py-1"
    >
      {lines.map((line, at) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the tree has the keyboard
        // biome-ignore lint/a11y/useFocusableInteractive: the tree has the focus
        <div
          key={line.node.id}
          id={`lock-${at}`}
          role="treeitem"
          aria-level={line.depth + 1}
          aria-selected={line.node.id === selectedId}
          aria-expanded={line.expandable ? line.expanded : undefined}
          onClick={() => onSelect(line.node.id)}
          className={cx(
            'flex h-7 items-center gap-1.5 pr-3 text-xs',
            line.node.id === selectedId ? 'bg-selected' : 'hover:bg-hover',
          )}
          style={{ paddingLeft: 8 + line.depth * indentPx }}
        >
          <button
            type="button"
            tabIndex={-1}
            aria-hidden
            onClick={() => toggle(line.node.id, !line.expanded)}
            className={cx(
              'flex size-4 shrink-0 items-center justify-center text-faint',
              !line.expandable && 'invisible',
            )}
          >
            {line.expanded ? <ChevronDown {...icon} /> : <ChevronRight {...icon} />}
          </button>
          {line.node.kind === 'object' ? <ObjectLine line={line} /> : <SessionLine line={line} atMs={atMs} />}
        </div>
      ))}
    </div>
  );
}

function ObjectLine({ line: { node } }: { line: ForestLine }) {
  return (
    <>
      <Lock {...icon} className="shrink-0 text-faint" aria-hidden />
      <span className="truncate">{visibleText(node.label)}</span>
      {node.mode && <span className="shrink-0 text-muted">{node.mode.replace(/Lock$/, '')}</span>}
      <Cost node={node} />
    </>
  );
}

function SessionLine({ line: { node, depth }, atMs }: { line: ForestLine; atMs: number }) {
  const { session } = node;
  const root = depth === 0;
  const idle = session?.state?.startsWith('idle in transaction');
  return (
    <>
      <UserRound {...icon} className={cx('shrink-0', root ? 'text-danger' : 'text-faint')} aria-hidden />
      <span className={cx('shrink-0 font-medium tabular-nums', root && 'text-danger')}>
        {node.pid === null ? visibleText(node.label) : node.pid}
      </span>
      {root && <span className="shrink-0 rounded-sm bg-danger-soft px-1 text-2xs font-medium text-danger">root</span>}
      {idle && (
        <span className="shrink-0 rounded-sm bg-warning-soft px-1 text-2xs font-medium text-warning">
          {visibleText(session?.state ?? '')}
        </span>
      )}
      {!root && node.waitingSinceMs !== null && (
        <span className="shrink-0 text-wait-lock tabular-nums">waits {ageAt(node.waitingSinceMs, atMs)}</span>
      )}
      {!root && node.mode && <span className="shrink-0 text-muted">for {node.mode.replace(/Lock$/, '')}</span>}
      {session && (
        <span className="min-w-0 truncate text-muted">
          {visibleText([session.user, session.application].filter(Boolean).join(' · '))}
          {session.xactStartMs !== null && ` · transaction ${ageAt(session.xactStartMs, atMs)}`}
        </span>
      )}
      <span
        className="min-w-0 flex-1 truncate font-mono text-2xs text-faint"
        title={root ? 'Its last statement, which need not be the one that took the lock' : undefined}
      >
        {oneLine(session?.query ?? null)}
      </span>
      <Cost node={node} />
    </>
  );
}

function Cost({ node }: { node: LockNode }) {
  if (node.waiting === 0) return null;
  return (
    <span className="ml-auto shrink-0 pl-2 text-2xs text-muted tabular-nums">
      {node.waiting.toLocaleString('en')} waiting · {shownAmount(node.blockedSeconds * 1000, { unit: 'ms' })} lost
    </span>
  );
}
