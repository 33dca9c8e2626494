/** Constraints: added (at once, or by the way that lets others work), changed, dropped, renamed, remarked on. */
import type { ConstraintModel, TableModel } from '../api/structure.ts';
import { identifier, qualified, quoteNullable } from '../sql/quote.ts';
import { readConstraint } from './constraint-text.ts';
import { shortName } from './short-name.ts';
import { type Step, step } from './step.ts';

const order = ['primaryKey', 'unique', 'exclude', 'check', 'foreignKey'];

/**
 * From the constraints as they are to those that are wanted; `drops` come before columns are touched.
 * @param columnsStay false: what is over old columns goes before them, instead of being replaced
 */
export function constraintSteps(
  before: TableModel,
  after: TableModel,
  major: number,
  columnsStay: boolean,
): { drops: Step[]; rest: Step[] } {
  const on = qualified(after.schema, after.name);
  const rest: Step[] = [];
  const there = new Map(before.constraints.map((each) => [each.key, each]));
  const inPlace = new Map<string, readonly Step[]>();
  for (const constraint of after.constraints) {
    const old = there.get(constraint.key);
    if (!old || old.definition === constraint.definition) continue;
    const steps =
      alterations(on, old, constraint, major) ?? (columnsStay ? replacement(after, old, constraint, major) : null);
    if (steps) inPlace.set(constraint.key, steps);
  }
  const isNew = (constraint: ConstraintModel): boolean =>
    there.get(constraint.key)?.definition !== constraint.definition && !inPlace.has(constraint.key);
  const kept = new Set(after.constraints.filter((each) => !isNew(each)).map(({ key }) => key));
  const adding = after.constraints.filter(isNew).sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  for (const constraint of after.constraints) {
    const old = there.get(constraint.key);
    rest.push(...(inPlace.get(constraint.key) ?? []));
    if (!old || !kept.has(constraint.key) || old.name === constraint.name) continue;
    const sql = `ALTER TABLE ${on} RENAME CONSTRAINT ${identifier(old.name)} TO ${identifier(constraint.name)}`;
    rest.push(step(sql, { lock: 'AccessExclusiveLock', on }));
  }
  for (const constraint of adding) rest.push(addConstraint(after, constraint, major));
  for (const constraint of after.constraints) {
    const old = there.get(constraint.key);
    // What is replaced begins without a comment, as what is new does.
    const stays = old !== undefined && kept.has(constraint.key) && !isReplaced(inPlace.get(constraint.key));
    rest.push(...remark(on, constraint, stays ? (old.comment ?? '') : ''));
  }
  return { drops: dropped(on, before, kept), rest };
}

function dropped(on: string, before: TableModel, kept: ReadonlySet<string>): Step[] {
  const going = before.constraints.filter(({ key }) => !kept.has(key));
  // What refers goes before what is referred to.
  return [...going]
    .sort((a, b) => order.indexOf(b.kind) - order.indexOf(a.kind))
    .map((old) => {
      const notes = old.kind === 'foreignKey' ? ['The table that it refers to is locked alike.'] : [];
      return step(`ALTER TABLE ${on} DROP CONSTRAINT ${identifier(old.name)}`, {
        lock: 'AccessExclusiveLock',
        on,
        notes,
      });
    });
}

function remark(on: string, { name, comment }: ConstraintModel, said: string): Step[] {
  if ((comment ?? '') === said || name === '') return [];
  const sql = `COMMENT ON CONSTRAINT ${identifier(name)} ON ${on} IS ${quoteNullable(comment || null)}`;
  return [step(sql, { lock: 'ShareUpdateExclusiveLock', on })];
}

const isReplaced = (steps: readonly Step[] | undefined): boolean =>
  steps?.some(({ sql }) => sql.includes(' DROP CONSTRAINT ')) ?? false;

/** What ALTER TABLE can change of a constraint that is there; null where the difference is another. */
function alterations(on: string, old: ConstraintModel, now: ConstraintModel, major: number): Step[] | null {
  const [was, wanted] = [readConstraint(old.definition), readConstraint(now.definition)];
  const isForeignKey = old.kind === 'foreignKey';
  if (was.body !== wanted.body || was.onDelete !== wanted.onDelete || was.onUpdate !== wanted.onUpdate) return null;
  const name = identifier(old.name);
  const steps: Step[] = [];
  const enforces = was.state !== wanted.state && (was.state === 'NOT ENFORCED' || wanted.state === 'NOT ENFORCED');
  if (was.deferrable !== wanted.deferrable) {
    if (!isForeignKey) return null;
    const words = wanted.deferrable === '' ? 'NOT DEFERRABLE' : wanted.deferrable;
    const notes = ['The table that it refers to is locked alike.'];
    steps.push(step(`ALTER TABLE ${on} ALTER CONSTRAINT ${name} ${words}`, { lock: 'AccessExclusiveLock', on, notes }));
  }
  if (enforces) {
    if (!isForeignKey || major < 18 || wanted.state === 'NOT VALID') return null;
    const isOn = wanted.state === '';
    const sql = `ALTER TABLE ${on} ALTER CONSTRAINT ${name} ${isOn ? 'ENFORCED' : 'NOT ENFORCED'}`;
    steps.push(step(sql, { lock: 'AccessExclusiveLock', on, work: isOn ? 'scan' : 'catalog' }));
  } else if (was.state !== wanted.state) {
    if (wanted.state === 'NOT VALID') return null;
    steps.push(validate(on, name, 'By itself, so that no stronger lock is held meanwhile.'));
  }
  return steps;
}

const validate = (on: string, name: string, why: string): Step =>
  step(`ALTER TABLE ${on} VALIDATE CONSTRAINT ${name}`, {
    lock: 'ShareUpdateExclusiveLock',
    on,
    work: 'scan',
    // In the transaction of the step before it, its strong lock would be held all the while.
    alone: true,
    notes: [why],
  });

/** The new one is there before the old one goes, so that no row can slip in between; without the safe way, both in one. */
function replacement(after: TableModel, old: ConstraintModel, now: ConstraintModel, major: number): Step[] {
  const on = qualified(after.schema, after.name);
  const [name, aside] = [identifier(old.name), shortName(`${old.name}_new`)];
  const dropping = `ALTER TABLE ${on} DROP CONSTRAINT ${name}`;
  const added = addConstraint(after, { ...now, name: old.name }, major);
  const plain = {
    ...added,
    sql: `${dropping},\n  ${added.sql.slice(`ALTER TABLE ${on} `.length)}`,
    lock: 'AccessExclusiveLock' as const,
  };
  const { safe } = addConstraint(after, { ...now, name: aside }, major);
  if (!safe) {
    const { safe: _, ...alone } = plain;
    return [alone];
  }
  const last = safe.steps.at(-1);
  const drop = step(dropping, { lock: 'AccessExclusiveLock', on });
  const rename = step(`ALTER TABLE ${on} RENAME CONSTRAINT ${identifier(aside)} TO ${name}`, {
    lock: 'AccessExclusiveLock',
    on,
  });
  // The index of a key is built aside; the old key goes in the transaction in which the new one takes that over.
  const byIndex = last?.sql.includes(' USING INDEX ') ?? false;
  const steps = byIndex
    ? [
        ...safe.steps.slice(0, -1),
        drop,
        ...(last
          ? [
              {
                ...last,
                sql: last.sql.replace(`ADD CONSTRAINT ${identifier(aside)} `, () => `ADD CONSTRAINT ${name} `),
              },
            ]
          : []),
      ]
    : [...safe.steps, drop, rename];
  return [{ ...plain, safe: { why: `The old one holds until the new one does. ${safe.why}`, steps } }];
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
    return { ...plain, safe: notValidFirst(on, constraint, step(`${sql} NOT VALID`, { lock, on, notes })) };
  }
  const plain = step(sql, { lock, on, work: 'index', notes: buildNotes(constraint) });
  const viaIndex = constraint.kind === 'exclude' || table.kind !== 'table' ? null : byIndex(table, constraint);
  return viaIndex ? { ...plain, safe: viaIndex } : plain;
}
const buildNotes = ({ kind }: ConstraintModel): string[] =>
  kind === 'primaryKey' ? ['Columns of it that may be NULL become NOT NULL, which reads the table once more.'] : [];

function notValidFirst(on: string, { name }: ConstraintModel, first: Step): NonNullable<Step['safe']> {
  return {
    why: 'New rows are held to it at once; the old ones are checked afterwards while others read and write.',
    steps: [
      first,
      validate(
        on,
        identifier(name),
        'A transaction of its own, so that the lock of the step before is given up first.',
      ),
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
