/** What the tree offers for taking rows out and putting them in. */
import type { ObjectRef } from '../../../shared/api/objects.ts';
import type { MenuEntry } from '../../ui/menu.tsx';
import { openDialog } from '../../workspace/dialogs.ts';
import { hasRows } from './object-words.ts';

/** Rows of what has some, and the tables of a schema. */
export function transferEntries(connectionId: string, database: string, object: ObjectRef): readonly MenuEntry[] {
  const { kind, schema, name } = object;
  if (kind === 'schema') {
    const source = { kind: 'pick', connectionId, database, schema: name } as const;
    const what = { connectionId, database, schema: name };
    return [
      { label: 'Export tables…', run: () => openDialog({ kind: 'export', what: { source, name } }) },
      { label: 'Import a file as a table…', run: () => openDialog({ kind: 'importRows', what }) },
      { label: 'Run a script of SQL…', run: () => openDialog({ kind: 'script', what: { connectionId, database } }) },
    ];
  }
  if (!hasRows(object) || kind === 'sequence' || schema === null) return [];
  const source = { kind: 'tables' as const, connectionId, database, tables: [{ schema, name }] };
  const what = { source, name: `${schema}.${name}` };
  const copied = { from: { connectionId, database }, source: { kind: 'table' as const, table: { schema, name } } };
  const entries: MenuEntry[] = [
    { label: 'Export rows…', run: () => openDialog({ kind: 'export', what }) },
    { label: 'Copy rows to…', run: () => openDialog({ kind: 'copyRows', what: copied }) },
  ];
  if (kind !== 'table' && kind !== 'partitionedTable' && kind !== 'foreignTable') return entries;
  const into = { connectionId, database, schema, table: name };
  return [...entries, { label: 'Import rows…', run: () => openDialog({ kind: 'importRows', what: into }) }];
}
