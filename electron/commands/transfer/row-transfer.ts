/** What the commands that move rows have in common: a world to do it in, and how it went, in words and as an exit code. */
import { copyFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { RejectedRow } from '../../../shared/api/import-plan.ts';
import type { CopyProgress } from '../../../shared/api/table-copy.ts';
import type { ImportProgress } from '../../../shared/api/transfer.ts';
import { failureOf } from '../../../shared/failure.ts';
import type { ConnectSpec } from '../../postgres/source.ts';
import { interrupted } from '../command.ts';
import { inWords } from '../query.ts';
import { openTransferWorld, type TransferWorld } from './transfer-world.ts';

/** Interrupting it stops the work. @returns what the work answers with, 1 where it throws */
export async function inTransferWorld(
  spec: ConnectSpec,
  work: (world: TransferWorld, signal: AbortSignal) => Promise<number>,
): Promise<number> {
  const world = await openTransferWorld(spec);
  const stop = new AbortController();
  void interrupted().then(() => stop.abort());
  try {
    return await work(world, stop.signal);
  } catch (thrown) {
    process.stderr.write(`${inWords(failureOf(thrown))}\n`);
    return 1;
  } finally {
    await world.close();
  }
}

type RowProgress = ImportProgress | CopyProgress;

export interface Telling<Done> {
  readonly dataFolder: string;
  /** Where the file of rejected rows is wanted. */
  readonly rejects: string | undefined;
  placeOf(row: RejectedRow): string;
  more?(done: Done): void;
}

/** @returns 0, 1 where it failed, 3 where rows were rejected */
export async function tellRows<Event extends RowProgress>(
  events: AsyncIterable<Event>,
  { dataFolder, rejects, placeOf, more }: Telling<Extract<Event, { kind: 'done' }>>,
): Promise<number> {
  for await (const event of events) {
    if (event.kind === 'progress') continue;
    for (const row of event.rejects) process.stderr.write(`${placeOf(row)}: ${row.reason}\n`);
    if (event.kind === 'failed') {
      process.stderr.write(`${inWords(event.failure)}\n`);
      return 1;
    }
    const { read, inserted, updated, rejected, rejectsId, notes } = event;
    for (const note of notes) process.stderr.write(`howdah: ${note}\n`);
    process.stderr.write(`${read} read, ${inserted} inserted, ${updated} updated, ${rejected} rejected\n`);
    if (isDone(event)) more?.(event);
    if (rejects && rejectsId) await copyFile(`${dataFolder}/imports/${rejectsId}.csv`, resolve(rejects));
    return rejected > 0 ? 3 : 0;
  }
  return 1;
}

const isDone = <Event extends RowProgress>(event: Event): event is Extract<Event, { kind: 'done' }> =>
  event.kind === 'done';
