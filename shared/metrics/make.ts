/** Short words for writing families down: `counter('blks_hit', 'Blocks hit', 'count', '…')`. */
import type { Metric, MetricUnit } from './metric.ts';

type More = Pick<Metric, 'since' | 'until' | 'position' | 'draw'>;

/** Grows until it is reset; a recording keeps what was added. */
export const counter = (name: string, label: string, unit: MetricUnit, meaning: string, more: More = {}): Metric => ({
  name,
  label,
  meaning,
  unit,
  kind: 'counter',
  ...more,
});

/** Is what it is at the instant of the reading. */
export const gauge = (name: string, label: string, unit: MetricUnit, meaning: string, more: More = {}): Metric => ({
  name,
  label,
  meaning,
  unit,
  kind: 'gauge',
  ...more,
});
