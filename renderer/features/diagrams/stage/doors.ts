/** Ways from a table of a diagram to its rows, its structure and the designer. */
import type { DiagramKey } from '../../../../shared/api/diagrams.ts';
import type { ObjectRef } from '../../../../shared/api/objects.ts';
import type { Place } from '../../../workspace/tab.ts';
import { openTab } from '../../../workspace/tabs.ts';
import type { DiagramState } from '../diagram-model.ts';

type At = { readonly connectionId: string; readonly database: string };

/** Each null without a server, and for what was, or is read from a file. */
export interface Doors {
  readonly openRows: ((id: string) => void) | null;
  readonly openStructure: ((id: string) => void) | null;
  /** Through the designer, which shows the statements before it runs any. */
  readonly alter: ((id: string, section: 'columns' | 'constraints') => void) | null;
  /** Adds it as a foreign key, in the designer. */
  readonly declare: ((key: DiagramKey) => void) | null;
  readonly drop: ((id: string) => void) | null;
  readonly newTable: (() => void) | null;
}

export function doorsOf({ source, asOf, graph }: Pick<DiagramState, 'source' | 'asOf' | 'graph'>): Doors {
  const at: At | null = source && 'connectionId' in source && !asOf ? source : null;
  if (!at) return { openRows: null, openStructure: null, alter: null, declare: null, drop: null, newTable: null };
  const go = (id: string, place: (object: ObjectRef) => Place): void => {
    const table = graph?.tables.find((each) => each.id === id);
    if (!table || table.oid === null) return;
    const { kind, oid, schema, name } = table;
    openTab(place({ kind, oid, schema, name }));
  };
  return {
    openRows: (id) => go(id, (object) => ({ kind: 'data', ...at, object })),
    openStructure: (id) => go(id, (object) => ({ kind: 'object', ...at, object })),
    alter: (id, section) => go(id, (object) => ({ kind: 'structure', mode: 'alter', ...at, object, section })),
    declare: ({ from, to, fromColumns, toColumns }) =>
      go(from, (object) => {
        const reference = { columns: fromColumns, table: to, referred: toColumns };
        return { kind: 'structure', mode: 'alter', ...at, object, section: 'constraints', reference };
      }),
    drop: (id) => go(id, (object) => ({ kind: 'structure', mode: 'drop', ...at, object })),
    newTable: () => void openTab({ kind: 'structure', mode: 'create', create: 'table', schema: null, ...at }),
  };
}
