/**
 * What a statement may change, by its text alone, and whether that concerns a kept result. Whatever is not known for
 * certain counts as changing everything.
 */
import { isNode, listOf, opened, stringOf, textOf, within } from '../../../shared/guard/tree.ts';
import type { ParseNode } from '../../../shared/sql/classify.ts';
import type { PostgresParser } from '../../postgres/parser/postgres-parser.ts';

/** Names as written, without their schema. */
export interface Effect {
  /** It may change anything. */
  anything: boolean;
  readonly writes: Set<string>;
  readonly reads: Set<string>;
  readonly calls: Set<string>;
  readonly fields: Set<string>;
  readonly operators: Set<string>;
}

/** Of a database, around the tables of a kept result: names that must not come up in what is run. */
export interface Surroundings {
  /** Writing to one of these changes the tables, or may. */
  readonly relations: ReadonlySet<string>;
  /** Reading one of these may change anything: views that call functions. */
  readonly acting: ReadonlySet<string>;
  /** Functions that may change anything. */
  readonly functions: ReadonlySet<string>;
  /** Those of them that `t.f` calls. */
  readonly fields: ReadonlySet<string>;
  readonly operators: ReadonlySet<string>;
}

export const noEffect = (): Effect => ({
  anything: false,
  writes: new Set(),
  reads: new Set(),
  calls: new Set(),
  fields: new Set(),
  operators: new Set(),
});

/** Of pg_catalog: they run SQL that is handed over as text. */
const running: ReadonlySet<string> = new Set(
  `query_to_xml query_to_xmlschema query_to_xml_and_xmlschema cursor_to_xml cursor_to_xmlschema ts_stat ts_rewrite`.split(
    ' ',
  ),
);

export function concerns(effect: Effect, around: Surroundings): boolean {
  const meets = (some: ReadonlySet<string>, others: ReadonlySet<string>) => [...some].some((name) => others.has(name));
  return (
    effect.anything ||
    meets(effect.writes, around.relations) ||
    meets(effect.reads, around.acting) ||
    meets(effect.calls, around.functions) ||
    meets(effect.calls, running) ||
    meets(effect.fields, around.fields) ||
    meets(effect.operators, around.operators)
  );
}

/** They change nothing that a query of a table could show. */
const still: ReadonlySet<string> = new Set(
  `VariableSetStmt VariableShowStmt ListenStmt UnlistenStmt NotifyStmt DeallocateStmt DiscardStmt ClosePortalStmt
  PrepareStmt VacuumStmt CheckPointStmt LockStmt ConstraintsSetStmt`.split(/\s+/),
);
const looked: ReadonlySet<string> = new Set(
  `SelectStmt InsertStmt UpdateStmt DeleteStmt MergeStmt CopyStmt TruncateStmt ExplainStmt DeclareCursorStmt`.split(
    /\s+/,
  ),
);
const writing: ReadonlySet<string> = new Set(['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt', 'CopyStmt']);
const longest = 1_000_000;

/** Adds what the texts may change. */
export function addEffects(effect: Effect, texts: readonly string[], parser: PostgresParser | null): void {
  for (const text of texts) {
    if (effect.anything) return;
    const outcome = parser && text.length <= longest ? parser.parse(text) : null;
    if (outcome?.kind === 'parsed') for (const { node } of outcome.statements) addStatement(effect, node);
    else effect.anything = true;
  }
}

function addStatement(effect: Effect, root: ParseNode): void {
  const [kind, fields] = opened(root);
  if (still.has(kind)) return;
  if (kind === 'TransactionStmt') {
    // Somebody else's prepared transaction may have done anything.
    if (textOf(fields.kind) === 'TRANS_STMT_COMMIT_PREPARED') effect.anything = true;
    return;
  }
  if (!looked.has(kind) || textOf(fields.behavior) === 'DROP_CASCADE') {
    effect.anything = true;
    return;
  }
  for (const [key, value] of within(root)) addPart(effect, key, value);
}

function addPart(effect: Effect, key: string, value: unknown): void {
  // EXECUTE runs what was prepared before; SELECT … INTO makes a table.
  if (key === 'ExecuteStmt' || key === 'intoClause') effect.anything = true;
  if (!isNode(value)) return;
  if (writing.has(key) && isNode(value.relation)) effect.writes.add(textOf(value.relation.relname));
  if (key === 'TruncateStmt')
    for (const each of listOf(value.relations)) effect.writes.add(textOf(opened(each)[1].relname));
  if (key === 'RangeVar') effect.reads.add(textOf(value.relname));
  if (key === 'FuncCall') effect.calls.add(stringOf(listOf(value.funcname).at(-1)));
  if (key === 'ColumnRef') for (const each of listOf(value.fields).slice(1)) effect.fields.add(stringOf(each));
  if (key === 'A_Indirection') for (const each of listOf(value.indirection)) effect.fields.add(stringOf(each));
  if (key === 'A_Expr') effect.operators.add(stringOf(listOf(value.name).at(-1)));
}
