/** Where the window was, so that it comes back there: as long as a person could still see and grab it. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const bounds = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int(),
  height: z.number().int(),
});
const windowState = bounds.extend({ maximized: z.boolean() });
export type Bounds = z.infer<typeof bounds>;
export type WindowState = z.infer<typeof windowState>;

export const smallest = { width: 800, height: 560 };
const usual = { width: 1360, height: 860 };
/** So much of the title bar must lie on a screen. */
const grip = { width: 120, height: 32 };

const fileIn = (dataFolder: string): string => join(dataFolder, 'window.json');

/**
 * The kept place, or what of it still makes sense on these screens; without x and y where the system should choose.
 * @param screens the work areas of all displays
 */
export function readWindowState(
  dataFolder: string,
  screens: readonly Bounds[],
): Partial<Bounds> & { width: number; height: number; maximized: boolean } {
  const kept = windowState.safeParse(parse(dataFolder)).data;
  if (!kept) return { ...usual, maximized: false };
  const { width, height, maximized } = kept;
  const size = { width: Math.max(width, smallest.width), height: Math.max(height, smallest.height), maximized };
  const screen = screens.find((each) => titleIsOn(each, kept));
  if (!screen) return { ...usual, maximized };
  return {
    ...size,
    width: Math.min(size.width, screen.width),
    height: Math.min(size.height, screen.height),
    x: kept.x,
    y: kept.y,
  };
}

/** Failing to keep it is no reason to disturb anyone. */
export function writeWindowState(dataFolder: string, state: WindowState): void {
  const file = fileIn(dataFolder);
  try {
    writeFileSync(`${file}.new`, JSON.stringify(state), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  } catch {
    // The window then opens where the system puts it.
  }
}

function titleIsOn(screen: Bounds, window: Bounds): boolean {
  const shared = Math.min(window.x + window.width, screen.x + screen.width) - Math.max(window.x, screen.x);
  return shared >= grip.width && window.y >= screen.y && window.y + grip.height <= screen.y + screen.height;
}

function parse(dataFolder: string): unknown {
  try {
    return JSON.parse(readFileSync(fileIn(dataFolder), 'utf8'));
  } catch {
    return null;
  }
}
