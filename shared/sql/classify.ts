/**
 * What a statement does, read off PostgreSQL's parse tree (libpg_query's JSON, handed in as plain data). A function
 * that a SELECT calls may do anything; the tree cannot tell, and neither does this.
 */

/** One node of the tree: `{ "SelectStmt": { … } }`. */
export type ParseNode = Readonly<Record<string, unknown>>;

export const statementClasses = ['reads', 'writes', 'ddl', 'transaction', 'utility'] as const;
/**
 * - reads: changes nothing by itself
 * - writes: changes or locks rows (DML, also inside WITH; COPY … FROM; FOR UPDATE; DO and CALL, which may)
 * - ddl: changes what exists, who may do what, or empties a table
 * - transaction: BEGIN, COMMIT, ROLLBACK, SAVEPOINT, PREPARE TRANSACTION …
 * - utility: the session and the server: SET, LISTEN, VACUUM, CHECKPOINT …
 */
export type StatementClass = (typeof statementClasses)[number];

const isNode = (value: unknown): value is ParseNode => typeof value === 'object' && value !== null;

/** The kind's name ("SelectStmt") and its fields. */
function opened(node: ParseNode): [string, ParseNode] {
  const [kind = ''] = Object.keys(node);
  const fields = node[kind];
  return [kind, isNode(fields) ? fields : {}];
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The statement's kind in SQL's words, in lower case: "select", "create function", "begin". */
export function commandOf(node: ParseNode): string {
  const [kind, fields] = opened(node);
  if (kind === 'TransactionStmt') {
    return text(fields.kind).replace('TRANS_STMT_', '').replaceAll('_', ' ').toLowerCase();
  }
  if (kind === 'VariableSetStmt') return /RESET/.test(text(fields.kind)) ? 'reset' : 'set';
  if (kind === 'DropStmt') return `drop ${objectKind(fields.removeType)}`;
  if (kind === 'RenameStmt') return `alter ${objectKind(fields.renameType)}`;
  if (kind === 'AlterTableStmt' || kind === 'AlterObjectSchemaStmt' || kind === 'AlterOwnerStmt') {
    return `alter ${objectKind(fields.objtype ?? fields.objectType)}`;
  }
  if (kind === 'CreateTableAsStmt' && fields.objtype === 'OBJECT_MATVIEW') return 'create materialized view';
  if (kind === 'GrantStmt' || kind === 'GrantRoleStmt') return fields.is_grant === true ? 'grant' : 'revoke';
  if (kind === 'CreateFunctionStmt' && fields.is_procedure === true) return 'create procedure';
  if (kind === 'VacuumStmt') return fields.is_vacuumcmd === true ? 'vacuum' : 'analyze';
  if (kind === 'CreateRoleStmt') return `create ${text(fields.stmt_type).replace('ROLESTMT_', '').toLowerCase()}`;
  if (kind === 'DefineStmt') return `create ${objectKind(fields.kind)}`;
  return namedCommands[kind] ?? inWords(kind);
}

const objectKind = (value: unknown): string =>
  objectKinds[text(value)] ?? text(value).replace('OBJECT_', '').replaceAll('_', ' ').toLowerCase();

const objectKinds: Readonly<Record<string, string>> = {
  OBJECT_MATVIEW: 'materialized view',
  OBJECT_COLUMN: 'table',
  OBJECT_TABCONSTRAINT: 'table',
  OBJECT_FDW: 'foreign data wrapper',
  OBJECT_FOREIGN_SERVER: 'server',
  OBJECT_ATTRIBUTE: 'type',
  OBJECT_TSPARSER: 'text search parser',
  OBJECT_TSDICTIONARY: 'text search dictionary',
  OBJECT_TSTEMPLATE: 'text search template',
  OBJECT_TSCONFIGURATION: 'text search configuration',
  OBJECT_STATISTIC_EXT: 'statistics',
};

/** Where the node's name is not the command's. */
const namedCommands: Readonly<Record<string, string>> = {
  VariableShowStmt: 'show',
  CreateStmt: 'create table',
  IndexStmt: 'create index',
  ViewStmt: 'create view',
  RuleStmt: 'create rule',
  CreateTrigStmt: 'create trigger',
  CreateSeqStmt: 'create sequence',
  AlterSeqStmt: 'alter sequence',
  CreateExtensionStmt: 'create extension',
  CreateTableAsStmt: 'create table as',
  CreatedbStmt: 'create database',
  DropdbStmt: 'drop database',
  CompositeTypeStmt: 'create type',
  CreateEnumStmt: 'create type',
  CreateRangeStmt: 'create type',
  RefreshMatViewStmt: 'refresh materialized view',
  DeclareCursorStmt: 'declare',
  ClosePortalStmt: 'close',
  CheckPointStmt: 'checkpoint',
  ReturnStmt: 'return',
  PLAssignStmt: 'assign',
  SecLabelStmt: 'security label',
  ConstraintsSetStmt: 'set constraints',
  AlterDefaultPrivilegesStmt: 'alter default privileges',
  CreateStatsStmt: 'create statistics',
  ReindexStmt: 'reindex',
};

/** CreateSchemaStmt -> "create schema" */
const inWords = (kind: string): string =>
  kind
    .replace(/Stmt$/, '')
    .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toLowerCase();

const utilities = new Set([
  ...['VariableSetStmt', 'DiscardStmt', 'ListenStmt', 'UnlistenStmt', 'NotifyStmt', 'LoadStmt', 'CheckPointStmt'],
  ...['VacuumStmt', 'ClusterStmt', 'ReindexStmt', 'DeallocateStmt', 'ClosePortalStmt', 'FetchStmt', 'LockStmt'],
  ...['ConstraintsSetStmt', 'AlterSystemStmt', 'RefreshMatViewStmt'],
]);

const writers = new Set(['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt', 'DoStmt', 'CallStmt', 'ExecuteStmt']);

/** What the statement does. See `StatementClass`. */
export function classify(node: ParseNode): StatementClass {
  const [kind, fields] = opened(node);
  if (kind === 'TransactionStmt') return 'transaction';
  if (kind === 'SelectStmt') return classifySelect(fields);
  if (writers.has(kind)) return 'writes';
  if (kind === 'VariableShowStmt') return 'reads';
  if (kind === 'CopyStmt') return fields.is_from === true ? 'writes' : classifyInner(fields.query);
  if (kind === 'ExplainStmt') return analyzes(fields) ? classifyInner(fields.query) : 'reads';
  if (kind === 'DeclareCursorStmt' || kind === 'PrepareStmt') return classifyInner(fields.query);
  return utilities.has(kind) ? 'utility' : 'ddl';
}

const classifyInner = (query: unknown): StatementClass => (isNode(query) ? classify(query) : 'reads');

/** EXPLAIN (ANALYZE) runs the statement; EXPLAIN (ANALYZE off) does not. */
function analyzes(fields: ParseNode): boolean {
  const options = Array.isArray(fields.options) ? fields.options.filter(isNode) : [];
  // The last one of a name counts.
  const analyze = options.map((option) => opened(option)[1]).findLast((option) => option.defname === 'analyze');
  if (analyze === undefined) return false;
  const value = JSON.stringify(analyze.arg ?? 'on').toLowerCase();
  // Zero and false are left out of the tree.
  return !/"(off|false)"|"(integer|boolean)":\{\}/.test(value);
}

function classifySelect(select: ParseNode): StatementClass {
  let worst: StatementClass = 'reads';
  const waiting: unknown[] = [select];
  // Its own stack, not recursion: a parsed tree may be deeper than JavaScript's.
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (Array.isArray(value)) for (const item of value) waiting.push(item);
    else if (isNode(value)) {
      for (const [key, inner] of Object.entries(value)) {
        if (key === 'intoClause') return 'ddl';
        if (key === 'lockingClause' || writers.has(key)) worst = 'writes';
        waiting.push(inner);
      }
    }
  }
  return worst;
}
