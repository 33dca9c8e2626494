/** The keyboard of a grid, as data. */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

export type GridAction =
  | { readonly kind: 'move'; readonly rows: number; readonly columns: number; readonly extend: boolean }
  /** Rows are pages of what is in sight. */
  | { readonly kind: 'page'; readonly pages: number; readonly extend: boolean }
  | { readonly kind: 'resize'; readonly by: number }
  | { readonly kind: 'moveColumn'; readonly by: number }
  | { readonly kind: 'copy'; readonly header: boolean }
  | { readonly kind: 'findNext'; readonly backwards: boolean }
  | {
      readonly kind:
        | 'selectAll'
        | 'selectRows'
        | 'selectColumns'
        | 'collapse'
        | 'goToRow'
        | 'find'
        | 'menu'
        | 'columnMenu'
        | 'openValue'
        | 'record';
    };

const FAR = Number.POSITIVE_INFINITY;
const arrows: Record<string, readonly [number, number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};
const letters: Record<string, GridAction> = {
  a: { kind: 'selectAll' },
  c: { kind: 'copy', header: false },
  f: { kind: 'find' },
  g: { kind: 'goToRow' },
};
/** 0 stays 0: 0 * Infinity is not a number. */
const far = (step: number) => (step === 0 ? 0 : step * FAR);

function arrowAction(press: KeyPress, ctrl: boolean, rows: number, columns: number): GridAction | null {
  if (press.altKey) {
    if (rows > 0 && !ctrl) return { kind: 'columnMenu' };
    if (columns === 0 || ctrl) return null;
    return press.shiftKey ? { kind: 'resize', by: columns * 16 } : { kind: 'moveColumn', by: columns };
  }
  if (ctrl) return { kind: 'move', rows: far(rows), columns: far(columns), extend: press.shiftKey };
  return { kind: 'move', rows, columns, extend: press.shiftKey };
}

/** What a key does in a grid; null where it is not the grid's. */
export function actionOf(press: KeyPress): GridAction | null {
  const ctrl = press.ctrlKey || press.metaKey;
  const extend = press.shiftKey;
  const arrow = arrows[press.key];
  if (arrow) return arrowAction(press, ctrl, arrow[0], arrow[1]);
  if (press.altKey) return null;
  switch (press.key) {
    case 'PageUp':
      return { kind: 'page', pages: -1, extend };
    case 'PageDown':
      return { kind: 'page', pages: 1, extend };
    case 'Home':
      return { kind: 'move', rows: ctrl ? -FAR : 0, columns: -FAR, extend };
    case 'End':
      return { kind: 'move', rows: ctrl ? FAR : 0, columns: FAR, extend };
    case ' ':
      return ctrl ? { kind: 'selectColumns' } : extend ? { kind: 'selectRows' } : { kind: 'record' };
    case 'Enter':
    case 'F2':
      return ctrl ? null : { kind: 'openValue' };
    case 'Escape':
      return { kind: 'collapse' };
    case 'F3':
      return { kind: 'findNext', backwards: extend };
    case 'ContextMenu':
      return { kind: 'menu' };
    case 'F10':
      return extend ? { kind: 'menu' } : null;
    default:
  }
  if (!ctrl) return null;
  const letter = press.key.toLowerCase();
  if (letter === 'c' && extend) return { kind: 'copy', header: true };
  return extend ? null : (letters[letter] ?? null);
}
