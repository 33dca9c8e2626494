/** The pointer over a canvas of cards: selecting, moving cards, areas and notes, sizing, panning, zooming. */
import type { CanvasPainter } from './canvas-painter.ts';
import type { Box } from './card.ts';
import { type CardRowAt, gripAt, rowAt } from './join/grip.ts';
import { leastBox, type PlacedCard } from './scene.ts';

export type Target =
  | { readonly kind: 'card' | 'area' | 'note'; readonly id: string }
  | { readonly kind: 'ground'; readonly x: number; readonly y: number };

/** What was moved or sized, in the diagram's coordinates. */
export interface Moves {
  readonly cards: readonly { readonly id: string; readonly x: number; readonly y: number }[];
  readonly areas: readonly Box[];
  readonly notes: readonly Box[];
}

export interface PointerActions {
  selected(): ReadonlySet<string>;
  select(ids: readonly string[]): void;
  /** An area or a note was taken: keys act on it. */
  hold(id: string): void;
  hover(id: string | null): void;
  open(target: Target): void;
  moved(moves: Moves): void;
  /** A line was drawn from one row to another; absent where none can be. */
  join?(from: CardRowAt, to: CardRowAt): void;
}

/** `moved`: farther than a click is; `gone`: it was broken off by something else. */
type Drag = { move(dx: number, dy: number): void; end(moved: boolean, gone: boolean): void };

/** An area is taken by its name; its lower right corner sizes it, as that of a note. */
const nameHeight = 34;
const cornerSize = 18;
const clickPx = 3;

export class CanvasPointer {
  readonly #painter: CanvasPainter;
  readonly #actions: PointerActions;
  #hovered: string | null = null;

  constructor(painter: CanvasPainter, actions: PointerActions) {
    this.#painter = painter;
    this.#actions = actions;
  }

  target(clientX: number, clientY: number): Target {
    const { x, y } = this.#painter.at(clientX, clientY);
    const { scene, view } = this.#painter;
    const note = scene.boxAt(scene.notes, x, y);
    if (note) return { kind: 'note', id: note.id };
    const card = scene.cardAt(x, y);
    if (card) return { kind: 'card', id: card.card.id };
    const area = scene.boxAt(scene.areas, x, y);
    const isHandle = area && (y < area.y + Math.max(nameHeight, 20 / view.zoom) || this.#isCorner(area, x, y));
    return isHandle ? { kind: 'area', id: area.id } : { kind: 'ground', x, y };
  }

  down = (event: PointerEvent): void => {
    if (event.button === 2) return;
    const element = event.currentTarget as HTMLElement;
    const target =
      event.button === 1 ? ({ kind: 'ground', x: 0, y: 0 } as const) : this.target(event.clientX, event.clientY);
    const grip = event.button === 0 ? this.#grip(target, event) : null;
    if (!grip?.taken) this.#showGrip(null);
    const drag = grip?.taken ? this.#dragLine(grip) : this.#dragOf(target, event);
    const from = { x: event.clientX, y: event.clientY };
    let moved = false;
    this.#painter.isPressed = true;
    element.setPointerCapture(event.pointerId);
    const move = (now: PointerEvent) => {
      const [dx, dy] = [now.clientX - from.x, now.clientY - from.y];
      moved ||= Math.hypot(dx, dy) > clickPx;
      if (moved) drag.move(dx, dy);
    };
    const end = ({ type }: PointerEvent) => {
      this.#painter.isPressed = false;
      element.removeEventListener('pointermove', move);
      element.removeEventListener('pointerup', end);
      element.removeEventListener('pointercancel', end);
      drag.end(moved, type === 'pointercancel');
    };
    element.addEventListener('pointermove', move);
    element.addEventListener('pointerup', end);
    element.addEventListener('pointercancel', end);
  };

  hover = (event: PointerEvent): void => {
    if (event.buttons !== 0) return;
    const target = this.target(event.clientX, event.clientY);
    const element = event.currentTarget as HTMLElement;
    const grip = this.#grip(target, event);
    this.#showGrip(grip?.point ?? null);
    element.style.cursor = grip?.taken ? 'crosshair' : target.kind === 'ground' ? 'grab' : 'default';
    this.#setHovered(target.kind === 'card' ? target.id : null);
  };

  leave = (): void => {
    this.#setHovered(null);
    this.#showGrip(null);
  };

  wheel = (event: WheelEvent): void => {
    event.preventDefault();
    const { view } = this.#painter;
    if (event.shiftKey) {
      const by = (event.deltaX || event.deltaY) / view.zoom;
      this.#painter.look({ ...view, x: view.x + by });
      return;
    }
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const step = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY : event.deltaY * 20;
    // A pinch comes as a wheel with Ctrl, in small steps.
    const factor = Math.exp(-Math.max(-240, Math.min(240, step)) * (event.ctrlKey ? 0.01 : 0.0018));
    this.#painter.zoomBy(factor, event.clientX - box.left, event.clientY - box.top);
  };

  doubleClick = (event: MouseEvent): void => this.#actions.open(this.target(event.clientX, event.clientY));

  #setHovered(id: string | null): void {
    if (id === this.#hovered) return;
    this.#hovered = id;
    this.#actions.hover(id);
  }

  #grip(target: Target, event: PointerEvent): ReturnType<typeof gripAt> {
    if (!this.#actions.join || (target.kind !== 'card' && target.kind !== 'ground')) return null;
    const { scene, view } = this.#painter;
    return gripAt(scene, this.#painter.at(event.clientX, event.clientY), view.zoom);
  }

  #showGrip(point: CanvasPainter['grip']): void {
    const { grip } = this.#painter;
    if (grip?.x === point?.x && grip?.y === point?.y) return;
    this.#painter.grip = point;
    this.#painter.repaint();
  }

  #dragLine({ at: from, point }: NonNullable<ReturnType<typeof gripAt>>): Drag {
    const painter = this.#painter;
    let to: CardRowAt | null = null;
    const show = (joining: CanvasPainter['joining']) => {
      painter.joining = joining;
      painter.repaint();
    };
    return {
      move: (dx, dy) => {
        const { scene, view } = painter;
        const [x, y] = [point.x + dx / view.zoom, point.y + dy / view.zoom];
        const over = scene.cardAt(x, y);
        to = over && { id: over.card.id, row: rowAt(over, y) };
        show({ from: point, to: { x, y }, over: to?.id ?? null });
      },
      end: (moved, gone) => {
        show(null);
        if (moved && to && !gone) this.#actions.join?.(from, to);
      },
    };
  }

  #isCorner(box: Box, x: number, y: number): boolean {
    const size = cornerSize / this.#painter.view.zoom;
    return x > box.x + box.width - size && y > box.y + box.height - size;
  }

  #dragOf(target: Target, event: PointerEvent): Drag {
    const { scene } = this.#painter;
    if (target.kind === 'card') return this.#dragCards(target.id, event.shiftKey || event.ctrlKey || event.metaKey);
    if (target.kind === 'ground') return this.#pan();
    const at = this.#painter.at(event.clientX, event.clientY);
    const box = (target.kind === 'area' ? scene.areas : scene.notes).find(({ id }) => id === target.id);
    if (!box) return this.#pan();
    return this.#dragBox(target.kind, box, this.#isCorner(box, at.x, at.y));
  }

  #pan(): Drag {
    const { view } = this.#painter;
    return {
      move: (dx, dy) => this.#painter.look({ ...view, x: view.x - dx / view.zoom, y: view.y - dy / view.zoom }),
      end: (moved) => !moved && this.#actions.select([]),
    };
  }

  #dragCards(id: string, adds: boolean): Drag {
    const before = this.#actions.selected();
    if (adds) this.#actions.select(before.has(id) ? [...before].filter((each) => each !== id) : [...before, id]);
    else if (!before.has(id)) this.#actions.select([id]);
    const { scene } = this.#painter;
    const moving = [...this.#actions.selected()].flatMap((each) => scene.card(each) ?? []).map(started);
    return {
      move: (dx, dy) => this.#moveCards(moving, dx, dy),
      end: (moved) => {
        if (moved) this.#actions.moved({ cards: placesOf(moving), areas: [], notes: [] });
        else if (!adds && before.size > 1) this.#actions.select([id]);
      },
    };
  }

  #dragBox(kind: 'area' | 'note', box: Box, sizes: boolean): Drag {
    const start = { ...box };
    const { scene } = this.#painter;
    this.#actions.hold(box.id);
    const moving = kind === 'area' && !sizes ? scene.cardsIn(box).map(started) : [];
    return {
      move: (dx, dy) => {
        const { zoom } = this.#painter.view;
        const [by, down] = [Math.round(dx / zoom), Math.round(dy / zoom)];
        if (sizes) {
          const width = Math.max(leastBox.width, start.width + by);
          scene.place(box, { width, height: Math.max(leastBox.height, start.height + down) });
        } else scene.place(box, { x: start.x + by, y: start.y + down });
        this.#moveCards(moving, dx, dy);
      },
      end: (moved) => {
        if (!moved) return;
        this.#actions.moved({
          cards: placesOf(moving),
          areas: kind === 'area' ? [box] : [],
          notes: kind === 'note' ? [box] : [],
        });
      },
    };
  }

  #moveCards(moving: readonly Started[], dx: number, dy: number): void {
    const { scene, view } = this.#painter;
    for (const { card, x, y } of moving)
      scene.move(card.card.id, Math.round(x + dx / view.zoom), Math.round(y + dy / view.zoom));
    this.#painter.changed();
  }
}

interface Started {
  readonly card: PlacedCard;
  readonly x: number;
  readonly y: number;
}
const started = (card: PlacedCard): Started => ({ card, x: card.x, y: card.y });
const placesOf = (moved: readonly Started[]) => moved.map(({ card }) => ({ id: card.card.id, x: card.x, y: card.y }));
