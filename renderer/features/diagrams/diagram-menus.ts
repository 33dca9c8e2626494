/** The menus of a diagram: on a card, an area, a note, the ground; of its layouts and of its keys. */
import { type DiagramColor, diagramColors } from '../../../shared/api/diagrams.ts';
import type { Target } from '../../diagram/cards/canvas-pointer.ts';
import type { MenuEntry } from '../../ui/menu.tsx';
import { visibleText } from '../../ui/visible-text.ts';
import {
  addArea,
  addNote,
  changeArea,
  changeNote,
  hide,
  paint,
  paintBySchema,
  redo,
  remove,
  type Spot,
  showPath,
} from './diagram-actions.ts';
import type { DiagramModel } from './diagram-model.ts';
import type { KeyStart } from './keys/key-start.ts';
import type { Prompt } from './name-prompt.tsx';
import { keepAs, openLayout, saveNow } from './open-diagram.ts';
import type { Doors } from './stage/doors.ts';

export interface MenuNeeds extends Doors {
  readonly model: DiagramModel;
  readonly ask: (prompt: Prompt) => void;
  readonly drawKey: (start: KeyStart) => void;
  readonly removeLayout: () => void;
  /** Takes an area or a note and brings it into sight. */
  readonly goToBox: (id: string) => void;
  /** The middle of what is in sight. */
  readonly middle: () => { x: number; y: number };
}

const colorMenu = (
  chosen: DiagramColor | null,
  take: (color: DiagramColor | null) => void,
  withNone: boolean,
): MenuEntry => ({
  kind: 'submenu',
  label: 'Colour',
  entries: [
    ...(withNone ? [{ kind: 'choice' as const, label: 'None', checked: chosen === null, run: () => take(null) }] : []),
    ...diagramColors.map((color) => ({
      kind: 'choice' as const,
      label: `${color[0]?.toUpperCase()}${color.slice(1)}`,
      checked: chosen === color,
      run: () => take(color),
    })),
  ],
});

export function targetMenu(needs: MenuNeeds, target: Target): readonly MenuEntry[] {
  switch (target.kind) {
    case 'card':
      return cardMenu(needs, target.id);
    case 'area':
      return areaMenu(needs, target.id);
    case 'note':
      return noteMenu(needs, target.id);
    case 'ground':
      return groundMenu(needs, target);
  }
}

const pathEntry = (model: DiagramModel): MenuEntry => ({
  label: 'Path between the two selected',
  disabled: model.store.getState().selected.size !== 2,
  run: () => showPath(model),
});

function cardMenu(needs: MenuNeeds, id: string): MenuEntry[] {
  const { model, openRows, openStructure, alter, drop } = needs;
  const { selected, content } = model.store.getState();
  const ids = selected.has(id) ? [...selected] : [id];
  return [
    ...(openRows ? [{ label: 'Open rows', keys: 'Enter', run: () => openRows(id) }] : []),
    ...(openStructure ? [{ label: 'Open structure', run: () => openStructure(id) }] : []),
    {
      label: 'Show only what is around it',
      run: () => redo(model, { choice: { kind: 'around', table: id, hops: 1 } }),
    },
    pathEntry(model),
    ...(alter && drop
      ? ([
          { kind: 'separator' },
          { label: 'Change columns…', run: () => alter(id, 'columns') },
          { label: 'Change keys and constraints…', run: () => alter(id, 'constraints') },
          { label: 'Drop…', danger: true, run: () => drop(id) },
        ] satisfies MenuEntry[])
      : []),
    { kind: 'separator' },
    colorMenu(content.colors[id] ?? null, (color) => paint(model, ids, color), true),
    { label: 'Add an area around the selected…', run: () => askArea(needs, { x: 0, y: 0 }) },
    { label: 'Draw a key from here…', run: () => needs.drawKey({ from: id }) },
    { label: ids.length > 1 ? `Hide these ${ids.length}` : 'Hide', run: () => hide(model, ids) },
  ];
}

export function renameArea({ model, ask }: Pick<MenuNeeds, 'model' | 'ask'>, id: string): void {
  const area = model.store.getState().content.areas.find((each) => each.id === id);
  if (!area) return;
  const rename = (name: string) => changeArea(model, id, { name });
  ask({ title: 'Rename the area', label: 'Name', value: area.name, confirm: 'Rename', take: rename });
}

function areaMenu(needs: MenuNeeds, id: string): MenuEntry[] {
  const { model } = needs;
  const area = model.store.getState().content.areas.find((each) => each.id === id);
  if (!area) return [];
  return [
    { label: 'Rename…', keys: 'Enter', run: () => renameArea(needs, id) },
    colorMenu(area.color, (color) => color && changeArea(model, id, { color }), false),
    { kind: 'separator' },
    { label: 'Remove the area', keys: 'Delete', danger: true, run: () => remove(model, 'area', id) },
  ];
}

export function editNote({ model, ask }: Pick<MenuNeeds, 'model' | 'ask'>, id: string): void {
  const note = model.store.getState().content.notes.find((each) => each.id === id);
  if (!note) return;
  ask({
    title: 'Note',
    label: 'Text',
    value: note.text,
    confirm: 'Change',
    several: true,
    take: (text) => changeNote(model, id, { text }),
  });
}

function noteMenu(needs: MenuNeeds, id: string): MenuEntry[] {
  const { model } = needs;
  const note = model.store.getState().content.notes.find((each) => each.id === id);
  return [
    { label: 'Edit…', keys: 'Enter', run: () => editNote(needs, id) },
    colorMenu(note?.color ?? null, (color) => color && changeNote(model, id, { color }), false),
    { kind: 'separator' },
    { label: 'Remove the note', keys: 'Delete', danger: true, run: () => remove(model, 'note', id) },
  ];
}

const askArea = ({ model, ask }: MenuNeeds, at: Spot): void =>
  ask({ title: 'New area', label: 'Name', value: '', confirm: 'Add', take: (name) => addArea(model, name, at) });
const askNote = ({ model, ask }: MenuNeeds, at: Spot): void =>
  ask({
    title: 'New note',
    label: 'Text',
    value: '',
    confirm: 'Add',
    several: true,
    take: (text) => addNote(model, text, at),
  });

function groundMenu(needs: MenuNeeds, at: { x: number; y: number }): MenuEntry[] {
  return [
    { label: 'Add a note…', run: () => askNote(needs, at) },
    { label: 'Add an area…', run: () => askArea(needs, at) },
    ...(needs.newTable ? [{ label: 'New table…', run: needs.newTable }] : []),
    { kind: 'separator' },
    pathEntry(needs.model),
    { label: 'A colour for each schema', run: () => paintBySchema(needs.model) },
    { label: 'No colours', run: () => redo(needs.model, { colors: {} }) },
  ];
}

/** The layouts of the source, and what can be done with the current one. */
export function layoutMenu(needs: MenuNeeds): MenuEntry[] {
  const { model, ask } = needs;
  const { layouts, current } = model.store.getState();
  return [
    { kind: 'heading', label: 'Layouts' },
    ...layouts.map(
      (layout): MenuEntry => ({
        kind: 'choice',
        label: visibleText(layout.name),
        checked: layout.id === current?.id,
        run: () => void openLayout(model, layout),
      }),
    ),
    { kind: 'separator' },
    {
      label: current ? 'Keep a copy as…' : 'Keep this view as…',
      run: () =>
        ask({
          title: 'Keep the layout',
          label: 'Name',
          value: '',
          confirm: 'Keep',
          take: (name) => keepAs(model, name),
        }),
    },
    {
      label: 'Rename…',
      disabled: !current,
      run: () =>
        ask({
          title: 'Rename the layout',
          label: 'Name',
          value: current?.name ?? '',
          confirm: 'Rename',
          take: (name) => saveNow(model, name),
        }),
    },
    { label: 'Delete…', danger: true, disabled: !current, run: needs.removeLayout },
    { kind: 'separator' },
    { label: 'Add a note…', run: () => askNote(needs, { ...needs.middle(), isMiddle: true }) },
    { label: 'Add an area…', run: () => askArea(needs, { ...needs.middle(), isMiddle: true }) },
    ...drawnEntries(needs),
    { label: 'A colour for each schema', run: () => paintBySchema(model) },
  ];
}

/** Areas and notes by name. */
function drawnEntries(needs: MenuNeeds): MenuEntry[] {
  const { areas, notes } = needs.model.store.getState().content;
  const entryOf = (id: string, name: string, entries: readonly MenuEntry[]): MenuEntry => ({
    kind: 'submenu',
    label: visibleText(name.slice(0, 40)),
    entries: [{ label: 'Go to it', keys: 'N', run: () => needs.goToBox(id) }, ...entries],
  });
  const entries = [
    ...areas.map(({ id, name }) => entryOf(id, name, areaMenu(needs, id))),
    ...notes.map(({ id, text }) => entryOf(id, text, noteMenu(needs, id))),
  ];
  return entries.length === 0 ? [] : [{ kind: 'submenu', label: 'Areas and notes', entries }];
}
