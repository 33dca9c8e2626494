/**
 * What a read-only connection lets through, by the parse tree alone: a list of what is known to be harmless, so that
 * a node that this does not know is refused. The functions that a statement calls have to be looked up on the server.
 */
import { commandOf, type ParseNode } from '../sql/classify.ts';
import { isNode, listOf, opened, stringOf, textOf, within } from './tree.ts';

/** A name as written: [schema or null, name]. */
export type WrittenName = readonly [schema: string | null, name: string];

/** What the server has to be asked about. */
export interface Uses {
  readonly functions: readonly WrittenName[];
  /** `t.f` may be a call of f(t). */
  readonly fields: readonly string[];
  readonly relations: readonly WrittenName[];
  readonly operators: readonly string[];
  /** Types that something is cast to. */
  readonly types: readonly string[];
}

export type Admission =
  /** One sentence without what can be done about it. */
  | { readonly kind: 'refused'; readonly why: string }
  /**
   * - session: changes nothing but the session's own settings; not within a transaction of ours
   * - transaction: begins or ends one, or a savepoint
   * - query: to be run in a read-only transaction
   */
  | { readonly kind: 'session' | 'transaction' | 'query'; readonly uses: Uses; readonly anySchema: boolean };

export function admission(node: ParseNode): Admission {
  const [kind, fields] = opened(node);
  switch (kind) {
    case 'SelectStmt':
      return query(node);
    case 'ExplainStmt':
      return explain(fields);
    case 'VariableShowStmt':
    case 'UnlistenStmt':
    case 'ListenStmt':
    case 'DeallocateStmt':
    case 'ClosePortalStmt':
      return { kind: 'session', uses: nothing, anySchema: false };
    case 'VariableSetStmt':
      return setting(fields);
    case 'TransactionStmt':
      return transaction(fields);
    case 'DeclareCursorStmt':
      return cursor(fields);
    case 'FetchStmt':
      return { kind: 'query', uses: nothing, anySchema: false };
    case 'PrepareStmt': {
      const inner = isNode(fields.query) ? query(fields.query) : refused('This cannot be read.');
      // Its names are looked up again when the search_path has changed.
      return inner.kind === 'refused' ? inner : { ...inner, kind: 'session', anySchema: true };
    }
    case 'ExecuteStmt':
      return query(node);
    case 'CopyStmt':
      return copy(fields);
    default:
      return refused(`${commandOf(node).toUpperCase()} is not among what only reads.`);
  }
}

const refused = (why: string): Admission => ({ kind: 'refused', why });
const nothing: Uses = { functions: [], fields: [], relations: [], operators: [], types: [] };

/** Every kind of node that may stand within a query. */
const harmless: ReadonlySet<string> = new Set(
  `SelectStmt RawStmt ResTarget ColumnRef A_Star A_Const A_Expr A_ArrayExpr A_Indices A_Indirection BoolExpr NullTest
  BooleanTest TypeCast TypeName CollateClause FuncCall NamedArgExpr CaseExpr CaseWhen CoalesceExpr MinMaxExpr RowExpr
  SubLink SQLValueFunction XmlExpr XmlSerialize ParamRef SetToDefault GroupingFunc GroupingSet WindowDef SortBy
  RangeVar RangeSubselect RangeFunction RangeTableFunc RangeTableFuncCol RangeTableSample JoinExpr Alias List
  String Integer Float Boolean BitString CommonTableExpr WithClause CTESearchClause CTECycleClause DefElem
  JsonFuncExpr JsonTable JsonTableColumn JsonTablePathSpec JsonOutput JsonReturning JsonFormat JsonValueExpr
  JsonBehavior JsonArgument JsonObjectConstructor JsonArrayConstructor JsonArrayQueryConstructor JsonKeyValue
  MultiAssignRef JsonParseExpr JsonScalarExpr JsonSerializeExpr JsonIsPredicate JsonAggConstructor JsonObjectAgg JsonArrayAgg
  ExecuteStmt`.split(/\s+/),
);

function query(root: ParseNode): Admission {
  const functions: WrittenName[] = [];
  const fields = new Set<string>();
  const relations: WrittenName[] = [];
  const operators = new Set<string>(['=']);
  const types = new Set<string>();
  const kinds = [...Object.keys(root)];
  for (const [key, value] of within(root)) {
    // Nodes are named in capitals; lower case is a field.
    if (/^[A-Z]/.test(key)) kinds.push(key);
    if (key === 'intoClause') return refused('SELECT … INTO makes a table.');
    if (!isNode(value)) continue;
    if (key === 'FuncCall') functions.push(qualifiedName(value.funcname));
    if (key === 'ColumnRef') for (const field of listOf(value.fields).slice(1)) fields.add(stringOf(field));
    if (key === 'A_Indirection')
      for (const each of listOf(value.indirection)) if ('String' in Object(each)) fields.add(stringOf(each));
    if (key === 'RangeVar') relations.push([textOf(value.schemaname) || null, textOf(value.relname)]);
    if (key === 'A_Expr') operators.add(stringOf(listOf(value.name).at(-1)));
    if (key === 'RangeTableSample') functions.push(qualifiedName(value.method));
    if (key === 'typeName' || key === 'TypeName') types.add(stringOf(listOf(value.names).at(-1)));
    if (key === 'SortBy' && listOf(value.useOp).length > 0) operators.add(stringOf(listOf(value.useOp).at(-1)));
    if (key === 'SubLink' && listOf(value.operName).length > 0) operators.add(stringOf(listOf(value.operName).at(-1)));
  }
  const unknown = kinds.find((kind) => !harmless.has(kind));
  if (unknown) return refused(wordsFor(unknown));
  const uses = { functions, fields: [...fields], relations, operators: [...operators], types: [...types] };
  return { kind: 'query', uses, anySchema: false };
}

function wordsFor(kind: string): string {
  if (kind === 'LockingClause') return 'FOR UPDATE and FOR SHARE lock rows.';
  const dml = /^(Insert|Update|Delete|Merge)Stmt$/.exec(kind)?.[1];
  if (dml) return `${dml.toUpperCase()} writes.`;
  return `${kind} is not among what only reads.`;
}

const qualifiedName = (names: unknown): WrittenName => {
  const parts = listOf(names).map(stringOf);
  return [parts.length > 1 ? (parts.at(-2) ?? null) : null, parts.at(-1) ?? ''];
};

function explain(fields: ParseNode): Admission {
  if (!isNode(fields.query)) return refused('This cannot be read.');
  const options = listOf(fields.options).map((option) => opened(option)[1]);
  const analyzes = options.some(({ defname }) => defname === 'analyze');
  const [kind] = opened(fields.query);
  // Without ANALYZE a plan is made and nothing run; what the planner evaluates are functions, which are looked up.
  if (!analyzes && dml.has(kind)) return query({ SelectStmt: [fields.query, options].map(plannedOnly) });
  return query(fields.query);
}

const dml: ReadonlySet<string> = new Set(['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt']);

/** The same tree with the kinds that only a run would make harmful under a name that is let through. */
function plannedOnly(value: unknown): unknown {
  const text = JSON.stringify(value);
  return JSON.parse(
    text.replace(
      /"(InsertStmt|UpdateStmt|DeleteStmt|MergeStmt|MergeWhenClause|OnConflictClause|InferClause|IndexElem)":/g,
      '"SelectStmt":',
    ),
  );
}

function cursor(fields: ParseNode): Admission {
  if (!isNode(fields.query)) return refused('This cannot be read.');
  // CURSOR_OPT_HOLD: what it reads is stored at COMMIT.
  if ((Number(fields.options ?? 0) & 0x20) !== 0) return refused('A cursor WITH HOLD outlives its transaction.');
  return query(fields.query);
}

function copy(fields: ParseNode): Admission {
  if (fields.is_from === true) return refused('COPY … FROM writes.');
  if (fields.is_program === true) return refused('COPY … TO PROGRAM runs a program on the server.');
  if (fields.filename !== undefined) return refused('COPY … TO a file writes it on the server.');
  if (isNode(fields.query)) return query(fields.query);
  return query({ SelectStmt: { fromClause: [{ RangeVar: fields.relation }] } });
}

/** Statements that begin or end a transaction, as long as none of them may write. */
const boundaries: ReadonlySet<string> = new Set([
  ...['TRANS_STMT_BEGIN', 'TRANS_STMT_START', 'TRANS_STMT_COMMIT', 'TRANS_STMT_ROLLBACK', 'TRANS_STMT_SAVEPOINT'],
  ...['TRANS_STMT_RELEASE', 'TRANS_STMT_ROLLBACK_TO'],
]);

function transaction(fields: ParseNode): Admission {
  const kind = textOf(fields.kind);
  if (!boundaries.has(kind))
    return refused(
      'Prepared transactions are other people’s work: ending one may write, and making one leaves it behind.',
    );
  return onlyReads(fields.options) ?? { kind: 'transaction', uses: nothing, anySchema: false };
}

/** Null where the modes of a transaction do not ask for writing. */
function onlyReads(options: unknown): Admission | null {
  for (const option of listOf(options)) {
    const { defname, arg } = opened(option)[1];
    if (defname === 'transaction_isolation' || defname === 'transaction_deferrable') continue;
    const [, value] = opened(arg);
    // Zero is left out of the tree.
    const on = isNode(value.ival) && value.ival.ival === 1;
    if (defname !== 'transaction_read_only' || !on) return refused('READ WRITE is what this connection is not for.');
  }
  return null;
}

/** Settings that concern how the session plans, waits and shows. */
const harmlessSettings = new RegExp(
  `^(${[
    ...['search_path', 'timezone', 'datestyle', 'intervalstyle', 'extra_float_digits', 'bytea_output', 'xmloption'],
    ...['xmlbinary', 'application_name', 'client_min_messages', 'statement_timeout', 'lock_timeout', 'work_mem'],
    ...['hash_mem_multiplier', 'maintenance_work_mem', 'temp_buffers', 'idle_in_transaction_session_timeout'],
    ...['idle_session_timeout', 'transaction_timeout', 'transaction_isolation', 'default_transaction_isolation'],
    ...['transaction_deferrable', 'default_transaction_deferrable', 'plan_cache_mode', 'constraint_exclusion'],
    ...['cursor_tuple_fraction', 'from_collapse_limit', 'join_collapse_limit', 'effective_cache_size', 'row_security'],
    ...['effective_io_concurrency', 'random_page_cost', 'seq_page_cost', 'cpu_\\w+_cost', 'parallel_\\w+_cost'],
    ...['enable_\\w+', 'jit\\w*', 'geqo\\w*', 'min_parallel_\\w+', 'max_parallel_workers\\w*', 'debug_parallel_query'],
    ...['force_parallel_mode', 'lc_messages', 'lc_monetary', 'lc_numeric', 'lc_time', 'default_text_search_config'],
    ...['quote_all_identifiers', 'gin_fuzzy_search_limit', 'parallel_leader_participation', 'track_io_timing'],
    ...['compute_query_id', 'recursive_worktable_factor', 'auto_explain\\.\\w+'],
    // Settings of an application's own: row security reads them.
    ...['(?:app|application|my\\w*|request|rls|tenant|user|session)\\.\\w+'],
  ].join('|')})$`,
);

function setting(fields: ParseNode): Admission {
  const kind = textOf(fields.kind);
  const name = textOf(fields.name).toLowerCase();
  const allowed: Admission = { kind: 'session', uses: nothing, anySchema: false };
  if (kind === 'VAR_RESET_ALL') return refused('RESET ALL also resets what keeps this connection reading.');
  if (kind === 'VAR_SET_MULTI') {
    if (name !== 'transaction' && name !== 'session characteristics')
      return refused(`SET ${name.toUpperCase()} is not among what only reads.`);
    return onlyReads(fields.args) ?? allowed;
  }
  if (name === 'transaction_read_only' || name === 'default_transaction_read_only')
    return refused(`${name} is what keeps this connection reading.`);
  return harmlessSettings.test(name)
    ? allowed
    : refused(`The setting ${name} is not among those that are harmless here.`);
}
