/** From a table as it is to the table that is wanted: the steps, or what cannot be had. */
import type { TableModel } from '../api/structure.ts';
import { identifier, qualified, quoteNullable } from '../sql/quote.ts';
import { alterWords, columnSteps, type Problems } from './column-steps.ts';
import { constraintSteps } from './constraint-steps.ts';
import { createTable } from './create-table.ts';
import { indexSteps } from './index-steps.ts';
import { foreignOptionChanges, storageChanges } from './options.ts';
import { readBound } from './partition-bound.ts';
import { partitionSteps } from './partition-steps.ts';
import { type Server, type Step, step } from './step.ts';

export interface Change {
  readonly steps: readonly Step[];
  /** What is missing, or cannot be done; nothing should be run while there are any. */
  readonly problems: readonly string[];
}

/** @param before null: it is made */
export function tableSteps(before: TableModel | null, after: TableModel, server: Server): Change {
  const problems: Problems = missing(after, before);
  if (problems.length > 0) return { steps: [], problems };
  if (before === null) return { steps: createTable(after), problems };
  // The diff works on copies: names change on the way.
  const was: TableModel = { ...before, columns: [...before.columns] };
  const place = placeSteps(was, after);
  const columnsStay = columnShapes(was) === columnShapes(after);
  const indexes = indexSteps(was, after, server.major, columnsStay);
  const constraints = constraintSteps(was, after, server.major, columnsStay);
  const columns = columnSteps(was, after, server, problems);
  const partitions = partitionSteps(was, after, server);
  const steps = [
    ...place,
    ...partitions.drops,
    ...constraints.drops,
    ...indexes.drops,
    ...columns,
    ...constraints.rest,
    ...indexes.rest,
    ...partitions.rest,
    ...propertySteps(was, after),
  ];
  return { steps: after.kind === 'foreignTable' ? steps.map(elsewhere) : together(steps), problems };
}

/** The rows of a foreign table are elsewhere: none is read or written here, whatever is changed. */
const elsewhere = ({ safe: _, ...each }: Step): Step =>
  each.work === 'catalog' ? each : { ...each, work: 'catalog', notes: [] };

/** What constraints and indexes are built over: all of the columns but what is said of them. */
const columnShapes = ({ columns }: TableModel): string =>
  JSON.stringify(columns.map((column) => ({ ...column, comment: null })));

function missing(table: TableModel, before: TableModel | null): Problems {
  const problems: Problems = [];
  if (table.schema === '') problems.push('Choose a schema.');
  if (table.name === '') problems.push('Give the table a name.');
  const seen = new Set<string>();
  for (const column of table.columns) {
    if (column.name === '') problems.push('A column has no name.');
    else if (seen.has(column.name)) problems.push(`Two columns are called “${column.name}”.`);
    if (column.type.trim() === '') problems.push(`“${column.name}” has no type.`);
    if (column.generated !== '' && !column.expression) problems.push(`Say what “${column.name}” is generated from.`);
    seen.add(column.name);
  }
  for (const constraint of table.constraints)
    if (constraint.definition.trim() === '') problems.push(`Constraint “${constraint.name}” says nothing yet.`);
  for (const index of table.indexes)
    if (index.definition.trim() === '') problems.push(`Index “${index.name}” has no columns yet.`);
  for (const { name, bound, state } of table.partitions) {
    if (state === 'there') continue;
    if (name === '') problems.push('A partition has no name.');
    else if (readBound(bound) === null) problems.push(`Say which rows partition “${name}” holds.`);
  }
  if (before === null && table.kind === 'foreignTable' && !table.server) problems.push('Choose a foreign server.');
  if (before === null && table.kind === 'partitionedTable' && !table.partitionBy)
    problems.push('Say by what the table is partitioned.');
  return problems;
}

/** Schema and name first: everything after uses the new ones. */
function placeSteps(before: TableModel, after: TableModel): Step[] {
  const steps: Step[] = [];
  const lock = 'AccessExclusiveLock' as const;
  const notes = ['Views and foreign keys follow; statements and functions that name it by text do not.'];
  let at = qualified(before.schema, before.name);
  if (before.schema !== after.schema) {
    steps.push(step(`${alterWords(before)} ${at} SET SCHEMA ${identifier(after.schema)}`, { lock, on: at, notes }));
    at = qualified(after.schema, before.name);
  }
  if (before.name !== after.name)
    steps.push(step(`${alterWords(before)} ${at} RENAME TO ${identifier(after.name)}`, { lock, on: at, notes }));
  return steps;
}

function propertySteps(before: TableModel, after: TableModel): Step[] {
  const on = qualified(after.schema, after.name);
  const steps: Step[] = [];
  const alter = (action: string, extra: Partial<Step> = {}) =>
    steps.push(step(`${alterWords(after)} ${on} ${action}`, { lock: 'AccessExclusiveLock', on, ...extra }));
  const copied = { work: 'rewrite' as const };
  if (before.unlogged !== after.unlogged)
    alter(after.unlogged ? 'SET UNLOGGED' : 'SET LOGGED', {
      ...copied,
      notes: after.unlogged ? ['An unlogged table is emptied by a crash, and is not on standbys.'] : [],
    });
  if ((before.tablespace ?? '') !== (after.tablespace ?? ''))
    alter(`SET TABLESPACE ${identifier(after.tablespace || 'pg_default')}`, {
      ...copied,
      notes: ['The table’s files are copied; its indexes stay where they are.'],
    });
  options(before, after, alter);
  if (before.rowSecurity !== after.rowSecurity)
    alter(`${after.rowSecurity ? 'ENABLE' : 'DISABLE'} ROW LEVEL SECURITY`, {
      notes: after.rowSecurity ? ['Without a policy that lets them, nobody but the owner sees a row.'] : [],
    });
  if (before.forceRowSecurity !== after.forceRowSecurity)
    alter(`${after.forceRowSecurity ? '' : 'NO '}FORCE ROW LEVEL SECURITY`);
  if ((before.comment ?? '') !== (after.comment ?? '')) {
    const what = after.kind === 'foreignTable' ? 'FOREIGN TABLE' : 'TABLE';
    const sql = `COMMENT ON ${what} ${on} IS ${quoteNullable(after.comment || null)}`;
    steps.push(step(sql, { lock: 'ShareUpdateExclusiveLock', on }));
  }
  // Last: whoever gives it away may not be allowed to change it any more.
  if (after.owner !== '' && before.owner !== after.owner) alter(`OWNER TO ${identifier(after.owner)}`);
  return steps;
}

function options(before: TableModel, after: TableModel, alter: (action: string, extra?: Partial<Step>) => void): void {
  if (after.kind === 'foreignTable') {
    const words = foreignOptionChanges(before.foreignOptions, after.foreignOptions);
    if (words.length > 0) alter(`OPTIONS (${words.join(', ')})`);
    return;
  }
  for (const action of storageChanges(before.options, after.options))
    alter(action, { lock: 'ShareUpdateExclusiveLock' });
}

/** Changes of one table that rewrite it are made in one pass, by one statement. */
function together(steps: readonly Step[]): Step[] {
  const done: Step[] = [];
  const prefix = (each: Step) => /^ALTER TABLE .*? (?=(?:ALTER|ADD) COLUMN )/s.exec(each.sql)?.[0];
  for (const each of steps) {
    const last = done.at(-1);
    const own = each.work === 'rewrite' ? prefix(each) : undefined;
    if (
      last &&
      own &&
      last.work === 'rewrite' &&
      last.on === each.on &&
      last.sql.startsWith(own) &&
      prefix(last) === own
    ) {
      const sql = `${last.sql},\n  ${each.sql.slice(own.length)}`;
      done[done.length - 1] = { ...last, sql, notes: [...new Set([...last.notes, ...each.notes])] };
    } else done.push(each);
  }
  return done;
}
