// biome-ignore-all lint/a11y/useSemanticElements: a table element cannot show ten million rows
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and names its active cell
import { type Ref, type RefObject, useImperativeHandle, useLayoutEffect, useRef } from 'react';
import { useStore } from 'zustand';
import type { GridProps } from './grid-props.ts';
import type { GridSource } from './grid-source.ts';
import type { GridState } from './grid-state.ts';
import type { MenuPlace } from './menu-entries.ts';
import { actionOf, type GridAction } from './model/keys.ts';
import { perform } from './paint/commands.ts';
import { GridView } from './paint/grid-view.ts';
import { cellNear, listenToPointer, type PointerCallbacks } from './paint/pointer.ts';

export interface GridBodyProps extends PointerCallbacks {
  readonly ref?: Ref<HTMLDivElement>;
  readonly label: string;
  readonly source: GridSource;
  readonly state: GridState;
  readonly rowCount: number;
  readonly busy: boolean;
  readonly sortable: boolean;
  readonly idPrefix: string;
  readonly view: RefObject<GridView | null>;
  /** Answers true where the action was dealt with. */
  readonly onAction: (action: GridAction) => boolean;
  /** Told before the menu of the right button opens. */
  readonly onMenuPlace: (place: MenuPlace) => void;
  readonly onKey?: GridProps['onKey'];
}

/** The elements that the painters fill. React renders them once; nothing in them is React's. */
export function GridBody({ ref, ...props }: GridBodyProps) {
  const { label, source, state, rowCount, busy, sortable, idPrefix, view, onAction, onMenuPlace } = props;
  const columnCount = useStore(state, (now) => now.layout.visible.length);
  const at = useElements();
  const latest = useRef(props);
  latest.current = props;
  useImperativeHandle(ref, () => at.grid.current as HTMLDivElement);
  // biome-ignore lint/correctness/useExhaustiveDependencies: mounted once; what changes goes through update
  useLayoutEffect(() => {
    const made = new GridView(elementsOf(at), { source, state, sortable, idPrefix });
    view.current = made;
    const stop = listenToPointer(made, () => latest.current);
    return () => {
      stop();
      made.dispose();
      view.current = null;
    };
  }, []);
  useLayoutEffect(
    () => view.current?.update({ source, state, sortable, idPrefix }),
    [source, state, sortable, idPrefix, view],
  );
  // What of the menu belongs to ContextMenu's trigger comes in by `props`.
  const { onContextMenu, ...trigger } = triggerProps(props);
  return (
    <div
      {...trigger}
      ref={at.grid}
      role="grid"
      aria-label={label}
      aria-rowcount={rowCount + 1}
      aria-colcount={columnCount}
      aria-multiselectable
      aria-busy={busy}
      tabIndex={0}
      className="hg-grid absolute inset-0"
      onContextMenu={(event) => {
        onMenuPlace(placeOf(event, view.current));
        onContextMenu?.(event);
      }}
      onKeyDown={(event) => {
        if (props.onKey?.(event)) {
          event.preventDefault();
          event.stopPropagation();
          return;
        }
        const action = actionOf(event);
        if (!action || !view.current || (event.target as Element).closest('button')) return;
        if (!perform(view.current, action) && !onAction(action)) return;
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      <div ref={at.spacer} role="presentation" className="hg-spacer">
        <div ref={at.stage} role="presentation" className="hg-stage">
          <div role="rowgroup" className="hg-header-bar">
            <div role="row" aria-rowindex={1} className="hg-header-row">
              <div aria-hidden className="hg-corner" data-zone="corner" title="Select all" />
              <div className="hg-header-clip" data-zone="header">
                <div ref={at.header} className="hg-layer" style={{ height: '100%' }} />
              </div>
            </div>
          </div>
          <div ref={at.body} role="rowgroup" className="hg-body" data-zone="cells">
            <div ref={at.layer} role="presentation" className="hg-layer" />
          </div>
          <div aria-hidden className="hg-numbers" data-zone="numbers">
            <div ref={at.numbers} className="hg-layer" />
          </div>
          <div ref={at.outlines} aria-hidden className="hg-outlines" />
          <div className="hg-drop" aria-hidden />
        </div>
      </div>
    </div>
  );
}

type Trigger = Pick<
  React.ComponentProps<'div'>,
  'onContextMenu' | 'onPointerDown' | 'onPointerMove' | 'onPointerUp' | 'onPointerCancel' | 'style'
>;
/** `ContextMenu` clones its child with these. */
function triggerProps(props: GridBodyProps & Trigger): Trigger {
  const { onContextMenu, onPointerDown, onPointerMove, onPointerUp, onPointerCancel } = props;
  return { onContextMenu, onPointerDown, onPointerMove, onPointerUp, onPointerCancel };
}

function useElements() {
  return {
    grid: useRef<HTMLDivElement>(null),
    spacer: useRef<HTMLDivElement>(null),
    stage: useRef<HTMLDivElement>(null),
    body: useRef<HTMLDivElement>(null),
    layer: useRef<HTMLDivElement>(null),
    numbers: useRef<HTMLDivElement>(null),
    outlines: useRef<HTMLDivElement>(null),
    header: useRef<HTMLDivElement>(null),
  };
}

function elementsOf(at: ReturnType<typeof useElements>) {
  const need = (ref: RefObject<HTMLDivElement | null>): HTMLDivElement => {
    if (!ref.current) throw new Error('the grid is not mounted');
    return ref.current;
  };
  return {
    grid: need(at.grid),
    spacer: need(at.spacer),
    stage: need(at.stage),
    body: need(at.body),
    layer: need(at.layer),
    numbers: need(at.numbers),
    outlines: need(at.outlines),
    header: need(at.header),
  };
}

function placeOf(event: React.MouseEvent, view: GridView | null): MenuPlace {
  const zone = (event.target as Element).closest<HTMLElement>('[data-zone]')?.dataset.zone;
  if (zone !== 'header' || !view) return { kind: 'cells' };
  return { kind: 'column', position: cellNear(view, event.clientX, event.clientY).position };
}
