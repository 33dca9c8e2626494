/**
 * A restore drill: the backup restored into a server made for it, then compared with what the manifest says of the
 * snapshot: objects by name, rows by number and checksum. What it takes is what a recovery would take.
 */
import { crc32 } from 'node:zlib';
import { FailureError } from '../../../shared/failure.ts';
import type { ConnectSpec } from '../source.ts';
import { ArchiveReader, nameOf } from './archive/archive-reader.ts';
import { dataItems, type Manifest } from './archive/manifest.ts';
import { RowSums } from './archive/row-sums.ts';
import { copyOutOf, readContents } from './dump/contents.ts';
import { copyLargeObjects } from './dump/large-objects.ts';
import type { WorkTold } from './progress.ts';
import { nothingSpecial } from './restore/request.ts';
import { runRestore } from './restore/run-restore.ts';
import { BackupLink } from './wire/backup-link.ts';

export interface DrillOutcome {
  /** What it was compared with: the snapshot by name, number and checksum, or a dump by its rows. */
  readonly against: 'snapshot' | 'dump';
  readonly serverVersion: string;
  readonly items: number;
  readonly tables: number;
  readonly rows: number;
  readonly restoreMs: number;
  readonly compareMs: number;
  /** What is not as in the snapshot, in sentences; a drill without any has passed. */
  readonly differences: readonly string[];
  /** What was compared and what was not, in sentences. */
  readonly notes: readonly string[];
}

export const drillDatabase = 'drill';
/** More are counted, not told. */
const mostTold = 50;

/** @param spec to a server that holds nothing; a database is made in it and left there. Throws why it cannot be restored */
export async function runDrill(spec: ConnectSpec, path: string, told: WorkTold = {}): Promise<DrillOutcome> {
  const choice = { ...nothingSpecial, target: { kind: 'new', database: drillDatabase } as const };
  const began = performance.now();
  const { plan, items, rows } = await runRestore({ spec, path, choice }, told);
  const restored = performance.now();
  told.onLine?.('Comparing with the snapshot');
  const differences = await compared({ ...spec, database: drillDatabase }, path, plan.manifest, told);
  return {
    against: 'snapshot',
    serverVersion: plan.targetVersion,
    items,
    tables: dataItems(plan.manifest).length,
    rows,
    restoreMs: restored - began,
    compareMs: performance.now() - restored,
    differences,
    notes: [
      'Compared with the snapshot: all objects by kind and name, and the rows of each table by number and checksum.',
      'Not compared: the words of definitions, which a server of another version may write in its own way.',
    ],
  };
}

export const cancelledDrill = (): FailureError =>
  new FailureError({ kind: 'cancelled', message: 'The drill was cancelled.' });

/** The first of them, and how many more there are. */
export const fewOf = (differences: readonly string[]): readonly string[] =>
  differences.length <= mostTold
    ? differences
    : [...differences.slice(0, mostTold), `and ${differences.length - mostTold} more.`];

async function compared(
  spec: ConnectSpec,
  path: string,
  manifest: Manifest,
  told: WorkTold,
): Promise<readonly string[]> {
  const link = await BackupLink.open(spec, 'howdah: drill', told.signal);
  let archive: ArchiveReader | undefined;
  const stop = () => void link.cancel();
  told.signal?.addEventListener('abort', stop, { once: true });
  try {
    archive = await ArchiveReader.open(path);
    const differences = [...(await comparedRows(link, archive, told)), ...(await comparedObjects(link, manifest))];
    return fewOf(differences);
  } catch (thrown) {
    if (told.signal?.aborted) throw cancelledDrill();
    throw thrown;
  } finally {
    told.signal?.removeEventListener('abort', stop);
    await link.close();
    await archive?.close();
  }
}

async function comparedRows(link: BackupLink, archive: ArchiveReader, told: WorkTold): Promise<string[]> {
  const differences: string[] = [];
  const all = dataItems(archive.manifest);
  let bytes = 0;
  for (const [done, item] of all.entries()) {
    const sum = { rows: 0, bytes: 0, crc: 0 };
    const sums = new RowSums();
    const { schema, name, data } = item;
    const sink = {
      row: () => {
        sum.rows++;
      },
      append: (chunk: Buffer, from: number, to: number) => {
        sum.bytes += to - from;
        sum.crc = crc32(chunk.subarray(from, to), sum.crc);
        sums.append(chunk, from, to);
      },
    };
    await link.copyOut(
      item.kind === 'large objects'
        ? copyLargeObjects
        : copyOutOf({ schema: schema ?? '', name, columns: data.columns, extensionRows: null }),
      sink,
    );
    bytes += sum.bytes;
    told.onProgress?.({
      step: 'verifying',
      done: done + 1,
      all: all.length,
      bytes,
      allBytes: null,
      now: [nameOf(item)],
    });
    if (sum.rows !== data.rows)
      differences.push(`${nameOf(item)} has ${sum.rows} rows; the snapshot had ${data.rows}.`);
    else if (sum.bytes !== data.rawBytes || (sum.crc !== data.crc && !(await rowsOf(archive, item)).equals(sums)))
      differences.push(`The rows of ${nameOf(item)} have another checksum than in the snapshot.`);
  }
  return differences;
}

/** Of the rows as they lie in the archive. */
async function rowsOf(archive: ArchiveReader, item: Parameters<ArchiveReader['rows']>[0]): Promise<RowSums> {
  const sums = new RowSums();
  for await (const piece of archive.rows(item)) sums.append(piece);
  return sums;
}

/** By kind and name: another version of the server may write the same definition in other words. */
async function comparedObjects(link: BackupLink, manifest: Manifest): Promise<string[]> {
  const { pieces } = await readContents([link], () => {});
  const key = (one: { kind: string; schema: string | null; name: string }) => `${one.kind} ${nameOf(one)}`;
  const there = new Set(pieces.map(key));
  const wanted = new Set(manifest.items.filter(({ kind }) => kind !== 'large objects').map(key));
  return [
    ...[...wanted].filter((one) => !there.has(one)).map((one) => `Missing after the restore: ${one}.`),
    ...[...there].filter((one) => !wanted.has(one)).map((one) => `Not in the snapshot: ${one}.`),
  ];
}
