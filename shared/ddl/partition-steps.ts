/** Partitions: made, attached, detached; each with the way that leaves the partitioned table to others. */
import type { PartitionModel, TableModel } from '../api/structure.ts';
import { identifier, qualified } from '../sql/quote.ts';
import { boundCondition, partitionKey, readBound } from './partition-bound.ts';
import { shortName } from './short-name.ts';
import { type Server, type Step, step } from './step.ts';

/** From the partitions as they are to those that are wanted. What is detached goes first: its values are free then. */
export function partitionSteps(before: TableModel, after: TableModel, server: Server): { drops: Step[]; rest: Step[] } {
  const wanted = new Set(after.partitions.map(({ key }) => key));
  const there = new Set(before.partitions.map(({ key }) => key));
  const going = before.partitions.filter(({ key }) => !wanted.has(key));
  const staying = before.partitions.filter(({ key }) => wanted.has(key));
  const byDefault = staying.find(isDefault) ?? null;
  return {
    drops: going.map((each) => detach(before, after, each, server)),
    rest: after.partitions.filter(({ key }) => !there.has(key)).map((each) => added(after, each, byDefault, server)),
  };
}
const isDefault = ({ bound }: PartitionModel): boolean => readBound(bound)?.kind === 'default';
const nameOf = ({ schema, name }: PartitionModel): string => qualified(schema, name);

function detach(before: TableModel, after: TableModel, partition: PartitionModel, { major }: Server): Step {
  const on = qualified(after.schema, after.name);
  const sql = `ALTER TABLE ${on} DETACH PARTITION ${nameOf(partition)}`;
  const stays = 'It stays as a table of its own, with its rows.';
  if (partition.detachPending)
    return step(`${sql} FINALIZE`, {
      lock: 'ShareUpdateExclusiveLock',
      on,
      notes: ['Ends the detach that was begun.'],
    });
  const plain = step(sql, { lock: 'AccessExclusiveLock', on, notes: [stays] });
  if (major < 14) return plain;
  if (before.partitions.some(isDefault))
    return { ...plain, notes: [stays, 'With a default partition there is no CONCURRENTLY.'] };
  return {
    ...plain,
    safe: {
      why: 'The partitioned table can be read and written meanwhile.',
      steps: [
        step(`${sql} CONCURRENTLY`, {
          lock: 'ShareUpdateExclusiveLock',
          on,
          alone: true,
          notes: [stays, 'It waits for transactions that use the table. Broken off, it has to be finished here.'],
        }),
      ],
    },
  };
}

/** `CREATE TABLE … PARTITION OF`: when the partitioned table is made with it, too. */
export function createPartition(table: TableModel, partition: PartitionModel): Step {
  const on = qualified(table.schema, table.name);
  return step(`CREATE TABLE ${nameOf(partition)} PARTITION OF ${on}\n${partition.bound}${subdivided(partition)}`);
}
const subdivided = ({ partitionBy }: PartitionModel): string => (partitionBy ? `\nPARTITION BY ${partitionBy}` : '');

function added(table: TableModel, partition: PartitionModel, byDefault: PartitionModel | null, server: Server): Step {
  const on = qualified(table.schema, table.name);
  const own = nameOf(partition);
  const key = partitionKey(table.partitionBy);
  const bound = readBound(partition.bound);
  const names = table.columns.map(({ name }) => name);
  const condition = key && bound ? boundCondition(key, names, bound) : null;
  const others = byDefault && bound?.kind !== 'default' ? byDefault : null;
  const defaultNotes = others
    ? [`The default partition ${nameOf(others)} is locked alike, and read for rows that belong here.`]
    : [];
  const attachSql = `ALTER TABLE ${on} ATTACH PARTITION ${own} ${partition.bound}`;
  const proven = others && condition ? proof(others, `NOT (${condition})`) : null;
  /** Of the way aside: what is left to the ATTACH once all is proven. */
  const attachNotes = [`${on} can be read and written meanwhile.`, ...(proven ? [] : defaultNotes)];
  const reads = !proven && others ? { work: 'scan' as const, bytes: others.heapBytes } : {};
  const attach = step(attachSql, { lock: 'AccessExclusiveLock', on: own, notes: attachNotes, ...reads });
  if (partition.state === 'new') {
    const plain = { ...createPartition(table, partition), lock: 'AccessExclusiveLock' as const, on, ...reads };
    const like = `CREATE TABLE ${own} (LIKE ${on} ${likeWords(server)})${subdivided(partition)}`;
    return {
      ...plain,
      notes: defaultNotes,
      safe: {
        why: `${on} can be read and written meanwhile.`,
        steps: [step(like), ...(proven?.before ?? []), attach, ...(proven?.after ?? [])],
      },
    };
  }
  const bytes = partition.heapBytes + (others?.heapBytes ?? 0);
  const plain = step(attachSql, {
    lock: 'AccessExclusiveLock',
    on: own,
    work: 'scan',
    bytes,
    notes: [`Every row of ${own} is checked; ${on} can be read and written meanwhile.`, ...defaultNotes],
  });
  if (!condition) return plain;
  const held = proof(partition, condition);
  return {
    ...plain,
    safe: {
      why: 'The rows are checked while others read and write; the strong lock is held for moments only.',
      steps: [...held.before, ...(proven?.before ?? []), attach, ...held.after, ...(proven?.after ?? [])],
    },
  };
}

/** Indexes, keys and triggers come with ATTACH; an identity is the partitioned table's. */
const likeWords = ({ major }: Server): string =>
  ['DEFAULTS', 'GENERATED', 'CONSTRAINTS', 'STORAGE', ...(major >= 14 ? ['COMPRESSION'] : [])]
    .map((word) => `INCLUDING ${word}`)
    .join(' ');

/** A CHECK that the server takes instead of reading the table under its strong lock; dropped when it has served. */
function proof(partition: PartitionModel, condition: string): { before: Step[]; after: Step[] } {
  const on = nameOf(partition);
  const own = identifier(shortName(`${partition.name}_holds`));
  return {
    before: [
      step(`ALTER TABLE ${on} ADD CONSTRAINT ${own} CHECK (${condition}) NOT VALID`, {
        lock: 'AccessExclusiveLock',
        on,
      }),
      step(`ALTER TABLE ${on} VALIDATE CONSTRAINT ${own}`, {
        lock: 'ShareUpdateExclusiveLock',
        on,
        work: 'scan',
        bytes: partition.heapBytes,
        alone: true,
        notes: ['A transaction of its own, so that the lock of the step before is given up first.'],
      }),
    ],
    after: [step(`ALTER TABLE ${on} DROP CONSTRAINT ${own}`, { lock: 'AccessExclusiveLock', on })],
  };
}
