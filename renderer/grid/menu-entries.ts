/** Which lines a menu has where it was opened. */

import type { CopyFormat } from '../../shared/rows/row-words.ts';
import type { MenuEntry } from '../ui/menu.tsx';
import { cellEntries, columnEntries } from './grid-menus.ts';
import type { GridProps } from './grid-props.ts';
import type { GridFilter, GridSort } from './grid-source.ts';
import { hideColumn, resizeAll, showAllColumns, showColumn } from './model/column-layout.ts';
import { selectAll, settle } from './model/selection.ts';
import { boundsOf, shiftColumn } from './paint/commands.ts';
import type { GridView } from './paint/grid-view.ts';
import { fittedWidths } from './paint/measure.ts';
import { fitColumn } from './paint/pointer.ts';

export type MenuPlace = ({ readonly kind: 'cells' } | { readonly kind: 'column'; readonly position: number }) & {
  readonly asked?: boolean;
};

export interface MenuContext {
  readonly props: GridProps;
  readonly view: GridView | null;
  readonly order: (sort: readonly GridSort[], filters: readonly GridFilter[]) => void;
  readonly copy: (format: CopyFormat, header: boolean) => void;
  readonly open: (what: 'value' | 'record') => void;
  readonly find: () => void;
  readonly goToRow: () => void;
  readonly filter: (column: number) => void;
}

export function menuEntries(place: MenuPlace, context: MenuContext): readonly MenuEntry[] {
  if (!context.view) return [];
  return place.kind === 'column' ? columnMenu(place.position, context, context.view) : cellMenu(context, context.view);
}

function columnMenu(position: number, context: MenuContext, view: GridView): MenuEntry[] {
  const { props, order } = context;
  const { state, source } = props;
  const { layout, sort, filters } = view.data;
  const column = layout.visible[position] ?? 0;
  const arrange = (next: typeof layout) => {
    state.setState({ layout: next });
    state.setState({ selection: settle(view.data.selection, boundsOf(view)) });
  };
  const more = props.moreColumnItems?.(column) ?? [];
  const entries = columnEntries(source.columns, layout, sort, position, {
    ...(props.onOrder
      ? { sort: (next: readonly GridSort[]) => order(next, filters), filter: () => context.filter(column) }
      : {}),
    hide: () => arrange(hideColumn(layout, column)),
    show: (one) => arrange(showColumn(layout, one)),
    showAll: () => arrange(showAllColumns(layout)),
    fit: () => fitColumn(view, position),
    fitAll: () => {
      const widths = fittedWidths(source, view.window.first, view.family);
      state.setState({ layout: resizeAll(layout, widths), unfitted: false });
    },
    move: (to) => {
      state.setState({ selection: { ...view.data.selection, active: { ...view.data.selection.active, position } } });
      shiftColumn(view, to);
    },
    copyName: () => props.onCopyName?.(source.columns[column]?.name ?? ''),
  });
  return more.length > 0 ? [...entries, { kind: 'separator' }, ...more] : entries;
}

function cellMenu(context: MenuContext, view: GridView): MenuEntry[] {
  const { props } = context;
  const { selection, layout, sort, filters } = view.data;
  const column = layout.visible[selection.active.position] ?? 0;
  const row = props.source.row(selection.active.row);
  const value = row?.cells[column];
  // A cut value is not the value.
  const comparable = value !== undefined && !row?.cut?.has(column) && (value?.length ?? 0) <= 10_000;
  const filterBy = () => {
    const filter: GridFilter =
      value === null || value === undefined
        ? { column, operator: 'isNull', value: '' }
        : { column, operator: 'equals', value };
    if (props.onFilter) props.onFilter(filter);
    else context.order(sort, [...filters, filter]);
  };
  return cellEntries(
    {
      ...(props.onCopy ? { copy: context.copy } : {}),
      ...(props.onOpenValue ? { openValue: () => context.open('value') } : {}),
      ...(props.onOpenRecord ? { openRecord: () => context.open('record') } : {}),
      ...(props.onOrder && comparable ? { filterBy } : {}),
      ...(props.onFind ? { find: context.find } : {}),
      goToRow: context.goToRow,
      selectAll: () => props.state.setState({ selection: selectAll(selection.active) }),
    },
    props.moreItems?.(selection.active.row, column) ?? [],
  );
}
