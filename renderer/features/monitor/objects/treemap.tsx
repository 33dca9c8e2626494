import { ChevronRight } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { shownAmount } from '../../../../shared/metrics/units.ts';
import { visibleText } from '../../../ui/visible-text.ts';
import { percent } from '../parts/words.ts';
import type { SizeKind, SizeNode } from './size-tree.ts';
import { type Box, squarify } from './treemap-layout.ts';

const colors: Record<SizeKind, string> = {
  database: '--tag-teal',
  schema: '--tag-teal',
  table: '--tag-teal',
  matview: '--tag-green',
  index: '--tag-orange',
  toast: '--tag-purple',
};
const kindWords: Record<SizeKind, string> = {
  database: 'database',
  schema: 'schema',
  table: 'table',
  matview: 'materialized view',
  index: 'index',
  toast: 'TOAST',
};
const legend: readonly { kind: SizeKind; label: string }[] = [
  { kind: 'table', label: 'Tables' },
  { kind: 'matview', label: 'Materialized views' },
  { kind: 'index', label: 'Indexes' },
  { kind: 'toast', label: 'TOAST' },
];
const gapPx = 2;
const headPx = 18;
/** Narrower boxes within boxes have no room for a name. */
const namedPx = 56;
/** Smaller boxes are not drawn one by one: they would be neither seen nor hit. */
const leastPx = 5;
const bytes = (value: number) => shownAmount(value, { unit: 'bytes' });

/** Where the disk went: a click goes into a box, the path at the top leads back. */
export function Treemap({ root }: { root: SizeNode }) {
  const [path, setPath] = useState<readonly string[]>([]);
  const [size, setSize] = useState({ width: 0, height: 0 });
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const measure = () => setSize({ width: element.clientWidth, height: element.clientHeight });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, []);
  const trail = useMemo(() => trailOf(root, path), [root, path]);
  const node = trail.at(-1) ?? root;
  const boxes = useMemo(
    () =>
      squarify(
        node.children.map((child) => child.bytes),
        { x: 0, y: 0, ...size },
      ),
    [node, size],
  );
  return (
    <div className="flex h-full flex-col gap-1 p-3">
      <nav aria-label="Path" className="flex h-6 shrink-0 items-center gap-0.5 text-xs">
        {trail.map((each, at) => (
          <span key={each.key || 'all'} className="flex min-w-0 items-center gap-0.5">
            {at > 0 && <ChevronRight size={12} strokeWidth={1.75} aria-hidden className="text-faint" />}
            <button
              type="button"
              aria-current={at === trail.length - 1 ? 'true' : undefined}
              onClick={() => setPath(path.slice(0, at))}
              className="truncate rounded-sm px-1 hover:bg-hover aria-current:font-semibold"
            >
              {visibleText(each.name)}
            </button>
          </span>
        ))}
        <span className="ml-2 text-muted tabular-nums">{bytes(node.bytes)}</span>
        <span className="ml-auto flex gap-3 text-2xs text-muted">
          {legend.map(({ kind, label }) => (
            <span key={kind} className="flex items-center gap-1">
              <i className="size-2.5 rounded-[2px]" style={{ backgroundColor: `var(${colors[kind]})` }} aria-hidden />
              {label}
            </span>
          ))}
        </span>
      </nav>
      <div ref={host} className="relative min-h-0 flex-1 overflow-hidden">
        {size.width > 0 &&
          node.children.map((child, at) => (
            <Block
              key={child.key}
              node={child}
              box={boxes[at] as Box}
              whole={node.bytes}
              onOpen={() => child.children.length > 0 && setPath([...path, child.key])}
            />
          ))}
      </div>
    </div>
  );
}

/** The nodes from the root down the path, as far as they (still) are there. */
function trailOf(root: SizeNode, path: readonly string[]): SizeNode[] {
  const trail = [root];
  for (const key of path) {
    const next = trail.at(-1)?.children.find((child) => child.key === key);
    if (!next) break;
    trail.push(next);
  }
  return trail;
}

function Block({ node, box, whole, onOpen }: { node: SizeNode; box: Box; whole: number; onOpen: () => void }) {
  const width = box.width - gapPx;
  const height = box.height - gapPx;
  if (width < leastPx || height < leastPx) return null;
  const named = width > 44 && height > headPx;
  // It begins with what is written in the box, so that one who speaks to the machine can say what stands there.
  const label = `${node.name} ${bytes(node.bytes)}, ${kindWords[node.kind]}, ${percent(node.bytes / Math.max(1, whole))}`;
  const inner = { x: 2, y: named ? headPx : 2, width: width - 4, height: height - (named ? headPx + 2 : 4) };
  return (
    <button
      type="button"
      aria-label={visibleText(label)}
      title={visibleText(label)}
      onClick={onOpen}
      className="absolute overflow-hidden rounded-sm border border-line-strong bg-sunken text-left hover:border-accent focus-visible:border-accent"
      style={{ left: box.x, top: box.y, width, height }}
    >
      {node.children.length > 0 ? (
        inner.width > 12 && inner.height > 12 && <Inside node={node} area={inner} />
      ) : (
        <i
          className="absolute inset-0 opacity-45"
          style={{ backgroundColor: `var(${colors[node.kind]})` }}
          aria-hidden
        />
      )}
      {named && (
        <span className="absolute inset-x-0 top-0 flex h-[18px] items-center gap-2 px-1 text-2xs">
          <span className="min-w-0 truncate font-medium text-ink">{visibleText(node.name)}</span>{' '}
          {width > 120 && <span className="ml-auto shrink-0 text-ink tabular-nums">{bytes(node.bytes)}</span>}
        </span>
      )}
    </button>
  );
}

/** What a box is made of, one level down; named where there is room. */
function Inside({ node, area }: { node: SizeNode; area: Box }) {
  const boxes = squarify(
    node.children.map((child) => child.bytes),
    area,
  );
  return node.children.map((child, at) => {
    const box = boxes[at];
    if (!box || box.width < 2 || box.height < 2) return null;
    return (
      <span
        key={child.key}
        aria-hidden
        className="absolute overflow-hidden rounded-[1px]"
        style={{ left: box.x, top: box.y, width: Math.max(1, box.width - 1), height: Math.max(1, box.height - 1) }}
      >
        <i className="absolute inset-0 opacity-45" style={{ backgroundColor: `var(${colors[child.kind]})` }} />
        {box.width > namedPx && box.height > headPx && (
          // Not as text: the box is called by its own name, not by those of what lies in it.
          <span
            data-name={visibleText(child.name)}
            className="absolute inset-x-1 top-0.5 truncate text-2xs text-ink before:content-[attr(data-name)]"
          />
        )}
      </span>
    );
  });
}
