/** Indexes: made, changed, replaced, dropped, renamed, remarked on. */
import type { IndexModel, TableModel } from '../api/structure.ts';
import { identifier, qualified, quoteNullable } from '../sql/quote.ts';
import { optionPairs, optionWords } from './options.ts';
import { shortName } from './short-name.ts';
import { type Step, step } from './step.ts';

/** What an index is on; a materialized view is like a table to it. */
type Indexed = Pick<TableModel, 'kind' | 'schema' | 'name'>;

/** `CREATE INDEX`; on a table that is there, with the way that lets others write. */
export function indexStep(table: Indexed, index: IndexModel, exists: boolean): Step {
  const on = qualified(table.schema, table.name);
  const text = (concurrently: string) =>
    `CREATE ${index.unique ? 'UNIQUE ' : ''}INDEX ${concurrently}${index.name === '' ? '' : `${identifier(index.name)} `}ON ${on} ${withOptions(index)}`;
  if (!exists) return step(text(''));
  const plain = step(text(''), { lock: 'ShareLock', on, work: 'index' });
  // Without a name nobody could find what a failed attempt leaves; a partitioned table takes no CONCURRENTLY.
  if (index.name === '' || table.kind !== 'table') return plain;
  return {
    ...plain,
    safe: {
      why: 'Rows can be written while the index is built. It takes two passes, and waits for transactions that are older.',
      steps: [
        step(text('CONCURRENTLY '), {
          lock: 'ShareUpdateExclusiveLock',
          on,
          work: 'index',
          alone: true,
          builds: { schema: table.schema, name: index.name },
          notes: ['Cannot be part of a transaction. If it fails, the invalid index that it leaves is dropped again.'],
        }),
      ],
    },
  };
}

/** WITH and TABLESPACE stand before WHERE. */
function withOptions({ definition, options, tablespace }: IndexModel): string {
  const words = optionPairs(options).map(optionWords);
  const extra = [
    ...(words.length > 0 ? [`WITH (${words.join(', ')})`] : []),
    ...(tablespace ? [`TABLESPACE ${identifier(tablespace)}`] : []),
  ].join(' ');
  if (extra === '') return definition;
  const where = whereOf(definition);
  return where < 0 ? `${definition} ${extra}` : `${definition.slice(0, where)}${extra} ${definition.slice(where)}`;
}
/** Where the predicate begins: the first WHERE outside of quotes and brackets; -1 for none. */
function whereOf(definition: string): number {
  let depth = 0;
  let quote = '';
  for (let at = 0; at < definition.length; at++) {
    const letter = definition[at] ?? '';
    if (quote !== '') quote = letter === quote ? '' : quote;
    else if (letter === "'" || letter === '"') quote = letter;
    else if (letter === '(') depth++;
    else if (letter === ')') depth--;
    else if (depth === 0 && /^WHERE\b/i.test(definition.slice(at)) && /\s/.test(definition[at - 1] ?? '')) return at;
  }
  return -1;
}

export function dropIndexStep(table: Indexed, index: IndexModel): Step {
  const on = qualified(table.schema, table.name);
  const own = qualified(table.schema, index.name);
  const plain = step(`DROP INDEX ${own}`, { lock: 'AccessExclusiveLock', on });
  if (table.kind !== 'table') return plain;
  return {
    ...plain,
    safe: {
      why: 'Queries that use the table need not stop for it.',
      steps: [
        step(`DROP INDEX CONCURRENTLY ${own}`, {
          lock: 'ShareUpdateExclusiveLock',
          on,
          alone: true,
          notes: ['Cannot be part of a transaction.'],
        }),
      ],
    },
  };
}

/** From the indexes as they are to those that are wanted. @param columnsStay false: what is over old columns goes before them */
export function indexSteps(
  before: TableModel,
  after: TableModel,
  major: number,
  columnsStay: boolean,
): { drops: Step[]; rest: Step[] } {
  const drops: Step[] = [];
  const rest: Step[] = [];
  const wanted = new Map(after.indexes.map((each) => [each.key, each]));
  const there = new Map(before.indexes.map((each) => [each.key, each]));
  const replaces = (old: IndexModel, now: IndexModel) => columnsStay && old.name !== '' && !sameIndex(old, now);
  for (const old of before.indexes) {
    const now = wanted.get(old.key);
    if (!now || (!sameIndex(old, now) && !replaces(old, now))) drops.push(dropIndexStep(after, old));
  }
  for (const index of after.indexes) {
    const old = there.get(index.key);
    const isSame = old !== undefined && sameIndex(old, index);
    if (!old) rest.push(indexStep(after, index, true));
    else if (isSame) rest.push(...changed(after, old, index, major));
    else if (replaces(old, index)) rest.push(...replaced(after, old, index));
    else rest.push(indexStep(after, index, true));
    rest.push(...remark(after, index, isSame ? (old.comment ?? '') : ''));
  }
  return { drops, rest };
}
const sameIndex = (a: IndexModel, b: IndexModel): boolean => a.unique === b.unique && a.definition === b.definition;

function remark(table: TableModel, { name, comment }: IndexModel, said: string): Step[] {
  if ((comment ?? '') === said || name === '') return [];
  const on = qualified(table.schema, table.name);
  const sql = `COMMENT ON INDEX ${qualified(table.schema, name)} IS ${quoteNullable(comment || null)}`;
  return [step(sql, { lock: 'ShareUpdateExclusiveLock', on })];
}

/** The new one is there before the old one goes, so that no query has to do without. */
function replaced(table: TableModel, old: IndexModel, now: IndexModel): Step[] {
  const aside = { ...now, name: shortName(`${old.name}_new`) };
  return [
    indexStep(table, aside, true),
    dropIndexStep(table, old),
    renameStep(table, aside.name, now.name || old.name),
  ];
}
function renameStep(table: TableModel, from: string, to: string): Step {
  const own = qualified(table.schema, from);
  return step(`ALTER INDEX ${own} RENAME TO ${identifier(to)}`, { lock: 'ShareUpdateExclusiveLock', on: own });
}

/** What ALTER INDEX and REINDEX can do to one that stays what it is. */
function changed(table: TableModel, old: IndexModel, now: IndexModel, major: number): Step[] {
  const own = qualified(table.schema, now.name);
  const steps = old.name === now.name ? [] : [renameStep(table, old.name, now.name)];
  const [was, wanted] = [optionPairs(old.options), optionPairs(now.options)];
  const set = wanted.filter(({ name, value }) => was.find((each) => each.name === name)?.value !== value);
  const gone = was.filter(({ name }) => !wanted.some((each) => each.name === name));
  const isLight = [...set, ...gone].every(({ name }) => light.has(name));
  const extra = {
    lock: isLight ? ('ShareUpdateExclusiveLock' as const) : ('AccessExclusiveLock' as const),
    on: own,
    notes: now.rebuild ? [] : ['For what is written from now on; the rest follows when the index is built anew.'],
  };
  if (set.length > 0) steps.push(step(`ALTER INDEX ${own} SET (${set.map(optionWords).join(', ')})`, extra));
  if (gone.length > 0)
    steps.push(step(`ALTER INDEX ${own} RESET (${gone.map(({ name }) => identifier(name)).join(', ')})`, extra));
  const moves = (old.tablespace ?? '') !== (now.tablespace ?? '');
  if (moves || now.rebuild)
    steps.push(...rebuilt(table, own, moves ? now.tablespace || 'pg_default' : null, now, major));
  return steps;
}
const light: ReadonlySet<string> = new Set(['fillfactor', 'deduplicate_items']);

/** Moved to a tablespace, or built anew where it is. */
function rebuilt(table: TableModel, own: string, space: string | null, { rebuild }: IndexModel, major: number): Step[] {
  const on = qualified(table.schema, table.name);
  const into = space === null ? '' : `(TABLESPACE ${identifier(space)}) `;
  const isMove = space !== null && !rebuild;
  // Since 14 REINDEX moves as well; before, a move copies and a rebuild stays where it is.
  const both = space === null || major >= 14;
  const move = (to: string): Step =>
    step(`ALTER INDEX ${own} SET TABLESPACE ${identifier(to)}`, {
      lock: 'AccessExclusiveLock',
      on: own,
      work: 'index',
      notes: ['Its file is copied.'],
    });
  const plain = isMove
    ? move(space)
    : step(`REINDEX ${both ? into : ''}INDEX ${own}`, { lock: 'ShareLock', on, work: 'index' });
  const first = both || isMove ? [] : [move(space)];
  if (table.kind !== 'table' || (isMove && !both)) return [...first, plain];
  const notes = ['Cannot be part of a transaction. Broken off, it leaves an invalid index beside the old one.'];
  const aside = step(`REINDEX ${both ? into : ''}INDEX CONCURRENTLY ${own}`, {
    lock: 'ShareUpdateExclusiveLock',
    on,
    work: 'index',
    alone: true,
    notes,
  });
  return [
    ...first,
    { ...plain, safe: { why: 'Rows can be read and written while it is built anew.', steps: [aside] } },
  ];
}
