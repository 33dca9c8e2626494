/** What can be drawn on: the canvas of the page, an SVG file, a PDF file. The scene is written once for all of them. */
export interface Stroke {
  readonly color: string;
  readonly width: number;
  /** Lengths of dash and gap. */
  readonly dash?: readonly [number, number];
}
export interface TextStyle {
  readonly size: number;
  readonly strong?: boolean;
  readonly color: string;
  readonly align?: 'left' | 'right' | 'center';
}

export interface Surface {
  /** Everything drawn until the next call is this opaque. */
  opacity(value: number): void;
  rect(box: { x: number; y: number; width: number; height: number }, style: RectStyle): void;
  /** `y` is the middle of the line of text. */
  text(text: string, x: number, y: number, style: TextStyle): void;
  /** One path of many pieces, stroked or filled at once. */
  path(draw: (path: Path) => void, style: { readonly stroke?: Stroke; readonly fill?: string }): void;
}
export interface RectStyle {
  readonly fill?: string;
  readonly stroke?: Stroke;
  readonly radius?: number;
  /** Only the upper corners are round. */
  readonly flatFoot?: boolean;
}
export interface Path {
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  curveTo(x1: number, y1: number, x2: number, y2: number, x: number, y: number): void;
  close(): void;
}

/** How far a curve's handles lie from a quarter circle's ends. */
const kappa = 0.5523;

export function circle(path: Path, x: number, y: number, radius: number): void {
  const k = radius * kappa;
  path.moveTo(x + radius, y);
  path.curveTo(x + radius, y + k, x + k, y + radius, x, y + radius);
  path.curveTo(x - k, y + radius, x - radius, y + k, x - radius, y);
  path.curveTo(x - radius, y - k, x - k, y - radius, x, y - radius);
  path.curveTo(x + k, y - radius, x + radius, y - k, x + radius, y);
  path.close();
}

/** A box with round corners, as a path. */
export function roundedBox(
  path: Path,
  { x, y, width, height }: { x: number; y: number; width: number; height: number },
  radius: number,
  flatFoot: boolean,
): void {
  const r = Math.min(radius, width / 2, height / 2);
  const k = r * (1 - kappa);
  const foot = flatFoot ? 0 : r;
  const l = flatFoot ? 0 : k;
  path.moveTo(x + r, y);
  path.lineTo(x + width - r, y);
  path.curveTo(x + width - k, y, x + width, y + k, x + width, y + r);
  path.lineTo(x + width, y + height - foot);
  path.curveTo(x + width, y + height - l, x + width - l, y + height, x + width - foot, y + height);
  path.lineTo(x + foot, y + height);
  path.curveTo(x + l, y + height, x, y + height - l, x, y + height - foot);
  path.lineTo(x, y + r);
  path.curveTo(x, y + k, x + k, y, x + r, y);
  path.close();
}
