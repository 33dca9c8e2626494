/** Constraints: added (at once, or by the way that lets others work), dropped, renamed, remarked on. */
import type { ConstraintModel, TableModel } from '../api/structure.ts';
import { identifier, qualified, quoteNullable } from '../sql/quote.ts';
import { type Step, step } from './step.ts';

const order = ['primaryKey', 'unique', 'exclude', 'check', 'foreignKey'];

/** From the constraints as they are to those that are wanted; `drops` come before columns are touched. */
export function constraintSteps(before: TableModel, after: TableModel, major: number): { drops: Step[]; rest: Step[] } {
  const on = qualified(after.schema, after.name);
  const drops: Step[] = [];
  const rest: Step[] = [];
  const wanted = new Map(after.constraints.map((each) => [each.key, each]));
  const there = new Map(before.constraints.map((each) => [each.key, each]));
  const going = before.constraints.filter((old) => wanted.get(old.key)?.definition !== old.definition);
  // What refers goes before what is referred to.
  for (const old of [...going].sort((a, b) => order.indexOf(b.kind) - order.indexOf(a.kind))) {
    const also = old.kind === 'foreignKey' ? ['The table that it refers to is locked alike.'] : [];
    drops.push(
      step(`ALTER TABLE ${on} DROP CONSTRAINT ${identifier(old.name)}`, {
        lock: 'AccessExclusiveLock',
        on,
        notes: also,
      }),
    );
  }
  const adding: ConstraintModel[] = [];
  for (const constraint of after.constraints) {
    const old = there.get(constraint.key);
    const isNew = !old || old.definition !== constraint.definition;
    if (isNew) adding.push(constraint);
    else if (old.name !== constraint.name) {
      const sql = `ALTER TABLE ${on} RENAME CONSTRAINT ${identifier(old.name)} TO ${identifier(constraint.name)}`;
      rest.push(step(sql, { lock: 'AccessExclusiveLock', on }));
    }
  }
  adding.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  for (const constraint of adding) rest.push(addConstraint(after, constraint, major));
  for (const constraint of after.constraints) {
    const old = there.get(constraint.key);
    const said = old && old.definition === constraint.definition ? (old.comment ?? '') : '';
    if ((constraint.comment ?? '') === said || constraint.name === '') continue;
    const target = `CONSTRAINT ${identifier(constraint.name)} ON ${on}`;
    rest.push(
      step(`COMMENT ON ${target} IS ${quoteNullable(constraint.comment || null)}`, {
        lock: 'ShareUpdateExclusiveLock',
        on,
      }),
    );
  }
  return { drops, rest };
}

/** The step that adds it, with its safe way where there is one. */
export function addConstraint(table: TableModel, constraint: ConstraintModel, major: number): Step {
  const on = qualified(table.schema, table.name);
  const named = constraint.name === '' ? '' : `CONSTRAINT ${identifier(constraint.name)} `;
  const sql = `ALTER TABLE ${on} ADD ${named}${constraint.definition}`;
  const isForeignKey = constraint.kind === 'foreignKey';
  const lock = isForeignKey ? 'ShareRowExclusiveLock' : 'AccessExclusiveLock';
  const later = /\bNOT\s+(VALID|ENFORCED)\s*$/i.test(constraint.definition);
  const notes = isForeignKey ? ['The table that it refers to is locked alike: readable, not writable.'] : [];
  if (later) return step(sql, { lock, on, notes });
  if (constraint.kind === 'check' || isForeignKey) {
    const plain = step(sql, { lock, on, work: 'scan', notes });
    const refusesNotValid = isForeignKey && table.kind === 'partitionedTable' && major < 18;
    if (constraint.name === '' || refusesNotValid || table.kind === 'foreignTable') return plain;
    return { ...plain, safe: notValidFirst(on, constraint, sql, lock, notes) };
  }
  const plain = step(sql, { lock, on, work: 'index', notes: buildNotes(constraint) });
  const viaIndex = constraint.kind === 'exclude' || table.kind !== 'table' ? null : byIndex(table, constraint);
  return viaIndex ? { ...plain, safe: viaIndex } : plain;
}
const buildNotes = ({ kind }: ConstraintModel): string[] =>
  kind === 'primaryKey' ? ['Columns of it that may be NULL become NOT NULL, which reads the table once more.'] : [];

function notValidFirst(
  on: string,
  constraint: ConstraintModel,
  sql: string,
  lock: Step['lock'],
  notes: readonly string[],
): NonNullable<Step['safe']> {
  const own = identifier(constraint.name);
  return {
    why: 'New rows are held to it at once; the old ones are checked afterwards while others read and write.',
    steps: [
      step(`${sql} NOT VALID`, { lock, on, notes }),
      step(`ALTER TABLE ${on} VALIDATE CONSTRAINT ${own}`, {
        lock: 'ShareUpdateExclusiveLock',
        on,
        work: 'scan',
        // In the transaction of the step before it, its strong lock would be held all the while.
        alone: true,
        notes: ['A transaction of its own, so that the lock of the step before is given up first.'],
      }),
    ],
  };
}

/** UNIQUE or PRIMARY KEY over plain columns: the index is built aside and then made the constraint's. */
function byIndex(table: TableModel, constraint: ConstraintModel): Step['safe'] {
  const on = qualified(table.schema, table.name);
  const found =
    /^(PRIMARY KEY|UNIQUE)( NULLS NOT DISTINCT)? (\(.*?\))( INCLUDE \(.*\))?( DEFERRABLE| DEFERRABLE INITIALLY DEFERRED)?$/i.exec(
      constraint.definition,
    );
  if (!found || constraint.name === '' || /WITHOUT OVERLAPS/i.test(constraint.definition)) return undefined;
  const [, word = '', distinct = '', columns = '', include = '', deferred = ''] = found;
  const own = identifier(constraint.name);
  return {
    why: 'Rows can be written while the index is built; the constraint then takes it over in a moment.',
    steps: [
      step(`CREATE UNIQUE INDEX CONCURRENTLY ${own} ON ${on} ${columns}${include}${distinct.toUpperCase()}`, {
        lock: 'ShareUpdateExclusiveLock',
        on,
        work: 'index',
        alone: true,
        builds: { schema: table.schema, name: constraint.name },
        notes: ['Cannot be part of a transaction. If it fails, the invalid index that it leaves is dropped again.'],
      }),
      step(`ALTER TABLE ${on} ADD CONSTRAINT ${own} ${word.toUpperCase()} USING INDEX ${own}${deferred}`, {
        lock: 'AccessExclusiveLock',
        on,
        notes: word.toUpperCase() === 'PRIMARY KEY' ? buildNotes(constraint) : [],
      }),
    ],
  };
}
