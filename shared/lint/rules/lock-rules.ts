import type { Fix } from '../problem.ts';
import { type CheckedStatement, insertAt } from '../statement.ts';
import { as, type Fields, has, list, strings } from '../tree.ts';
import { alterTable } from './alter-rules.ts';
import { lockTimeout, standing, weight } from './locks.ts';

export function checkLocks(statement: CheckedStatement): void {
  const { kind, fields } = statement;
  if (kind === 'IndexStmt') createIndex(statement, fields);
  else if (kind === 'DropStmt' && fields.removeType === 'OBJECT_INDEX') dropIndex(statement, fields);
  else if (kind === 'ReindexStmt') reindex(statement, fields);
  else if (kind === 'RefreshMatViewStmt') refresh(statement, fields);
  else if (kind === 'VacuumStmt') vacuumFull(statement, fields);
  else if (kind === 'ClusterStmt') rewrites(statement, 'CLUSTER');
  else if (kind === 'AlterTableStmt' && fields.objtype === 'OBJECT_TABLE') alterTable(statement, fields);
}

function inTransaction(statement: CheckedStatement, what: string): void {
  if (!statement.script.inTransaction) return;
  const at = statement.findWord(0, ['concurrently']);
  const token = statement.tokens[at];
  if (token)
    statement.report(
      'concurrently-in-transaction',
      'error',
      token,
      `${what} CONCURRENTLY cannot run inside a transaction`,
      'It commits in between. COMMIT before it, or run it by itself.',
    );
}

function concurrently(statement: CheckedStatement, after: string): Fix | null {
  const at = statement.findWord(0, [after]);
  const token = statement.tokens[at];
  return token && !statement.script.inTransaction
    ? { title: 'Write CONCURRENTLY', edits: [insertAt(token.to, ' concurrently')] }
    : null;
}

function createIndex(statement: CheckedStatement, fields: Fields): void {
  if (fields.concurrent === true) {
    inTransaction(statement, 'CREATE INDEX');
    return;
  }
  const relation = standing(statement, fields.relation);
  if (!relation) return;
  // On a partitioned table it cannot be had: each partition first, then the parent's with ONLY.
  const partitioned = relation.kind === 'partitionedTable';
  statement.report(
    'create-index-lock',
    weight(relation),
    statement.head(fields.unique === true ? 3 : 2),
    `Nobody can write to ${relation.name} while the index is built (SHARE lock)`,
    partitioned
      ? 'CONCURRENTLY is not possible on a partitioned table: create the index on each partition CONCURRENTLY, then on the parent, which takes them over.'
      : 'CONCURRENTLY reads the table twice and lets others write. If it fails an invalid index stays, which has to be dropped.',
    [partitioned ? null : concurrently(statement, 'index'), lockTimeout(statement)],
  );
}

function dropIndex(statement: CheckedStatement, fields: Fields): void {
  if (fields.concurrent === true) {
    inTransaction(statement, 'DROP INDEX');
    return;
  }
  const name = strings(as(list(fields.objects)[0], 'List')?.items).at(-1) ?? 'the index';
  statement.report(
    'drop-index-lock',
    'info',
    statement.head(2),
    `DROP INDEX waits for every query on the table of ${name}, and all others wait behind it (ACCESS EXCLUSIVE)`,
    'The drop itself is quick; waiting for a long query is not. CONCURRENTLY waits without blocking anyone.',
    [
      fields.behavior === 'DROP_CASCADE' || list(fields.objects).length > 1 ? null : concurrently(statement, 'index'),
      lockTimeout(statement),
    ],
  );
}

function reindex(statement: CheckedStatement, fields: Fields): void {
  const concurrent = list(fields.params).some((each) => as(each, 'DefElem')?.defname === 'concurrently');
  if (concurrent) {
    inTransaction(statement, 'REINDEX');
    return;
  }
  if (fields.kind === 'REINDEX_OBJECT_SYSTEM') return;
  const word = ['index', 'table', 'schema', 'database'].find((each) => statement.findWord(0, [each]) > 0);
  statement.report(
    'reindex-lock',
    'info',
    statement.head(2),
    'REINDEX keeps writers out of the table, and readers out of the index',
    'CONCURRENTLY builds the new index beside the old one. It takes longer and needs room for both.',
    [word ? concurrently(statement, word) : null, lockTimeout(statement)],
  );
}

function refresh(statement: CheckedStatement, fields: Fields): void {
  if (fields.concurrent === true) return;
  const relation = standing(statement, fields.relation);
  if (!relation) return;
  statement.report(
    'refresh-lock',
    weight(relation),
    statement.head(3),
    `Nobody can read ${relation.name} while it is refreshed (ACCESS EXCLUSIVE)`,
    'CONCURRENTLY lets readers go on. It needs a unique index over plain columns, and takes longer when much has changed.',
    [fields.skipData === true ? null : concurrently(statement, 'view'), lockTimeout(statement)],
  );
}

function vacuumFull(statement: CheckedStatement, fields: Fields): void {
  const full = list(fields.options)
    .map((each) => as(each, 'DefElem'))
    .find((option) => option?.defname === 'full');
  const off = full && has(full.arg, (_, value) => value.sval === 'false' || value.sval === 'off');
  if (full && !off) rewrites(statement, 'VACUUM FULL');
}

function rewrites(statement: CheckedStatement, what: string): void {
  statement.report(
    'rewrite-lock',
    'warning',
    statement.head(what === 'CLUSTER' ? 1 : 2),
    `${what} writes the table anew; until it has, nobody can even read it (ACCESS EXCLUSIVE)`,
    'It needs room for a second copy. A plain VACUUM makes the space usable again without it; pg_repack gives it back while others work.',
    [lockTimeout(statement)],
  );
}
