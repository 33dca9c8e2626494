/** Going from rows to other rows: along foreign keys, both ways. */
import type { Reference, RelationModel } from '../../../shared/api/data.ts';
import { sameValues } from '../../../shared/edit/conditions.ts';
import type { Where } from '../../editing/chosen-labels.ts';
import type { GridRow } from '../../grid/grid-source.ts';
import type { MenuEntry } from '../../ui/menu.tsx';
import { visibleText } from '../../ui/visible-text.ts';
import { openTab } from '../../workspace/tabs.ts';
import { positionOf, referringValues } from './data-tab.ts';

/** Opens the rows of a relation; `condition` says which. */
export function openData(where: Omit<Where, 'oid'>, other: Reference['other'], condition: string): void {
  const { connectionId, database } = where;
  openTab({
    kind: 'data',
    connectionId,
    database,
    object: { kind: other.kind, oid: other.oid, schema: other.schema, name: other.name },
    ...(condition ? { where: condition } : {}),
  });
}

/** Names of columns elsewhere, whose types are not known here: their values are strings. */
const elsewhere = (names: readonly string[]) => names.map((name) => ({ name, category: 'U', sortable: true }));

/** The condition that finds the rows of the other relation that go with this row; null where there can be none. */
export function conditionOf(model: RelationModel, reference: Reference, cells: GridRow['cells']): string | null {
  const values = referringValues(model, reference, cells);
  return values && sameValues(elsewhere(reference.otherColumns), values);
}

const shownName = ({ other }: Reference) => visibleText(`${other.schema}.${other.name}`);

/** Lines of a cell's menu: to the row it refers to, and to the rows that refer to its row. */
export function jumpEntries(
  where: Where,
  model: RelationModel,
  row: GridRow | undefined,
  column: number,
): readonly MenuEntry[] {
  if (!row) return [];
  const there = model.references
    .filter((reference) => reference.columns.some((number) => positionOf(model, number) === column))
    .flatMap((reference): MenuEntry[] => {
      const condition = conditionOf(model, reference, row.cells);
      if (condition === null) return [];
      const run = () => openData(where, reference.other, condition);
      return [{ label: `Go to the row of ${shownName(reference)}`, keys: 'Ctrl+Enter', run }];
    });
  const back = model.referencedBy.flatMap((reference): MenuEntry[] => {
    const condition = conditionOf(model, reference, row.cells);
    if (condition === null) return [];
    const label = `${shownName(reference)} by ${visibleText(reference.otherColumns.join(', '))}`;
    return [{ label, run: () => openData(where, reference.other, condition) }];
  });
  return [
    ...there,
    ...(back.length > 0 ? [{ kind: 'submenu', label: 'Rows that refer to this one', entries: back } as const] : []),
  ];
}

/** Follows the reference of a cell. False where it has none. */
export function jumpFrom(where: Where, model: RelationModel, row: GridRow | undefined, column: number): boolean {
  const reference = model.references.find((one) => one.columns.some((number) => positionOf(model, number) === column));
  const condition = reference && row && conditionOf(model, reference, row.cells);
  if (!reference || !condition) return false;
  openData(where, reference.other, condition);
  return true;
}
