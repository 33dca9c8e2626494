/** Indexes: made, dropped, renamed, remarked on. */
import type { IndexModel, TableModel } from '../api/structure.ts';
import { identifier, qualified, quoteNullable } from '../sql/quote.ts';
import { type Step, step } from './step.ts';

/** `CREATE INDEX`; on a table that is there, with the way that lets others write. */
export function indexStep(table: TableModel, index: IndexModel, exists: boolean): Step {
  const on = qualified(table.schema, table.name);
  const text = (concurrently: string) =>
    `CREATE ${index.unique ? 'UNIQUE ' : ''}INDEX ${concurrently}${index.name === '' ? '' : `${identifier(index.name)} `}ON ${on} ${index.definition}`;
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

export function dropIndexStep(table: TableModel, index: IndexModel): Step {
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

/** From the indexes as they are to those that are wanted. */
export function indexSteps(before: TableModel, after: TableModel): { drops: Step[]; rest: Step[] } {
  const drops: Step[] = [];
  const rest: Step[] = [];
  const wanted = new Map(after.indexes.map((each) => [each.key, each]));
  const there = new Map(before.indexes.map((each) => [each.key, each]));
  const on = qualified(after.schema, after.name);
  for (const old of before.indexes) {
    const now = wanted.get(old.key);
    if (!now || !sameIndex(old, now)) drops.push(dropIndexStep({ ...after, name: after.name }, old));
  }
  for (const index of after.indexes) {
    const old = there.get(index.key);
    if (!old || !sameIndex(old, index)) {
      rest.push(indexStep(after, index, true));
    } else if (old.name !== index.name) {
      const sql = `ALTER INDEX ${qualified(after.schema, old.name)} RENAME TO ${identifier(index.name)}`;
      rest.push(step(sql, { lock: 'ShareUpdateExclusiveLock', on: qualified(after.schema, old.name) }));
    }
    const comment = old && sameIndex(old, index) ? (old.comment ?? '') : '';
    if ((index.comment ?? '') !== comment && index.name !== '') {
      rest.push(
        step(`COMMENT ON INDEX ${qualified(after.schema, index.name)} IS ${quoteNullable(index.comment || null)}`, {
          lock: 'ShareUpdateExclusiveLock',
          on,
        }),
      );
    }
  }
  return { drops, rest };
}
const sameIndex = (a: IndexModel, b: IndexModel): boolean => a.unique === b.unique && a.definition === b.definition;
