/** What drawing a scene needs to know. */

import type { Surface } from '../surfaces/surface.ts';
import type { TextWidth } from './card.ts';
import type { Palette } from './palette.ts';

export interface Drawing {
  readonly surface: Surface;
  readonly palette: Palette;
  readonly widthOf: TextWidth;
  /** Screen pixels for one of the diagram. */
  readonly zoom: number;
  /** What is in sight; null for all. */
  readonly sight: { readonly x: number; readonly y: number; readonly width: number; readonly height: number } | null;
}
export interface Emphasis {
  readonly selected: ReadonlySet<string>;
  /** These stand out and the rest is dimmed; null: nothing is. */
  readonly lit: ReadonlySet<string> | null;
  readonly litLines: ReadonlySet<string> | null;
  /** The area or note that keys act on. */
  readonly held: string | null;
}
export const noEmphasis: Emphasis = { selected: new Set(), lit: null, litLines: null, held: null };
