/** ALTER TABLE: what it locks, whether it reads or rewrites the table, by version, and the way around. See lock-rules.ts. */
import type { Relation } from '../../complete/catalog.ts';
import { qualified } from '../../sql/quote.ts';
import type { Fix } from '../problem.ts';
import { type CheckedStatement, insertAt, replace } from '../statement.ts';
import { as, type Fields, functionName, has, isObject, list, location, strings, text } from '../tree.ts';
import { lockTimeout, major, standing, weight } from './locks.ts';

export function alterTable(statement: CheckedStatement, fields: Fields): void {
  const relation = standing(statement, fields.relation);
  if (!relation) return;
  const commands = list(fields.cmds).map((each) => as(each, 'AlterTableCmd') ?? {});
  for (const command of commands) alterCommand(statement, relation, command, commands.length === 1);
}

interface Said {
  readonly rule: string;
  readonly range: { readonly from: number; readonly to: number };
  readonly message: string;
  readonly explanation: string;
  readonly fixes?: readonly (Fix | null)[];
}

function alterCommand(statement: CheckedStatement, relation: Relation, command: Fields, only: boolean): void {
  const said =
    command.subtype === 'AT_AddConstraint'
      ? addConstraint(statement, relation, as(command.def, 'Constraint') ?? {}, only)
      : command.subtype === 'AT_AddColumn'
        ? addColumn(statement, relation, as(command.def, 'ColumnDef') ?? {})
        : command.subtype === 'AT_AlterColumnType'
          ? alterType(statement, relation, text(command.name), as(command.def, 'ColumnDef') ?? {})
          : command.subtype === 'AT_SetNotNull'
            ? setNotNull(statement, relation, text(command.name), only)
            : otherCommand(statement, relation, command);
  if (!said) return;
  statement.report(said.rule, weight(relation), said.range, said.message, said.explanation, [
    ...(said.fixes ?? []),
    lockTimeout(statement),
  ]);
}

const tableName = ({ schema, name }: Relation): string => qualified(schema, name);

function addConstraint(
  statement: CheckedStatement,
  relation: Relation,
  constraint: Fields,
  only: boolean,
): Said | null {
  const kind = text(constraint.contype);
  const at = statement.tokenAt(location(constraint));
  const token = statement.tokens[at];
  if (!token || constraint.skip_validation === true) return null;
  const range = { from: token.from, to: statement.tokens[at + 2]?.to ?? token.to };
  const name = text(constraint.conname);
  const later = (): Fix[] =>
    only && name !== ''
      ? [
          {
            title: 'Add it NOT VALID, validate after',
            edits: [
              insertAt(
                statement.end,
                ` not valid;\nalter table ${tableName(relation)} validate constraint ${qualified(name)}`,
              ),
            ],
          },
        ]
      : [];
  if (kind === 'CONSTR_FOREIGN')
    return {
      rule: 'add-foreign-key-lock',
      range,
      message: `Nobody can write to ${relation.name} or the table it refers to while every row is checked (SHARE ROW EXCLUSIVE)`,
      explanation:
        'NOT VALID adds it at once for new rows; VALIDATE CONSTRAINT then checks the old ones and lets others write.',
      fixes: later(),
    };
  if (kind === 'CONSTR_CHECK' || (kind === 'CONSTR_NOTNULL' && major(statement) >= 18))
    return {
      rule: 'add-check-lock',
      range,
      message: `Nobody can even read ${relation.name} while every row is checked (ACCESS EXCLUSIVE)`,
      explanation:
        'NOT VALID adds it at once for new rows; VALIDATE CONSTRAINT then checks the old ones and lets others read and write.',
      fixes: later(),
    };
  if (
    (kind === 'CONSTR_UNIQUE' || kind === 'CONSTR_PRIMARY' || kind === 'CONSTR_EXCLUSION') &&
    text(constraint.indexname) === ''
  )
    return addUnique(statement, relation, constraint, range, only);
  return null;
}

function addUnique(
  statement: CheckedStatement,
  relation: Relation,
  constraint: Fields,
  range: Said['range'],
  only: boolean,
): Said {
  const kind = text(constraint.contype);
  const word = kind === 'CONSTR_PRIMARY' ? 'primary key' : 'unique';
  const columns = strings(constraint.keys);
  const name =
    text(constraint.conname) || `${relation.name}_${kind === 'CONSTR_PRIMARY' ? 'pkey' : `${columns.join('_')}_key`}`;
  const first = statement.tokens[0];
  const fix: Fix[] =
    only &&
    first &&
    columns.length > 0 &&
    kind !== 'CONSTR_EXCLUSION' &&
    relation.kind === 'table' &&
    !statement.script.inTransaction
      ? [
          {
            title: 'Build the index CONCURRENTLY first',
            edits: [
              replace(
                { from: first.from, to: statement.end },
                `create unique index concurrently ${qualified(name)} on ${tableName(relation)} (${columns.map((column) => qualified(column)).join(', ')});\n` +
                  `alter table ${tableName(relation)} add constraint ${qualified(name)} ${word} using index ${qualified(name)}`,
              ),
            ],
          },
        ]
      : [];
  return {
    rule: 'add-unique-lock',
    range,
    message: `Nobody can even read ${relation.name} while the index is built (ACCESS EXCLUSIVE)`,
    explanation:
      kind === 'CONSTR_EXCLUSION'
        ? 'It cannot be built CONCURRENTLY: choose a quiet hour.'
        : 'Build a unique index CONCURRENTLY, then add the constraint USING INDEX, which takes a moment.',
    fixes: fix,
  };
}

/** Evaluated once for all rows (stable, immutable) or for each (volatile): only the latter rewrites, since 11. */
const volatileFunctions = new Set([
  'random',
  'clock_timestamp',
  'timeofday',
  'gen_random_uuid',
  'uuid_generate_v4',
  'uuidv4',
  'uuidv7',
  'nextval',
  'gen_random_bytes',
  'random_normal',
  'uuid_generate_v1',
]);

function addColumn(statement: CheckedStatement, relation: Relation, definition: Fields): Said | null {
  const constraints = list(definition.constraints).map((each) => as(each, 'Constraint') ?? {});
  const type = isObject(definition.typeName) ? (strings(definition.typeName.names).at(-1) ?? '') : '';
  const serial = /^(small|big)?serial\d?$/.test(type);
  const fills = constraints.find((each) => {
    if (each.contype === 'CONSTR_DEFAULT')
      return has(each.raw_expr, (kind, call) => kind === 'FuncCall' && volatileFunctions.has(functionName(call)));
    if (each.contype === 'CONSTR_IDENTITY') return true;
    return each.contype === 'CONSTR_GENERATED' && each.generated_kind !== 'v';
  });
  if (!fills && !serial) return null;
  const what = serial
    ? 'serial'
    : fills?.contype === 'CONSTR_IDENTITY'
      ? 'an identity'
      : fills?.contype === 'CONSTR_GENERATED'
        ? 'a stored generated column'
        : 'a default that differs from row to row';
  return {
    rule: 'rewrite-lock',
    range: statement.tokenRange(location(definition)),
    message: `${what.charAt(0).toUpperCase()}${what.slice(1)} writes all of ${relation.name} anew; until it has, nobody can even read it (ACCESS EXCLUSIVE)`,
    explanation:
      'Add the column without it, set the default for new rows, and fill the old rows in batches. A constant default costs nothing.',
  };
}

function alterType(statement: CheckedStatement, relation: Relation, name: string, definition: Fields): Said | null {
  const column = relation.columns.find((each) => each.name === name);
  const typeName = isObject(definition.typeName) ? definition.typeName : {};
  const to = strings(typeName.names).at(-1) ?? '';
  if (
    column &&
    definition.raw_default === undefined &&
    keepsRows(
      column.type,
      to,
      list(typeName.typmods).map((each) => numberOf(each)),
    )
  )
    return null;
  return {
    rule: 'rewrite-lock',
    range: statement.tokenRange(location(typeName)),
    message: `A change of type writes all of ${relation.name} and its indexes anew; until it has, nobody can even read it (ACCESS EXCLUSIVE)`,
    explanation: 'Add a column of the new type, keep it in step by a trigger, fill it in batches, then swap the names.',
  };
}

const numberOf = (node: unknown): number => {
  const value = as(node, 'A_Const')?.ival;
  return isObject(value) && typeof value.ival === 'number' ? value.ival : 0;
};

/** Changes of type that leave the rows as they are: longer varchar, varchar to text, a wider numeric of the same scale. */
export function keepsRows(from: string, to: string, typmods: readonly number[]): boolean {
  const [, base = '', , first, second] =
    /^([a-z ]+?)(\((\d+)(?:,(\d+))?\))?( with(?:out)? time zone)?$/.exec(from) ?? [];
  const length = first === undefined ? null : Number(first);
  if (base === 'character varying') {
    if (to === 'text') return true;
    return to === 'varchar' && (typmods[0] === undefined || (length !== null && typmods[0] >= length));
  }
  if (base === 'text') return to === 'text' || (to === 'varchar' && typmods.length === 0);
  if (base === 'numeric' && to === 'numeric') {
    if (typmods.length === 0) return true;
    return length !== null && (typmods[0] ?? 0) >= length && (typmods[1] ?? 0) === Number(second ?? 0);
  }
  if (base === 'cidr' && to === 'inet') return true;
  const same: Readonly<Record<string, string>> = {
    integer: 'int4',
    bigint: 'int8',
    smallint: 'int2',
    boolean: 'bool',
    'double precision': 'float8',
    real: 'float4',
  };
  return base === to || same[base] === to;
}

function setNotNull(statement: CheckedStatement, relation: Relation, name: string, only: boolean): Said | null {
  if (relation.columns.find((column) => column.name === name)?.notNull) return null;
  const at = statement.findWord(0, ['set']);
  const token = statement.tokens[at];
  const first = statement.tokens[0];
  if (!token || !first) return null;
  const constraint = qualified(`${relation.name}_${name}_not_null`);
  const table = tableName(relation);
  const column = qualified(name);
  const text18 = `alter table ${table} add constraint ${constraint} not null ${column} not valid;\nalter table ${table} validate constraint ${constraint}`;
  const textOld =
    `alter table ${table} add constraint ${constraint} check (${column} is not null) not valid;\n` +
    `alter table ${table} validate constraint ${constraint};\nalter table ${table} alter column ${column} set not null;\nalter table ${table} drop constraint ${constraint}`;
  const range = { from: first.from, to: statement.end };
  return {
    rule: 'set-not-null-lock',
    range: { from: token.from, to: statement.tokens[at + 2]?.to ?? token.to },
    message: `Nobody can even read ${relation.name} while every row is checked (ACCESS EXCLUSIVE)`,
    explanation:
      major(statement) >= 18
        ? 'From 18 on NOT NULL can be added NOT VALID and validated while others work.'
        : 'A valid CHECK (… IS NOT NULL) spares the look at the rows: add it NOT VALID, validate it, then set NOT NULL.',
    fixes: only
      ? [{ title: 'Do it without blocking', edits: [replace(range, major(statement) >= 18 ? text18 : textOld)] }]
      : [],
  };
}

const others: Readonly<Record<string, string>> = {
  AT_SetLogged: 'SET LOGGED',
  AT_SetUnLogged: 'SET UNLOGGED',
  AT_SetTableSpace: 'SET TABLESPACE',
  AT_SetAccessMethod: 'SET ACCESS METHOD',
};

function otherCommand(statement: CheckedStatement, relation: Relation, command: Fields): Said | null {
  const what = others[text(command.subtype)];
  if (what !== undefined) {
    const at = statement.findWord(0, ['set']);
    const token = statement.tokens[at];
    if (!token) return null;
    return {
      rule: 'rewrite-lock',
      range: { from: token.from, to: statement.tokens[at + 1]?.to ?? token.to },
      message: `${what} writes all of ${relation.name} anew; until it has, nobody can even read it (ACCESS EXCLUSIVE)`,
      explanation: 'Choose a quiet hour, and give up early if the lock is not free.',
    };
  }
  const detach = as(command.def, 'PartitionCmd');
  if (command.subtype === 'AT_DetachPartition' && detach && detach.concurrent !== true && major(statement) >= 14) {
    const at = statement.findWord(0, ['detach']);
    const token = statement.tokens[at];
    if (!token) return null;
    return {
      rule: 'detach-lock',
      range: { from: token.from, to: statement.tokens[at + 1]?.to ?? token.to },
      message: `DETACH PARTITION waits for every query on ${relation.name}, and all others wait behind it (ACCESS EXCLUSIVE)`,
      explanation:
        'CONCURRENTLY (from 14 on) lets them go on; it cannot run inside a transaction or with a default partition.',
      fixes: statement.script.inTransaction
        ? []
        : [{ title: 'Write CONCURRENTLY', edits: [insertAt(statement.end, ' concurrently')] }],
    };
  }
  return null;
}
