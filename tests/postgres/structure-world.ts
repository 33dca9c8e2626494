/** Parts of a table's model, for tests. */
import type { ColumnModel, ConstraintModel, IndexModel, TableModel } from '../../shared/api/structure.ts';

export const column = (name: string, type: string, change: Partial<ColumnModel> = {}): ColumnModel => ({
  key: name,
  name,
  type,
  collation: null,
  notNull: false,
  expression: null,
  identity: '',
  generated: '',
  storage: null,
  compression: null,
  statistics: null,
  options: [],
  foreignOptions: [],
  comment: null,
  inherited: false,
  ...change,
});
export const constraint = (kind: ConstraintModel['kind'], name: string, definition: string): ConstraintModel => ({
  key: name,
  kind,
  name,
  definition,
  comment: null,
  inherited: false,
});
export const index = (name: string, definition: string, unique = false): IndexModel => ({
  key: name,
  name,
  unique,
  definition,
  options: [],
  tablespace: null,
  valid: true,
  comment: null,
});
export const emptyTable: TableModel = {
  kind: 'table',
  schema: 'Sch"a',
  name: "Ta'ble",
  owner: 'postgres',
  comment: null,
  unlogged: false,
  tablespace: null,
  options: [],
  rowSecurity: false,
  forceRowSecurity: false,
  partitionBy: null,
  partitionOf: null,
  server: null,
  foreignOptions: [],
  columns: [],
  constraints: [],
  indexes: [],
  partitions: [],
};
