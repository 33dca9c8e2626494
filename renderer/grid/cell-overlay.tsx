import { type RefObject, useLayoutEffect, useReducer } from 'react';
import type { GridProps } from './grid-props.ts';
import type { GridSource } from './grid-source.ts';
import type { GridState } from './grid-state.ts';
import { leftOf, widthAt } from './model/column-layout.ts';
import type { GridView } from './paint/grid-view.ts';

/** What lies over a cell and goes with it: an editor. At least as wide as it needs to be typed in. */
const leastWidth = 160;

export function CellOverlay({
  view,
  state,
  source,
  overlay,
}: {
  view: RefObject<GridView | null>;
  state: GridState;
  source: GridSource;
  overlay: NonNullable<GridProps['overlay']>;
}) {
  const [, moved] = useReducer((count: number) => count + 1, 0);
  useLayoutEffect(() => state.subscribe(moved), [state]);
  const shown = view.current;
  if (!shown || overlay.row >= source.rowCount) return null;
  const { layout, top, left } = shown.data;
  const position = layout.visible.indexOf(overlay.column);
  if (position < 0) return null;
  const { rowHeight, viewportHeight } = shown.geometry;
  const width = Math.max(leastWidth, widthAt(layout, position) + 1);
  const x = Math.max(0, Math.min(leftOf(layout, position) - left, shown.cellsWidth - width));
  const y = overlay.row * rowHeight - top;
  return (
    <div
      className="hg-overlay"
      style={{
        left: shown.gutter + x - 1,
        // The row's own place; 40 px is the header.
        top: 40 + Math.max(-rowHeight, Math.min(y, viewportHeight)) - 1,
        width,
        minHeight: rowHeight + 1,
      }}
    >
      {overlay.content}
    </div>
  );
}
