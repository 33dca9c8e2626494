/** The journal of an editor tab: which statements' rows are to be kept, and when what was kept stands. */
import type { RunEvent } from '../../../shared/api/sessions.ts';
import { affectedBy, type Parse, valuesFor } from '../../../shared/guard/affected.ts';
import { effectsOf } from '../../../shared/guard/effects.ts';
import { sourceOf } from '../../../shared/guard/inserted.ts';
import { mergedBy } from '../../../shared/guard/merged.ts';
import { isNode, listOf, opened, textOf, within } from '../../../shared/guard/tree.ts';
import type { ParseNode } from '../../../shared/sql/classify.ts';
import { type PostgresParser, postgresParser } from '../../postgres/parser/postgres-parser.ts';
import type { Captured, CapturePlan, RunStatement } from '../../postgres/source.ts';
import { conflictTarget, writtenKeys } from './upsert.ts';

/** A longer script writes its rows without being followed. */
const mostStatements = 100;
const longestParsed = 100_000;
/** By its words, where nothing is parsed. */
const mayWrite =
  /^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)*(?:insert|update|delete|merge|truncate|with\b[\s\S]*\b(?:insert|update|delete|merge))\b/i;

export interface Planned {
  readonly statements: readonly RunStatement[];
  /** Why the rows of a statement that writes are not kept, by its position. */
  readonly reasons: ReadonlyMap<number, string>;
}

/** Says of each statement that changes rows how they are kept, or why not. */
export async function planCaptures(statements: readonly RunStatement[]): Promise<Planned> {
  if (statements.length > mostStatements) {
    const first = statements.findIndex(({ text }) => mayWrite.test(text));
    const why = `Rows are kept of runs of at most ${mostStatements} statements.`;
    return { statements, reasons: new Map(first < 0 ? [] : [[first, why]]) };
  }
  const parser = await postgresParser();
  const reasons = new Map<number, string>();
  const planned = statements.map((statement, index): RunStatement => {
    if (statement.text.length > longestParsed) {
      if (mayWrite.test(statement.text)) reasons.set(index, 'The statement is too long to be looked into.');
      return statement;
    }
    // A `:name` is not of PostgreSQL's grammar; the `$1` that is sent in its place is.
    const text = statement.bound?.text ?? statement.text;
    const node = parsed(parser, text);
    if (!node || !changesRows(node)) return statement;
    const capture = captureOf(parser, text, node, statement.bound?.values);
    if (typeof capture !== 'string') return { ...statement, capture };
    reasons.set(index, capture);
    return statement;
  });
  return { statements: planned, reasons };
}

function parsed(parser: PostgresParser, text: string): ParseNode | null {
  const outcome = parser.parse(text);
  return outcome.kind === 'parsed' && outcome.statements.length === 1 ? (outcome.statements[0]?.node ?? null) : null;
}

const changesRows = (node: ParseNode): boolean =>
  effectsOf(node).some(
    (effect) => effect.class === 'write' || effect.class === 'writeAll' || effect.command === 'truncate',
  );

/** A plan, or why there is none. */
function captureOf(
  parser: PostgresParser,
  text: string,
  node: ParseNode,
  values: readonly (string | null)[] | undefined,
): CapturePlan | string {
  const [kind, fields] = opened(node);
  const parse = (made: string) => parsed(parser, made);
  if (kind === 'InsertStmt') return insertOf(text, fields, values ?? [], parse);
  if (kind === 'TruncateStmt') return truncateOf(fields);
  if (kind === 'MergeStmt') {
    const merged = mergedBy(text, node, parse);
    if (!merged) return 'The rows that it touches cannot be asked for by a query of their own.';
    return {
      kind: 'merge',
      ...merged,
      finds: merged.finds.map((find) => ({ ...find, values: valuesFor(find, values) })),
    };
  }
  if (kind !== 'UpdateStmt' && kind !== 'DeleteStmt')
    return 'Only INSERT, UPDATE, DELETE, MERGE and TRUNCATE by themselves are followed.';
  const affected = affectedBy(text, node, parse);
  if (!affected) return 'The rows that it touches cannot be asked for by a query of their own.';
  const sets = listOf(fields.targetList).map((target) => textOf(opened(target)[1].name));
  return { kind: kind === 'UpdateStmt' ? 'update' : 'delete', affected, values: valuesFor(affected, values), sets };
}

function insertOf(
  text: string,
  fields: ParseNode,
  values: readonly (string | null)[],
  parse: Parse,
): CapturePlan | string {
  for (const [key] of within([fields.withClause, fields.selectStmt]))
    if (/^(Insert|Update|Delete|Merge)Stmt$/.test(key)) return 'A statement within it writes, too.';
  if (!isNode(fields.relation)) return 'Its table is not known.';
  const { schemaname, relname } = fields.relation;
  const relation = { schema: textOf(schemaname) || null, name: textOf(relname) };
  const conflict = fields.onConflictClause;
  if (!isNode(conflict) || conflict.action !== 'ONCONFLICT_UPDATE') return { kind: 'insert', relation };
  const target = conflictTarget(conflict);
  if (!target) return 'Its ON CONFLICT names no columns.';
  const sets = listOf(conflict.targetList).map((each) => textOf(opened(each)[1].name));
  const columns = listOf(fields.cols).map((column) => textOf(opened(column)[1].name));
  const keys = typeof target === 'string' ? null : writtenKeys(fields, target, columns, values);
  if (keys && typeof target !== 'string') return { kind: 'upsert', relation, target, keys, sets };
  const source = sourceOf(text, fields, parse);
  if (!source) return 'The rows that it adds cannot be asked for by a query of their own.';
  return { kind: 'upsertFrom', relation, target, columns, source, values: valuesFor(source, values), sets };
}

const truncateOf = (fields: ParseNode): CapturePlan => ({
  kind: 'truncate',
  relations: listOf(fields.relations).map((each) => {
    const [, relation] = opened(each);
    return { schema: textOf(relation.schemaname) || null, name: textOf(relation.relname) };
  }),
  cascade: fields.behavior === 'DROP_CASCADE',
});

/** What is to be written into the journal. */
export interface Kept {
  readonly text: string;
  readonly captured: Captured;
}

/**
 * Of one session: what was changed in an open transaction is written when that commits, and forgotten when it is rolled
 * back. After ROLLBACK TO SAVEPOINT all of it is kept: the inverse checks how each row looks.
 */
export class RunJournal {
  readonly #add: (kept: Kept) => boolean;
  #pending: Kept[] = [];
  #run: Planned = { statements: [], reasons: new Map() };
  #rows = 0;

  /** @param add whether it could be written */
  constructor(add: (kept: Kept) => boolean) {
    this.#add = add;
  }

  begin(run: Planned): void {
    this.#run = run;
    this.#rows = 0;
  }

  #write(kept: Kept): void {
    if (this.#add(kept)) this.#rows += rowsOf(kept);
  }

  captured(statement: number, captured: Captured, committed: boolean): void {
    const text = this.#run.statements[statement]?.text.replace(/;\s*$/, '');
    // A statement that met no row leaves nothing to undo.
    if (text === undefined || (captured.kind === 'rows' && captured.changes.length === 0)) return;
    if (committed) this.#write({ text, captured });
    else this.#pending.push({ text, captured });
  }

  /** @param open a transaction is open after the event */
  saw(event: RunEvent, open: boolean): void {
    if (event.kind !== 'complete') return;
    const why = this.#run.reasons.get(event.statement);
    if (why !== undefined && event.rows !== 0) this.captured(event.statement, { kind: 'none', why }, !open);
    if (event.command === 'COMMIT') for (const kept of this.#pending.splice(0)) this.#write(kept);
  }

  /** The run is over. @returns how many changed rows it has written, and how many are written when it is committed */
  ended(open: boolean): { readonly rows: number; readonly waiting: number } {
    if (!open) this.#pending = [];
    return { rows: this.#rows, waiting: this.#pending.reduce((sum, kept) => sum + rowsOf(kept), 0) };
  }
}

const rowsOf = ({ captured }: Kept): number => (captured.kind === 'rows' ? captured.changes.length : 0);
