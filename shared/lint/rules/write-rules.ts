/** UPDATE, DELETE, TRUNCATE, INSERT: what reaches more rows than was meant. */

import { identifier } from '../../sql/quote.ts';
import { type CheckedStatement, insertAt } from '../statement.ts';
import { as, type Fields, has, integerConstant, isObject, list, text } from '../tree.ts';

export function checkWrites(statement: CheckedStatement): void {
  // Also those inside WITH.
  for (const level of statement.names.levels) {
    if (level.kind === 'UpdateStmt') everyRow(statement, level.fields, 'update');
    if (level.kind === 'DeleteStmt') everyRow(statement, level.fields, 'delete');
  }
  if (statement.kind === 'InsertStmt') insertWithoutColumns(statement);
  if (statement.kind === 'TruncateStmt' && statement.fields.behavior === 'DROP_CASCADE')
    statement.report(
      'truncate-cascade',
      'warning',
      statement.head(1),
      'CASCADE empties every table that refers to these',
      'All rows of the tables with foreign keys to these go too, and of those that refer to them. Name the tables instead.',
    );
  if (statement.kind === 'DropStmt' && statement.fields.behavior === 'DROP_CASCADE')
    statement.report(
      'drop-cascade',
      'warning',
      statement.head(2),
      'CASCADE drops everything that depends on it',
      'Views, foreign keys, columns of its type go without being named. Without CASCADE the server lists them and drops nothing.',
      [withoutLastWord(statement, 'cascade')],
    );
}

function withoutLastWord(statement: CheckedStatement, word: string) {
  const at = statement.tokens.findLastIndex((token) => token.word === word);
  const before = statement.tokens[at - 1];
  const token = statement.tokens[at];
  return before && token
    ? { title: `Leave ${word.toUpperCase()} out`, edits: [{ from: before.to, to: token.to, text: '' }] }
    : null;
}

function everyRow(statement: CheckedStatement, fields: Fields, word: 'update' | 'delete'): void {
  const where = fields.whereClause;
  const always = where !== undefined && isAlwaysTrue(where);
  if (where !== undefined && !always) return;
  const relation = isObject(fields.relation) ? fields.relation : {};
  const name = text(relation.relname);
  const at = statement.tokenAt(typeof relation.location === 'number' ? relation.location : 0);
  let start = at;
  while (start > 0 && statement.word(start) !== word) start--;
  const from = statement.tokens[start]?.from ?? 0;
  const to = statement.nameRange(statement.tokens[at]?.from ?? 0).to;
  const joined = list(fields.fromClause).length > 0 || list(fields.usingClause).length > 0;
  const top = statement.fields === fields;
  statement.report(
    `${word}-without-where`,
    'warning',
    { from, to },
    always
      ? `The condition is always true: every row of ${name} is ${word}d`
      : `No WHERE: every row of ${name} is ${word}d`,
    joined
      ? `The other tables of the statement do not limit it either: without a condition between them every row meets every row.`
      : `If that is meant, write WHERE true to say so${word === 'delete' ? ', or use TRUNCATE' : ''}. Otherwise add a condition.`,
    top && where === undefined ? [{ title: 'Add a WHERE', edits: [insertAt(whereAt(statement), '\nwhere ')] }] : [],
  );
}

function whereAt(statement: CheckedStatement): number {
  const returning = statement.findWord(0, ['returning']);
  return returning > 0 ? (statement.tokens[returning - 1]?.to ?? statement.end) : statement.end;
}

/** `where 1 = 1` and its like; a plain `where true` is how a person says that all rows are meant. */
function isAlwaysTrue(where: unknown): boolean {
  const comparison = as(where, 'A_Expr');
  if (comparison?.kind !== 'AEXPR_OP') return false;
  const left = integerConstant(comparison.lexpr);
  return (
    left !== null && left === integerConstant(comparison.rexpr) && has(comparison.name, (_, name) => name.sval === '=')
  );
}

function insertWithoutColumns(statement: CheckedStatement): void {
  const { fields } = statement;
  if (list(fields.cols).length > 0 || fields.selectStmt === undefined) return;
  const relation = isObject(fields.relation) ? fields.relation : {};
  const at = typeof relation.location === 'number' ? relation.location : -1;
  const [level] = statement.names.levels;
  const target = level?.sources.find((source) => source.at === at);
  if (at < 0 || !target?.relation) return;
  const range = statement.nameRange(at);
  const first = as(list(as(fields.selectStmt, 'SelectStmt')?.valuesLists)[0], 'List');
  const count = first ? list(first.items).length : 0;
  const columns = target.relation.columns.filter((column) => !column.generated);
  const named =
    count > 0 && count <= target.relation.columns.length ? target.relation.columns.slice(0, count) : columns;
  const after = alias(statement, range.to);
  statement.report(
    'insert-columns',
    'hint',
    range,
    'INSERT without a list of columns',
    'The values go into the columns by their order. When a column is added the statement fails, or fills another one.',
    count > 0
      ? [
          {
            title: 'Write the columns',
            edits: [insertAt(after, ` (${named.map(({ name }) => identifier(name)).join(', ')})`)],
          },
        ]
      : [],
  );
}

/** INSERT INTO t AS x: the list follows the alias. */
function alias(statement: CheckedStatement, nameEnd: number): number {
  const next = statement.tokenAt(nameEnd);
  return statement.word(next) === 'as' ? (statement.tokens[next + 1]?.to ?? nameEnd) : nameEnd;
}
