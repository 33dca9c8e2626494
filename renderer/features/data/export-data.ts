/** From the shown rows to the export dialog: the table as a whole, or what its bar says. */
import type { DataQuery } from '../../../shared/api/data.ts';
import { qualified } from '../../../shared/sql/quote.ts';
import { openDialog } from '../../workspace/dialogs.ts';
import type { Place } from '../../workspace/tab.ts';

export function exportData(place: Extract<Place, { kind: 'data' }>, { where, orderBy }: DataQuery): void {
  const { connectionId, database, object } = place;
  const { schema, name } = object;
  if (schema === null) return;
  const tableName = qualified(schema, name);
  const condition = where.trim() === '' ? '' : `\nwhere ${where}`;
  const order = orderBy.trim() === '' ? '' : `\norder by ${orderBy}`;
  const source =
    condition + order === ''
      ? { kind: 'tables' as const, connectionId, database, tables: [{ schema, name }] }
      : { kind: 'query' as const, connectionId, database, sql: `select *\nfrom ${tableName}${condition}${order}` };
  openDialog({ kind: 'export', what: { source, name: `${schema}.${name}`, tableName } });
}
