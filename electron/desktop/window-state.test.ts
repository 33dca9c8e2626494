import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readWindowState, writeWindowState } from './window-state.ts';

const folder = () => mkdtempSync(join(tmpdir(), 'howdah-window-'));
const screen = { x: 0, y: 0, width: 1920, height: 1080 };
const left = { x: -1280, y: 0, width: 1280, height: 1024 };

describe('window state', () => {
  it('comes back as it was', () => {
    const data = folder();
    const state = { x: -1200, y: 40, width: 1100, height: 800, maximized: true };
    writeWindowState(data, state);
    expect(readWindowState(data, [screen, left])).toEqual(state);
  });
  it('is left to the system where the window would be out of reach', () => {
    const data = folder();
    for (const place of [
      { x: -1200, y: 40 },
      { x: 1900, y: 40 },
      { x: 100, y: -500 },
      { x: 100, y: 1075 },
    ]) {
      writeWindowState(data, { ...place, width: 1100, height: 800, maximized: false });
      expect(readWindowState(data, [screen])).toEqual({ width: 1360, height: 860, maximized: false });
    }
  });
  it('is never larger than the screen nor smaller than the program can use', () => {
    const data = folder();
    writeWindowState(data, { x: 0, y: 0, width: 9000, height: 10, maximized: false });
    expect(readWindowState(data, [screen])).toMatchObject({ width: 1920, height: 560 });
  });
  it.each(['', '{', 'null', '{"x":1}', '{"x":"1","y":0,"width":900,"height":700,"maximized":false}', '[]'])(
    'starts anew from a file that says %j',
    (text) => {
      const data = folder();
      writeFileSync(join(data, 'window.json'), text);
      expect(readWindowState(data, [screen])).toEqual({ width: 1360, height: 860, maximized: false });
    },
  );
  it('does not fail where it cannot be written', () => {
    writeWindowState(join(folder(), 'missing'), { ...screen, maximized: false });
  });
  it('is written whole', () => {
    const data = folder();
    writeWindowState(data, { ...screen, maximized: false });
    expect(JSON.parse(readFileSync(join(data, 'window.json'), 'utf8'))).toEqual({ ...screen, maximized: false });
  });
});
