/** What a diagram of cards shows, as plain data: tables and keys, rows and references, whatever has such a shape. */
import type { Size } from '../layout/fold.ts';

/** Names of colours in the theme. */
export const cardColors = ['red', 'orange', 'yellow', 'green', 'teal', 'blue', 'purple', 'pink'] as const;
export type CardColor = (typeof cardColors)[number];

export interface CardRow {
  readonly left: string;
  /** At the right edge, quieter. */
  readonly right: string;
  readonly mark?: 'key' | 'link' | 'none';
  readonly strong?: boolean;
}

export interface Card {
  readonly id: string;
  /** Quiet, before the title: a schema. */
  readonly before: string;
  readonly title: string;
  /** At the right of the title: a count, a size. */
  readonly badge: string;
  readonly rows: readonly CardRow[];
  /** Said below the rows where not all are there. */
  readonly foot: string;
  readonly color: CardColor | null;
  /** 0 to 1: how hot its head is painted; null for none. */
  readonly heat: number | null;
  readonly mark: 'added' | 'changed' | null;
  /** Its frame is dashed: a view, a foreign table. */
  readonly dashed: boolean;
}

/** How a line ends: a crow's foot where there may be many, a bar for one, a ring for none. */
export interface LineEnd {
  readonly many: boolean;
  readonly optional: boolean;
}
export interface Line {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** The rows of the cards that it joins; -1 for their heads. */
  readonly fromRow: number;
  readonly toRow: number;
  readonly fromEnd: LineEnd;
  readonly toEnd: LineEnd;
  readonly dashed: boolean;
  readonly label: string;
}

export interface Box extends Size {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly color: CardColor;
}

export const headHeight = 28;
export const rowHeight = 20;
export const footHeight = 20;
/** Pixels of text at a zoom of 1. */
export const titleSize = 13;
export const textSize = 12;
export const markWidth = 16;
export const padding = 10;
const leastWidth = 140;
const mostWidth = 340;

export type TextWidth = (text: string, size: number, strong: boolean) => number;

/** How large a card is drawn. */
export function sizeOf(card: Card, widthOf: TextWidth): Size {
  const title =
    widthOf(card.before, titleSize, false) +
    widthOf(card.title, titleSize, true) +
    (card.badge === '' ? 0 : widthOf(card.badge, textSize, false) + padding) +
    (card.mark === null ? 0 : padding);
  let width = Math.max(leastWidth, title + 2 * padding);
  for (const row of card.rows) {
    const right = row.right === '' ? 0 : widthOf(row.right, textSize, false) + 14;
    width = Math.max(width, widthOf(row.left, textSize, row.strong ?? false) + right + markWidth + 2 * padding);
  }
  const height = headHeight + card.rows.length * rowHeight + (card.foot === '' ? 0 : footHeight);
  return { width: Math.min(mostWidth, Math.ceil(width)), height: height + (card.rows.length > 0 ? 4 : 0) };
}

/** The middle of a row, from the card's top. */
export const rowMiddle = (row: number): number => (row < 0 ? headHeight / 2 : headHeight + 2 + (row + 0.5) * rowHeight);
