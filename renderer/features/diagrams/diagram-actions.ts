/** What can be done in a diagram: one place for menus, keys and buttons. */
import {
  type DiagramArea,
  type DiagramColor,
  type DiagramContent,
  type DiagramKey,
  type DiagramNote,
  diagramColors,
} from '../../../shared/api/diagrams.ts';
import { keysByTable, pathBetween } from '../../../shared/diagram/graph.ts';
import { client } from '../../client/connect.ts';
import { failureFrom } from '../../client/failure.ts';
import type { Moves } from '../../diagram/cards/canvas-pointer.ts';
import { boundsOf, type Size } from '../../diagram/layout/fold.ts';
import { freePlace } from '../../diagram/layout/free-place.ts';
import { toast } from '../../ui/toast.tsx';
import { visibleText } from '../../ui/visible-text.ts';
import { type DiagramModel, rebuild } from './diagram-model.ts';
import { change } from './open-diagram.ts';

const told = (work: Promise<unknown>): void => {
  work.catch((thrown) => toast(failureFrom(thrown).message, 'danger'));
};
const newId = (): string => crypto.randomUUID();
const contentOf = (model: DiagramModel): DiagramContent => model.store.getState().content;

/** A change after which cards look otherwise, or others are shown. */
export function redo(model: DiagramModel, edit: Partial<DiagramContent>): void {
  change(model, edit);
  const others = 'choice' in edit || 'views' in edit || 'partitions' in edit || 'hidden' in edit;
  const anew = !contentOf(model).arranged && (others || 'detail' in edit);
  told(rebuild(model, { anew, fit: others }));
}

/** Everything is placed anew; what was arranged by hand can be brought back. */
export function layAnew(model: DiagramModel): void {
  const { positions, arranged } = contentOf(model);
  told(
    rebuild(model, { anew: true }).then(() => {
      change(model, { arranged: false });
      toast('All tables were laid out anew.', 'info', {
        label: 'Undo',
        run: () => {
          change(model, { positions, arranged });
          told(rebuild(model, { fit: true }));
        },
      });
    }),
  );
}

export function select(model: DiagramModel, ids: readonly string[]): void {
  const { selected, path, held } = model.store.getState();
  const same = ids.length === selected.size && ids.every((id) => selected.has(id));
  if (!same || path || held !== null) model.store.setState({ selected: new Set(ids), path: null, held: null });
}

/** Takes an area or a note, so that keys act on it. */
export function hold(model: DiagramModel, id: string | null): void {
  model.store.setState({ held: id, selected: new Set(), path: null });
}

/** Removes an area or a note; what is told of it can bring it back. */
export function remove(model: DiagramModel, kind: 'area' | 'note', id: string): void {
  const { areas, notes } = contentOf(model);
  if (kind === 'area') changeArea(model, id, null);
  else changeNote(model, id, null);
  toast(`The ${kind} was removed.`, 'info', { label: 'Undo', run: () => redo(model, { areas, notes }) });
}

export function goTo(model: DiagramModel, id: string, adds = false): void {
  const { scene, selected } = model.store.getState();
  if (!scene?.card(id)) {
    toast(`${visibleText(id)} is not among the tables shown.`);
    return;
  }
  select(model, adds ? [...[...selected].filter((each) => each !== id), id] : [id]);
  model.flyTo?.(id);
}

export function moved(model: DiagramModel, { cards, areas, notes }: Moves): void {
  const content = contentOf(model);
  const positions = { ...content.positions };
  for (const { id, x, y } of cards) positions[id] = [x, y];
  const place = <Kept extends DiagramArea | DiagramNote>(kept: readonly Kept[], now: Moves['areas']): Kept[] =>
    kept.map((each) => {
      const box = now.find(({ id }) => id === each.id);
      return box ? { ...each, x: box.x, y: box.y, width: box.width, height: box.height } : each;
    });
  change(model, { arranged: true, positions, areas: place(content.areas, areas), notes: place(content.notes, notes) });
}

/** Lights the keys between the two selected tables. */
export function showPath(model: DiagramModel): void {
  const { selected, shown } = model.store.getState();
  const [from, to] = [...selected];
  if (from === undefined || to === undefined) {
    toast('Select two tables first: one, then the other with Shift held down, here or in the list.');
    return;
  }
  const path = pathBetween(keysByTable(shown.keys), from, to);
  if (path === null) toast('No keys lead from one to the other among the tables shown.');
  else model.store.setState({ path });
}

export function paint(model: DiagramModel, ids: readonly string[], color: DiagramColor | null): void {
  const colors = { ...contentOf(model).colors };
  for (const id of ids) {
    delete colors[id];
    if (color) colors[id] = color;
  }
  redo(model, { colors });
}

/** Every schema its own colour. */
export function paintBySchema(model: DiagramModel): void {
  const { tables } = model.store.getState().shown;
  const schemas = [...new Set(tables.map(({ schema }) => schema))].sort();
  const colors: Record<string, DiagramColor> = {};
  for (const { id, schema } of tables)
    colors[id] = diagramColors[(schemas.indexOf(schema) * 3) % diagramColors.length] ?? 'teal';
  redo(model, { colors });
}

export function hide(model: DiagramModel, ids: readonly string[]): void {
  redo(model, { hidden: [...new Set([...contentOf(model).hidden, ...ids])] });
}

const noteSize = { width: 220, height: 96 } as const;
const areaSize = { width: 480, height: 320 } as const;

/** Where something new is wanted: with its corner at the pointer, or with its middle in the middle of what is in sight. */
export interface Spot {
  readonly x: number;
  readonly y: number;
  readonly isMiddle?: boolean;
}
const cornerOf = ({ x, y, isMiddle = false }: Spot, { width, height }: Size): { x: number; y: number } =>
  isMiddle ? { x: x - width / 2, y: y - height / 2 } : { x, y };

/** Covers no table and no other note. */
export function addNote(model: DiagramModel, text: string, spot: Spot): void {
  const { scene, content } = model.store.getState();
  const taken = [...(scene?.cards ?? []), ...content.notes];
  const place = freePlace(noteSize, cornerOf(spot, noteSize), taken);
  const note = { id: newId(), text, color: 'yellow' as const, ...place, ...noteSize };
  added(model, { notes: [...content.notes, note] }, note.id);
}

/** Around the tables that are selected, or where there are none, at a spot: there it covers none that are not meant. */
export function addArea(model: DiagramModel, name: string, spot: Spot): void {
  const { selected, scene, content } = model.store.getState();
  const cards = [...selected].flatMap((id) => scene?.card(id) ?? []);
  const bounds = boundsOf(cards);
  const margin = 24;
  const taken = [...(scene?.cards ?? []), ...content.areas, ...content.notes];
  const box =
    cards.length === 0
      ? { ...freePlace(areaSize, cornerOf(spot, areaSize), taken), ...areaSize }
      : {
          x: bounds.x - margin,
          y: bounds.y - margin - 24,
          width: bounds.width + 2 * margin,
          height: bounds.height + 2 * margin + 24,
        };
  const area = { id: newId(), name, color: 'teal' as const, ...box };
  added(model, { areas: [...content.areas, area] }, area.id);
}

/** What is new is taken, so that keys act on it, and in sight. */
function added(model: DiagramModel, edit: Partial<DiagramContent>, id: string): void {
  change(model, edit);
  told(
    rebuild(model).then(() => {
      if (!model.store.getState().scene?.box(id)) return;
      hold(model, id);
      model.show?.(id);
    }),
  );
}

export function changeArea(model: DiagramModel, id: string, edit: Partial<DiagramArea> | null): void {
  const { areas } = contentOf(model);
  redo(model, { areas: edited(areas, id, edit) });
}
export function changeNote(model: DiagramModel, id: string, edit: Partial<DiagramNote> | null): void {
  const { notes } = contentOf(model);
  redo(model, { notes: edited(notes, id, edit) });
}
const edited = <Item extends { readonly id: string }>(
  items: readonly Item[],
  id: string,
  edit: Partial<Item> | null,
): Item[] => items.flatMap((item) => (item.id === id ? (edit ? [{ ...item, ...edit }] : []) : [item]));

/** Keeps the keys that are drawn by hand, for every layout of the source. */
export async function setVirtualKeys(model: DiagramModel, keys: readonly DiagramKey[]): Promise<void> {
  const { source } = model.store.getState();
  if (!source) return;
  await client.diagrams.saveVirtualKeys({ source, keys: [...keys] });
  model.store.setState({ virtualKeys: keys });
  await rebuild(model);
}
