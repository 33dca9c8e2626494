/** What is chosen once, when a table or a function is made, and regretted for years. */

import { type CheckedStatement, replace } from '../statement.ts';
import { as, type Fields, has, isObject, list, location, strings, text } from '../tree.ts';

export function checkDefinitions(statement: CheckedStatement): void {
  if (statement.kind === 'CreateStmt')
    for (const element of list(statement.fields.tableElts)) column(statement, as(element, 'ColumnDef'));
  if (statement.kind === 'AlterTableStmt')
    for (const command of list(statement.fields.cmds)) {
      const fields = as(command, 'AlterTableCmd') ?? {};
      if (fields.subtype === 'AT_AddColumn') column(statement, as(fields.def, 'ColumnDef'));
    }
  if (statement.kind === 'CreateFunctionStmt') definer(statement);
}

function column(statement: CheckedStatement, definition: Fields | null): void {
  if (!definition || !isObject(definition.typeName)) return;
  const type = strings(definition.typeName.names).at(-1) ?? '';
  const at = location(definition.typeName);
  if (at < 0) return;
  const constraints = list(definition.constraints).map((each) => as(each, 'Constraint') ?? {});
  const generates = constraints.some((each) => each.contype === 'CONSTR_IDENTITY');
  const key = constraints.some((each) => each.contype === 'CONSTR_PRIMARY');
  const range = statement.tokenRange(at);
  const said = choices[type];
  if (/^(small)?serial[24]?$/.test(type) || (generates && (type === 'int4' || type === 'int2')))
    statement.report(
      'small-key',
      'info',
      range,
      `A key of type ${type === 'int4' ? 'integer' : type} ends at ${/^(small|serial2|int2)/.test(type) ? '32,767' : '2,147,483,647'}`,
      'Changing it later writes the whole table anew, and every table that refers to it. bigint costs four bytes more a row, often none.',
      [
        {
          title: type.includes('serial') ? 'Write bigint identity' : 'Write bigint',
          edits: [replace(range, type.includes('serial') ? 'bigint generated always as identity' : 'bigint')],
        },
      ],
    );
  else if (/^big?serial8?$|^bigserial$|^serial8$/.test(type) && key)
    statement.report(
      'serial',
      'hint',
      range,
      'An identity column does what serial does, by the standard',
      'Its sequence belongs to the column: rights, copies of the table and dumps follow it.',
      [{ title: 'Write identity', edits: [replace(range, 'bigint generated always as identity')] }],
    );
  else if (said)
    statement.report(
      'type-choice',
      'hint',
      range,
      said.message,
      said.why,
      said.instead
        ? [
            {
              title: `Write ${said.instead}`,
              edits: [replace(said.whole ? typeRange(statement, at) : range, said.instead)],
            },
          ]
        : [],
    );
}

/** With its length in brackets. */
function typeRange(statement: CheckedStatement, at: number): { from: number; to: number } {
  const index = statement.tokenAt(at);
  const open = statement.word(index + 1) === '(' ? index + 1 : -1;
  const end = open < 0 ? index : statement.closing(open);
  return { from: at, to: statement.tokens[end]?.to ?? at };
}

const choices: Readonly<Record<string, { message: string; why: string; instead?: string; whole?: boolean }>> = {
  timestamp: {
    message: 'timestamp without time zone is no point in time',
    why: 'It is what a clock on some wall showed; which wall is not kept. timestamptz is a point in time, and just as small.',
    instead: 'timestamptz',
  },
  bpchar: {
    message: 'char(n) is filled up with blanks',
    why: 'It saves nothing over text, and blanks at the end are lost in comparisons.',
    instead: 'text',
    whole: true,
  },
  money: {
    message: 'money depends on a setting of the server',
    why: 'Its currency and decimals are those of lc_monetary, whatever they were when it was stored.',
    instead: 'numeric',
  },
  timetz: {
    message: 'A time with a zone but no date has no certain meaning',
    why: 'Whether summer time applies cannot be known.',
  },
  json: {
    message: 'json keeps the text and reads it again each time',
    why: 'jsonb is quicker to ask and can be indexed; it keeps neither the order of keys nor doubled ones.',
    instead: 'jsonb',
  },
};

/** Whoever may create in a schema of the search_path decides what the owner's function calls. */
function definer(statement: CheckedStatement): void {
  const options = list(statement.fields.options).map((each) => as(each, 'DefElem') ?? {});
  const security = options.find((option) => option.defname === 'security');
  if (!security || !has(security.arg, (kind, value) => kind === 'Boolean' && value.boolval === true)) return;
  const pinned = options.some(
    (option) => option.defname === 'set' && has(option.arg, (_, value) => text(value.name) === 'search_path'),
  );
  if (pinned) return;
  const at = statement.findWord(0, ['security']);
  const token = statement.tokens[at];
  const last = statement.tokens[at + 1];
  if (!token || !last) return;
  statement.report(
    'definer-search-path',
    'warning',
    { from: token.from, to: last.to },
    'SECURITY DEFINER without a search_path of its own',
    'It runs with its owner’s rights but looks names up along the caller’s search_path: the caller can put a function of his own in the way.',
    [
      {
        title: 'Set search_path',
        edits: [{ from: last.to, to: last.to, text: ' set search_path = pg_catalog, pg_temp' }],
      },
    ],
  );
}
