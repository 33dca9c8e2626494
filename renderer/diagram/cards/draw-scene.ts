/**
 * Draws a scene, or the part of it that is in sight, with as much detail as can be read at that zoom: whole cards, then
 * titles only, then blocks.
 */
import {
  type Box,
  footHeight,
  headHeight,
  markWidth,
  padding,
  rowHeight,
  type TextWidth,
  textSize,
  titleSize,
} from './card.ts';
import { drawLines } from './draw-lines.ts';
import type { Drawing, Emphasis } from './drawing.ts';
import { heatColor, mixed } from './palette.ts';
import type { PlacedCard, Scene } from './scene.ts';
import { cut } from './text-width.ts';

/** Below these zooms rows, then titles, cannot be read. */
const rowsFrom = 0.42;
const titlesFrom = 0.1;
const leastTitlePx = 7;
const dimmed = 0.22;

export function drawScene(drawing: Drawing, scene: Scene, emphasis: Emphasis): void {
  const { surface } = drawing;
  surface.opacity(1);
  for (const area of scene.areas) if (inSight(drawing, area)) drawArea(drawing, area, area.id === emphasis.held);
  drawLines(drawing, scene, emphasis, dimmed);
  const { lit } = emphasis;
  const shown = scene.cards.filter((card) => inSight(drawing, card));
  if (lit) {
    surface.opacity(dimmed);
    for (const card of shown) if (!lit.has(card.card.id)) drawCard(drawing, card, false);
  }
  surface.opacity(1);
  for (const card of shown)
    if (lit?.has(card.card.id) ?? true) drawCard(drawing, card, emphasis.selected.has(card.card.id));
  for (const area of scene.areas) if (inSight(drawing, area)) drawAreaName(drawing, area);
  for (const note of scene.notes) if (inSight(drawing, note)) drawNote(drawing, note, note.id === emphasis.held);
}

function inSight({ sight }: Drawing, box: { x: number; y: number; width: number; height: number }): boolean {
  return (
    !sight ||
    (box.x < sight.x + sight.width &&
      box.x + box.width > sight.x &&
      box.y < sight.y + sight.height &&
      box.y + box.height > sight.y)
  );
}

function drawCard(drawing: Drawing, placed: PlacedCard, selected: boolean): void {
  const { surface, palette, zoom } = drawing;
  const { card, x, y, width, height } = placed;
  const tint = card.heat !== null ? heatColor(palette, card.heat) : card.color ? palette.tags[card.color] : null;
  const edge = selected ? palette.accent : mixed(palette.lineStrong, tint ?? palette.lineStrong, 0.6);
  const headFill = tint ? mixed(palette.raised, tint, card.heat === null ? 0.2 : 0.45) : palette.sunken;
  if (zoom < titlesFrom) {
    surface.rect(placed, { fill: tint ? mixed(palette.raised, tint, 0.6) : palette.lineStrong });
    if (selected) surface.rect(placed, { stroke: { color: palette.accent, width: 2 / zoom }, radius: 0 });
    return;
  }
  const isClose = zoom >= rowsFrom;
  surface.rect(placed, { fill: isClose ? palette.raised : headFill, radius: 5 });
  if (isClose)
    surface.rect(
      { x, y, width, height: Math.min(headHeight, height) },
      { fill: headFill, radius: 5, flatFoot: card.rows.length > 0 },
    );
  surface.rect(placed, {
    radius: 5,
    stroke: {
      color: edge,
      width: Math.max(selected ? 2 : 1, (selected ? 1.6 : 0.8) / zoom),
      ...(card.dashed ? { dash: [5, 3] } : {}),
    },
  });
  if (card.mark)
    surface.rect(
      { x: x + width - 9, y: y + 4, width: 5, height: 5 },
      { fill: card.mark === 'added' ? palette.success : palette.warning, radius: 2.5 },
    );
  if (isClose) drawText(drawing, placed);
  else drawFarText(drawing, card.title, placed);
}

type Rectangle = Pick<PlacedCard, 'x' | 'y' | 'width' | 'height'>;

/** From afar a title is as large as it can be read, over the whole card or note. */
function drawFarText({ surface, palette, widthOf, zoom }: Drawing, text: string, box: Rectangle): void {
  const { x, y, width, height } = box;
  const room = width - 6;
  const wanted = Math.min(10.5 / zoom, height * 0.8, room / Math.max(1, widthOf(text, 1, true)));
  // Smaller than that on the screen it is a smear: a part of the name says more.
  // In whole pixels: a font of each fraction would have to be made anew, and there are thousands of titles.
  const size = Math.max(Math.floor(wanted * zoom) / zoom, Math.min(leastTitlePx / zoom, height * 0.8));
  if (size * zoom < leastTitlePx - 1) return;
  const title = cut(text, room, size, true, widthOf);
  surface.text(title, x + width / 2, y + height / 2, { size, strong: true, color: palette.ink, align: 'center' });
}

function drawText(drawing: Drawing, { card, x, y, width }: PlacedCard): void {
  const { surface, palette, widthOf } = drawing;
  const right = x + width - padding - (card.mark ? 6 : 0);
  const badge = cut(card.badge, width * 0.5, textSize, false, widthOf);
  const badgeWidth = badge === '' ? 0 : widthOf(badge, textSize, false) + padding;
  const middle = y + headHeight / 2;
  const before = cut(card.before, width * 0.4, titleSize, false, widthOf);
  const beforeWidth = widthOf(before, titleSize, false);
  if (before) surface.text(before, x + padding, middle, { size: titleSize, color: palette.muted });
  const title = cut(card.title, right - x - padding - badgeWidth - beforeWidth, titleSize, true, widthOf);
  surface.text(title, x + padding + beforeWidth, middle, { size: titleSize, strong: true, color: palette.ink });
  if (badge) surface.text(badge, right, middle, { size: textSize, color: palette.muted, align: 'right' });
  let top = y + headHeight + 2;
  if (card.rows.length > 0) surface.rect({ x, y: y + headHeight, width, height: 1 }, { fill: palette.line });
  for (const row of card.rows) {
    const at = top + rowHeight / 2;
    if (row.mark === 'key') drawKey(drawing, x + padding + 5, at);
    else if (row.mark === 'link') drawLink(drawing, x + padding + 5, at);
    const rightText = cut(row.right, width * 0.5, textSize, false, widthOf);
    const rightWidth = rightText === '' ? 0 : widthOf(rightText, textSize, false) + 8;
    const left = cut(row.left, width - 2 * padding - markWidth - rightWidth, textSize, row.strong ?? false, widthOf);
    surface.text(left, x + padding + markWidth, at, {
      size: textSize,
      strong: row.strong ?? false,
      color: palette.ink,
    });
    if (rightText)
      surface.text(rightText, x + width - padding, at, { size: textSize, color: palette.muted, align: 'right' });
    top += rowHeight;
  }
  if (card.foot)
    surface.text(card.foot, x + padding + (card.rows.length > 0 ? markWidth : 0), top + footHeight / 2, {
      size: textSize - 1,
      color: palette.muted,
    });
}

function drawKey({ surface, palette }: Drawing, x: number, y: number): void {
  surface.path(
    (path) => {
      path.moveTo(x + 0.5, y);
      path.lineTo(x + 6, y);
      path.lineTo(x + 6, y + 3);
      path.moveTo(x + 3.5, y);
      path.lineTo(x + 3.5, y + 2.5);
    },
    { stroke: { color: palette.warning, width: 1.3 } },
  );
  surface.rect(
    { x: x - 5, y: y - 3, width: 6, height: 6 },
    { stroke: { color: palette.warning, width: 1.3 }, radius: 3 },
  );
}

function drawLink({ surface, palette }: Drawing, x: number, y: number): void {
  surface.path(
    (path) => {
      path.moveTo(x - 4, y);
      path.lineTo(x + 4, y);
      path.moveTo(x + 1, y - 3);
      path.lineTo(x + 4, y);
      path.lineTo(x + 1, y + 3);
    },
    { stroke: { color: palette.accent, width: 1.3 } },
  );
}

function drawArea({ surface, palette, zoom }: Drawing, area: Box, held: boolean): void {
  const color = palette.tags[area.color];
  surface.rect(area, {
    fill: mixed(palette.surface, color, 0.09),
    stroke: held
      ? { color: palette.accent, width: Math.max(2, 1.6 / zoom) }
      : { color: mixed(palette.surface, color, 0.5), width: Math.max(1, 1 / zoom) },
    radius: 8,
  });
}

/** Above the cards in an area there is so much room for its name. */
const nameStrip = 24;

/** In the strip above its cards; from afar it is larger than that, and stands on the area's edge, before any card. */
function drawAreaName({ surface, palette, widthOf, zoom }: Drawing, area: Box): void {
  const color = palette.tags[area.color];
  const size = Math.min(Math.max(14, 13 / zoom), area.height * 0.5);
  const strong = true;
  const style = { size, strong, color: mixed(color, palette.ink, 0.35) };
  if (size <= nameStrip) {
    surface.text(area.text, area.x + 10, area.y + size * 0.5 + 8, style);
    return;
  }
  const height = size * 1.4;
  const width = widthOf(area.text, size, strong) + size;
  surface.rect({ x: area.x, y: area.y - height, width, height }, { fill: mixed(palette.surface, color, 0.18) });
  surface.text(area.text, area.x + size * 0.5, area.y - height / 2, style);
}

const noteLine = 17;
function drawNote(drawing: Drawing, note: Box, held: boolean): void {
  const { surface, palette, widthOf, zoom } = drawing;
  const color = palette.tags[note.color];
  surface.rect(note, {
    fill: mixed(palette.raised, color, 0.22),
    stroke: held
      ? { color: palette.accent, width: Math.max(2, 1.6 / zoom) }
      : { color: mixed(palette.raised, color, 0.6), width: 1 },
    radius: 3,
  });
  if (zoom < rowsFrom) {
    drawFarText(drawing, note.text.replaceAll('\n', ' '), note);
    return;
  }
  let y = note.y + 16;
  for (const line of wrapped(note.text, note.width - 16, widthOf)) {
    if (y > note.y + note.height - 6) return;
    surface.text(line, note.x + 8, y, { size: textSize, color: palette.ink });
    y += noteLine;
  }
}

/** Lines of at most that width; a word that is longer is cut. */
export function wrapped(text: string, most: number, widthOf: TextWidth): string[] {
  return text.split('\n').flatMap((paragraph) => {
    const lines: string[] = [];
    let line = '';
    for (const word of paragraph.split(' ')) {
      const longer = line === '' ? word : `${line} ${word}`;
      if (line !== '' && widthOf(longer, textSize, false) > most) {
        lines.push(line);
        line = word;
      } else line = longer;
    }
    return [...lines, line].map((each) => cut(each, most, textSize, false, widthOf));
  });
}
