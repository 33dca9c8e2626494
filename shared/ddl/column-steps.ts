/** Columns: renamed, dropped, changed, added. */
import type { ColumnModel, TableModel } from '../api/structure.ts';
import { identifier, qualified, quoteNullable } from '../sql/quote.ts';
import { columnDefinition, identityWords } from './create-table.ts';
import { foreignOptionChanges, storageChanges } from './options.ts';
import { shortName } from './short-name.ts';
import { type Server, type Step, step } from './step.ts';
import { sameType, typeChange } from './type-change.ts';

/** What is wanted and cannot be had by ALTER; one sentence each. */
export type Problems = string[];

export function columnSteps(before: TableModel, after: TableModel, server: Server, problems: Problems): Step[] {
  const kept = new Set(after.columns.map(({ key }) => key));
  const steps = renames(before, after, kept);
  const alter = (action: string, extra: Partial<Step> = {}): Step => {
    const on = qualified(after.schema, after.name);
    return step(`${alterWords(after)} ${on} ${action}`, { lock: 'AccessExclusiveLock', on, ...extra });
  };
  for (const old of before.columns) {
    if (kept.has(old.key)) continue;
    const notes = ['The space is given back only when the table is rewritten.'];
    steps.push(alter(`DROP COLUMN ${identifier(old.name)}`, after.kind === 'foreignTable' ? {} : { notes }));
  }
  const there = new Map(before.columns.map((each) => [each.key, each]));
  // Before anything is done to the columns that it is generated from.
  for (const { key, name, generated } of after.columns)
    if (there.get(key)?.generated === 'stored' && generated === '')
      steps.push(alter(`ALTER COLUMN ${identifier(name)} DROP EXPRESSION`));
  for (const column of after.columns) {
    const old = there.get(column.key);
    if (old) steps.push(...changed(old, column, after, server, alter, problems));
    else steps.push(...added(column, after, alter));
  }
  return steps;
}

export const alterWords = ({ kind }: Pick<TableModel, 'kind'>): string =>
  kind === 'foreignTable' ? 'ALTER FOREIGN TABLE' : 'ALTER TABLE';

/** A name that is being given up by another column is free only after that one: the way round goes over a third name. */
function renames(before: TableModel, after: TableModel, kept: ReadonlySet<string>): Step[] {
  const on = qualified(after.schema, after.name);
  const now = new Map(before.columns.map(({ key, name }) => [key, name]));
  const rename = (from: string, to: string): Step =>
    step(`${alterWords(after)} ${on} RENAME COLUMN ${identifier(from)} TO ${identifier(to)}`, {
      lock: 'AccessExclusiveLock',
      on,
    });
  const steps: Step[] = [];
  const wanted = new Map(after.columns.filter(({ key }) => now.has(key)).map(({ key, name }) => [key, name]));
  const open = [...wanted].filter(([key, name]) => now.get(key) !== name);
  for (const [key, name] of open) {
    const from = now.get(key) as string;
    const holder = [...now].find(([other, held]) => other !== key && held === name)?.[0];
    if (holder !== undefined) {
      const aside = kept.has(holder) ? `${name}_was` : `${name}_dropped`;
      steps.push(rename(name, aside));
      now.set(holder, aside);
    }
    steps.push(rename(from, name));
    now.set(key, name);
  }
  // A column whose name was taken goes under the name it has been put aside by.
  for (const [at, old] of before.columns.entries()) {
    const name = now.get(old.key);
    if (!kept.has(old.key) && name !== undefined && name !== old.name) before.columns[at] = { ...old, name };
  }
  return steps;
}

type Alter = (action: string, extra?: Partial<Step>) => Step;

function added(column: ColumnModel, table: TableModel, alter: Alter): Step[] {
  const own = identifier(column.name);
  const steps = [addStep({ ...column, storage: null }, alter)];
  if (column.storage) steps.push(alter(`ALTER COLUMN ${own} SET STORAGE ${column.storage}`));
  if (column.statistics !== null) steps.push(statisticsStep(column, alter));
  steps.push(...optionSteps(null, column, alter));
  if (column.comment) steps.push(commentStep(column, table));
  return steps;
}

/** A default that is the same for all rows is kept beside the table; one that is not is worked out for every row. */
function addStep(column: ColumnModel, alter: Alter): Step {
  const text = `ADD COLUMN ${columnDefinition(column)}`;
  if (column.generated === 'virtual') return alter(text);
  if (column.generated === 'stored' || column.identity !== '')
    return alter(text, { work: 'rewrite', notes: ['Its value is worked out for every row that is there.'] });
  const { expression } = column;
  if (expression && mayDiffer(expression))
    return alter(text, {
      work: 'rewrite',
      notes: ['Its default may be another for every row, so that it is worked out for each that is there.'],
    });
  if (column.notNull && !expression)
    return alter(text, { notes: ['Without a default this fails where the table has rows.'] });
  return alter(text);
}

/** The functions that give one value within a transaction; any other call may give another for every row. */
const steady =
  /^(now|current_date|current_timestamp|localtimestamp|current_user|session_user|transaction_timestamp|statement_timestamp|current_setting|lower|upper|array|row|coalesce|make_date|to_date|to_timestamp|interval|numeric|varchar|char|character varying|timestamp|bit|decimal)$/i;
export function mayDiffer(expression: string): boolean {
  const bare = expression.replace(/'(?:[^']|'')*'/g, "''");
  return [...bare.matchAll(/([a-z_][\w$.]*)\s*\(/gi)].some(
    ([, name = '']) => !steady.test(name.replace(/^pg_catalog\./i, '')),
  );
}

function changed(
  old: ColumnModel,
  column: ColumnModel,
  table: TableModel,
  server: Server,
  alter: Alter,
  problems: Problems,
): Step[] {
  const own = identifier(column.name);
  const steps: Step[] = [];
  const set = (action: string, extra?: Partial<Step>) => steps.push(alter(`ALTER COLUMN ${own} ${action}`, extra));
  if (old.generated !== column.generated) {
    if (old.generated !== 'stored' || column.generated !== '')
      problems.push(
        `“${column.name}” cannot become ${column.generated === '' ? 'an ordinary' : 'a generated'} column: drop it and add it anew.`,
      );
  } else if (column.generated !== '' && old.expression !== column.expression) {
    if (server.major >= 17)
      set(`SET EXPRESSION AS (${column.expression ?? ''})`, column.generated === 'stored' ? { work: 'rewrite' } : {});
    else
      problems.push(
        `PostgreSQL ${server.major} cannot change what “${column.name}” is generated from: drop it and add it anew.`,
      );
  }
  const isPlain = column.generated === '' && old.generated === '';
  const newDefault = isPlain && (old.expression ?? '') !== (column.expression ?? '');
  const retyped = !sameType(old.type, column.type) || (old.collation ?? '') !== (column.collation ?? '');
  const inTheWay = retyped && isPlain && Boolean(old.expression) && typeChange(old.type, column.type) === 'rewrite';
  if (old.identity !== '' && column.identity === '') set('DROP IDENTITY');
  if ((newDefault && !column.expression && old.expression) || inTheWay) set('DROP DEFAULT');
  if (retyped) steps.push(typeStep(old, column, table, alter));
  if (column.expression && isPlain && (newDefault || inTheWay)) set(`SET DEFAULT ${column.expression}`);
  if (!old.notNull && column.notNull) steps.push(notNullStep(column, table, server, alter));
  if (old.identity === '' && column.identity !== '') set(`ADD GENERATED ${identityWords(column.identity)} AS IDENTITY`);
  else if (old.identity !== '' && column.identity !== '' && old.identity !== column.identity)
    set(`SET GENERATED ${identityWords(column.identity)}`);
  if (old.notNull && !column.notNull) set('DROP NOT NULL');
  if ((old.storage ?? '') !== (column.storage ?? ''))
    set(`SET STORAGE ${column.storage || usualStorage(column, server)}`, {
      notes: ['Only for what is written from now on.'],
    });
  if ((old.compression ?? '') !== (column.compression ?? ''))
    set(`SET COMPRESSION ${column.compression || 'default'}`, { notes: ['Only for what is written from now on.'] });
  if (old.statistics !== column.statistics) steps.push(statisticsStep(column, alter));
  steps.push(...optionSteps(old, column, alter));
  const foreign = foreignOptionChanges(old.foreignOptions, column.foreignOptions);
  if (foreign.length > 0) set(`OPTIONS (${foreign.join(', ')})`);
  if ((old.comment ?? '') !== (column.comment ?? '')) steps.push(commentStep(column, table));
  return steps;
}

/** `DEFAULT` is younger than the command. */
const usualStorage = ({ type }: ColumnModel, { major }: Server): string =>
  major >= 16 ? 'DEFAULT' : /^numeric/.test(type) ? 'MAIN' : 'EXTENDED';

const statisticsStep = (column: ColumnModel, alter: Alter): Step =>
  alter(`ALTER COLUMN ${identifier(column.name)} SET STATISTICS ${column.statistics ?? -1}`, {
    lock: 'ShareUpdateExclusiveLock',
    notes: ['From the next ANALYZE on.'],
  });
const optionSteps = (old: ColumnModel | null, { name, options }: ColumnModel, alter: Alter): Step[] =>
  storageChanges(old?.options ?? [], options).map((action) =>
    alter(`ALTER COLUMN ${identifier(name)} ${action}`, {
      lock: 'ShareUpdateExclusiveLock',
      notes: ['From the next ANALYZE on.'],
    }),
  );
function commentStep(column: ColumnModel, table: TableModel): Step {
  const on = qualified(table.schema, table.name);
  const target = `COLUMN ${on}.${identifier(column.name)}`;
  return step(`COMMENT ON ${target} IS ${quoteNullable(column.comment || null)}`, {
    lock: 'ShareUpdateExclusiveLock',
    on,
  });
}

function typeStep(old: ColumnModel, column: ColumnModel, { kind }: TableModel, alter: Alter): Step {
  const own = identifier(column.name);
  const collate = column.collation ? ` COLLATE ${column.collation}` : '';
  if (kind === 'foreignTable')
    return alter(`ALTER COLUMN ${own} TYPE ${column.type}${collate}`, {
      notes: ['Only what is said of it here: the other side has to give values of this type.'],
    });
  const sameBase = sameType(old.type, column.type);
  const work = sameBase ? 'index' : typeChange(old.type, column.type);
  // A cast that is not implicit has to be written out; where it is, writing it changes nothing.
  const using = column.using?.trim() || (work === 'rewrite' ? `${own}::${column.type}` : '');
  const notes = {
    rewrite: ['Every row is written anew, with all indexes; as much free space is needed meanwhile.'],
    index: ['Indexes on the column are built anew.'],
    catalog: ['The values can stay as they are.'],
  }[work];
  const zone = /timestamp/.test(old.type) && /timestamp/.test(column.type) && work === 'rewrite';
  return alter(`ALTER COLUMN ${own} TYPE ${column.type}${collate}${using === '' ? '' : ` USING ${using}`}`, {
    work,
    notes: [...notes, ...(zone ? ['Values are read in the time zone of the session that runs it.'] : [])],
  });
}

/** The server trusts a valid CHECK instead of reading the table; from 18 on NOT NULL itself can be NOT VALID. */
function notNullStep(column: ColumnModel, table: TableModel, { major }: Server, alter: Alter): Step {
  const own = identifier(column.name);
  const plain = alter(`ALTER COLUMN ${own} SET NOT NULL`, { work: 'scan' });
  if (table.kind === 'foreignTable') return { ...plain, work: 'catalog' };
  const why = 'The rows are checked while others read and write; the strong locks are held for moments only.';
  const validate = (name: string): Step =>
    alter(`VALIDATE CONSTRAINT ${name}`, {
      lock: 'ShareUpdateExclusiveLock',
      work: 'scan',
      alone: true,
      notes: ['A transaction of its own, so that the lock of the step before is given up first.'],
    });
  if (major >= 18) {
    const name = identifier(shortName(`${table.name}_${column.name}_not_null`));
    return {
      ...plain,
      safe: { why, steps: [alter(`ADD CONSTRAINT ${name} NOT NULL ${own} NOT VALID`), validate(name)] },
    };
  }
  const name = identifier(shortName(`${table.name}_${column.name}_is_set`));
  return {
    ...plain,
    safe: {
      why,
      steps: [
        alter(`ADD CONSTRAINT ${name} CHECK (${own} IS NOT NULL) NOT VALID`),
        validate(name),
        alter(`ALTER COLUMN ${own} SET NOT NULL`, { notes: ['Proven by the constraint, so that no row is read.'] }),
        alter(`DROP CONSTRAINT ${name}`),
      ],
    },
  };
}
