import './grid.css';
import { useEffect, useId, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { useStore } from 'zustand';
import type { CopyFormat } from '../../shared/rows/row-words.ts';
import { ContextMenu } from '../ui/menu.tsx';
import { AggregatesBar } from './bars/aggregates-bar.tsx';
import { FilterBar } from './bars/filter-bar.tsx';
import { FindBar, type FindBarHandle } from './bars/find-bar.tsx';
import { GoToRow } from './bars/go-to-row.tsx';
import { OrderBar } from './bars/order-bar.tsx';
import { CellOverlay } from './cell-overlay.tsx';
import { GridBody } from './grid-body.tsx';
import type { GridProps } from './grid-props.ts';
import type { GridFilter, GridSort, GridSource } from './grid-source.ts';
import { nextSort } from './grid-state.ts';
import { GridStates } from './grid-states.tsx';
import { type MenuPlace, menuEntries } from './menu-entries.ts';
import type { GridAction } from './model/keys.ts';
import { selectCell, toRanges } from './model/selection.ts';
import { goTo } from './paint/commands.ts';
import type { GridView } from './paint/grid-view.ts';

type Bar = { readonly kind: 'find' | 'goToRow' } | { readonly kind: 'filter'; readonly column: number } | null;

/** Ten million rows in a table: see renderer/grid/paint for how it is drawn. */
export function Grid(props: GridProps) {
  const { source, state, onCopy, onFind } = props;
  const rowCount = useSyncExternalStore(
    (changed) => source.subscribe(changed),
    () => source.rowCount,
  );
  const notLoaded = useSyncExternalStore(
    (changed) => source.subscribe(changed),
    () => source.failure(),
  );
  const order = useOrder(props);
  const [opened, setOpened] = useState<{ over: GridSource; bar: Bar } | null>(null);
  // Another result has no bar open.
  const bar = opened?.over === source ? opened.bar : null;
  const setBar = (next: Bar) => setOpened({ over: source, bar: next });
  const view = useRef<GridView | null>(null);
  const findBar = useRef<FindBarHandle>(null);
  const menuPlace = useRef<MenuPlace>({ kind: 'cells' });
  const idPrefix = useId();

  const close = () => {
    setBar(null);
    state.setState({ sought: null });
    view.current?.elements.grid.focus();
  };
  const copy = (format: CopyFormat, header: boolean) => {
    const { selection, layout } = state.getState();
    const ranges = toRanges(selection, layout.visible, source.rowCount);
    if (ranges.length > 0) onCopy?.(ranges, format, header);
  };
  const open = (what: 'value' | 'record') => {
    const { selection, layout } = state.getState();
    const column = layout.visible[selection.active.position];
    if (column === undefined || source.rowCount === 0) return;
    if (what === 'value') props.onOpenValue?.(selection.active.row, column);
    else props.onOpenRecord?.(selection.active.row);
  };
  const showMenu = (place: MenuPlace, x: number, y: number) => {
    menuPlace.current = { ...place, asked: true };
    const options = { bubbles: true, cancelable: true, clientX: x, clientY: y };
    view.current?.elements.grid.dispatchEvent(new MouseEvent('contextmenu', options));
  };
  const showBar = (next: Bar) => {
    // A menu gives the focus back when it has closed: the bar takes it after that.
    setTimeout(() => setBar(next), 30);
  };
  const act = (action: GridAction): boolean => {
    switch (action.kind) {
      case 'copy':
        if (onCopy) copy('tsv', action.header);
        return onCopy !== undefined;
      case 'find':
        if (bar?.kind === 'find') findBar.current?.focus();
        else if (onFind) setBar({ kind: 'find' });
        return onFind !== undefined;
      case 'findNext':
        if (findBar.current) findBar.current.next(action.backwards);
        else if (onFind) setBar({ kind: 'find' });
        return onFind !== undefined;
      case 'goToRow':
        setBar({ kind: 'goToRow' });
        return true;
      case 'openValue':
        open('value');
        return true;
      case 'record':
        open('record');
        return true;
      case 'menu':
      case 'columnMenu': {
        const { x, y } = placeOfActive(view.current, action.kind === 'columnMenu');
        const { position } = state.getState().selection.active;
        showMenu(action.kind === 'menu' ? { kind: 'cells' } : { kind: 'column', position }, x, y);
        return true;
      }
      default:
        return false;
    }
  };
  const entries = () =>
    menuEntries(menuPlace.current, {
      props,
      view: view.current,
      order: order.change,
      copy,
      open,
      find: () => showBar({ kind: 'find' }),
      goToRow: () => showBar({ kind: 'goToRow' }),
      filter: (column) => showBar({ kind: 'filter', column }),
    });
  return (
    <div className="hg-root flex h-full min-h-0 w-full min-w-0 flex-col">
      {bar?.kind === 'find' && onFind && (
        <FindBar
          ref={findBar}
          onFind={onFind}
          from={() => {
            const { selection, layout } = state.getState();
            return { row: selection.active.row, column: layout.visible[selection.active.position] ?? 0 };
          }}
          onHit={(hit) => {
            const position = state.getState().layout.visible.indexOf(hit.column);
            if (view.current) goTo(view.current, hit.row, Math.max(0, position));
          }}
          onSought={(sought) => state.setState({ sought })}
          onServer={props.onFindOnServer}
          onClose={close}
        />
      )}
      {bar?.kind === 'goToRow' && (
        <GoToRow
          rowCount={rowCount}
          onGo={(row) => {
            if (view.current) goTo(view.current, row, state.getState().selection.active.position);
            close();
          }}
          onClose={close}
        />
      )}
      {bar?.kind === 'filter' && (
        <FilterBar
          key={bar.column}
          column={bar.column}
          info={source.columns[bar.column]}
          scope={props.orderedByServer ? '' : undefined}
          onAdd={(filter) => {
            if (props.onFilter) {
              props.onFilter(filter);
              close();
              return;
            }
            const { sort, filters } = state.getState();
            order.change(sort, [...filters, filter]);
            close();
          }}
          onClose={close}
        />
      )}
      {!props.orderedByServer && (
        <OrderBar
          columns={source.columns}
          sort={order.sort}
          filters={order.filters}
          rowCount={rowCount}
          busy={order.busy}
          failure={order.failure}
          onChange={order.change}
        />
      )}
      <GridStates
        {...props}
        failure={props.failure ?? notLoaded}
        onRetry={props.failure ? props.onRetry : () => source.retry()}
        rowCount={rowCount}
        filtered={order.filters.length > 0}
        onClear={() => order.change(order.sort, [])}
      >
        <ContextMenu items={entries}>
          <GridBody
            label={props.label}
            source={source}
            state={state}
            rowCount={rowCount}
            busy={order.busy || props.progress === 'streaming'}
            sortable={props.onOrder !== undefined}
            idPrefix={idPrefix}
            view={view}
            onAction={act}
            onKey={props.onKey}
            onSort={(column, add) =>
              order.change(nextSort(state.getState().sort, column, add), state.getState().filters)
            }
            onColumnMenu={(position, x, y) => showMenu({ kind: 'column', position }, x, y)}
            onOpen={() => {
              const { selection, layout } = state.getState();
              const column = layout.visible[selection.active.position] ?? -1;
              if (!props.onActivate?.(selection.active.row, column)) open('value');
            }}
            onMenuPlace={(place) => {
              // An asked-for menu has said what it is for.
              menuPlace.current = menuPlace.current.asked ? { ...menuPlace.current, asked: false } : place;
            }}
          />
        </ContextMenu>
        {props.overlay && <CellOverlay view={view} state={state} source={source} overlay={props.overlay} />}
      </GridStates>
      <AggregatesBar source={source} rowCount={rowCount} state={state} onAggregate={props.onAggregate}>
        {props.footer}
      </AggregatesBar>
    </div>
  );
}

/** The order in force, and the change that is under way. */
function useOrder({ state, onOrder, source }: GridProps) {
  const sort = useStore(state, (now) => now.sort);
  const filters = useStore(state, (now) => now.filters);
  const [pending, setPending] = useState<{ busy: boolean; failure: string | null }>({ busy: false, failure: null });
  const round = useRef(0);
  const change = useMemo(
    () => async (nextSorting: readonly GridSort[], nextFilters: readonly GridFilter[]) => {
      if (!onOrder) return;
      const mine = ++round.current;
      setPending({ busy: true, failure: null });
      try {
        await onOrder(nextSorting, nextFilters);
        if (mine !== round.current) return;
        const { selection } = state.getState();
        const first = selectCell({ row: 0, position: selection.active.position });
        state.setState({ sort: nextSorting, filters: nextFilters, top: 0, selection: first });
        setPending({ busy: false, failure: null });
      } catch (thrown) {
        if (mine !== round.current) return;
        setPending({ busy: false, failure: thrown instanceof Error ? thrown.message : String(thrown) });
      }
    },
    [onOrder, state],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: another result has no failure yet
  useEffect(() => setPending({ busy: false, failure: null }), [source.columns]);
  return { sort, filters, ...pending, change: (a: readonly GridSort[], b: readonly GridFilter[]) => void change(a, b) };
}

function placeOfActive(view: GridView | null, header: boolean): { x: number; y: number } {
  if (!view) return { x: 0, y: 0 };
  const { selection, layout, top, left } = view.data;
  const box = view.elements.body.getBoundingClientRect();
  const x = box.left + (layout.lefts[selection.active.position] ?? 0) - left + 12;
  const y = header ? box.top : box.top + (selection.active.row + 1) * view.geometry.rowHeight - top;
  return { x: Math.max(box.left, Math.min(x, box.right)), y: Math.max(box.top, Math.min(y, box.bottom)) };
}
