/** CREATE TABLE and everything that hangs on a table: sequences, constraints, indexes, triggers, rules, policies, statistics. */
import { identifier } from '../../../shared/sql/quote.ts';
import { type Asker, majorOf } from './asker.ts';
import { objectGrants } from './basics.sql.ts';
import {
  after,
  commentOn,
  create,
  type DdlPart,
  type DdlStyle,
  foreignOptions,
  grantsOn,
  nameOf,
  placed,
  staged,
  storageOptions,
} from './ddl-words.ts';
import { sequenceParts } from './sequence-ddl.ts';
import {
  type ColumnRow,
  type ConstraintRow,
  ddlColumns,
  ddlConstraints,
  ddlIndexes,
  ddlPolicies,
  ddlRules,
  ddlStatistics,
  ddlTable,
  ddlTriggers,
  type IndexRow,
  type NamedDefinition,
  type PolicyRow,
  type StatisticsRow,
  type TableRow,
} from './table-ddl.sql.ts';

/** Everything a table is, ready to be written. */
interface TableFacts {
  readonly table: TableRow;
  readonly name: string;
  readonly major: number;
  readonly style: DdlStyle;
  readonly columns: readonly ColumnRow[];
  readonly constraints: readonly ConstraintRow[];
}

/** DDL of a table, partitioned table or foreign table; null where it is gone. */
export async function tableDdl(asker: Asker, oid: number, style: DdlStyle = 'whole'): Promise<DdlPart[] | null> {
  const [table] = await asker.ask(ddlTable, [oid]);
  if (!table) return null;
  const [columns, constraints] = await Promise.all([asker.ask(ddlColumns, [oid]), asker.ask(ddlConstraints, [oid])]);
  const facts: TableFacts = {
    table,
    name: nameOf(table.schema, table.name),
    major: majorOf(asker),
    style,
    columns,
    constraints,
  };
  const serials = (await sequenceParts(asker, oid, 'ofTable')) ?? [];
  const target = `TABLE ${facts.name}`;
  return [
    ...serials.filter((part) => part.phase === 'create'),
    style === 'backup' ? placed(create(createTable(facts)), table.tablespace) : create(createTable(facts)),
    create(`ALTER ${table.relkind === 'f' ? 'FOREIGN ' : ''}${target} OWNER TO ${identifier(table.owner)};`),
    ...columns.flatMap((column) => columnParts(facts, column, oid)),
    ...constraints.flatMap((constraint) => constraintParts(facts, constraint)),
    ...(await asker.ask(ddlIndexes, [oid]))
      // One that could not be built there cannot be built over the same rows here.
      .filter(({ valid }) => valid || style === 'whole' || table.relkind === 'p')
      .map((index) => indexPart(index, style)),
    ...tableState(facts),
    ...attach(facts),
    // An identity's sequence belongs to the column from the start; a serial's is given to it once both are there.
    ...serials.filter((part) => part.phase === 'after').map((part) => create(part.sql)),
    ...commentOn(`${table.relkind === 'f' ? 'FOREIGN ' : ''}${target}`, table.comment).map((sql) => create(sql)),
    ...(await hangingParts(asker, oid, facts.name, table.relkind)),
    ...grantsOn(target, table.owner, await asker.ask(objectGrants, ['pg_class', oid])).map((sql) =>
      staged(create(sql), 'grants'),
    ),
  ];
}

/** Foreign keys are left for later, NOT VALID checks cannot stand inside CREATE TABLE (they would be believed). */
const isInline = (constraint: ConstraintRow, table: TableRow, style: DdlStyle): boolean =>
  constraint.contype !== 'f' &&
  (style === 'whole' || constraint.contype === 'c') &&
  // Inside CREATE TABLE a primary key gives inherited columns a NOT NULL of their own (18), added later it takes what is there.
  !(constraint.contype === 'p' && table.parents.length > 0 && !table.isPartition) &&
  (constraint.local || table.isPartition) &&
  (constraint.contype !== 'c' || constraint.validated || / NOT ENFORCED$/.test(constraint.definition));
const ownNotNull = (column: ColumnRow, table: TableRow): boolean =>
  column.notNull && column.notNullValid && (column.notNullLocal || table.isPartition);

function createTable({ table, name, major, style, columns, constraints }: TableFacts): string {
  const stands = (column: ColumnRow) => column.local || table.isPartition;
  const lines =
    table.ofType !== null
      ? columns.flatMap((column) => typedColumn(column, table))
      : columns.filter(stands).map((column) => columnLine(column, table, major));
  if (major >= 18 && table.ofType === null)
    for (const column of columns.filter((c) => !stands(c) && ownNotNull(c, table)))
      lines.push(notNullConstraint(column));
  for (const constraint of constraints.filter((c) => isInline(c, table, style)))
    lines.push(`CONSTRAINT ${identifier(constraint.name)} ${constraint.definition}`);
  const persistence = table.persistence === 'u' ? 'UNLOGGED ' : table.persistence === 't' ? 'TEMPORARY ' : '';
  const foreign = foreignOptions(table.foreignOptions);
  const list = lines.length > 0 ? ` (\n  ${lines.join(',\n  ')}\n)` : table.ofType === null ? ' ()' : '';
  const head = `CREATE ${persistence}${table.relkind === 'f' ? 'FOREIGN ' : ''}TABLE ${name}`;
  const options = [...storageOptions(table.options), ...storageOptions(table.toastOptions, 'toast.')];
  const tail = [
    table.parents.length > 0 && !table.isPartition ? `INHERITS (${table.parents.join(', ')})` : '',
    table.partitionKey === null ? '' : `PARTITION BY ${table.partitionKey}`,
    table.accessMethod === null || table.accessMethod === 'heap' ? '' : `USING ${identifier(table.accessMethod)}`,
    table.server === null ? '' : `SERVER ${identifier(table.server)}${foreign.clause}`,
    options.length > 0 ? `WITH (${options.join(', ')})` : '',
    table.tablespace === null || style === 'backup' ? '' : `TABLESPACE ${identifier(table.tablespace)}`,
  ].filter((clause) => clause !== '');
  const typed = table.ofType === null ? '' : ` OF ${table.ofType}`;
  return `${foreign.note}${head}${typed}${list}${tail.map((clause) => `\n${clause}`).join('')};`;
}

const notNullConstraint = (column: ColumnRow): string =>
  `CONSTRAINT ${identifier(column.notNullName ?? '')} NOT NULL ${identifier(column.name)}${column.notNullNoInherit ? ' NO INHERIT' : ''}`;

/** Default, generation, identity, NOT NULL: what may follow a column's type. */
function columnConstraints(column: ColumnRow, table: TableRow, major: number): string {
  const words: string[] = [];
  if (column.generated !== '')
    words.push(`GENERATED ALWAYS AS (${column.expression}) ${column.generated === 'v' ? 'VIRTUAL' : 'STORED'}`);
  else if (column.expression !== null) words.push(`DEFAULT ${column.expression}`);
  // Since 17 a partition has its parent's identity, and gets it by being attached.
  if (column.identity !== '' && !(table.isPartition && major >= 17)) {
    const options = !column.identityOptions ? '' : ` (${column.identityOptions})`;
    words.push(`GENERATED ${column.identity === 'a' ? 'ALWAYS' : 'BY DEFAULT'} AS IDENTITY${options}`);
  }
  if (ownNotNull(column, table)) {
    const usual = `${table.name}_${column.name}_not_null`;
    const named = column.notNullName !== null && (column.notNullName !== usual || usual.length > 63);
    words.push(
      `${named ? `CONSTRAINT ${identifier(column.notNullName ?? '')} ` : ''}NOT NULL${column.notNullNoInherit ? ' NO INHERIT' : ''}`,
    );
  }
  return words.map((word) => ` ${word}`).join('');
}
function columnLine(column: ColumnRow, table: TableRow, major: number): string {
  const options = foreignOptions(column.foreignOptions).clause;
  const collation = column.collation === null ? '' : ` COLLATE ${column.collation}`;
  return `${identifier(column.name)} ${column.type}${options}${collation}${columnConstraints(column, table, major)}`;
}
function typedColumn(column: ColumnRow, table: TableRow): string[] {
  const constraints = columnConstraints(column, table, 0);
  return constraints === '' ? [] : [`${identifier(column.name)} WITH OPTIONS${constraints}`];
}

/** What a column has that CREATE TABLE does not say. */
function columnParts({ table, name, major }: TableFacts, column: ColumnRow, oid: number): DdlPart[] {
  const alter = `ALTER ${table.relkind === 'f' ? 'FOREIGN ' : ''}TABLE ONLY ${name} ALTER COLUMN ${identifier(column.name)}`;
  const lines: string[] = [];
  const late: DdlPart[] = [];
  if (!column.local && !table.isPartition && table.ofType === null) {
    if (column.expression !== null && column.generated === '') lines.push(`${alter} SET DEFAULT ${column.expression};`);
    if (major < 18 && column.notNull) lines.push(`${alter} SET NOT NULL;`);
  }
  const of = `column:${oid}.${column.number}`;
  // Rows that are there may have none: it does not hold for those, and has to come after them.
  if (column.notNull && !column.notNullValid && column.notNullLocal)
    late.push(staged(create(`ALTER TABLE ${name} ADD ${notNullConstraint(column)} NOT VALID;`, of), 'state'));
  lines.push(...columnStorage(alter, column));
  lines.push(...commentOn(`COLUMN ${name}.${identifier(column.name)}`, column.comment));
  if (column.notNullLocal)
    late.push(
      ...commentOn(`CONSTRAINT ${identifier(column.notNullName ?? 'x')} ON ${name}`, column.notNullComment).map((sql) =>
        staged(create(sql, of), 'state'),
      ),
    );
  return [...lines.map((sql) => create(sql, of)), ...late];
}
/** Storage, compression, statistics target and options of a column, for tables and materialized views alike. */
export function columnStorage(alter: string, column: ColumnRow): string[] {
  const lines: string[] = [];
  if (column.storage !== null) lines.push(`${alter} SET STORAGE ${column.storage};`);
  if (column.compression !== null) lines.push(`${alter} SET COMPRESSION ${column.compression};`);
  if (column.statisticsTarget !== null) lines.push(`${alter} SET STATISTICS ${column.statisticsTarget};`);
  if (column.options !== null) lines.push(`${alter} SET (${storageOptions(column.options).join(', ')});`);
  return lines;
}

function constraintParts({ table, name, style }: TableFacts, constraint: ConstraintRow): DdlPart[] {
  const of = `constraint:${constraint.oid}`;
  const parts: DdlPart[] = [];
  const alter = `ALTER ${table.relkind === 'f' ? 'FOREIGN ' : ''}TABLE ${table.relkind === 'r' && constraint.contype === 'f' ? 'ONLY ' : ''}${name}`;
  const add = `${alter} ADD CONSTRAINT ${identifier(constraint.name)} ${constraint.definition};`;
  const made = (sql: string): DdlPart => staged(create(sql, of), 'index');
  if (constraint.contype === 'f') {
    if (!constraint.ofParent) parts.push(after(add, of));
  } else if (!isInline(constraint, table, style) && (constraint.local || (style === 'backup' && table.isPartition)))
    parts.push(style === 'backup' ? placed(made(add), constraint.indexTablespace) : made(add));
  // A child that was made later has the parent's check for all its rows; added to the parent again, it would not.
  else if (style === 'backup' && constraint.contype === 'c' && constraint.validated && constraint.parentNotValid)
    parts.push(staged(create(`${alter} VALIDATE CONSTRAINT ${identifier(constraint.name)};`), 'state'));
  const options = storageOptions(constraint.indexOptions);
  if (options.length > 0) parts.push(made(`ALTER INDEX ${constraint.index} SET (${options.join(', ')});`));
  if (constraint.indexTablespace !== null && style === 'whole')
    parts.push(made(`ALTER INDEX ${constraint.index} SET TABLESPACE ${identifier(constraint.indexTablespace)};`));
  for (const sql of commentOn(`INDEX ${constraint.index}`, constraint.indexComment)) parts.push(made(sql));
  const comment = commentOn(`CONSTRAINT ${identifier(constraint.name)} ON ${name}`, constraint.comment);
  return [...parts, ...comment.map((sql) => (constraint.contype === 'f' ? after(sql, of) : made(sql)))];
}

/** CREATE INDEX with what it cannot say itself. */
export function indexPart(index: IndexRow, style: DdlStyle): DdlPart {
  const lines = [`${index.definition};`];
  if (!index.valid)
    lines.unshift('-- This index is not valid on the server it was read from: queries do not use it there.');
  if (index.tablespace !== null && style === 'whole')
    lines.push(`ALTER INDEX ${index.name} SET TABLESPACE ${identifier(index.tablespace)};`);
  for (const statistics of index.statistics) {
    const [number, target] = statistics.split(' ');
    lines.push(`ALTER INDEX ${index.name} ALTER COLUMN ${number} SET STATISTICS ${target};`);
  }
  lines.push(...commentOn(`INDEX ${index.name}`, index.comment));
  const part = staged(create(lines.join('\n'), `index:${index.oid}`), 'index');
  return style === 'backup' ? placed(part, index.tablespace) : part;
}

/** Row security, replica identity, clustering. */
function tableState({ table, name }: TableFacts): DdlPart[] {
  const lines: string[] = [];
  if (table.rowSecurity) lines.push(`ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY;`);
  if (table.forceRowSecurity) lines.push(`ALTER TABLE ${name} FORCE ROW LEVEL SECURITY;`);
  if (table.replicaIdentity === 'f') lines.push(`ALTER TABLE ONLY ${name} REPLICA IDENTITY FULL;`);
  if (table.replicaIdentity === 'n' && table.relkind !== 'f')
    lines.push(`ALTER TABLE ONLY ${name} REPLICA IDENTITY NOTHING;`);
  if (table.replicaIdentity === 'i' && table.replicaIndex !== null)
    lines.push(`ALTER TABLE ONLY ${name} REPLICA IDENTITY USING INDEX ${identifier(table.replicaIndex)};`);
  if (table.clusterIndex !== null) lines.push(`ALTER TABLE ${name} CLUSTER ON ${identifier(table.clusterIndex)};`);
  return lines.map((sql) => staged(create(sql), 'state'));
}

/** A partition is made as a table and attached last, so that its own indexes and constraints keep their names. */
function attach({ table, name }: TableFacts): DdlPart[] {
  const [parent] = table.parents;
  if (!table.isPartition || parent === undefined) return [];
  return [staged(create(`ALTER TABLE ONLY ${parent} ATTACH PARTITION ${name} ${table.partitionBound};`), 'attach')];
}

const stateWord: Readonly<Record<string, string>> = { D: 'DISABLE', R: 'ENABLE REPLICA', A: 'ENABLE ALWAYS' };
const stateOf = (
  table: string,
  what: 'TRIGGER' | 'RULE',
  { name, enabled }: NamedDefinition,
  foreign: boolean,
): string[] => {
  const word = stateWord[enabled] ?? (what === 'TRIGGER' ? 'ENABLE' : 'ENABLE');
  return [`ALTER ${foreign ? 'FOREIGN ' : ''}TABLE ${table} ${word} ${what} ${identifier(name)};`];
};

/** Triggers, rules, policies and statistics of a table or view. */
export async function hangingParts(asker: Asker, oid: number, name: string, relkind: string): Promise<DdlPart[]> {
  const parts: DdlPart[] = [];
  for (const trigger of await asker.ask(ddlTriggers, [oid])) {
    const lines = trigger.ofParent ? [] : [`${trigger.definition};`];
    if (trigger.ofParent ? !trigger.sameState : trigger.enabled !== 'O')
      lines.push(...stateOf(name, 'TRIGGER', trigger, relkind === 'f'));
    if (!trigger.ofParent) lines.push(...commentOn(`TRIGGER ${identifier(trigger.name)} ON ${name}`, trigger.comment));
    if (lines.length > 0) parts.push(after(lines.join('\n'), `trigger:${trigger.oid}`));
  }
  for (const rule of await asker.ask(ddlRules, [oid])) {
    const state = rule.enabled === 'O' ? [] : stateOf(name, 'RULE', rule, false);
    const lines = [rule.definition, ...state, ...commentOn(`RULE ${identifier(rule.name)} ON ${name}`, rule.comment)];
    parts.push(after(lines.join('\n'), `rule:${rule.oid}`));
  }
  for (const policy of await asker.ask(ddlPolicies, [oid])) parts.push(policyPart(policy, name));
  for (const statistics of await asker.ask(ddlStatistics, [oid])) parts.push(statisticsPart(statistics));
  return parts;
}
function policyPart(policy: PolicyRow, table: string): DdlPart {
  const clauses = [
    `CREATE POLICY ${identifier(policy.name)} ON ${table}`,
    policy.permissive ? '' : 'AS RESTRICTIVE',
    policy.command === 'ALL' ? '' : `FOR ${policy.command}`,
    policy.roles === null ? '' : `TO ${policy.roles.join(', ')}`,
    policy.using === null ? '' : `USING (${policy.using})`,
    policy.check === null ? '' : `WITH CHECK (${policy.check})`,
  ].filter((clause) => clause !== '');
  const comment = commentOn(`POLICY ${identifier(policy.name)} ON ${table}`, policy.comment);
  return after([`${clauses.join('\n  ')};`, ...comment].join('\n'), `policy:${policy.oid}`);
}
export function statisticsPart(statistics: StatisticsRow): DdlPart {
  const { name, definition, target, owner, tableOwner, comment } = statistics;
  const lines = [`${definition};`];
  if (target !== null) lines.push(`ALTER STATISTICS ${name} SET STATISTICS ${target};`);
  if (owner !== tableOwner) lines.push(`ALTER STATISTICS ${name} OWNER TO ${identifier(owner)};`);
  lines.push(...commentOn(`STATISTICS ${name}`, comment));
  return after(lines.join('\n'), `statistics:${statistics.oid}`);
}
