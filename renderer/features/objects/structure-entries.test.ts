import { expect, test } from 'vitest';
import type { ObjectKind, ObjectRef } from '../../../shared/api/objects.ts';
import { createKinds, formKinds } from '../../../shared/api/structure.ts';
import type { MenuEntry } from '../../ui/menu.tsx';
import { databaseEntries, folderEntries, mayAlter, onObjectEntries } from './structure-entries.ts';

const where = { connectionId: 'c', database: 'd' };
const object = (kind: ObjectKind, schema: string | null = 's'): ObjectRef => ({ kind, oid: 1, schema, name: 'x' });
const labels = (entries: readonly MenuEntry[]) => entries.flatMap((each) => ('label' in each ? [each.label] : []));

test('a folder offers what can be made where it is', () => {
  const of = (folder: Parameters<typeof folderEntries>[1], above: ObjectRef | null) =>
    labels(folderEntries(where, folder, above));
  expect(of('type', object('schema', null))).toEqual(['Create enum…', 'Create composite type…', 'Create range type…']);
  expect(of('trigger', object('view'))).toEqual(['Create trigger…']);
  expect(of('policy', object('view'))).toEqual([]);
  expect(of('index', object('table'))).toEqual(['Create index…']);
  expect(of('index', object('materializedView'))).toEqual(['Create index…']);
  expect(of('column', object('view'))).toEqual([]);
  expect(of('column', object('foreignTable'))).toEqual(['Create column…']);
  expect(of('index', object('foreignTable'))).toEqual([]);
  expect(of('partition', object('partitionedTable'))).toEqual(['Partitions…']);
  expect(of('userMapping', object('foreignServer', null))).toEqual(['Create user mapping…']);
  expect(of('foreignServer', null)).toEqual(['Create foreign server…']);
});

test('every kind is made from some menu, and altered from its own', () => {
  const all = [
    ...labels(databaseEntries(where, null)),
    ...['schema', 'table', 'foreignServer', 'foreignDataWrapper'].flatMap((kind) =>
      labels(onObjectEntries(where, object(kind as ObjectKind))),
    ),
  ];
  expect(new Set(all).size).toBe(createKinds.length + 1); // and indexes
  const ofTypes = ['enum', 'composite', 'range'];
  const kinds = formKinds.filter((kind) => !ofTypes.includes(kind) && kind !== 'database');
  expect(kinds.filter((kind) => !mayAlter(object(kind as ObjectKind)))).toEqual([]);
});
