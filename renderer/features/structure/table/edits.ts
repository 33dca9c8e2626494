/** Changes of a table's model, as functions over it. */
import type {
  ColumnModel,
  ConstraintModel,
  IndexModel,
  PartitionModel,
  TableModel,
} from '../../../../shared/api/structure.ts';
import { identifier } from '../../../../shared/sql/quote.ts';
import type { NewReference } from '../../../workspace/structure/structure-place.ts';
import type { Mark } from '../cells.tsx';

let made = 0;
const newKey = (): string => `new${++made}`;

export const emptyTable = (kind: TableModel['kind'], schema: string | null): TableModel => ({
  kind,
  schema: schema ?? 'public',
  name: '',
  owner: '',
  comment: null,
  unlogged: false,
  tablespace: null,
  options: [],
  rowSecurity: false,
  forceRowSecurity: false,
  partitionBy: kind === 'partitionedTable' ? 'RANGE (created_at)' : null,
  partitionOf: null,
  server: kind === 'foreignTable' ? '' : null,
  foreignOptions: [],
  columns:
    kind === 'table'
      ? [{ ...newColumn(), name: 'id', type: 'bigint', notNull: true, identity: 'always' }]
      : kind === 'partitionedTable'
        ? [
            { ...newColumn(), name: 'id', type: 'bigint', notNull: true },
            {
              ...newColumn(),
              name: 'created_at',
              type: 'timestamp with time zone',
              notNull: true,
              expression: 'now()',
            },
          ]
        : [{ ...newColumn(), name: 'id', type: 'bigint' }],
  constraints:
    kind === 'table'
      ? [
          {
            key: newKey(),
            name: '',
            kind: 'primaryKey',
            definition: 'PRIMARY KEY (id)',
            comment: null,
            inherited: false,
          },
        ]
      : [],
  indexes: [],
  partitions: [],
});

export const newColumn = (): ColumnModel => ({
  key: newKey(),
  name: '',
  type: 'text',
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
});

export const newConstraint = (kind: ConstraintModel['kind'], definition: string, name: string): ConstraintModel => ({
  key: newKey(),
  kind,
  name,
  definition,
  comment: null,
  inherited: false,
});
export const newIndex = (definition: string, unique: boolean, name: string): IndexModel => ({
  key: newKey(),
  name,
  unique,
  definition,
  options: [],
  tablespace: null,
  valid: true,
  comment: null,
});

export const newPartition = (change: Omit<PartitionModel, 'key' | 'detachPending'>): PartitionModel => ({
  key: newKey(),
  detachPending: false,
  ...change,
});

type Part = 'columns' | 'constraints' | 'indexes' | 'partitions';
interface Keyed {
  readonly key: string;
}

/** What is there and what is wanted, in one list: the dropped at their old places, the new at the end. */
export function merged<Item extends Keyed>(
  before: readonly Item[],
  after: readonly Item[],
): { item: Item; mark: Mark }[] {
  const wanted = new Map(after.map((item) => [item.key, item]));
  const there = new Map(before.map((item) => [item.key, item]));
  return [
    ...before.map((old) => {
      const now = wanted.get(old.key);
      if (!now) return { item: old, mark: 'gone' as const };
      return {
        item: now,
        mark: JSON.stringify(old) === JSON.stringify(now) ? ('same' as const) : ('changed' as const),
      };
    }),
    ...after.filter(({ key }) => !there.has(key)).map((item) => ({ item, mark: 'new' as const })),
  ];
}

export const changeItem =
  <P extends Part>(part: P, key: string, change: Partial<TableModel[P][number]>) =>
  (table: TableModel): TableModel => ({
    ...table,
    [part]: table[part].map((item) => (item.key === key ? { ...item, ...change } : item)),
  });
export const removeItem =
  (part: Part, key: string) =>
  (table: TableModel): TableModel => ({ ...table, [part]: table[part].filter((item) => item.key !== key) });
/** Takes a drop back, at the place where it was. */
export const restoreItem =
  <P extends Part>(part: P, before: TableModel, key: string) =>
  (table: TableModel): TableModel => {
    const kept = new Set([...table[part].map((item) => item.key), key]);
    const own = before[part]
      .filter((item) => kept.has(item.key))
      .map((old) => table[part].find((item) => item.key === old.key) ?? old);
    const added = table[part].filter((item) => !before[part].some((old) => old.key === item.key));
    return { ...table, [part]: [...own, ...added] };
  };
export const addItem =
  <P extends Part>(part: P, item: TableModel[P][number]) =>
  (table: TableModel): TableModel => ({ ...table, [part]: [...table[part], item] });

/** `(a, "B c")` */
export const columnList = (names: readonly string[]): string => `(${names.map(identifier).join(', ')})`;
/** A name as the server would make it: table_column_suffix, with a number where the table has one of that name. */
export function usualName(table: TableModel, columns: readonly string[], suffix: string): string {
  const name = [table.name, ...columns, suffix]
    .filter((part) => part !== '')
    .join('_')
    .slice(0, 60);
  const taken = new Set([...table.indexes, ...table.constraints].map((each) => each.name));
  for (let number = 0; ; number++) {
    const free = number === 0 ? name : `${name}${number}`;
    if (!taken.has(free)) return free;
  }
}

/** With a foreign key that is still to be added. */
export function withReference(table: TableModel, { columns, table: other, referred }: NewReference): TableModel {
  const definition = `FOREIGN KEY ${columnList(columns)} REFERENCES ${other} ${columnList(referred)}`;
  return addItem('constraints', newConstraint('foreignKey', definition, usualName(table, columns, 'fkey')))(table);
}
