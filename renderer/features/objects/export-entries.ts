/** What the tree offers for taking rows out. */
import type { ObjectRef } from '../../../shared/api/objects.ts';
import type { MenuEntry } from '../../ui/menu.tsx';
import { openDialog } from '../../workspace/dialogs.ts';
import { hasRows } from './object-words.ts';

/** Rows of what has some, and the tables of a schema. */
export function exportEntries(connectionId: string, database: string, object: ObjectRef): readonly MenuEntry[] {
  const { kind, schema, name } = object;
  if (kind === 'schema') {
    const source = { kind: 'pick', connectionId, database, schema: name } as const;
    return [{ label: 'Export tables…', run: () => openDialog({ kind: 'export', what: { source, name } }) }];
  }
  if (!hasRows(object) || kind === 'sequence' || schema === null) return [];
  const source = { kind: 'tables' as const, connectionId, database, tables: [{ schema, name }] };
  const what = { source, name: `${schema}.${name}` };
  return [{ label: 'Export rows…', run: () => openDialog({ kind: 'export', what }) }];
}
