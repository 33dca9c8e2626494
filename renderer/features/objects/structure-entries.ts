/** Ways into the structure designer: what can be made where, and what can be done to an object. */
import type { FolderKind, ObjectRef } from '../../../shared/api/objects.ts';
import type { CreateKind } from '../../../shared/api/structure.ts';
import type { MenuEntry } from '../../ui/menu.tsx';
import { createWord, type TableSection } from '../../workspace/structure/structure-place.ts';
import { openTab } from '../../workspace/tabs.ts';
import { qualifiedName } from './object-words.ts';

export interface Where {
  readonly connectionId: string;
  readonly database: string;
}

/** What is made in a schema, the usual first. */
const inSchema: readonly CreateKind[] = [
  'table',
  'view',
  'materializedView',
  'function',
  'procedure',
  'sequence',
  'enum',
  'domain',
  'composite',
  'range',
  'partitionedTable',
  'foreignTable',
];
const inDatabase: readonly CreateKind[] = ['schema', 'extension', 'publication', 'eventTrigger', 'database'];
/** What is made on a table or view. */
const onTable: readonly CreateKind[] = ['trigger', 'policy', 'rule'];
const ofFolder: Partial<Record<FolderKind, readonly CreateKind[]>> = {
  table: ['table', 'partitionedTable'],
  partitionedTable: ['partitionedTable'],
  foreignTable: ['foreignTable'],
  view: ['view'],
  materializedView: ['materializedView'],
  function: ['function'],
  procedure: ['procedure'],
  sequence: ['sequence'],
  type: ['enum', 'composite', 'range'],
  domain: ['domain'],
  extension: ['extension'],
  publication: ['publication'],
  eventTrigger: ['eventTrigger'],
  schema: ['schema'],
};
const notDroppable: ReadonlySet<ObjectRef['kind']> = new Set(['defaultPrivileges']);
const alterable: ReadonlySet<ObjectRef['kind']> = new Set([
  'table',
  'partitionedTable',
  'foreignTable',
  'schema',
  'view',
  'materializedView',
  'function',
  'procedure',
  'trigger',
  'type',
  'domain',
  'sequence',
  'extension',
  'policy',
  'rule',
  'publication',
  'eventTrigger',
  'column',
  'constraint',
  'index',
]);
/** Where the table's designer begins for a part of it. */
const sections: Partial<Record<ObjectRef['kind'], TableSection>> = {
  column: 'columns',
  constraint: 'constraints',
  index: 'indexes',
};
const tables: ReadonlySet<ObjectRef['kind']> = new Set([
  'table',
  'partitionedTable',
  'foreignTable',
  'view',
  'materializedView',
]);

const createEntry = (
  { connectionId, database }: Where,
  create: CreateKind,
  { schema, table }: { schema: string | null; table?: string },
): MenuEntry => ({
  label: `Create ${createWord(create).toLowerCase()}…`,
  run: () =>
    openTab({ kind: 'structure', mode: 'create', create, schema, connectionId, database, ...(table ? { table } : {}) }),
});
/**
 * What is made in the database itself, and what is done to it: from another one, because nobody may be connected to a
 * database that is renamed or dropped. @param another null where there is none
 */
export function databaseEntries(where: Where, another: string | null): MenuEntry[] {
  const object: ObjectRef = { kind: 'database', oid: 0, schema: null, name: where.database };
  const own: MenuEntry[] =
    another === null
      ? []
      : [
          { kind: 'separator' },
          { label: 'Alter this database…', run: () => openAlter({ ...where, database: another }, object) },
          { label: 'Drop this database…', danger: true, run: () => openDrop({ ...where, database: another }, object) },
        ];
  return [...inDatabase.map((create) => createEntry(where, create, { schema: null })), ...own];
}

/** Of a folder of the tree; `schema` is the one that it is in. */
export const folderEntries = (where: Where, folder: FolderKind, schema: string | null): MenuEntry[] =>
  (ofFolder[folder] ?? []).map((create) => createEntry(where, create, { schema }));

export const mayAlter = ({ kind }: ObjectRef): boolean => alterable.has(kind);
export const mayDrop = ({ kind }: ObjectRef): boolean => !notDroppable.has(kind);
export const openAlter = ({ connectionId, database }: Where, object: ObjectRef): void => {
  const section = sections[object.kind];
  openTab({ kind: 'structure', mode: 'alter', connectionId, database, object, ...(section ? { section } : {}) });
};
/** Attach, detach, make: in the designer of the partitioned table. */
export const openPartitions = ({ connectionId, database }: Where, object: ObjectRef): void => {
  openTab({ kind: 'structure', mode: 'alter', connectionId, database, object, section: 'partitions' });
};
export const openDrop = ({ connectionId, database }: Where, object: ObjectRef): void => {
  openTab({ kind: 'structure', mode: 'drop', connectionId, database, object });
};

const isTable = ({ kind }: ObjectRef): boolean => kind === 'table' || kind === 'partitionedTable';
const indexEntry = (where: Where, object: ObjectRef): MenuEntry => ({
  label: 'Create index…',
  run: () => openTab({ kind: 'structure', mode: 'alter', object, section: 'indexes', ...where }),
});

/** Of an object in the tree. */
export function objectEntries(where: Where, object: ObjectRef): MenuEntry[] {
  return [
    ...(object.kind === 'schema'
      ? [
          {
            kind: 'submenu',
            label: 'Create',
            entries: inSchema.map((create) => createEntry(where, create, { schema: object.name })),
          } satisfies MenuEntry,
        ]
      : []),
    ...(tables.has(object.kind)
      ? [
          {
            kind: 'submenu',
            label: 'Create on it',
            entries: [
              ...(isTable(object) ? [indexEntry(where, object)] : []),
              ...onTable
                .filter((create) => create !== 'policy' || isTable(object))
                .map((create) => createEntry(where, create, { schema: object.schema, table: qualifiedName(object) })),
            ],
          } satisfies MenuEntry,
        ]
      : []),
    ...(object.kind === 'partitionedTable'
      ? [{ label: 'Partitions…', run: () => openPartitions(where, object) } satisfies MenuEntry]
      : []),
    ...(mayAlter(object) ? [{ label: 'Alter…', run: () => openAlter(where, object) } satisfies MenuEntry] : []),
    ...(mayDrop(object)
      ? [{ label: 'Drop…', danger: true, run: () => openDrop(where, object) } satisfies MenuEntry]
      : []),
  ];
}
