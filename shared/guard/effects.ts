/** What a statement would do that a person may want to be asked about, read off its parse tree. */
import type { GuardClass } from '../api/guard.ts';
import { commandOf, type ParseNode } from '../sql/classify.ts';
import { sparesNothing } from './always-true.ts';
import { isNode, listOf, opened, relationName, stringOf, textOf, within } from './tree.ts';

export interface Effect {
  readonly class: GuardClass;
  /** "delete", "drop table" */
  readonly command: string;
  readonly target: string | null;
  /** One sentence. */
  readonly what: string;
}

/** Empty where the statement by itself changes nothing outside of its session; functions that it calls are not looked at. */
export function effectsOf(node: ParseNode): Effect[] {
  const [kind, fields] = opened(node);
  if (kind === 'ExplainStmt') return analyzes(fields) && isNode(fields.query) ? effectsOf(fields.query) : [];
  if (kind === 'DeclareCursorStmt' || quiet.has(kind)) return [];
  if (kind === 'VariableSetStmt') return setting(fields);
  if (kind === 'TransactionStmt') return transaction(node, fields);
  if (kind === 'CopyStmt') return copy(fields);
  if (kind === 'VacuumStmt') return vacuum(node, fields);
  if (kind === 'SelectStmt' || dml.has(kind)) return rows(node);
  if (kind === 'DoStmt') return [code(fields)];
  if (kind === 'CallStmt' || kind === 'ExecuteStmt') return [called(kind, fields)];
  if (isTemporary(fields)) return [];
  if (destroyers.has(kind) || dropsColumn(fields)) return [destroys(node, kind, fields)];
  const command = commandOf(node);
  const target = targetOf(fields);
  const of = target ? ` ${target}` : '';
  if (admins.has(kind))
    return [{ class: 'admin', command, target, what: `${shown(command)}${of}: it concerns the whole server.` }];
  return [{ class: 'ddl', command, target, what: `${shown(command)}${of}.` }];
}

const quiet: ReadonlySet<string> = new Set([
  ...['VariableShowStmt', 'PrepareStmt', 'DeallocateStmt', 'FetchStmt', 'ClosePortalStmt', 'ListenStmt'],
  ...['UnlistenStmt', 'NotifyStmt', 'DiscardStmt', 'ConstraintsSetStmt', 'LockStmt'],
]);
const dml: ReadonlySet<string> = new Set(['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt']);
const destroyers: ReadonlySet<string> = new Set([
  ...['DropStmt', 'TruncateStmt', 'DropdbStmt', 'DropRoleStmt', 'DropOwnedStmt', 'DropTableSpaceStmt'],
  ...['DropSubscriptionStmt', 'DropUserMappingStmt'],
]);
const admins: ReadonlySet<string> = new Set([
  ...['CheckPointStmt', 'AlterSystemStmt', 'LoadStmt', 'ClusterStmt', 'ReindexStmt', 'CreateRoleStmt'],
  ...['AlterRoleStmt', 'AlterRoleSetStmt', 'CreatedbStmt', 'AlterDatabaseStmt', 'AlterDatabaseSetStmt'],
  ...['CreateTableSpaceStmt', 'AlterTableSpaceOptionsStmt', 'ReassignOwnedStmt', 'CreateSubscriptionStmt'],
  ...['AlterSubscriptionStmt', 'RepackStmt'],
]);

export const shown = (command: string): string => command.toUpperCase();

/** EXPLAIN (ANALYZE) runs the statement; the option counts as on wherever it is named. */
export const analyzes = (fields: ParseNode): boolean =>
  listOf(fields.options).some((option) => opened(option)[1].defname === 'analyze');

function setting(fields: ParseNode): Effect[] {
  if (textOf(fields.name).toLowerCase() !== 'session_replication_role') return [];
  const what = 'Switches triggers and foreign keys off for this session.';
  return [{ class: 'admin', command: 'set', target: 'session_replication_role', what }];
}

function transaction(node: ParseNode, fields: ParseNode): Effect[] {
  if (!/PREPARED/.test(textOf(fields.kind))) return [];
  const target = textOf(fields.gid);
  const what = `Ends the prepared transaction ${target}, whoever made it.`;
  return [{ class: 'write', command: commandOf(node), target, what }];
}

function copy(fields: ParseNode): Effect[] {
  const target = relationName(fields.relation);
  const inner = isNode(fields.query) ? effectsOf(fields.query) : [];
  if (fields.is_program === true)
    return [{ class: 'admin', command: 'copy', target, what: 'Runs a program on the server.' }, ...inner];
  if (fields.is_from === true)
    return [{ class: 'write', command: 'copy', target, what: `Adds rows to ${target ?? 'a table'}.` }];
  if (fields.filename === undefined) return inner;
  return [{ class: 'admin', command: 'copy', target, what: 'Writes a file on the server.' }, ...inner];
}

function vacuum(node: ParseNode, fields: ParseNode): Effect[] {
  const full = listOf(fields.options).some((option) => opened(option)[1].defname === 'full');
  if (!full) return [];
  const target = relationName(opened(listOf(fields.rels)[0])[1].relation);
  const what = `Rewrites ${target ?? 'every table of the database'} and locks it meanwhile.`;
  return [{ class: 'admin', command: `${commandOf(node)} full`, target, what }];
}

/** DML wherever it stands: at the top, or within WITH. */
function rows(root: ParseNode): Effect[] {
  const found: Effect[] = [];
  for (const [key, value] of within(root)) {
    if (dml.has(key) && isNode(value)) found.push(change(key, value));
    else if (key === 'intoClause' && isNode(value) && (value.rel as ParseNode | undefined)?.relpersistence !== 't') {
      const target = relationName(value.rel);
      found.push({ class: 'ddl', command: 'select into', target, what: `Makes the table ${target ?? ''}.` });
    }
  }
  return found;
}

function change(kind: string, fields: ParseNode): Effect {
  const relation = isNode(fields.relation) ? fields.relation : {};
  const target = relationName(relation);
  const alias = textOf((relation.alias as ParseNode | undefined)?.aliasname) || textOf(relation.relname);
  const named = target ?? 'a table';
  if (kind === 'InsertStmt') {
    const update = (fields.onConflictClause as ParseNode | undefined)?.action === 'ONCONFLICT_UPDATE';
    const what = `Adds rows to ${named}${update ? ', or changes those that are there' : ''}.`;
    return { class: 'write', command: 'insert', target, what };
  }
  if (kind === 'MergeStmt') return merge(fields, target, alias);
  const verb = kind === 'UpdateStmt' ? 'Changes' : 'Deletes';
  const command = kind === 'UpdateStmt' ? 'update' : 'delete';
  const others = listOf(kind === 'UpdateStmt' ? fields.fromClause : fields.usingClause).length > 0;
  if (!sparesNothing(fields.whereClause, alias, others))
    return { class: 'write', command, target, what: `${verb} rows of ${named}.` };
  const why = fields.whereClause === undefined ? 'there is no WHERE' : 'its WHERE spares none';
  return { class: 'writeAll', command, target, what: `${verb} every row of ${named}: ${why}.` };
}

function merge(fields: ParseNode, target: string | null, alias: string): Effect {
  const whens = listOf(fields.mergeWhenClauses).map((each) => opened(each)[1]);
  const changes = whens.filter(({ commandType }) => commandType === 'CMD_DELETE' || commandType === 'CMD_UPDATE');
  const bySource = changes.some(
    ({ matchKind, condition }) => matchKind === 'MERGE_WHEN_NOT_MATCHED_BY_SOURCE' && condition === undefined,
  );
  const named = target ?? 'a table';
  if (bySource || (changes.length > 0 && sparesNothing(fields.joinCondition, alias, true))) {
    const why = bySource ? 'rows without a match are changed too' : 'its condition matches them all';
    return { class: 'writeAll', command: 'merge', target, what: `Changes rows all over ${named}: ${why}.` };
  }
  return { class: 'write', command: 'merge', target, what: `Adds, changes or deletes rows of ${named}.` };
}

/** Code is text: its words decide how much of a question it is worth. */
function code(fields: ParseNode): Effect {
  const body = listOf(fields.args)
    .map((each) => opened(each)[1])
    .filter((option) => option.defname === 'as')
    .map((option) => stringOf(option.arg))
    .join(' ');
  const what = 'Runs code, which may do anything.';
  if (/\b(drop|truncate)\b/i.test(body))
    return { class: 'destroy', command: 'do', target: null, what: 'Runs code with DROP or TRUNCATE in it.' };
  if (/\b(delete|update|merge)\b/i.test(body))
    return { class: 'writeAll', command: 'do', target: null, what: 'Runs code with UPDATE or DELETE in it.' };
  return { class: 'write', command: 'do', target: null, what };
}

function called(kind: string, fields: ParseNode): Effect {
  if (kind === 'ExecuteStmt') {
    const target = textOf(fields.name);
    const what = `Runs the prepared statement ${target}, which may write.`;
    return { class: 'write', command: 'execute', target, what };
  }
  const target = listOf((fields.funccall as ParseNode | undefined)?.funcname)
    .map(stringOf)
    .join('.');
  return { class: 'write', command: 'call', target, what: `Runs the procedure ${target}, which may do anything.` };
}

/** What is temporary is the session's own. */
function isTemporary(fields: ParseNode): boolean {
  const into = (fields.into as ParseNode | undefined)?.rel;
  const made = fields.relation ?? fields.view ?? fields.sequence ?? into;
  return isNode(made) && made.relpersistence === 't';
}

const dropsColumn = (fields: ParseNode): boolean =>
  listOf(fields.cmds).some((each) => opened(each)[1].subtype === 'AT_DropColumn');

function destroys(node: ParseNode, kind: string, fields: ParseNode): Effect {
  const command = commandOf(node);
  const target = kind === 'AlterTableStmt' ? relationName(fields.relation) : targetOf(fields);
  const cascade = fields.behavior === 'DROP_CASCADE' ? ', and all that depends on it' : '';
  if (kind === 'AlterTableStmt')
    return { class: 'destroy', command, target, what: `Drops a column of ${target ?? 'a table'} with what is in it.` };
  if (kind === 'TruncateStmt')
    return { class: 'destroy', command, target, what: `Empties ${target ?? 'a table'}${cascade}.` };
  return { class: 'destroy', command, target, what: `${shown(command)} ${target ?? ''}${cascade}.` };
}

/** Names as written, for the many shapes in which the tree holds them. */
function targetOf(fields: ParseNode): string | null {
  const single = relationName(fields.relation) ?? relationName(fields.view) ?? relationName(fields.sequence);
  if (single) return single;
  const plain = [fields.dbname, fields.schemaname, fields.tablespacename, fields.subname, fields.idxname].map(textOf);
  const name = plain.find(Boolean) ?? relationName((fields.into as ParseNode | undefined)?.rel);
  if (name) return name;
  const many = listOf(fields.objects ?? fields.relations ?? fields.roles)
    .map(objectName)
    .filter(Boolean);
  return many.length > 0 ? many.join(', ') : null;
}

function objectName(node: unknown): string {
  const [kind, fields] = opened(node);
  if (kind === 'RangeVar') return relationName(fields) ?? '';
  if (kind === 'List') return listOf(fields.items).map(stringOf).join('.');
  if (kind === 'ObjectWithArgs') return listOf(fields.objname).map(stringOf).join('.');
  if (kind === 'TypeName') return listOf(fields.names).map(stringOf).join('.');
  if (kind === 'RoleSpec') return textOf(fields.rolename);
  return stringOf(node);
}
