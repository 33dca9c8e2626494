/** Widths of texts, a character at a time: measuring 20,000 texts whole would hold the page up. */
import type { TextWidth } from './card.ts';

/** Wide enough in any face, where nothing can be measured. */
export const roughWidth: TextWidth = (text, size, strong) => text.length * size * (strong ? 0.6 : 0.56);

/** Of each family, plain and strong; once for all canvases. */
const measured = new Map<string, readonly Map<string, number>[]>();

/** Measures by the characters of a font as the page draws it; kerning is left out, which errs to the wide side. */
export function measuredWidth(context: CanvasRenderingContext2D, family: string): TextWidth {
  const known = measured.get(family) ?? [new Map<string, number>(), new Map<string, number>()];
  measured.set(family, known);
  const unit = 100;
  return (text, size, strong) => {
    const widths = known[strong ? 1 : 0] as Map<string, number>;
    let sum = 0;
    for (const character of text) {
      let width = widths.get(character);
      if (width === undefined) {
        // Who draws with it knows nothing of this: its font is what it was.
        const { font } = context;
        context.font = `${strong ? 600 : 400} ${unit}px ${family}`;
        width = context.measureText(character).width;
        context.font = font;
        widths.set(character, width);
      }
      sum += width;
    }
    return (sum * size) / unit;
  };
}

/** The text, cut with an ellipsis where it is wider than that. */
export function cut(text: string, most: number, size: number, strong: boolean, widthOf: TextWidth): string {
  if (widthOf(text, size, strong) <= most) return text;
  const characters = [...text];
  let [low, high] = [0, characters.length];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (widthOf(`${characters.slice(0, middle).join('')}…`, size, strong) <= most) low = middle;
    else high = middle - 1;
  }
  return low === 0 ? '' : `${characters.slice(0, low).join('')}…`;
}

let page: TextWidth | null = null;
/** Widths as the page's own font has them; known when its fonts are there. */
export async function pageTextWidth(): Promise<TextWidth> {
  if (page) return page;
  await document.fonts.ready;
  // What was measured before may have been of another font.
  measured.clear();
  const context = document.createElement('canvas').getContext('2d');
  page = context ? measuredWidth(context, getComputedStyle(document.body).fontFamily) : roughWidth;
  return page;
}
