import { Maximize, Minus, Plus } from 'lucide-react';
import { type KeyboardEvent, type Ref, useEffect, useImperativeHandle, useLayoutEffect, useMemo, useRef } from 'react';
import { IconButton } from '../../ui/button.tsx';
import { ContextMenu, type MenuEntry } from '../../ui/menu.tsx';
import { CanvasPainter, mapHeight, mapWidth } from './canvas-painter.ts';
import { CanvasPointer, type Moves, type Target } from './canvas-pointer.ts';
import type { Emphasis } from './drawing.ts';
import type { Scene } from './scene.ts';

export interface CardCanvasProps {
  readonly label: string;
  readonly scene: Scene;
  /** Another one of these brings the whole into sight. */
  readonly fitKey: string;
  readonly emphasis: Emphasis;
  readonly onSelect: (ids: readonly string[]) => void;
  readonly onHover: (id: string | null) => void;
  /** Enter or a double click. */
  readonly onOpen: (target: Target) => void;
  readonly onMoved: (moves: Moves) => void;
  readonly menu: (target: Target) => readonly MenuEntry[];
  /** What a screen reader says of a card that was gone to. */
  readonly describe: (id: string) => string;
  readonly handle?: Ref<CanvasHandle>;
}
export interface CanvasHandle {
  flyTo(id: string): void;
  /** The middle of what is in sight. */
  middle(): { x: number; y: number };
  focus(): void;
}

const icon = { size: 15, strokeWidth: 1.75 } as const;
const arrows: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
const panPx = 80;
const stepPx = 8;

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
  useLayoutEffect(() => {
    if (!canvas.current || !map.current) return;
    const made = new CanvasPainter(canvas.current, map.current, latest.current.scene);
    const pointing = new CanvasPointer(made, {
      selected: () => latest.current.emphasis.selected,
      select: (ids) => latest.current.onSelect(ids),
      hover: (id) => latest.current.onHover(id),
      open: (target) => latest.current.onOpen(target),
      moved: (moves) => latest.current.onMoved(moves),
    });
    painter.current = made;
    pointer.current = pointing;
    const element = canvas.current;
    // React's own wheel listener is passive, and cannot keep the page from scrolling.
    element.addEventListener('wheel', pointing.wheel, { passive: false });
    return () => {
      element.removeEventListener('wheel', pointing.wheel);
      made.close();
    };
  }, []);
  const shownKey = useRef('');
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
    middle: () => {
      const { x, y, zoom } = painter.current?.view ?? { x: 0, y: 0, zoom: 1 };
      const { width, height } = painter.current?.size ?? { width: 0, height: 0 };
      return { x: x + width / 2 / zoom, y: y + height / 2 / zoom };
    },
    focus: () => host.current?.focus(),
  }));
  const { selected } = emphasis;
  const said = useMemo(() => (selected.size === 1 ? describe([...selected][0] ?? '') : ''), [selected, describe]);
  return (
    <div className="relative h-full min-h-0 w-full overflow-hidden bg-surface">
      <ContextMenu items={() => latest.current.menu(menuAt.current)}>
        <div
          ref={host}
          role="application"
          aria-label={label}
          aria-roledescription="diagram"
          aria-keyshortcuts="ArrowLeft ArrowRight ArrowUp ArrowDown Enter + - 0 Escape"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: it takes the keys named above
          tabIndex={0}
          className="absolute inset-0 outline-offset-[-2px]"
          onKeyDown={(event) => painter.current && onKey(event, painter.current, latest.current)}
          onContextMenuCapture={(event) => {
            const [only] = latest.current.emphasis.selected;
            // From the keyboard it comes without a place.
            const fromKeys = event.clientX === 0 && event.clientY === 0;
            if (fromKeys && only !== undefined) menuAt.current = { kind: 'card', id: only };
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

function onKey(event: KeyboardEvent, painter: CanvasPainter, props: CardCanvasProps): void {
  const { selected } = props.emphasis;
  const current = [...selected].at(-1) ?? null;
  const arrow = arrows[event.key];
  if (arrow && event.altKey) moveSelected(painter, props, arrow);
  else if (arrow && event.shiftKey) {
    const { x, y, zoom } = painter.view;
    painter.look({ x: x + (arrow[0] * panPx) / zoom, y: y + (arrow[1] * panPx) / zoom, zoom });
  } else if ((event.ctrlKey || event.metaKey || event.altKey) && !arrow) return;
  else if (arrow) {
    const next = painter.scene.neighbour(current, arrow[0], arrow[1]);
    if (next) {
      const { id } = next.card;
      // With Ctrl those before stay selected.
      const before = event.ctrlKey || event.metaKey ? [...selected].filter((each) => each !== id) : [];
      props.onSelect([...before, id]);
      painter.reveal(next.card.id);
    }
  } else if (event.key === '+' || event.key === '=') painter.zoomBy(1.3);
  else if (event.key === '-') painter.zoomBy(1 / 1.3);
  else if (event.key === '0') painter.fit();
  else if (event.key === 'Enter' && current !== null) props.onOpen({ kind: 'card', id: current });
  else if (event.key === 'Escape') props.onSelect([]);
  else return;
  event.preventDefault();
}

function moveSelected(
  painter: CanvasPainter,
  { emphasis, onMoved }: CardCanvasProps,
  [dx, dy]: readonly [number, number],
): void {
  const cards = [...emphasis.selected].flatMap((id) => {
    const card = painter.scene.card(id);
    return card ? [{ id, x: card.x + dx * stepPx, y: card.y + dy * stepPx }] : [];
  });
  for (const { id, x, y } of cards) painter.scene.move(id, x, y);
  painter.changed();
  if (cards.length > 0) onMoved({ cards, areas: [], notes: [] });
}
