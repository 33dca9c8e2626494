import { describe, expect, it } from 'vitest';
import { actionOf } from './keys.ts';

/** `ctrl+shift+c` as a key press. */
function press(text: string) {
  const parts = text.split('+');
  const has = (name: string) => parts.includes(name);
  return actionOf({
    key: parts.at(-1) ?? '',
    ctrlKey: has('ctrl'),
    metaKey: has('meta'),
    shiftKey: has('shift'),
    altKey: has('alt'),
  });
}
const FAR = Number.POSITIVE_INFINITY;

describe('keys', () => {
  it.each([
    ['ArrowDown', { kind: 'move', rows: 1, columns: 0, extend: false }],
    ['shift+ArrowLeft', { kind: 'move', rows: 0, columns: -1, extend: true }],
    ['ctrl+ArrowRight', { kind: 'move', rows: 0, columns: FAR, extend: false }],
    ['meta+ArrowUp', { kind: 'move', rows: -FAR, columns: 0, extend: false }],
    ['Home', { kind: 'move', rows: 0, columns: -FAR, extend: false }],
    ['ctrl+shift+End', { kind: 'move', rows: FAR, columns: FAR, extend: true }],
    ['shift+PageDown', { kind: 'page', pages: 1, extend: true }],
    ['ctrl+a', { kind: 'selectAll' }],
    ['ctrl+C', { kind: 'copy', header: false }],
    ['ctrl+shift+C', { kind: 'copy', header: true }],
    ['ctrl+ ', { kind: 'selectColumns' }],
    ['shift+ ', { kind: 'selectRows' }],
    [' ', { kind: 'record' }],
    ['Enter', { kind: 'openValue' }],
    ['ctrl+g', { kind: 'goToRow' }],
    ['shift+F3', { kind: 'findNext', backwards: true }],
    ['shift+F10', { kind: 'menu' }],
    ['alt+ArrowDown', { kind: 'columnMenu' }],
    ['alt+ArrowRight', { kind: 'moveColumn', by: 1 }],
    ['alt+shift+ArrowLeft', { kind: 'resize', by: -16 }],
  ])('%s', (text, expected) => expect(press(text)).toEqual(expected));

  it.each(['Tab', 'ctrl+Enter', 'ctrl+k', 'a', 'alt+a', 'ctrl+shift+g', 'F10', 'ctrl+alt+ArrowLeft'])(
    '%s is not the grid’s',
    (text) => expect(press(text)).toBeNull(),
  );
});
