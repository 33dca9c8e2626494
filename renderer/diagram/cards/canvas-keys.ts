/** The keys of a canvas of cards: going about, moving and sizing, zooming. */
import type { KeyboardEvent } from 'react';
import type { CanvasPainter } from './canvas-painter.ts';
import type { Moves, Target } from './canvas-pointer.ts';
import type { Emphasis } from './drawing.ts';
import { leastBox } from './scene.ts';

const arrows: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
const panPx = 80;
const stepPx = 8;
const zoomStep = 1.3;

/** What keys need to know and may do. */
export interface KeyActions {
  readonly emphasis: Emphasis;
  readonly onSelect: (ids: readonly string[]) => void;
  readonly onMoved: (moves: Moves) => void;
  /** Enter or a double click. */
  readonly onOpen: (target: Target) => void;
  /** Where there are areas and notes: one was taken by pointer or key, or let go of. */
  readonly onHold?: (id: string | null) => void;
  /** Delete, on an area or a note. */
  readonly onRemove?: (target: Target) => void;
}

type Way = readonly [dx: number, dy: number];

export function onCanvasKey(event: KeyboardEvent, painter: CanvasPainter, props: KeyActions): void {
  const arrow = arrows[event.key];
  const withModifier = event.ctrlKey || event.metaKey || event.altKey;
  if (arrow) onArrow(event, arrow, painter, props);
  else if (withModifier || !onPlainKey(event, painter, props)) return;
  event.preventDefault();
}

function onArrow(event: KeyboardEvent, way: Way, painter: CanvasPainter, props: KeyActions): void {
  const { emphasis, onSelect } = props;
  const { scene } = painter;
  const held = scene.box(emphasis.held ?? '');
  if (event.altKey) {
    const [dx, dy] = [way[0] * stepPx, way[1] * stepPx];
    const moves = held ? moveBox(painter, held.box.id, dx, dy, event.shiftKey) : moveCards(painter, emphasis, dx, dy);
    painter.changed();
    if (moves) props.onMoved(moves);
  } else if (event.shiftKey) {
    const { x, y, zoom } = painter.view;
    painter.look({ x: x + (way[0] * panPx) / zoom, y: y + (way[1] * panPx) / zoom, zoom });
  } else {
    const next = scene.neighbour(held?.box.id ?? [...emphasis.selected].at(-1) ?? null, ...way)?.card;
    if (!next) return;
    // With Ctrl those before stay selected.
    const adds = event.ctrlKey || event.metaKey;
    onSelect([...(adds ? [...emphasis.selected].filter((id) => id !== next.id) : []), next.id]);
    painter.reveal(next.id);
  }
}

/** @returns whether the key means something here */
function onPlainKey(event: KeyboardEvent, painter: CanvasPainter, props: KeyActions): boolean {
  const { emphasis, onSelect, onOpen, onHold, onRemove } = props;
  const current = [...emphasis.selected].at(-1);
  const held = painter.scene.box(emphasis.held ?? '');
  const target = held && ({ kind: held.kind, id: held.box.id } as const);
  switch (event.key) {
    case '+':
    case '=':
      painter.zoomBy(zoomStep);
      return true;
    case '-':
      painter.zoomBy(1 / zoomStep);
      return true;
    case '0':
      painter.fit();
      return true;
    case 'Enter':
      if (target) onOpen(target);
      else if (current !== undefined) onOpen({ kind: 'card', id: current });
      return target !== null || current !== undefined;
    case 'Delete':
      if (target) onRemove?.(target);
      return target !== null;
    case 'Escape':
      onSelect([]);
      return true;
    case 'n':
    case 'N':
      return onHold !== undefined && holdNext(painter, emphasis.held, event.shiftKey, onHold);
    default:
      return false;
  }
}

/** From one area or note to the next, round and round. */
function holdNext(painter: CanvasPainter, held: string | null, back: boolean, hold: (id: string) => void): boolean {
  const { boxes } = painter.scene;
  const at = boxes.findIndex(({ id }) => id === held);
  const next = boxes.at(back ? (at < 0 ? -1 : at - 1) : (at + 1) % boxes.length);
  if (!next) return false;
  hold(next.id);
  painter.reveal(next.id);
  return true;
}

function moveCards(painter: CanvasPainter, { selected }: Emphasis, dx: number, dy: number): Moves | null {
  const cards = [...selected].flatMap((id) => {
    const card = painter.scene.card(id);
    return card ? [{ id, x: card.x + dx, y: card.y + dy }] : [];
  });
  for (const { id, x, y } of cards) painter.scene.move(id, x, y);
  return cards.length > 0 ? { cards, areas: [], notes: [] } : null;
}

/** An area takes along what stands in it, as under the pointer. */
function moveBox({ scene }: CanvasPainter, id: string, dx: number, dy: number, sizes: boolean): Moves | null {
  const held = scene.box(id);
  if (!held) return null;
  const { kind, box } = held;
  const { x, y, width, height } = box;
  const inside = kind === 'area' && !sizes ? scene.cardsIn(box) : [];
  if (sizes)
    scene.place(box, {
      width: Math.max(leastBox.width, width + dx),
      height: Math.max(leastBox.height, height + dy),
    });
  else scene.place(box, { x: x + dx, y: y + dy });
  for (const placed of inside) scene.move(placed.card.id, placed.x + dx, placed.y + dy);
  const cards = inside.map((placed) => ({ id: placed.card.id, x: placed.x, y: placed.y }));
  return { cards, areas: kind === 'area' ? [box] : [], notes: kind === 'note' ? [box] : [] };
}
