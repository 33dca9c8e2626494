/** CREATE TABLE and what is made with it. */
import type { ColumnModel, TableModel } from '../api/structure.ts';
import { identifier, qualified, quoteNullable } from '../sql/quote.ts';
import { indexStep } from './index-steps.ts';
import { foreignOptionWords, optionPairs, optionWords, storageChanges } from './options.ts';
import { createPartition } from './partition-steps.ts';
import { type Step, step } from './step.ts';

/** `OPTIONS (…)`, or nothing. */
function foreignWords(options: readonly string[]): string[] {
  const pairs = optionPairs(options);
  return pairs.length === 0 ? [] : [`OPTIONS (${pairs.map(foreignOptionWords).join(', ')})`];
}

/** A column as it stands in CREATE TABLE and behind ADD COLUMN. */
export function columnDefinition(column: ColumnModel): string {
  const words = [identifier(column.name), column.type];
  if (column.storage !== null && column.storage !== '') words.push(`STORAGE ${column.storage}`);
  if (column.compression !== null && column.compression !== '') words.push(`COMPRESSION ${column.compression}`);
  words.push(...foreignWords(column.foreignOptions));
  if (column.collation !== null && column.collation !== '') words.push(`COLLATE ${column.collation}`);
  if (column.identity !== '') words.push(`GENERATED ${identityWords(column.identity)} AS IDENTITY`);
  else if (column.generated !== '')
    words.push(`GENERATED ALWAYS AS (${column.expression ?? ''}) ${column.generated.toUpperCase()}`);
  else if (column.expression !== null && column.expression !== '') words.push(`DEFAULT ${column.expression}`);
  if (column.notNull) words.push('NOT NULL');
  return words.join(' ');
}
export const identityWords = (identity: 'always' | 'byDefault'): string =>
  identity === 'always' ? 'ALWAYS' : 'BY DEFAULT';

function head(table: TableModel): string {
  const name = qualified(table.schema, table.name);
  const lines = [
    ...(table.partitionOf ? [] : table.columns.filter(({ inherited }) => !inherited).map(storageless)),
    ...table.constraints
      .filter(({ inherited }) => !inherited)
      .map((each) => `${each.name === '' ? '' : `CONSTRAINT ${identifier(each.name)} `}${each.definition}`),
  ];
  const body = lines.length === 0 ? (table.partitionOf ? '' : ' ()') : ` (\n  ${lines.join(',\n  ')}\n)`;
  const kind = table.kind === 'foreignTable' ? 'FOREIGN TABLE' : table.unlogged ? 'UNLOGGED TABLE' : 'TABLE';
  const of = table.partitionOf ? ` PARTITION OF ${table.partitionOf.parent}` : '';
  const bound = table.partitionOf ? `\n${table.partitionOf.bound}` : '';
  const by = table.partitionBy ? `\nPARTITION BY ${table.partitionBy}` : '';
  const pairs = optionPairs(table.options);
  const options = pairs.length === 0 ? '' : `\nWITH (${pairs.map(optionWords).join(', ')})`;
  const server = table.server === null ? '' : `\nSERVER ${identifier(table.server)}`;
  const foreign = foreignWords(table.foreignOptions)
    .map((words) => `\n${words}`)
    .join('');
  const space =
    table.tablespace === null || table.tablespace === '' ? '' : `\nTABLESPACE ${identifier(table.tablespace)}`;
  return `CREATE ${kind} ${name}${of}${body}${bound}${by}${options}${server}${foreign}${space}`;
}
/** STORAGE within CREATE TABLE is younger than 13: it is set afterwards. */
const storageless = (column: ColumnModel): string => columnDefinition({ ...column, storage: null });

/** Everything that makes the table. Nobody can be waiting for it; what it refers to is locked. */
export function createTable(table: TableModel): Step[] {
  const name = qualified(table.schema, table.name);
  const refers = table.constraints.some(({ kind, inherited }) => kind === 'foreignKey' && !inherited);
  const steps: Step[] = [
    step(head(table), {
      ...(table.partitionOf ? { lock: 'AccessExclusiveLock', on: table.partitionOf.parent } : {}),
      notes: [
        ...(refers ? ['The tables that its foreign keys refer to can be read meanwhile, not written.'] : []),
        ...(table.partitionOf ? ['A default partition is read for rows that belong into the new one.'] : []),
      ],
    }),
  ];
  const alter = (action: string) => steps.push(step(`ALTER TABLE ${name} ${action}`));
  for (const column of table.columns) {
    const own = identifier(column.name);
    if (column.storage) alter(`ALTER COLUMN ${own} SET STORAGE ${column.storage}`);
    if (column.statistics !== null) alter(`ALTER COLUMN ${own} SET STATISTICS ${column.statistics}`);
    for (const action of storageChanges([], column.options)) alter(`ALTER COLUMN ${own} ${action}`);
  }
  for (const index of table.indexes) steps.push(indexStep(table, index, false));
  for (const partition of table.partitions) steps.push(createPartition(table, partition));
  if (table.rowSecurity) alter('ENABLE ROW LEVEL SECURITY');
  if (table.forceRowSecurity) alter('FORCE ROW LEVEL SECURITY');
  steps.push(...comments(table));
  if (table.owner !== '') alter(`OWNER TO ${identifier(table.owner)}`);
  return steps;
}

function comments(table: TableModel): Step[] {
  const name = qualified(table.schema, table.name);
  const what = table.kind === 'foreignTable' ? 'FOREIGN TABLE' : 'TABLE';
  const said = (target: string, comment: string | null) =>
    comment === null || comment === '' ? [] : [step(`COMMENT ON ${target} IS ${quoteNullable(comment)}`)];
  return [
    ...said(`${what} ${name}`, table.comment),
    ...table.columns.flatMap((column) => said(`COLUMN ${name}.${identifier(column.name)}`, column.comment)),
    ...table.constraints.flatMap((each) =>
      each.name === '' ? [] : said(`CONSTRAINT ${identifier(each.name)} ON ${name}`, each.comment),
    ),
  ];
}
