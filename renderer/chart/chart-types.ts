/** What a chart takes: numbers on one axis of equal steps of time. */
import type { UnitOf } from '../../shared/metrics/units.ts';
import type { Pattern } from './paint.ts';

export interface Buckets {
  readonly startMs: number;
  readonly stepMs: number;
  readonly buckets: number;
  /** Milliseconds of each bucket that something is known of: 0 is a gap. Absent: gaps are where all values are null. */
  readonly coveredMs?: readonly number[];
}

export interface ChartSeries {
  readonly key: string;
  readonly label: string;
  /** One a bucket; null where nothing is known. */
  readonly values: readonly (number | null)[];
  /** A custom property of the theme: `--wait-io`. */
  readonly color: string;
  readonly pattern?: Pattern;
  /** In a stack: drawn as a line over it, and not added to it. */
  readonly over?: boolean;
  readonly dashed?: boolean;
}

export interface ChartLine {
  readonly value: number;
  readonly label: string;
}

export interface ChartEvent {
  readonly atMs: number;
  readonly label: string;
}

export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The cursor that charts of one source share: `hover` follows the pointer, `pinned` is where all screens look. */
export interface TimeCursor {
  readonly hoverMs: () => number | null;
  readonly pinnedMs: () => number | null;
  readonly hover: (atMs: number | null) => void;
  /** Pins the instant for all screens; null goes back to the newest. */
  readonly pin: (atMs: number | null) => void;
  readonly subscribe: (listener: () => void) => () => void;
}

/** `stack` adds areas up, `lines` draws curves, `bars` stacks separate bars. */
export type ChartKind = 'stack' | 'lines' | 'bars';

export interface ChartFile {
  readonly name: string;
  readonly kind: 'csv' | 'png';
  readonly content: Blob;
}

export interface ChartData {
  readonly kind: ChartKind;
  readonly buckets: Buckets;
  readonly series: readonly ChartSeries[];
  readonly unit: UnitOf;
  readonly range: TimeRange;
  readonly lines?: readonly ChartLine[];
  /** The value axis reaches at least so far: charts beside each other have one scale. */
  readonly reach?: number;
}
