import { type ReactNode, useRef } from 'react';
import { cx } from './class-names.ts';

export interface SplitPaneProps {
  /** row: panes side by side. column: one above the other. */
  readonly direction: 'row' | 'column';
  /** The pane whose size is fixed; the other takes the rest. */
  readonly sized: 'first' | 'second';
  readonly sizePx: number;
  readonly minPx: number;
  /** The least the other pane keeps. */
  readonly restMinPx?: number;
  readonly onSize: (sizePx: number) => void;
  readonly label: string;
  readonly first: ReactNode;
  readonly second: ReactNode;
}

/** Two panes and a bar between them, moved with the mouse or with the arrow keys. */
export function SplitPane({
  direction,
  sized,
  sizePx,
  minPx,
  restMinPx = 160,
  onSize,
  label,
  first,
  second,
}: SplitPaneProps) {
  const box = useRef<HTMLDivElement>(null);
  const row = direction === 'row';
  const bounded = (wanted: number) => {
    const whole = box.current ? (row ? box.current.clientWidth : box.current.clientHeight) : Number.POSITIVE_INFINITY;
    return Math.round(Math.max(minPx, Math.min(wanted, Math.max(minPx, whole - restMinPx))));
  };
  const startDrag = (event: React.PointerEvent<HTMLDivElement>) => {
    event.preventDefault();
    const bar = event.currentTarget;
    const from = row ? event.clientX : event.clientY;
    bar.setPointerCapture(event.pointerId);
    const move = (moved: PointerEvent) => {
      const by = (row ? moved.clientX : moved.clientY) - from;
      onSize(bounded(sizePx + (sized === 'first' ? by : -by)));
    };
    const end = () => {
      bar.removeEventListener('pointermove', move);
      bar.removeEventListener('pointerup', end);
      bar.removeEventListener('pointercancel', end);
    };
    bar.addEventListener('pointermove', move);
    bar.addEventListener('pointerup', end);
    bar.addEventListener('pointercancel', end);
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const forward = row ? 'ArrowRight' : 'ArrowDown';
    const back = row ? 'ArrowLeft' : 'ArrowUp';
    const by = event.key === forward ? 16 : event.key === back ? -16 : 0;
    if (by === 0) return;
    event.preventDefault();
    onSize(bounded(sizePx + (sized === 'first' ? by : -by)));
  };
  // A size kept from a bigger window leaves the other pane its least.
  const most = `max(${minPx}px, calc(100% - ${restMinPx}px))`;
  const fixed = row ? { width: sizePx, maxWidth: most } : { height: sizePx, maxHeight: most };
  return (
    <div ref={box} className={cx('flex h-full min-h-0 w-full min-w-0', !row && 'flex-col')}>
      <div
        className={cx('min-h-0 min-w-0 overflow-hidden', sized === 'first' ? 'shrink-0' : 'flex-1')}
        style={sized === 'first' ? fixed : undefined}
      >
        {first}
      </div>
      <div className={cx('relative shrink-0 bg-line', row ? 'w-px' : 'h-px')}>
        {/* biome-ignore lint/a11y/useSemanticElements: a movable separator has no element of its own */}
        <div
          role="separator"
          aria-label={label}
          aria-orientation={row ? 'vertical' : 'horizontal'}
          aria-valuenow={sizePx}
          aria-valuemin={minPx}
          tabIndex={0}
          onPointerDown={startDrag}
          onKeyDown={onKeyDown}
          className={cx(
            'absolute z-10 hover:bg-accent focus-visible:bg-accent',
            row ? 'inset-y-0 -left-[2px] w-[5px] cursor-col-resize' : 'inset-x-0 -top-[2px] h-[5px] cursor-row-resize',
          )}
        />
      </div>
      <div
        className={cx('min-h-0 min-w-0 overflow-hidden', sized === 'second' ? 'shrink-0' : 'flex-1')}
        style={sized === 'second' ? fixed : undefined}
      >
        {second}
      </div>
    </div>
  );
}
