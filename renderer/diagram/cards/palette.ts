/** The theme's colours as values: a canvas and a file know no CSS variables. */
import { type CardColor, cardColors } from './card.ts';

const names = {
  surface: '--surface',
  raised: '--raised',
  sunken: '--sunken',
  line: '--line',
  lineStrong: '--line-strong',
  ink: '--ink',
  muted: '--muted',
  faint: '--faint',
  accent: '--accent',
  warning: '--warning',
  success: '--success',
  danger: '--danger',
} as const;

export type Palette = Readonly<Record<keyof typeof names, string>> & {
  readonly tags: Readonly<Record<CardColor, string>>;
};

/** As the page looks now. */
export function readPalette(element: Element = document.documentElement): Palette {
  const style = getComputedStyle(element);
  // A build writes colours as shortly as it can (#fff, red): a canvas tells any of them as #rrggbb.
  const context = document.createElement('canvas').getContext('2d');
  const value = (name: string): string => {
    if (!context) return '#808080';
    context.fillStyle = '#808080';
    context.fillStyle = style.getPropertyValue(name).trim();
    return context.fillStyle;
  };
  const tags = Object.fromEntries(cardColors.map((color) => [color, value(`--tag-${color}`)]));
  const plain = Object.fromEntries(Object.entries(names).map(([key, name]) => [key, value(name)]));
  return { ...plain, tags } as Palette;
}

/** `#rrggbb` of both, mixed: 0 is the first. */
export function mixed(first: string, second: string, share: number): string {
  const parts = [0, 1, 2].map((at) => {
    const [a, b] = [first, second].map((hex) => Number.parseInt(hex.slice(1 + 2 * at, 3 + 2 * at), 16) || 0);
    return Math.round((a ?? 0) + ((b ?? 0) - (a ?? 0)) * share)
      .toString(16)
      .padStart(2, '0');
  });
  return `#${parts.join('')}`;
}

/** From cool to hot. */
export function heatColor(palette: Palette, heat: number): string {
  const { teal, yellow, red } = palette.tags;
  return heat < 0.5 ? mixed(teal, yellow, heat * 2) : mixed(yellow, red, heat * 2 - 1);
}
