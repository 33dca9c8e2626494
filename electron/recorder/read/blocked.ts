/** How many sessions waited for a lock, over time. */
import type { RecordingFile, Span } from '../file/recording-file.ts';
import { activity } from './activity/activity.ts';

export function blocked(file: RecordingFile, { fromMs, toMs, buckets }: Span & { buckets: number }) {
  const filters = [{ dimension: 'class', value: 'Lock' } as const];
  const found = activity(file, { fromMs, toMs, buckets, by: 'class', filters, background: true, top: 1 });
  const { startMs, stepMs, coveredMs } = found;
  return {
    startMs,
    stepMs,
    buckets: found.buckets,
    coveredMs,
    waiting: found.series[0]?.values ?? coveredMs.map((ms) => (ms > 0 ? 0 : null)),
  };
}
