/** The lines of a grid's menus. */

import type { CopyFormat } from '../../shared/rows/row-words.ts';
import type { MenuEntry } from '../ui/menu.tsx';
import { visibleText } from '../ui/visible-text.ts';
import type { GridColumn, GridSort } from './grid-source.ts';
import type { ColumnLayout } from './model/column-layout.ts';

export interface ColumnMenuActions {
  readonly sort?: (sort: readonly GridSort[]) => void;
  readonly filter?: () => void;
  readonly hide: () => void;
  readonly show: (column: number) => void;
  readonly showAll: () => void;
  readonly fit: () => void;
  readonly fitAll: () => void;
  readonly move: (to: number) => void;
  readonly copyName: () => void;
}

const MAX_LISTED = 200;

function sortEntries(column: number, sort: readonly GridSort[], set: (sort: readonly GridSort[]) => void): MenuEntry[] {
  const now = sort.find((one) => one.column === column);
  const rest = sort.filter((one) => one.column !== column);
  const choice = (label: string, descending: boolean): MenuEntry => ({
    kind: 'choice',
    label,
    checked: now?.descending === descending,
    run: () => set([{ column, descending }]),
  });
  const others: MenuEntry[] =
    rest.length === 0
      ? []
      : [
          { label: 'Then ascending', run: () => set([...rest, { column, descending: false }]) },
          { label: 'Then descending', run: () => set([...rest, { column, descending: true }]) },
        ];
  return [
    choice('Sort ascending', false),
    choice('Sort descending', true),
    ...others,
    { label: 'No sort on this column', disabled: !now, run: () => set(rest) },
  ];
}

/** The menu of a column's header. */
export function columnEntries(
  columns: readonly GridColumn[],
  layout: ColumnLayout,
  sort: readonly GridSort[],
  position: number,
  actions: ColumnMenuActions,
): MenuEntry[] {
  const column = layout.visible[position];
  if (column === undefined) return [];
  const hidden = [...layout.hidden].slice(0, MAX_LISTED);
  return [
    { kind: 'heading', label: visibleText(columns[column]?.name ?? '') },
    ...(actions.sort ? sortEntries(column, sort, actions.sort) : []),
    ...(actions.filter ? [{ label: 'Filter…', run: actions.filter }] : []),
    { kind: 'separator' },
    { label: 'Fit width', run: actions.fit },
    { label: 'Fit all widths', run: actions.fitAll },
    { label: 'Move to the start', disabled: position === 0, run: () => actions.move(0) },
    {
      label: 'Move to the end',
      disabled: position === layout.visible.length - 1,
      run: () => actions.move(layout.visible.length - 1),
    },
    { kind: 'separator' },
    { label: 'Copy name', run: actions.copyName },
    { label: 'Hide column', disabled: layout.visible.length <= 1, run: actions.hide },
    ...(hidden.length === 0
      ? []
      : ([
          {
            kind: 'submenu',
            label: 'Show hidden',
            entries: [
              ...hidden.map((one) => ({
                label: visibleText(columns[one]?.name ?? '') || '(no name)',
                run: () => actions.show(one),
              })),
              { kind: 'separator' },
              { label: `Show all (${layout.hidden.size.toLocaleString('en-US')})`, run: actions.showAll },
            ],
          },
        ] as MenuEntry[])),
  ];
}

const formatNames: Record<CopyFormat, string> = {
  tsv: 'Tab-separated',
  csv: 'CSV',
  json: 'JSON',
  markdown: 'Markdown',
  insert: 'SQL INSERT…',
};

export interface CellMenuActions {
  readonly copy?: (format: CopyFormat, header: boolean) => void;
  readonly openValue?: () => void;
  readonly openRecord?: () => void;
  readonly filterBy?: () => void;
  readonly find?: () => void;
  readonly goToRow: () => void;
  readonly selectAll: () => void;
}

/** The menu of the cells. */
export function cellEntries(actions: CellMenuActions, more: readonly MenuEntry[]): MenuEntry[] {
  const { copy } = actions;
  // Where cells are edited, Enter begins that.
  const enterIsTaken = more.some((entry) => 'keys' in entry && entry.keys === 'Enter');
  const openValue = actions.openValue && { label: 'Show value', run: actions.openValue };
  const copying: MenuEntry[] = copy
    ? [
        { label: 'Copy', keys: 'Ctrl+C', run: () => copy('tsv', false) },
        { label: 'Copy with header', keys: 'Ctrl+Shift+C', run: () => copy('tsv', true) },
        {
          kind: 'submenu',
          label: 'Copy as',
          entries: (['csv', 'json', 'markdown', 'insert'] as const).map((format) => ({
            label: formatNames[format],
            run: () => copy(format, format === 'csv' || format === 'markdown'),
          })),
        },
        { kind: 'separator' },
      ]
    : [];
  return [
    ...copying,
    ...(openValue ? [enterIsTaken ? openValue : { ...openValue, keys: 'Enter' }] : []),
    ...(actions.openRecord ? [{ label: 'Show row as a record', keys: 'Space', run: actions.openRecord }] : []),
    ...(actions.filterBy ? [{ label: 'Filter by this value', run: actions.filterBy }] : []),
    { kind: 'separator' },
    ...(actions.find ? [{ label: 'Find…', keys: 'Ctrl+F', run: actions.find }] : []),
    { label: 'Go to row…', keys: 'Ctrl+G', run: actions.goToRow },
    { label: 'Select all', keys: 'Ctrl+A', run: actions.selectAll },
    ...(more.length > 0 ? [{ kind: 'separator' } as const, ...more] : []),
  ];
}
