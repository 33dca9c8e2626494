/** Colours of the theme and patterns that tell areas apart without colour, as a canvas takes them. */

/** Drawn over an area's colour; `plain` is the colour alone. */
export type Pattern = 'plain' | 'rise' | 'fall' | 'dots' | 'rows' | 'columns' | 'grid' | 'wide' | 'dash';

/** The value of a custom property of the theme that is in force. */
export const themeColor = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim() || '#808080';

/** Calls the listener when the theme changes. */
export function onTheme(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  return () => observer.disconnect();
}

const tilePx = 8;
type Strokes = (context: CanvasRenderingContext2D) => void;

const line = (context: CanvasRenderingContext2D, ...points: readonly [number, number, number, number][]) => {
  for (const [x1, y1, x2, y2] of points) {
    context.moveTo(x1, y1);
    context.lineTo(x2, y2);
  }
};
/** Each fills a tile of 8 by 8 that repeats without a seam. */
const strokes: Record<Exclude<Pattern, 'plain'>, Strokes> = {
  rise: (context) => line(context, [-2, 10, 10, -2], [-2, 2, 2, -2], [6, 10, 10, 6]),
  fall: (context) => line(context, [-2, -2, 10, 10], [6, -2, 10, 2], [-2, 6, 2, 10]),
  dots: (context) => {
    context.rect(1.5, 1.5, 1, 1);
    context.rect(5.5, 5.5, 1, 1);
  },
  rows: (context) => line(context, [0, 2, 8, 2], [0, 6, 8, 6]),
  columns: (context) => line(context, [2, 0, 2, 8], [6, 0, 6, 8]),
  grid: (context) => line(context, [0, 4, 8, 4], [4, 0, 4, 8]),
  wide: (context) => line(context, [0, 4, 8, 4]),
  dash: (context) => line(context, [1, 2, 4, 2], [5, 6, 8, 6]),
};

function tile(color: string | null, lines: string, pattern: Exclude<Pattern, 'plain'>, ratio: number) {
  const canvas = document.createElement('canvas');
  canvas.width = tilePx * ratio;
  canvas.height = tilePx * ratio;
  const context = canvas.getContext('2d');
  if (!context) return null;
  context.scale(ratio, ratio);
  if (color !== null) {
    context.fillStyle = color;
    context.fillRect(0, 0, tilePx, tilePx);
  }
  context.strokeStyle = lines;
  context.lineWidth = 1;
  context.beginPath();
  strokes[pattern](context);
  context.stroke();
  return canvas;
}

/** An area's fill: its colour with the pattern in the colour of the surface over it. */
export function areaFill(
  context: CanvasRenderingContext2D,
  color: string,
  pattern: Pattern,
  ratio: number,
): string | CanvasPattern {
  const solid = themeColor(color);
  if (pattern === 'plain') return solid;
  const made = tile(solid, `color-mix(in srgb, ${themeColor('--surface')} 38%, transparent)`, pattern, ratio);
  return (made && context.createPattern(made, 'repeat')) || solid;
}

/** The hatch of a stretch of which nothing is known. */
export function gapFill(context: CanvasRenderingContext2D, ratio: number): string | CanvasPattern {
  const made = tile(null, themeColor('--line'), 'rise', ratio);
  return (made && context.createPattern(made, 'repeat')) || 'transparent';
}
