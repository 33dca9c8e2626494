/** What Howdah's own questions cost, by collector. */
import type { RecordingFile, Span } from '../file/recording-file.ts';
import { addUp } from './series/add-up.ts';

export function collectors(file: RecordingFile, { fromMs, toMs }: Span) {
  const family = file.family('collector');
  if (!family) return { coveredMs: 0, collectors: [] };
  const place = (name: string): number => family.columns.findIndex((column) => column.name === name);
  const { coveredMs, rows } = addUp(
    file,
    family,
    { fromMs, toMs },
    family.columns.map((_, column) => column),
  );
  const failures = new Map(file.failures().map((failure) => [failure.collector, failure]));
  return {
    coveredMs,
    collectors: rows.map((row) => {
      const [collector = ''] = file.key(row.key).key;
      const figure = (name: string): number => row.values[place(name)] || 0;
      const failure = failures.get(collector);
      return {
        collector,
        runs: figure('runs'),
        failures: figure('failures'),
        totalMs: figure('total_ms'),
        maxMs: figure('max_ms'),
        rows: figure('rows'),
        /** The last one of the recording, when it lies before the end of the stretch. */
        lastFailure: failure && failure.atMs < toMs ? failure.failure : null,
      };
    }),
  };
}
