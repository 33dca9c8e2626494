/** Ways into the structure designer: what can be made where, and what can be done to an object. */
import type { FolderKind, ObjectRef } from '../../../shared/api/objects.ts';
import type { CreateKind } from '../../../shared/api/structure.ts';
import type { MenuEntry } from '../../ui/menu.tsx';
import { createWord } from '../../workspace/structure/structure-place.ts';
import { openTab } from '../../workspace/tabs.ts';

export interface Where {
  readonly connectionId: string;
  readonly database: string;
}

/** What is made in a schema. */
const inSchema: readonly CreateKind[] = ['table', 'partitionedTable', 'foreignTable'];
const ofFolder: Partial<Record<FolderKind, readonly CreateKind[]>> = {
  table: ['table'],
  partitionedTable: ['partitionedTable'],
  foreignTable: ['foreignTable'],
};
const notDroppable: ReadonlySet<ObjectRef['kind']> = new Set(['defaultPrivileges']);
const alterable: ReadonlySet<ObjectRef['kind']> = new Set(['table', 'partitionedTable', 'foreignTable']);

export const createEntry = (
  { connectionId, database }: Where,
  create: CreateKind,
  schema: string | null,
): MenuEntry => ({
  label: `Create ${createWord(create).toLowerCase()}…`,
  run: () => openTab({ kind: 'structure', mode: 'create', create, schema, connectionId, database }),
});

/** Of a folder of the tree; `schema` is the one that it is in. */
export const folderEntries = (where: Where, folder: FolderKind, schema: string | null): MenuEntry[] =>
  (ofFolder[folder] ?? []).map((create) => createEntry(where, create, schema));

export const mayAlter = ({ kind }: ObjectRef): boolean => alterable.has(kind);
export const mayDrop = ({ kind }: ObjectRef): boolean => !notDroppable.has(kind);
export const openAlter = ({ connectionId, database }: Where, object: ObjectRef): void => {
  openTab({ kind: 'structure', mode: 'alter', connectionId, database, object });
};
export const openDrop = ({ connectionId, database }: Where, object: ObjectRef): void => {
  openTab({ kind: 'structure', mode: 'drop', connectionId, database, object });
};

/** Of an object in the tree. */
export function objectEntries(where: Where, object: ObjectRef): MenuEntry[] {
  return [
    ...(object.kind === 'schema'
      ? [
          {
            kind: 'submenu',
            label: 'Create',
            entries: inSchema.map((create) => createEntry(where, create, object.name)),
          } satisfies MenuEntry,
        ]
      : []),
    ...(mayAlter(object) ? [{ label: 'Alter…', run: () => openAlter(where, object) } satisfies MenuEntry] : []),
    ...(object.kind === 'table'
      ? [
          {
            label: 'Create index…',
            run: () => openTab({ kind: 'structure', mode: 'alter', object, section: 'indexes', ...where }),
          } satisfies MenuEntry,
        ]
      : []),
    ...(mayDrop(object)
      ? [{ label: 'Drop…', danger: true, run: () => openDrop(where, object) } satisfies MenuEntry]
      : []),
  ];
}
