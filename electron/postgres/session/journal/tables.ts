/** What the journal has to know of a table, and its rows as it reads them. */
import { z } from 'zod';
import type { JournalChange } from '../../../../shared/journal/change.ts';
import { identifier, quoteIdentifier, quoteQualified } from '../../../../shared/sql/quote.ts';
import type { Link } from '../link.ts';
import { countersSql, journalTableSql } from './table.sql.ts';

export const mostRows = 1_000;
const mostBytes = 8_000_000;
/** New rows are looked for in the whole table: only in one of so many pages (of 8 kB). */
const mostPages = 5_000;

const tableFacts = z.object({
  oid: z.string(),
  schema: z.string(),
  table: z.string(),
  kind: z.string(),
  rules: z.boolean(),
  children: z.boolean(),
  policies: z.boolean(),
  readable: z.boolean(),
  pages: z.number(),
  deferrable: z.boolean(),
  settings: z.boolean(),
  reaches: z.boolean(),
  statementTimeout: z.string(),
  columns: z.array(z.string()),
  types: z.array(z.string()),
  key: z.array(z.string()).nullable(),
});
export type TableFacts = Omit<z.infer<typeof tableFacts>, 'key'> & { readonly key: readonly string[] };
export type Row = Record<string, string | null>;

/** Why nothing is kept; never shown as a failure. */
export class NotKept extends Error {}
export const tooMany = `More than ${mostRows.toLocaleString('en')} rows.`;

/** Throws NotKept where rows of the table are not to be had, or not to be brought back. */
export async function factsOf(
  link: Link,
  { schema, name }: { readonly schema: string | null; readonly name: string },
  does: { readonly sets?: readonly string[]; readonly looksForNew?: boolean },
): Promise<TableFacts> {
  const written = schema ? `${identifier(schema)}.${identifier(name)}` : identifier(name);
  const answer = await link.scalar(journalTableSql, [written]);
  if (answer.error || answer.value === null) throw new NotKept('The table could not be looked at.');
  const facts = tableFacts.parse(JSON.parse(answer.value));
  const { key } = facts;
  if (!key) throw new NotKept(`${shownName(facts)} has no primary key and no other unique key without NULLs.`);
  const why = obstacle(facts);
  if (why) throw new NotKept(why);
  if (does.sets?.some((column) => key.includes(column))) throw new NotKept('It changes the key.');
  if (does.looksForNew && facts.pages > mostPages)
    throw new NotKept('The table is too large to look for its new rows.');
  return { ...facts, key };
}

const shownName = ({ schema, table }: z.infer<typeof tableFacts>) =>
  schema === 'public' ? `The table ${table}` : `The table ${schema}.${table}`;

function obstacle(facts: z.infer<typeof tableFacts>): string | null {
  if (facts.kind !== 'r' && facts.kind !== 'p') return 'Only rows of tables are kept.';
  const name = shownName(facts);
  if (facts.rules) return `${name} has rules.`;
  if (facts.children) return `Other tables inherit from ${name.replace('The', 'the')}.`;
  if (facts.policies) return `${name} has row security.`;
  if (!facts.readable) return `This role may not read ${name.replace('The', 'the')}.`;
  if (facts.deferrable) return `${name} has constraints that are checked at COMMIT.`;
  if (!facts.settings) return 'DateStyle, IntervalStyle or extra_float_digits are not as the journal writes values.';
  return null;
}

export const fullName = ({ schema, table }: TableFacts): string => quoteQualified(schema, table);

/** @param more of each row, behind its columns @param alias how the table is called in what follows */
export const selectFrom = (facts: TableFacts, more = ''): string =>
  `select ${facts.columns.map(quoteIdentifier).join(', ')}${more && `, ${more}`} from ${fullName(facts)}`;

/** The rows of a query whose list is the table's columns and then those that `more` names; at most as many as are kept. */
export async function readRows(
  link: Link,
  facts: TableFacts,
  text: string,
  { values = [], more = [] }: { values?: readonly (string | null)[]; more?: readonly string[] } = {},
): Promise<Row[]> {
  const { rows, error, lost } = await link.rows(text, values, mostRows + 1);
  if (error || lost)
    throw new NotKept(error?.code === '57014' ? 'Reading the rows took too long.' : 'The rows could not be read.');
  if (rows.length > mostRows) throw new NotKept(tooMany);
  let bytes = 0;
  for (const row of rows) for (const cell of row) bytes += cell?.length ?? 0;
  if (bytes > mostBytes) throw new NotKept(`The rows are larger than ${mostBytes / 1_000_000} MB.`);
  const names = [...facts.columns, ...more];
  return rows.map((row) => Object.fromEntries(names.map((name, at) => [name, row[at] ?? null])));
}

export const keyOf = ({ key }: TableFacts, row: Row): Row =>
  Object.fromEntries(key.map((name) => [name, row[name] ?? null]));
export const idOf = ({ key }: TableFacts, row: Row): string => JSON.stringify(key.map((name) => row[name]));

/** Null on one side: it was added, or is gone. */
export function changeOf(facts: TableFacts, before: Row | null, after: Row | null): JournalChange {
  const { schema, table } = facts;
  return { schema, table, key: keyOf(facts, after ?? before ?? {}), before, after };
}

/** As xmin shows it: without the epoch. */
export const thisTransaction =
  '(pg_catalog.txid_current_if_assigned() operator(pg_catalog.%) 4294967296::pg_catalog.int8)::pg_catalog.text';

/** How many rows of the table (with its partitions) the transaction has added, updated and deleted, as the server counts. */
export interface Counted {
  readonly added: number;
  readonly updated: number;
  readonly deleted: number;
}
const counted = z.object({ added: z.number(), updated: z.number(), deleted: z.number() });

export async function countedIn(link: Link, { oid }: TableFacts): Promise<Counted> {
  const { value } = await link.scalar(countersSql, [oid]);
  if (value === null) throw new NotKept('What it changes could not be counted.');
  return counted.parse(JSON.parse(value));
}

/** Throws NotKept where the server has counted anything else than what was found, so that something else was changed. */
export async function agreed(link: Link, facts: TableFacts, before: Counted, found: Counted): Promise<void> {
  const now = await countedIn(link, facts);
  const same =
    now.added - before.added === found.added &&
    now.updated - before.updated === found.updated &&
    now.deleted - before.deleted === found.deleted;
  if (!same) throw new NotKept('Other rows were changed than those that were found before.');
}
