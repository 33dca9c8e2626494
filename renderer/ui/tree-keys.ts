/** What each key does in a tree; pure, the tree carries it out. */

interface Row {
  readonly label: string;
  readonly depth: number;
  readonly expandable: boolean;
  readonly expanded: boolean;
}
export type TreeMove =
  | { readonly do: 'go'; readonly at: number }
  | { readonly do: 'toggle'; readonly expand: boolean }
  | { readonly do: 'open' };
const go = (at: number): TreeMove => ({ do: 'go', at });

/**
 * As in every tree: arrows up and down, right opens or goes in, left closes or goes out, Home, End, pages, Enter.
 * Null for other keys. `at` may lie outside the rows and is to be held within them.
 */
export function treeMove(key: string, rows: readonly Row[], at: number, pageRows: number): TreeMove | null {
  const row = rows[at];
  switch (key) {
    case 'ArrowDown':
      return go(at + 1);
    case 'ArrowUp':
      return go(at - 1);
    case 'PageDown':
      return go(at + pageRows);
    case 'PageUp':
      return go(at - pageRows);
    case 'Home':
      return go(0);
    case 'End':
      return go(rows.length - 1);
    case 'Enter':
      return row ? { do: 'open' } : null;
    case 'ArrowRight':
      if (row?.expandable && !row.expanded) return { do: 'toggle', expand: true };
      return (rows[at + 1]?.depth ?? 0) > (row?.depth ?? 0) ? go(at + 1) : go(at);
    case 'ArrowLeft':
      return row?.expandable && row.expanded ? { do: 'toggle', expand: false } : go(parentAt(rows, at));
    default:
      return null;
  }
}

/** The line above that is one level up; the line itself at the root. */
export function parentAt(rows: readonly Pick<Row, 'depth'>[], at: number): number {
  const depth = rows[at]?.depth ?? 0;
  for (let up = at - 1; up >= 0; up--) if ((rows[up]?.depth ?? 0) < depth) return up;
  return at;
}

/** The first line from `from` on, around the end, whose label begins so; -1 where there is none. */
export function findByPrefix(rows: readonly Pick<Row, 'label'>[], prefix: string, from: number): number {
  const wanted = prefix.toLowerCase();
  for (let step = 0; step < rows.length; step++) {
    const at = (Math.max(0, from) + step) % rows.length;
    if (rows[at]?.label.toLowerCase().startsWith(wanted)) return at;
  }
  return -1;
}
