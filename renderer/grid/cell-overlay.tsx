import { type RefObject, useLayoutEffect, useReducer, useRef, useState } from 'react';
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
  const box = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  // As large as what is in it, and moved so that all of it is in sight.
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setSize({ width: element.offsetWidth, height: element.offsetHeight }));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const shown = view.current;
  if (!shown || overlay.row >= source.rowCount) return null;
  const { layout, top, left } = shown.data;
  const position = layout.visible.indexOf(overlay.column);
  if (position < 0) return null;
  const { rowHeight, viewportHeight } = shown.geometry;
  const width = Math.max(leastWidth, widthAt(layout, position) + 1);
  const x = Math.max(0, Math.min(leftOf(layout, position) - left, shown.cellsWidth - Math.max(width, size.width)));
  const y = Math.min(overlay.row * rowHeight - top, Math.max(0, viewportHeight - size.height));
  return (
    <div
      ref={box}
      className="hg-overlay"
      style={{
        left: shown.gutter + x - 1,
        // The row's own place; 40 px is the header.
        top: 40 + Math.max(-rowHeight, Math.min(y, viewportHeight)) - 1,
        minWidth: width,
        minHeight: rowHeight + 1,
      }}
    >
      {overlay.content}
    </div>
  );
}
