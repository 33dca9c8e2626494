/** The columns a family's blocks have in the file: the file's own description, so that it is read without this program's list. */
import type { MetricFamily } from '../../../shared/metrics/metric.ts';
import { classedDimensions, classedSumsOf, rolledDimensions, sumsOf } from '../activity-class.ts';
import { ByteReader, ByteWriter } from './bytes.ts';
import { decodeColumn, decodeHead, encodeColumn, encodeHead, type FamilyBlock } from './family-block.ts';
import { DamagedError } from './packed.ts';
import type { Merge } from './roll-up.ts';

export interface BlockColumn {
  readonly name: string;
  readonly merge: Merge;
}
export interface FamilyShape {
  readonly name: string;
  readonly keyNames: readonly string[];
  readonly columns: readonly BlockColumn[];
  /** As polled: 0 more often than every minute, 1 every minute or less often. */
  readonly grain: 0 | 1;
  /** By column: rounded to thousandths, because its unit is a time. */
  readonly times: readonly boolean[];
}

export const shapeOf = (family: MetricFamily): FamilyShape => ({
  name: family.id,
  keyNames: family.key,
  columns: family.metrics.map(({ name, kind }) => ({ name, merge: kind === 'counter' ? 'sum' : 'last' })),
  grain: family.everyMs < 60_000 ? 0 : 1,
  times: family.metrics.map(({ unit }) => unit === 'ms' || unit === 'us'),
});

const activityColumns: readonly BlockColumn[] = [
  { name: 'session_ms', merge: 'sum' },
  { name: 'peak', merge: 'max' },
];

const activityShape = (name: string, keyNames: readonly string[]): FamilyShape => ({
  name,
  keyNames,
  columns: activityColumns,
  grain: 1,
  times: [],
});

/** Families of the recording's own: sessions added up by each dimension a minute, and what the collectors cost. */
export const ownShapes: readonly FamilyShape[] = [
  ...['total', ...rolledDimensions].map((dimension) => activityShape(sumsOf(dimension), ['group', dimension])),
  ...classedDimensions.map((dimension) => activityShape(classedSumsOf(dimension), ['group', 'class', dimension])),
  {
    name: 'collector',
    keyNames: ['collector'],
    columns: [
      { name: 'runs', merge: 'sum' },
      { name: 'failures', merge: 'sum' },
      { name: 'total_ms', merge: 'sum' },
      { name: 'max_ms', merge: 'max' },
      { name: 'rows', merge: 'sum' },
    ],
    grain: 1,
    times: [false, false, true, true, false],
  },
];

/** A block in one piece: for single polls, which are put together later. */
export function encodeWhole(block: FamilyBlock): Uint8Array {
  const out = new ByteWriter();
  const head = encodeHead(block);
  out.unsigned(head.length);
  out.bytes(head);
  out.unsigned(block.columns.length);
  for (const column of block.columns) {
    const bytes = column && encodeColumn(column);
    out.unsigned(bytes ? bytes.length : 0);
    if (bytes) out.bytes(bytes);
  }
  return out.take();
}

/** @throws DamagedError */
export function decodeWhole(bytes: Uint8Array): FamilyBlock {
  try {
    const reader = new ByteReader(bytes);
    const head = decodeHead(reader.bytes(reader.unsigned()));
    const columns = Array.from({ length: reader.unsigned() }, () => {
      const length = reader.unsigned();
      return length === 0 ? null : decodeColumn(reader.bytes(length), head.rowKey.length);
    });
    return { ...head, columns };
  } catch (thrown) {
    throw thrown instanceof DamagedError ? thrown : new DamagedError(thrown);
  }
}
