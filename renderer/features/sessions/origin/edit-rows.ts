/** From rows of a result to the table they come from, where they can be edited: found there by the table's proven key. */
import type { RelationModel } from '../../../../shared/api/data.ts';
import type { Column } from '../../../../shared/api/sessions.ts';
import { oneOf, sameValues } from '../../../../shared/edit/conditions.ts';
import { client } from '../../../client/connect.ts';
import { failureFrom } from '../../../client/failure.ts';
import type { GridSource } from '../../../grid/grid-source.ts';
import { toast } from '../../../ui/toast.tsx';
import { openTab } from '../../../workspace/tabs.ts';

const mostRows = 1_000;

export interface Origin {
  readonly connectionId: string;
  readonly database: string;
}

/** Whether a column of the result is one of a table's, as RowDescription says. */
export const hasOrigin = (column: Column | undefined): boolean =>
  column !== undefined && column.tableOid > 0 && column.attributeNumber > 0;

/**
 * The condition for these rows of the table; or why there is none. Rows of an outer join that have no row there are left
 * out: all of their key is NULL.
 */
export function conditionFor(
  model: RelationModel,
  columns: readonly Column[],
  rows: readonly (readonly (string | null)[])[],
): { readonly condition: string } | { readonly problem: string } {
  const name = `${model.schema}.${model.name}`;
  if (!model.key)
    return { problem: `${model.readOnly?.reason ?? `${name} has no key.`} ${model.readOnly?.wayOut ?? ''}` };
  const keyColumns = model.key.columns.map((number) => model.columns.find((column) => column.number === number));
  const places = model.key.columns.map((number) =>
    columns.findIndex((column) => column.tableOid === model.oid && column.attributeNumber === number),
  );
  const missing = keyColumns.filter((_, at) => (places[at] ?? -1) < 0).map((column) => column?.name);
  if (missing.length > 0)
    return { problem: `The result does not hold the key of ${name}: add ${missing.join(', ')} to the query.` };
  const keys = rows.map((row) => places.map((at) => row[at] ?? null)).filter((key) => !key.includes(null));
  if (keys.length === 0) return { problem: `These rows have no row of ${name} in them.` };
  const named = keyColumns.flatMap((column) => (column ? [column] : []));
  const [only] = named;
  if (named.length === 1 && only) return { condition: oneOf(only, [...new Set(keys.map(([value]) => value ?? null))]) };
  return { condition: [...new Set(keys.map((key) => `(${sameValues(named, key)})`))].join(' or ') };
}

/** Opens the rows in their table. What stands in the way is said. */
export async function editRows(
  origin: Origin,
  columns: readonly Column[],
  source: GridSource,
  rowNumbers: readonly number[],
  column: number,
): Promise<void> {
  const oid = columns[column]?.tableOid ?? 0;
  const loaded = rowNumbers.flatMap((row) => source.row(row) ?? []);
  if (rowNumbers.length > mostRows || loaded.length < rowNumbers.length) {
    toast(`At most ${mostRows.toLocaleString('en-US')} rows that are in sight can be opened for editing.`, 'warning');
    return;
  }
  try {
    const model = await client.data.describe({ ...origin, oid });
    const keyed = new Set(model.key?.columns);
    const cut = loaded.some((row) =>
      columns.some((one, at) => one.tableOid === oid && keyed.has(one.attributeNumber) && row.cut?.has(at)),
    );
    const found = cut
      ? { problem: 'A key that is shown cut does not find its row.' }
      : conditionFor(
          model,
          columns,
          loaded.map((row) => row.cells),
        );
    if ('problem' in found) {
      toast(found.problem, 'warning');
      return;
    }
    const { kind, schema, name } = model;
    openTab({ kind: 'data', ...origin, object: { kind, oid, schema, name }, where: found.condition });
  } catch (thrown) {
    toast(failureFrom(thrown).message, 'danger');
  }
}
