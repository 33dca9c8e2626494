/** The journal of an editor tab: which statements' rows are to be kept, and when what was kept stands. */
import type { RunEvent } from '../../../shared/api/sessions.ts';
import { affectedBy, valuesFor } from '../../../shared/guard/affected.ts';
import { effectsOf } from '../../../shared/guard/effects.ts';
import { isNode, listOf, opened, textOf, within } from '../../../shared/guard/tree.ts';
import type { ParseNode } from '../../../shared/sql/classify.ts';
import { type PostgresParser, postgresParser } from '../../postgres/parser/postgres-parser.ts';
import type { Captured, CapturePlan, RunStatement } from '../../postgres/source.ts';
import { upsertOf } from './upsert.ts';

/** A longer script writes its rows without being followed. */
const mostStatements = 100;
const longestParsed = 100_000;

export interface Planned {
  readonly statements: readonly RunStatement[];
  /** Why the rows of a statement that writes are not kept, by its position. */
  readonly reasons: ReadonlyMap<number, string>;
}

/** Says of each statement that changes rows how they are kept, or why not. */
export async function planCaptures(statements: readonly RunStatement[]): Promise<Planned> {
  if (statements.length > mostStatements) return { statements, reasons: new Map() };
  const parser = await postgresParser();
  const reasons = new Map<number, string>();
  const planned = statements.map((statement, index): RunStatement => {
    if (statement.text.length > longestParsed) return statement;
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
  if (kind === 'InsertStmt') return insertOf(fields, values ?? []);
  if (kind === 'TruncateStmt') return truncateOf(fields);
  if (kind === 'MergeStmt') return 'Which rows MERGE changes cannot be told from those that it adds.';
  if (kind !== 'UpdateStmt' && kind !== 'DeleteStmt')
    return 'Only INSERT, UPDATE, DELETE and TRUNCATE by themselves are followed.';
  const affected = affectedBy(text, node, (made) => parsed(parser, made));
  if (!affected) return 'The rows that it touches cannot be asked for by a query of their own.';
  const sets = listOf(fields.targetList).map((target) => textOf(opened(target)[1].name));
  return { kind: kind === 'UpdateStmt' ? 'update' : 'delete', affected, values: valuesFor(affected, values), sets };
}

function insertOf(fields: ParseNode, values: readonly (string | null)[]): CapturePlan | string {
  for (const [key] of within([fields.withClause, fields.selectStmt]))
    if (/^(Insert|Update|Delete|Merge)Stmt$/.test(key)) return 'A statement within it writes, too.';
  if (!isNode(fields.relation)) return 'Its table is not known.';
  const { schemaname, relname } = fields.relation;
  const relation = { schema: textOf(schemaname) || null, name: textOf(relname) };
  const conflict = fields.onConflictClause;
  if (!isNode(conflict) || conflict.action !== 'ONCONFLICT_UPDATE') return { kind: 'insert', relation };
  const upsert = upsertOf(fields, conflict, values);
  return typeof upsert === 'string' ? upsert : { kind: 'upsert', relation, ...upsert };
}

function truncateOf(fields: ParseNode): CapturePlan | string {
  const [only, ...others] = listOf(fields.relations);
  const [, relation] = opened(only ?? null);
  if (others.length > 0) return 'It empties several tables at once.';
  if (fields.behavior === 'DROP_CASCADE') return 'CASCADE empties other tables, too.';
  return {
    kind: 'truncate',
    relation: { schema: textOf(relation.schemaname) || null, name: textOf(relation.relname) },
  };
}

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
  readonly #write: (kept: Kept) => void;
  #pending: Kept[] = [];
  #run: Planned = { statements: [], reasons: new Map() };

  constructor(write: (kept: Kept) => void) {
    this.#write = write;
  }

  begin(run: Planned): void {
    this.#run = run;
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

  /** The run is over. */
  ended(open: boolean): void {
    if (!open) this.#pending = [];
  }
}
