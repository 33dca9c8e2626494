/** Curves of any metric family. */
import type { Series } from '../../../../shared/api/monitor.ts';
import { invalid } from '../../../../shared/failure.ts';
import type { RecordingFile, Span, StoredFamily } from '../../file/recording-file.ts';
import { addColumn, placesOf } from '../add-column.ts';
import { Buckets } from '../buckets.ts';
import { lookBackOf, readBlocks, readPolls, segmentsOf } from '../family-range.ts';

const minuteMs = 60_000;
const hourMs = 3_600_000;
export interface SeriesQuestion extends Span {
  readonly family: string;
  readonly metrics: readonly string[];
  readonly keys: readonly (readonly string[])[];
  /** The rows of all keys as one curve. */
  readonly together?: boolean | undefined;
  readonly buckets: number;
}

const mostLines = 50;

/** The family as the file has it; null where it holds none of it. */
function asked(
  file: RecordingFile,
  name: string,
  metrics: readonly string[],
): { family: StoredFamily; columns: number[] } | null {
  const family = file.family(name);
  if (!family) return null;
  const columns = metrics.map((metric) => family.columns.findIndex((column) => column.name === metric));
  const missing = metrics.find((_, place) => columns[place] === -1);
  if (missing !== undefined) throw invalid('metrics', `The recording has no ${name}.${missing}.`);
  return { family, columns };
}

export function series(file: RecordingFile, question: SeriesQuestion, grain?: 0 | 1 | 2): Series {
  const { fromMs, toMs, metrics, keys } = question;
  const step = (toMs - fromMs) / question.buckets;
  const wanted = grain ?? (step >= hourMs ? 2 : step >= minuteMs ? 1 : 0);
  const buckets = new Buckets({ fromMs, toMs }, question.buckets);
  const found = asked(file, question.family, metrics);
  const words = (['raw', 'minute', 'hour'] as const)[Math.max(wanted, found?.family.grain ?? 0)] ?? 'raw';
  if (!found) return { ...buckets.frame(), grain: words, series: [] };
  const { family, columns } = found;
  const names = keys.map((key) => JSON.stringify(key));
  const asOne = names.length === 0 || question.together === true;
  if (!asOne && names.length > mostLines)
    throw invalid('keys', `No more than ${mostLines} curves at once; ask for them together, or for fewer.`);
  const lines = (asOne ? [null] : names).map((name) => ({
    name,
    key: name === null ? [] : (JSON.parse(name) as string[]),
    sums: columns.map(() => new Float64Array(buckets.count)),
  }));
  const lineOf = linesByKey(file, names, asOne);
  const counters = columns.map((column) => family.columns[column]?.merge !== 'last');
  const segments = segmentsOf(file, family, { fromMs, toMs }, wanted);
  for (const { block, counts } of readBlocks(file, family, segments, columns)) {
    const places = placesOf(block, counts, buckets);
    const ownLines = Int32Array.from(block.keys, lineOf);
    for (const [at, column] of columns.entries())
      if (counters[at])
        addColumn(block, column, { places, ownLines, lines: lines.map(({ sums }) => sums[at]), buckets });
  }
  const gauges = gaugeValues(
    file,
    family,
    columns.filter((_, at) => !counters[at]),
    { fromMs, toMs },
    wanted,
    buckets,
    lines.length,
    lineOf,
  );
  return {
    ...buckets.frame(),
    grain: words,
    series: lines.flatMap(({ key, sums }, line) =>
      metrics.map((metric, at) => ({
        key,
        metric,
        values: counters[at]
          ? buckets.column((place) => ((sums[at]?.[place] ?? 0) * 1000) / (buckets.coveredMs[place] || 1))
          : (gauges.get(columns[at] ?? -1)?.[line] ?? []),
      })),
    ),
  };
}

/** Which line a key of the file's dictionary belongs to: its own, the one of all, or none (-1). */
function linesByKey(file: RecordingFile, names: readonly string[], asOne: boolean): (key: number) => number {
  if (names.length === 0) return () => 0;
  const places = new Map(names.map((name, place) => [name, asOne ? 0 : place]));
  return (key) => places.get(JSON.stringify(file.key(key).key)) ?? -1;
}

/** A gauge holds until it is read anew; a poll that is complete takes away what it does not list. */
function gaugeValues(
  file: RecordingFile,
  family: StoredFamily,
  columns: readonly number[],
  span: Span,
  wanted: number,
  buckets: Buckets,
  lines: number,
  lineOf: (key: number) => number,
): Map<number, (number | null)[][]> {
  const result = new Map(
    columns.map((column) => [
      column,
      Array.from({ length: lines }, () => new Array<number | null>(buckets.count).fill(null)),
    ]),
  );
  if (columns.length === 0) return result;
  const known = new Map<number, { line: number; values: Float64Array }>();
  let next = 0;
  const until = (place: number): void => {
    for (; next < Math.min(place, buckets.count); next++)
      for (const column of columns) {
        const totals = new Array<number | null>(lines).fill(null);
        for (const { line, values } of known.values()) {
          const value = values[column] ?? Number.NaN;
          if (!Number.isNaN(value)) totals[line] = (totals[line] ?? 0) + value;
        }
        totals.forEach((total, line) => {
          const own = result.get(column)?.[line];
          if (own) own[next] = total;
        });
      }
  };
  const before = { fromMs: span.fromMs - lookBackOf(family), toMs: span.toMs };
  let lastMs = 0;
  const polled = new Uint8Array(buckets.count);
  for (const { poll, rows } of readPolls(file, family, segmentsOf(file, family, before, wanted), columns)) {
    const place = buckets.at(poll.atMs - 1e-6);
    until(place);
    if (place >= 0 && place < buckets.count) polled[place] = 1;
    lastMs = Math.max(lastMs, poll.atMs);
    if (poll.complete) known.clear();
    for (const { key, values } of rows) {
      const line = lineOf(key);
      if (line < 0) continue;
      const held = known.get(key)?.values;
      if (!held) known.set(key, { line, values: values.slice() });
      else
        for (const column of columns)
          if (!Number.isNaN(values[column] ?? Number.NaN)) held[column] = values[column] as number;
    }
  }
  until(buckets.at(lastMs - 1e-6) + 1);
  for (const own of result.values())
    for (const values of own)
      for (let place = 0; place < values.length; place++)
        if ((buckets.coveredMs[place] ?? 0) <= 0 && !polled[place]) values[place] = null;
  return result;
}
