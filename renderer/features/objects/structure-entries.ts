/** Ways into the structure designer: what can be made where, and what can be done to an object. */
import { type FolderKind, kindWords, type ObjectRef } from '../../../shared/api/objects.ts';
import { type CreateKind, createWord } from '../../../shared/api/structure.ts';
import type { MenuEntry } from '../../ui/menu.tsx';
import type { TableSection } from '../../workspace/structure/structure-place.ts';
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
const inDatabase: readonly CreateKind[] = [
  'schema',
  'extension',
  'foreignServer',
  'userMapping',
  'foreignDataWrapper',
  'publication',
  'subscription',
  'eventTrigger',
  'database',
];
/** What is made on an object. */
const onKind: Partial<Record<ObjectRef['kind'], readonly CreateKind[]>> = {
  table: ['trigger', 'policy', 'rule', 'statistics'],
  partitionedTable: ['trigger', 'policy', 'rule', 'statistics'],
  foreignTable: ['trigger', 'rule', 'statistics'],
  materializedView: ['statistics'],
  view: ['trigger', 'rule'],
  foreignDataWrapper: ['foreignServer'],
  foreignServer: ['userMapping', 'foreignTable'],
};
export const createsOn = ({ kind }: ObjectRef): readonly CreateKind[] => onKind[kind] ?? [];
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
  foreignDataWrapper: ['foreignDataWrapper'],
  foreignServer: ['foreignServer'],
  userMapping: ['userMapping'],
  trigger: ['trigger'],
  rule: ['rule'],
  policy: ['policy'],
  statistics: ['statistics'],
  subscription: ['subscription'],
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
  'foreignDataWrapper',
  'foreignServer',
  'userMapping',
  'statistics',
  'subscription',
  'column',
  'constraint',
  'index',
]);
/** Where the table's designer begins for a part of it. */
const sections: Partial<Record<FolderKind, TableSection>> = {
  column: 'columns',
  constraint: 'constraints',
  index: 'indexes',
  partition: 'partitions',
};

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

/** Of a folder of the tree; `above` is the object that it is in. */
export function folderEntries(where: Where, folder: FolderKind, above: ObjectRef | null): MenuEntry[] {
  const section = sections[folder];
  if (folder === 'index' && above?.kind === 'materializedView') return [indexEntry(where, above)];
  if (section)
    return above && (isTable(above) || (above.kind === 'foreignTable' && folder !== 'index'))
      ? [
          {
            label: folder === 'partition' ? 'Partitions…' : `Create ${kindWords[folder][0].toLowerCase()}…`,
            run: () => openTab({ kind: 'structure', mode: 'alter', object: above, section, ...where }),
          },
        ]
      : [];
  const created = ofFolder[folder] ?? [];
  if (above && above.kind !== 'schema')
    return created.filter((create) => createsOn(above).includes(create)).map((create) => entryOn(where, create, above));
  return created.map((create) => createEntry(where, create, { schema: above?.name ?? null }));
}

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
const ofDatabase: ReadonlySet<CreateKind> = new Set(['foreignServer', 'userMapping', 'foreignTable']);
/** What the form of the new one names the object by. */
export const nameOn = (create: CreateKind, object: ObjectRef): string =>
  ofDatabase.has(create) ? object.name : qualifiedName(object);
const entryOn = (where: Where, create: CreateKind, object: ObjectRef): MenuEntry =>
  createEntry(where, create, { schema: object.schema, table: nameOn(create, object) });
const indexEntry = (where: Where, object: ObjectRef): MenuEntry => ({
  label: 'Create index…',
  // A materialized view has them in its form.
  run: () => openTab({ kind: 'structure', mode: 'alter', object, section: 'indexes', ...where }),
});

/** What is made on an object; of a schema, in it. Empty where nothing is. */
export function onObjectEntries(where: Where, object: ObjectRef): MenuEntry[] {
  if (object.kind === 'schema') return inSchema.map((create) => createEntry(where, create, { schema: object.name }));
  return [
    ...(isTable(object) || object.kind === 'materializedView' ? [indexEntry(where, object)] : []),
    ...createsOn(object).map((create) => entryOn(where, create, object)),
  ];
}

/** Of an object in the tree. */
export function objectEntries(where: Where, object: ObjectRef): MenuEntry[] {
  return [
    ...(object.kind === 'schema'
      ? [{ kind: 'submenu', label: 'Create', entries: onObjectEntries(where, object) } satisfies MenuEntry]
      : []),
    ...(createsOn(object).length > 0
      ? [{ kind: 'submenu', label: 'Create on it', entries: onObjectEntries(where, object) } satisfies MenuEntry]
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
