/**
 * Keeps the rows that a statement changes, within its own transaction and without changing the statement.
 *
 * UPDATE and DELETE: before it the rows are read by its very FROM and WHERE, FOR UPDATE, so that they are still those
 * when it runs; after an UPDATE they are read again by their key. INSERT: the rows are found by the transaction that
 * made them (xmin). INSERT … ON CONFLICT: those that are there are read by the rows' own values and locked; what is new
 * after it was made by this very statement (xmax is 0), or it is not known what it was. TRUNCATE: the table is locked as
 * it would lock it, and read. Then the counts must agree with the server's own; where they do not, or anything is in the way,
 * nothing is kept and it is said why. Everything of ours is behind a savepoint, so that its failure is not theirs.
 */
import { z } from 'zod';
import type { JournalChange } from '../../../../shared/journal/change.ts';
import { identifier, quoteIdentifier, quoteLiteral, quoteQualified } from '../../../../shared/sql/quote.ts';
import type { Captured, CapturePlan } from '../../source.ts';
import type { Link } from '../link.ts';
import { ReadOnlyRail } from '../read-only/read-only-rail.ts';
import { journalTableSql, timeoutSql } from './table.sql.ts';

const mostRows = 1_000;
const mostBytes = 8_000_000;
/** An INSERT's rows are looked for in the whole table: only in one of so many pages (of 8 kB). */
const mostPages = 5_000;
/** So long the journal may take before and after a statement, each. */
const withinMs = 3_000;

const tableFacts = z.object({
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
  statementTimeout: z.string(),
  columns: z.array(z.string()),
  key: z.array(z.string()).nullable(),
});
type TableFacts = z.infer<typeof tableFacts> & { readonly key: readonly string[] };
type Row = Record<string, string | null>;

/** Why nothing is kept; never shown as a failure. */
class NotKept extends Error {}

export class Capture {
  readonly #link: Link;
  readonly #plan: CapturePlan;
  #facts: TableFacts | null = null;
  #before: readonly Row[] = [];
  #why: string | null = null;

  constructor(link: Link, plan: CapturePlan) {
    this.#link = link;
    this.#plan = plan;
  }

  /** Before the statement, in the open transaction. */
  async before(): Promise<void> {
    this.#why = await this.#behindSavepoint(async () => {
      const facts = await this.#tableFacts();
      this.#facts = facts;
      if (this.#plan.kind === 'truncate')
        // Rows that come between reading and emptying would be lost unseen. It takes the same lock itself.
        await this.#link.script(`lock table ${quoteQualified(facts.schema, facts.table)} in access exclusive mode`);
      this.#before = await this.#rowsBefore(facts);
    });
  }

  /** After it: `rows` as the server counted them. */
  async after(rows: number | null): Promise<Captured> {
    const facts = this.#facts;
    if (this.#why !== null || !facts) return { kind: 'none', why: this.#why ?? 'The table could not be looked at.' };
    if (rows === 0 && this.#plan.kind !== 'truncate') return { kind: 'rows', changes: [] };
    let changes: JournalChange[] = [];
    const why = await this.#behindSavepoint(async () => {
      changes = await this.#changes(facts, rows ?? 0);
    });
    return why === null ? { kind: 'rows', changes } : { kind: 'none', why };
  }

  async #changes(facts: TableFacts, rows: number): Promise<JournalChange[]> {
    const { schema, table, key } = facts;
    const keyOf = (row: Row): Row => Object.fromEntries(key.map((name) => [name, row[name] ?? null]));
    if (this.#plan.kind === 'insert') {
      const added = await this.#rowsAdded(facts, rows);
      return added.map((row) => ({ schema, table, key: keyOf(row), before: null, after: row }));
    }
    if (this.#plan.kind === 'upsert') return await this.#upserted(facts, keyOf, rows);
    if (this.#plan.kind === 'truncate')
      return this.#before.map((row) => ({ schema, table, key: keyOf(row), before: row, after: null }));
    if (this.#before.length !== rows) throw new NotKept('Other rows were changed than those that were found before.');
    const idOf = (row: Row) => JSON.stringify(key.map((name) => row[name]));
    if (this.#plan.kind === 'delete')
      return this.#before.map((row) => ({ schema, table, key: keyOf(row), before: row, after: null }));
    const found = new Map((await this.#rowsByKey(facts)).map((row) => [idOf(row), row]));
    return this.#before.map((row) => {
      const after = found.get(idOf(row));
      if (!after) throw new NotKept('A row could not be found again by its key.');
      return { schema, table, key: keyOf(row), before: row, after };
    });
  }

  async #tableFacts(): Promise<TableFacts> {
    const { schema, name } = 'relation' in this.#plan ? this.#plan.relation : this.#plan.affected.relation;
    const written = schema ? `${identifier(schema)}.${identifier(name)}` : identifier(name);
    const answer = await this.#link.scalar(journalTableSql, [written]);
    if (answer.error || answer.value === null) throw new NotKept('The table could not be looked at.');
    const facts = tableFacts.parse(JSON.parse(answer.value));
    await this.#link.scalar(timeoutSql, [String(withinMs)]);
    const { key } = facts;
    if (!key) throw new NotKept('The table has no primary key and no other unique key without NULLs.');
    const why = obstacle(facts, this.#plan, key);
    if (why) throw new NotKept(why);
    return { ...facts, key };
  }

  async #rowsBefore(facts: TableFacts): Promise<Row[]> {
    if (this.#plan.kind === 'insert') return [];
    if (this.#plan.kind === 'truncate') return await this.#rows(facts, `${selectFrom(facts)} limit ${mostRows + 1}`);
    if (this.#plan.kind === 'upsert')
      return await this.#rows(facts, `${selectFrom(facts)} where ${met(this.#plan)} limit ${mostRows + 1} for update`);
    const { withText, fromText, target } = this.#plan.affected;
    const columns = facts.columns.map((column) => `${quoteIdentifier(target)}.${quoteIdentifier(column)}`).join(', ');
    const select = `${withText}\nselect ${columns} ${fromText}`;
    const acts = await new ReadOnlyRail(this.#link).objectionTo(select);
    if (acts) throw new NotKept(`Its condition cannot be asked twice. ${acts}`);
    const locked = `${select}limit ${mostRows + 1} for update of ${quoteIdentifier(target)}`;
    const rows = await this.#rows(facts, locked, this.#plan.values);
    // A join may find a row more than once.
    const once = new Map(rows.map((row) => [JSON.stringify(facts.key.map((name) => row[name])), row]));
    return [...once.values()];
  }

  /** Those that were there are ours since we locked them; those that were not must have been made by the statement. */
  async #upserted(facts: TableFacts, keyOf: (row: Row) => Row, rows: number): Promise<JournalChange[]> {
    if (this.#plan.kind !== 'upsert') return [];
    const { schema, table, columns } = facts;
    const asked = { ...facts, columns: [...columns, mine, made] };
    const marks = `xmin::pg_catalog.text = (${thisTransaction}), xmax::pg_catalog.text = '0'`;
    const found = await this.#rows(asked, `${selectFrom(facts, marks)} where ${met(this.#plan)} limit ${mostRows + 1}`);
    const idOf = (row: Row) => JSON.stringify(Object.values(keyOf(row)));
    const before = new Map(this.#before.map((row) => [idOf(row), row]));
    const changes: JournalChange[] = [];
    let touched = 0;
    for (const { [mine]: isMine, [made]: isMade, ...row } of found) {
      if (isMine !== 't') continue;
      touched++;
      const old = before.get(idOf(row)) ?? null;
      if (!old && isMade !== 't') throw new NotKept('Another session has added a row that it changed.');
      if (!old || columns.some((name) => old[name] !== row[name]))
        changes.push({ schema, table, key: keyOf(row), before: old, after: row });
    }
    if (changes.length > rows || touched < rows) throw new NotKept('Other rows were changed than those it names.');
    return changes;
  }

  #rowsByKey(facts: TableFacts): Promise<Row[]> {
    const tuple = (cells: readonly string[]) => `(${cells.join(', ')})`;
    const keys = this.#before.map((row) => tuple(facts.key.map((name) => quoteLiteral(row[name] ?? ''))));
    const names = tuple(facts.key.map(quoteIdentifier));
    return this.#rows(facts, `${selectFrom(facts)} where ${names} in (${keys.join(', ')})`);
  }

  async #rowsAdded(facts: TableFacts, rows: number): Promise<Row[]> {
    if (rows > mostRows) throw new NotKept(tooMany);
    const made = await this.#rows(facts, `${selectFrom(facts)} where xmin::pg_catalog.text = (${thisTransaction})`);
    if (made.length !== rows) throw new NotKept('Its rows cannot be told from others of the same transaction.');
    return made;
  }

  async #rows(facts: TableFacts, text: string, values: readonly (string | null)[] = []): Promise<Row[]> {
    const { rows, error, lost } = await this.#link.rows(text, values, mostRows + 1);
    if (error || lost)
      throw new NotKept(error?.code === '57014' ? 'Reading the rows took too long.' : 'The rows could not be read.');
    if (rows.length > mostRows) throw new NotKept(tooMany);
    let bytes = 0;
    for (const row of rows) for (const cell of row) bytes += cell?.length ?? 0;
    if (bytes > mostBytes) throw new NotKept(`The rows are larger than ${mostBytes / 1_000_000} MB.`);
    return rows.map((row) => Object.fromEntries(facts.columns.map((name, at) => [name, row[at] ?? null])));
  }

  /** Why not, in a sentence; null where it went well. The transaction is as usable after it as before. */
  async #behindSavepoint(work: () => Promise<void>): Promise<string | null> {
    const link = this.#link;
    let why: string | null = null;
    try {
      await link.script('/* howdah:journal */ savepoint howdah_journal');
      try {
        await work();
        if (this.#facts) await link.scalar(timeoutSql, [this.#facts.statementTimeout]);
        await link.script('/* howdah:journal */ release savepoint howdah_journal');
      } catch (thrown) {
        why = thrown instanceof NotKept ? thrown.message : 'The rows could not be read.';
        await link.script(
          '/* howdah:journal */ rollback to savepoint howdah_journal; release savepoint howdah_journal',
        );
      }
    } catch (thrown) {
      why ??= thrown instanceof Error ? thrown.message : String(thrown);
    }
    return why;
  }
}

const tooMany = `More than ${mostRows.toLocaleString('en')} rows.`;

const selectFrom = ({ schema, table, columns }: TableFacts, more = ''): string =>
  `select ${columns.map(quoteIdentifier).join(', ')}${more && `, ${more}`} from ${quoteQualified(schema, table)}`;

/** Beside the table's own columns, whose names cannot hold this: written by this transaction; made, not changed. */
const mine = '\0mine';
const made = '\0made';

/** The rows that the values of an upsert meet. */
const met = ({ target, keys }: Extract<CapturePlan, { kind: 'upsert' }>): string =>
  `(${target.map(quoteIdentifier).join(', ')}) in (${keys.map((key) => `(${key.join(', ')})`).join(', ')})`;

/** As xmin shows it: without the epoch. */
const thisTransaction =
  '(pg_catalog.txid_current_if_assigned() operator(pg_catalog.%) 4294967296::pg_catalog.int8)::pg_catalog.text';

function obstacle(facts: z.infer<typeof tableFacts>, plan: CapturePlan, key: readonly string[]): string | null {
  if (facts.kind !== 'r' && facts.kind !== 'p') return 'Only rows of tables are kept.';
  if (facts.rules) return 'The table has rules.';
  if (facts.children) return 'Other tables inherit from it.';
  if (facts.policies) return 'The table has row security.';
  if (!facts.readable) return 'This role may not read the table.';
  if (facts.deferrable) return 'The table has constraints that are checked at COMMIT.';
  if (!facts.settings) return 'DateStyle, IntervalStyle or extra_float_digits are not as the journal writes values.';
  if ((plan.kind === 'update' || plan.kind === 'upsert') && plan.sets.some((column) => key.includes(column)))
    return 'It changes the key.';
  if (plan.kind === 'insert' && facts.pages > mostPages) return 'The table is too large to look for its new rows.';
  return null;
}
