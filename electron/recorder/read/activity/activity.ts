/** Average active sessions over time and by share, from samples or from the sums of minutes and hours. */
import type { ActivitySeries, Dimension } from '../../../../shared/api/monitor.ts';
import { idleTx } from '../../activity-class.ts';
import type { RecordingFile, Span } from '../../file/recording-file.ts';
import type { AshCore } from '../../pack/ash-chunk.ts';
import { addColumn, placesOf } from '../add-column.ts';
import { Buckets, clipped } from '../buckets.ts';
import { readBlocks, segmentsOf } from '../family-range.ts';
import { labelOf } from '../labels.ts';
import { type Rolled, rolledSums } from './rolled-sums.ts';
import { type ActivityQuestion, judge, type Verdicts, verdicts } from './sample-filter.ts';

const minuteMs = 60_000;
const hourMs = 3_600_000;

/** Key of what does not belong to the `top` series. */
export const othersKey = '*';

/** Session-milliseconds by key and bucket, from whichever source. */
class Sums {
  readonly buckets: Buckets;
  readonly byKey = new Map<string, Float64Array>();
  readonly peak: Float64Array;

  constructor(buckets: Buckets) {
    this.buckets = buckets;
    this.peak = new Float64Array(buckets.count);
  }

  of(key: string): Float64Array {
    let sums = this.byKey.get(key);
    if (!sums) {
      sums = new Float64Array(this.buckets.count);
      this.byKey.set(key, sums);
    }
    return sums;
  }

  /** `most` sessions at one instant of the stretch. */
  reach(fromMs: number, toMs: number, most: number): void {
    const last = Math.min(this.buckets.count - 1, this.buckets.at(Math.max(fromMs, toMs - 1e-6)));
    for (let place = Math.max(0, this.buckets.at(fromMs)); place <= last; place++)
      if (most > (this.peak[place] ?? 0)) this.peak[place] = most;
  }
}

export function activity(
  file: RecordingFile,
  question: ActivityQuestion & Span & { buckets: number; top: number },
): ActivitySeries {
  const { fromMs, toMs } = question;
  const stepMs = (toMs - fromMs) / question.buckets;
  const rolled = stepMs < minuteMs / 2 ? null : rolledSums(file, question);
  const grain = rolled ? (stepMs < hourMs ? 'minute' : 'hour') : 'raw';
  const grainMs = grain === 'hour' ? hourMs : grain === 'minute' ? minuteMs : 1;
  const sums = new Sums(new Buckets({ fromMs, toMs }, question.buckets, grainMs));
  // Where only whole minutes can be drawn, the last second is no further off than the next bucket.
  const span = { fromMs: Math.min(fromMs, sums.buckets.startMs), toMs };
  if (rolled) addSums(file, question, span, sums, { ...rolled, grain: grain === 'hour' ? 2 : 1 });
  else addSamples(file, question, span, sums);
  const { buckets } = sums;
  return {
    ...buckets.frame(),
    grain,
    series: topSeries(file, question.by, sums, question.top),
    peak: buckets.column((place) => sums.peak[place] ?? 0),
  };
}

function topSeries(file: RecordingFile, by: Dimension, sums: Sums, top: number): ActivitySeries['series'] {
  const { buckets } = sums;
  const all = [...sums.byKey]
    .map(([key, values]) => ({ key, values, totalMs: values.reduce((sum, value) => sum + value, 0) }))
    .sort((a, b) => b.totalMs - a.totalMs);
  const others = all.slice(top);
  const shown = all.slice(0, top);
  if (others.length > 0) {
    const values = new Float64Array(buckets.count);
    for (const other of others)
      for (let place = 0; place < values.length; place++)
        values[place] = (values[place] ?? 0) + (other.values[place] ?? 0);
    shown.push({ key: othersKey, values, totalMs: others.reduce((sum, { totalMs }) => sum + totalMs, 0) });
  }
  return shown.map(({ key, values, totalMs }) => ({
    key,
    label: key === othersKey ? `${others.length} others` : labelOf(file, by, key),
    totalMs: Math.round(totalMs),
    values: buckets.column((place) => round((values[place] ?? 0) / (buckets.coveredMs[place] || 1))),
  }));
}

const round = (value: number): number => Math.round(value * 10_000) / 10_000;

function addSamples(file: RecordingFile, question: ActivityQuestion, span: Span, sums: Sums): void {
  const { buckets } = sums;
  for (const piece of file.ash(span)) {
    const core = file.sound(piece, () => piece.core());
    if (!core) continue;
    const { ticks } = core;
    const weights = new Float64Array(ticks.length);
    const whole = new Int32Array(ticks.length);
    for (const [place, { atMs, weightMs }] of ticks.entries()) {
      const fromMs = atMs - weightMs;
      const bucket = fromMs >= span.fromMs && atMs <= span.toMs ? buckets.only(fromMs, atMs) : -1;
      weights[place] = weightMs;
      whole[place] = bucket;
      if (bucket >= 0) buckets.coveredMs[bucket] = (buckets.coveredMs[bucket] as number) + weightMs;
      else buckets.cover(Math.max(span.fromMs, fromMs), Math.min(atMs, span.toMs), clipped(span, atMs, weightMs));
    }
    const counts = new Uint32Array(ticks.length);
    tally(file, core, question, { span, sums, weights, whole, counts });
    for (const [place, { atMs, weightMs }] of ticks.entries()) {
      const most = counts[place] as number;
      const bucket = whole[place] as number;
      if (bucket >= 0) sums.peak[bucket] = Math.max(sums.peak[bucket] as number, most);
      else if (atMs > span.fromMs && atMs - weightMs < span.toMs)
        sums.reach(Math.max(span.fromMs, atMs - weightMs), Math.min(atMs, span.toMs), most);
    }
  }
}

interface Tally {
  readonly span: Span;
  readonly sums: Sums;
  readonly weights: Float64Array;
  /** By tick: its bucket, -1 where it lies in more than one. */
  readonly whole: Int32Array;
  /** By tick: sessions that are load. */
  readonly counts: Uint32Array;
}

function tally(file: RecordingFile, core: AshCore, question: ActivityQuestion, into: Tally): void {
  const found = verdicts(file, core, question);
  if (found.from === 'blocker' || found.blockers.length > 0) tallyJudged(file, core, question, into);
  else tallyAtOnce(core, found, into);
}

/** One pass over the samples, and nothing kept of them: a day of fifty sessions is four million. */
function tallyAtOnce(core: AshCore, found: Verdicts, { span, sums, weights, whole, counts }: Tally): void {
  const { names, classes, kind, sessionOk, waitOk, queryOk, from } = found;
  const { ticks, tick, session, wait } = core;
  const query = queryOk && core.query;
  const isLoad = new Uint8Array(classes.length);
  for (let at = 0; at < isLoad.length; at++) isLoad[at] = classes[at] === idleTx ? 0 : 1;
  const lines = new Array<Float64Array | null>(names.length).fill(null);
  // Over a day, mostly a minute lies in one bucket.
  let only = whole[0] ?? -1;
  for (let at = 1; at < whole.length; at++) if (whole[at] !== only) only = -1;
  const added = new Float64Array(only >= 0 ? names.length : 0);
  const byWait = from === 'wait';
  const byQuery = from === 'query';
  for (let sample = 0; sample < tick.length; sample++) {
    const own = session[sample] as number;
    const at = ((wait[sample] as number) << 1) | (kind[own] as number);
    if (waitOk[at] !== 1 || sessionOk[own] !== 1) continue;
    const asked = query === null ? 0 : (query[sample] as number);
    if (queryOk !== null && queryOk[asked] !== 1) continue;
    const key = byWait ? at : byQuery ? asked : own;
    const when = tick[sample] as number;
    counts[when] = (counts[when] as number) + (isLoad[at] as number);
    if (only >= 0) {
      added[key] = (added[key] as number) + (weights[when] as number);
      continue;
    }
    let values = lines[key] as Float64Array | null;
    if (values === null) {
      values = sums.of(names[key] ?? '');
      lines[key] = values;
    }
    const bucket = whole[when] as number;
    if (bucket >= 0) values[bucket] = (values[bucket] as number) + (weights[when] as number);
    else spreadTick(ticks[when], span, sums.buckets, values);
  }
  for (let key = 0; key < added.length; key++) {
    if (added[key] === 0) continue;
    const values = sums.of(names[key] ?? '');
    values[only] = (values[only] as number) + (added[key] as number);
  }
}

function tallyJudged(file: RecordingFile, core: AshCore, question: ActivityQuestion, into: Tally): void {
  const { span, sums, counts } = into;
  const { names, keys, classes, classAt } = judge(file, core, question);
  for (let sample = 0; sample < keys.length; sample++) {
    const key = keys[sample] as number;
    if (key < 0) continue;
    const when = core.tick[sample] as number;
    spreadTick(core.ticks[when], span, sums.buckets, sums.of(names[key] ?? ''));
    if (classes[classAt[sample] as number] !== idleTx) counts[when] = (counts[when] as number) + 1;
  }
}

/** A tick that lies in more than one bucket, or reaches over an end. */
function spreadTick(
  tick: { readonly atMs: number; readonly weightMs: number } | undefined,
  span: Span,
  buckets: Buckets,
  values: Float64Array,
): void {
  if (!tick) return;
  const from = Math.max(span.fromMs, tick.atMs - tick.weightMs);
  const to = Math.min(tick.atMs, span.toMs);
  if (to > from) buckets.spread(values, from, to, to - from);
}

function addSums(
  file: RecordingFile,
  question: ActivityQuestion,
  asked: Span,
  into: Sums,
  { sums, peaks, sinceMs, grain }: Rolled & { readonly grain: number },
): void {
  const { buckets } = into;
  const span = { fromMs: Math.max(asked.fromMs, sinceMs), toMs: asked.toMs };
  if (span.fromMs > asked.fromMs)
    addSamples(file, question, { fromMs: asked.fromMs, toMs: Math.min(span.fromMs, asked.toMs) }, into);
  let sealedToMs = span.fromMs;
  for (const { block, counts } of readBlocks(file, sums.family, segmentsOf(file, sums.family, span, grain), [0])) {
    const places = placesOf(block, counts, buckets);
    for (const [place, { atMs }] of block.polls.entries())
      if (counts[place] === 1) sealedToMs = Math.max(sealedToMs, atMs);
    const lines: Float64Array[] = [];
    const ownLines = Int32Array.from(block.keys, (key) =>
      sums.counts(key) ? lines.push(into.of(sums.part(key, question.by) ?? '')) - 1 : -1,
    );
    addColumn(block, 0, { places, ownLines, lines, buckets });
  }
  for (const { block, counts } of readBlocks(file, peaks.family, segmentsOf(file, peaks.family, span, grain), [1])) {
    const meant = Uint8Array.from(block.keys, (key) =>
      peaks.counts(key) && peaks.part(key, 'class') !== idleTx ? 1 : 0,
    );
    const most = new Float64Array(block.polls.length);
    for (let row = 0; row < block.rowKey.length; row++) {
      const poll = block.rowPoll[row] as number;
      if (meant[block.rowKey[row] as number] === 1)
        most[poll] = (most[poll] as number) + (block.columns[1]?.[row] ?? 0);
    }
    for (const [place, { atMs, coveredMs }] of block.polls.entries())
      if (counts[place] === 1) into.reach(atMs - coveredMs, atMs, most[place] as number);
  }
  // The minute that is not over yet.
  if (sealedToMs < span.toMs) addSamples(file, question, { fromMs: sealedToMs, toMs: span.toMs }, into);
}
