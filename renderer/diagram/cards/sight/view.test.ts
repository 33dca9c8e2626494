import { describe, expect, test } from 'vitest';
import { afterResize, centred, fitting, revealing, sees, sightOf } from './view.ts';

const bounds = { x: 0, y: 0, width: 4_000, height: 2_000 };
const frame = (left: number, width: number) => ({ left, top: 0, width, height: 700 });
const [wide, panelRight, listGone] = [frame(224, 1_000), frame(224, 712), frame(0, 1_224)];

describe('a canvas of another size', () => {
  test('shows the whole again where it showed the whole', () => {
    const whole = fitting(bounds, 1_000, 700);
    expect(afterResize(whole, wide, panelRight, bounds, false)).toEqual(fitting(bounds, 712, 700));
  });

  test('keeps the middle in the middle where a part was in sight', () => {
    const view = centred(1_500, 900, 1, 1_000, 700);
    const after = afterResize(view, wide, panelRight, bounds, false);
    expect(after).toEqual(centred(1_500, 900, 1, 712, 700));
  });

  test('brings back what was wholly in sight, though it did not fill the window', () => {
    const view = { ...fitting(bounds, 1_000, 700), x: -20 };
    const after = afterResize(view, wide, panelRight, bounds, false);
    expect(sees(sightOf(view, 1_000, 700), bounds)).toBe(true);
    expect(sees(sightOf(after, 712, 700), bounds)).toBe(true);
  });

  test('moves nothing under the pointer while a card is being used', () => {
    const view = fitting(bounds, 1_000, 700);
    expect(afterResize(view, wide, panelRight, bounds, true)).toEqual(view);
    // The list at the left went: what was 300 pixels from the window's edge still is.
    const after = afterResize(view, wide, listGone, bounds, true);
    expect(after.x + (300 - 0) / after.zoom).toBeCloseTo(view.x + (300 - 224) / view.zoom);
  });

  test('reveals by the least move', () => {
    const view = { x: 0, y: 0, zoom: 1 };
    expect(revealing(view, { x: 900, y: 100, width: 200, height: 100 }, 712, 700)).toEqual({ x: 412, y: 0, zoom: 1 });
    expect(revealing(view, { x: 100, y: 100, width: 200, height: 100 }, 712, 700)).toEqual(view);
  });
});
