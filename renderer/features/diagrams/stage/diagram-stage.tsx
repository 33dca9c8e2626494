import { Database } from 'lucide-react';
import { type RefObject, useCallback } from 'react';
import type { DiagramContent, DiagramKey, DiagramTable } from '../../../../shared/api/diagrams.ts';
import { type CanvasHandle, CardCanvas } from '../../../diagram/cards/card-canvas.tsx';
import type { Scene } from '../../../diagram/cards/scene.ts';
import { useEmphasis } from '../../../diagram/cards/use-emphasis.ts';
import { counted, shownCount } from '../../../ui/amounts.ts';
import { Button } from '../../../ui/button.tsx';
import { EmptyState } from '../../../ui/states.tsx';
import { hold, moved, remove, select } from '../diagram-actions.ts';
import { editNote, type MenuNeeds, renameArea, targetMenu } from '../diagram-menus.ts';
import type { DiagramState } from '../diagram-model.ts';
import { keyStartOf } from '../keys/key-start.ts';

export interface DiagramStageProps {
  readonly state: DiagramState;
  readonly title: string;
  readonly needs: MenuNeeds;
  readonly handle: RefObject<CanvasHandle | null>;
}

/** The drawing itself, and how far its layout is. */
export function DiagramStage({ state, title, needs, handle }: DiagramStageProps) {
  const { scene, shown, graph, laying, fitKey, content } = state;
  const { model } = needs;
  const emphasis = useEmphasis(state);
  const { areas, notes } = content;
  const describe = useCallback(
    (id: string) => said(shown, id) || saidOfBox(scene, { areas, notes }, id),
    [shown, scene, areas, notes],
  );
  return (
    <div className="relative min-w-0 flex-1">
      {scene && scene.cards.length === 0 && (
        <EmptyState icon={<Database size={22} strokeWidth={1.5} />} title="No tables to show">
          {graph?.tables.length === 0
            ? 'This database has no tables of its own yet.'
            : 'Choose schemas, views or hidden tables under “Show”.'}
        </EmptyState>
      )}
      {scene && scene.cards.length > 0 && (
        <CardCanvas
          label={`Diagram of ${title}: ${counted(shown.tables.length, 'table')}, ${counted(shown.keys.length, 'key')}`}
          scene={scene}
          fitKey={fitKey}
          kept={model.kept}
          emphasis={emphasis}
          onSelect={(ids) => select(model, ids)}
          onHold={(id) => hold(model, id)}
          onRemove={(target) =>
            (target.kind === 'area' || target.kind === 'note') && remove(model, target.kind, target.id)
          }
          onHover={(hovered) => model.store.setState({ hovered })}
          onOpen={(target) => {
            if (target.kind === 'note') editNote(needs, target.id);
            else if (target.kind === 'area') renameArea(needs, target.id);
            else if (target.kind === 'card') needs.openRows?.(target.id);
          }}
          onMoved={(moves) => moved(model, moves)}
          onJoin={(from, to) => needs.drawKey(keyStartOf(model.store.getState(), from, to))}
          menu={(target) => targetMenu(needs, target)}
          describe={describe}
          handle={handle}
        />
      )}
      {laying && (
        <div className="absolute top-3 left-1/2 flex -translate-x-1/2 items-center gap-3 rounded-md bg-raised px-3 py-2 text-xs shadow-overlay">
          <span role="status">
            Laying out: {shownCount(laying.done)} of {shownCount(laying.of)} parts
          </span>
          <Button small onClick={() => model.working?.abort(new DOMException('Stopped.', 'AbortError'))}>
            Stop
          </Button>
        </div>
      )}
    </div>
  );
}

interface Told {
  readonly tables: readonly DiagramTable[];
  readonly keys: readonly DiagramKey[];
}

function said({ tables, keys }: Told, id: string): string {
  const table = tables.find((each) => each.id === id);
  if (!table) return '';
  const out = keys.filter(({ from }) => from === id).map(({ to }) => to);
  const into = keys.filter(({ to }) => to === id).map(({ from }) => from);
  return [
    `${table.schema}.${table.name}, ${table.columns.length} columns`,
    out.length > 0 ? `refers to ${out.join(', ')}` : 'refers to nothing',
    into.length > 0 ? `referred to by ${into.join(', ')}` : 'referred to by nothing',
  ].join('; ');
}

function saidOfBox(scene: Scene | null, { areas, notes }: Pick<DiagramContent, 'areas' | 'notes'>, id: string): string {
  const area = areas.find((each) => each.id === id);
  const note = notes.find((each) => each.id === id);
  const box = area ?? note;
  if (!box) return '';
  const place = `at ${box.x}, ${box.y}, ${box.width} wide, ${box.height} high`;
  const drawn = area && scene?.box(id)?.box;
  return area
    ? `Area ${area.name}, ${counted(drawn ? scene.cardsIn(drawn).length : 0, 'table')} in it, ${place}`
    : `Note ${note?.text ?? ''}, ${place}`;
}
