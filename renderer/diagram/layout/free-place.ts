/** Where something new can stand without covering anything: as near as possible to where it was wanted. */
import type { Size } from './fold.ts';

interface Rectangle extends Size {
  readonly x: number;
  readonly y: number;
}

const margin = 16;
/** The first ring around the wanted place, and by how much more each next one. */
const firstStep = 12;
const growth = 0.1;
const mostDirections = 64;

/**
 * Looks in ever wider rings, so that a free place is found outside of all at the latest.
 * @param wanted the upper left corner
 * @returns the upper left corner, in whole pixels
 */
export function freePlace(
  size: Size,
  wanted: { x: number; y: number },
  taken: readonly Rectangle[],
): {
  x: number;
  y: number;
} {
  const isFree = (x: number, y: number): boolean =>
    !taken.some(
      (box) =>
        box.x < x + size.width + margin &&
        x < box.x + box.width + margin &&
        box.y < y + size.height + margin &&
        y < box.y + box.height + margin,
    );
  for (let radius = 0; ; radius += firstStep + radius * growth) {
    const directions = radius === 0 ? 1 : Math.min(mostDirections, 8 + Math.floor(radius / 12));
    for (let at = 0; at < directions; at++) {
      const angle = (2 * Math.PI * at) / directions;
      const x = Math.round(wanted.x + radius * Math.cos(angle));
      const y = Math.round(wanted.y + radius * Math.sin(angle));
      if (isFree(x, y)) return { x, y };
    }
  }
}
