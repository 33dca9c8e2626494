import { Maximize, Minus, Plus } from 'lucide-react';
import { type Ref, useEffect, useId, useImperativeHandle, useLayoutEffect, useMemo, useRef } from 'react';
import { IconButton } from '../../ui/button.tsx';
import { ContextMenu, type MenuEntry } from '../../ui/menu.tsx';
import { type KeyActions, onCanvasKey } from './canvas-keys.ts';
import { CanvasPainter } from './canvas-painter.ts';
import { CanvasPointer, type Target } from './canvas-pointer.ts';
import type { CardRowAt } from './join/grip.ts';
import type { Scene } from './scene.ts';
import { mapHeight, mapWidth } from './sight/canvas-map.ts';
import type { KeptView } from './sight/view.ts';

export interface CardCanvasProps extends KeyActions {
  readonly label: string;
  readonly scene: Scene;
  /** Another one of these brings the whole into sight. */
  readonly fitKey: string;
  readonly onHover: (id: string | null) => void;
  /** A line was drawn by pointer; where absent, none can be. */
  readonly onJoin?: (from: CardRowAt, to: CardRowAt) => void;
  readonly menu: (target: Target) => readonly MenuEntry[];
  /** What a screen reader says of a card, an area or a note that was gone to. */
  readonly describe: (id: string) => string;
  readonly handle?: Ref<CanvasHandle>;
  /** Outlives the canvas: who comes back to a tab finds it as it was left. */
  readonly kept?: KeptView;
}
export interface CanvasHandle {
  flyTo(id: string): void;
  /** Brings a card, an area or a note into sight, and takes the keys. */
  show(id: string): void;
  /** The middle of what is in sight. */
  middle(): { x: number; y: number };
}

const icon = { size: 15, strokeWidth: 1.75 } as const;
/** Said once, on coming to the diagram. */
const keyHelp =
  'Arrows go from card to card, with Control several are selected, with Shift the view moves. Enter opens. Alt and arrows move what is selected. Plus, minus and 0 zoom.';
const boxHelp =
  ' N goes from area to note and on: there Alt and arrows move it, Alt, Shift and arrows size it, Delete removes it.';

/** Cards and lines to be moved and zoomed, with pointer or keyboard: only what is in sight is drawn. */
export function CardCanvas(props: CardCanvasProps) {
  const { label, scene, fitKey, emphasis, describe, handle } = props;
  const latest = useRef(props);
  latest.current = props;
  const host = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const map = useRef<HTMLCanvasElement>(null);
  const painter = useRef<CanvasPainter | null>(null);
  const pointer = useRef<CanvasPointer | null>(null);
  const menuAt = useRef<Target>({ kind: 'ground', x: 0, y: 0 });
  const shownKey = useRef('');
  useLayoutEffect(() => {
    if (!canvas.current || !map.current) return;
    const made = new CanvasPainter(canvas.current, map.current, latest.current.scene);
    const pointing = new CanvasPointer(made, {
      selected: () => latest.current.emphasis.selected,
      select: (ids) => latest.current.onSelect(ids),
      hold: (id) => latest.current.onHold?.(id),
      hover: (id) => latest.current.onHover(id),
      open: (target) => latest.current.onOpen(target),
      moved: (moves) => latest.current.onMoved(moves),
      ...(latest.current.onJoin ? { join: (from, to) => latest.current.onJoin?.(from, to) } : {}),
    });
    painter.current = made;
    pointer.current = pointing;
    const { kept } = latest.current;
    if (kept?.current?.fitKey === latest.current.fitKey) {
      shownKey.current = kept.current.fitKey;
      made.startAt(kept.current.view);
    }
    const element = canvas.current;
    // React's own wheel listener is passive, and cannot keep the page from scrolling.
    element.addEventListener('wheel', pointing.wheel, { passive: false });
    return () => {
      element.removeEventListener('wheel', pointing.wheel);
      made.close();
      if (kept) kept.current = { view: made.view, fitKey: shownKey.current };
    };
  }, []);
  useLayoutEffect(() => {
    painter.current?.show(scene, shownKey.current !== fitKey);
    shownKey.current = fitKey;
  }, [scene, fitKey]);
  useEffect(() => {
    if (!painter.current) return;
    painter.current.emphasis = emphasis;
    painter.current.repaint();
  }, [emphasis]);
  useImperativeHandle(handle, () => ({
    flyTo: (id) => painter.current?.flyToCard(id),
    show: (id) => {
      painter.current?.reveal(id);
      // A menu that closes gives the focus back to its button first.
      requestAnimationFrame(() => host.current?.focus({ preventScroll: true }));
    },
    middle: () => {
      const { x, y, zoom } = painter.current?.view ?? { x: 0, y: 0, zoom: 1 };
      const { width, height } = painter.current?.size ?? { width: 0, height: 0 };
      return { x: x + width / 2 / zoom, y: y + height / 2 / zoom };
    },
  }));
  const { selected, held } = emphasis;
  const said = useMemo(() => {
    const [only = ''] = held === null ? selected : [held];
    return held !== null || selected.size === 1 ? describe(only) : '';
  }, [selected, held, describe]);
  const helpId = useId();
  return (
    <div className="relative h-full min-h-0 w-full overflow-hidden bg-surface">
      <ContextMenu items={() => latest.current.menu(menuAt.current)}>
        <div
          ref={host}
          role="application"
          aria-label={label}
          aria-roledescription="diagram"
          aria-describedby={helpId}
          aria-keyshortcuts="ArrowLeft ArrowRight ArrowUp ArrowDown Enter + - 0 Escape"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: it takes the keys named above
          tabIndex={0}
          className="absolute inset-0 outline-offset-[-2px]"
          onKeyDown={(event) => painter.current && onCanvasKey(event, painter.current, latest.current)}
          onContextMenuCapture={(event) => {
            const [only] = latest.current.emphasis.selected;
            // From the keyboard it comes without a place.
            const fromKeys = event.clientX === 0 && event.clientY === 0;
            const box = scene.box(latest.current.emphasis.held ?? '');
            if (fromKeys && box) menuAt.current = { kind: box.kind, id: box.box.id };
            else if (fromKeys && only !== undefined) menuAt.current = { kind: 'card', id: only };
            else if (pointer.current) menuAt.current = pointer.current.target(event.clientX, event.clientY);
            const at = menuAt.current;
            if (at.kind === 'card' && !latest.current.emphasis.selected.has(at.id)) latest.current.onSelect([at.id]);
          }}
        >
          <canvas
            ref={canvas}
            className="block h-full w-full touch-none"
            onPointerDown={(event) => {
              host.current?.focus({ preventScroll: true });
              pointer.current?.down(event.nativeEvent);
            }}
            onPointerMove={(event) => pointer.current?.hover(event.nativeEvent)}
            onPointerLeave={() => pointer.current?.leave()}
            onDoubleClick={(event) => pointer.current?.doubleClick(event.nativeEvent)}
          />
        </div>
      </ContextMenu>
      <div aria-live="polite" className="sr-only">
        {said}
      </div>
      <p id={helpId} className="sr-only">
        {keyHelp}
        {props.onHold && boxHelp}
      </p>
      <div className="absolute bottom-3 left-3 flex flex-col rounded-md border border-line bg-raised p-0.5">
        <IconButton label="Zoom in" keys="+" icon={<Plus {...icon} />} onClick={() => painter.current?.zoomBy(1.3)} />
        <IconButton
          label="Zoom out"
          keys="-"
          icon={<Minus {...icon} />}
          onClick={() => painter.current?.zoomBy(1 / 1.3)}
        />
        <IconButton label="Show all" keys="0" icon={<Maximize {...icon} />} onClick={() => painter.current?.fit()} />
      </div>
      <canvas
        ref={map}
        aria-hidden
        style={{ width: mapWidth, height: mapHeight }}
        className="absolute right-3 bottom-3 touch-none rounded-md border border-line bg-raised/90"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          goByMap(event, painter.current);
        }}
        onPointerMove={(event) => event.buttons === 1 && goByMap(event, painter.current)}
      />
    </div>
  );
}

function goByMap(event: { nativeEvent: PointerEvent }, painter: CanvasPainter | null): void {
  const at = painter?.atMap(event.nativeEvent.offsetX, event.nativeEvent.offsetY);
  if (at) painter?.centre(at.x, at.y);
}
