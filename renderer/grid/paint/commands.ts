/** What a key's action does to a grid. */
import { moveColumn, resizeColumn, widthAt } from '../model/column-layout.ts';
import type { GridAction } from '../model/keys.ts';
import { pageRows } from '../model/scroll-scale.ts';
import { type Bounds, move, selectAll, selectCell, selectColumn, widen } from '../model/selection.ts';
import { type GridView, ROW_HEIGHT } from './grid-view.ts';

export const boundsOf = (view: GridView): Bounds => ({
  rows: view.geometry.rowCount,
  positions: view.data.layout.visible.length,
});

/** Moves, selects and arranges; false for what is the component's business (copying, menus, finding). */
export function perform(view: GridView, action: GridAction): boolean {
  const { state } = view.inputs;
  const { selection, layout, top, left } = view.data;
  const { active } = selection;
  switch (action.kind) {
    case 'move':
      return step(view, action.rows, action.columns, action.extend);
    case 'page': {
      const rows = pageRows(view.geometry) * action.pages;
      view.scrollTo(top + rows * ROW_HEIGHT, left);
      return step(view, rows, 0, action.extend);
    }
    case 'selectAll':
      state.setState({ selection: selectAll(active) });
      return true;
    case 'selectRows':
    case 'selectColumns':
      state.setState({ selection: widen(selection, action.kind === 'selectRows' ? 'rows' : 'columns') });
      return true;
    case 'collapse':
      state.setState({ selection: selectCell(active) });
      return true;
    case 'resize': {
      const column = layout.visible[active.position];
      if (column === undefined) return true;
      const width = widthAt(layout, active.position) + action.by;
      state.setState({ layout: resizeColumn(layout, column, width), unfitted: false });
      return true;
    }
    case 'moveColumn':
      return shiftColumn(view, active.position + action.by);
    default:
      return false;
  }
}

function step(view: GridView, rows: number, columns: number, extend: boolean): true {
  const bounds = boundsOf(view);
  if (bounds.rows === 0 || bounds.positions === 0) return true;
  const next = move(view.data.selection, rows, columns, bounds, extend);
  view.inputs.state.setState({ selection: next });
  const target = extend ? next.head : next.active;
  view.show(target.row, target.position);
  return true;
}

/** Moves the active column to another position. */
export function shiftColumn(view: GridView, to: number): true {
  const { layout, selection } = view.data;
  if (to < 0 || to >= layout.visible.length) return true;
  view.inputs.state.setState({
    layout: moveColumn(layout, selection.active.position, to),
    selection: selectColumn(to, selection.active.row),
  });
  view.show(selection.active.row, to);
  return true;
}

/** Puts the cursor on a cell and brings it into sight. */
export function goTo(view: GridView, row: number, position: number): void {
  const bounds = boundsOf(view);
  if (bounds.rows === 0) return;
  const at = {
    row: Math.max(0, Math.min(row, bounds.rows - 1)),
    position: Math.max(0, Math.min(position, bounds.positions - 1)),
  };
  view.inputs.state.setState({ selection: selectCell(at) });
  view.show(at.row, at.position, 'middle');
}
