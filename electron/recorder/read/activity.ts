/** Average active sessions over time and by share, from samples or from the sums of minutes and hours. */
import type { ActivitySeries, ActivityShare, Dimension } from '../../../shared/api/monitor.ts';
import { groups, idleTx, rolledDimensions } from '../activity-class.ts';
import type { RecordingFile, Span } from '../file/recording-file.ts';
import type { AshCore } from '../pack/ash-chunk.ts';
import { Buckets } from './buckets.ts';
import { readPolls, segmentsOf } from './family-range.ts';
import { labelOf } from './labels.ts';
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
  const grain = rolledGrain(question, (toMs - fromMs) / question.buckets);
  const grainMs = grain === 'hour' ? hourMs : grain === 'minute' ? minuteMs : 1;
  const sums = new Sums(new Buckets({ fromMs, toMs }, question.buckets, grainMs));
  // Where only whole minutes can be drawn, the last second is no further off than the next bucket.
  const span = { fromMs: Math.min(fromMs, sums.buckets.startMs), toMs };
  if (grain === 'raw') addSamples(file, question, span, sums);
  else addSums(file, question, span, sums, grain);
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

/** Sums exist of one dimension at a time; what narrows by another one needs the samples. */
function rolledGrain({ by, filters }: ActivityQuestion, stepMs: number): 'raw' | 'minute' | 'hour' {
  const rolled = (rolledDimensions as readonly string[]).includes(by);
  if (!rolled || stepMs < minuteMs / 2 || filters.some(({ dimension }) => dimension !== by)) return 'raw';
  return stepMs < hourMs ? 'minute' : 'hour';
}

function addSamples(file: RecordingFile, question: ActivityQuestion, span: Span, sums: Sums): void {
  const { buckets } = sums;
  for (const piece of file.ash(span)) {
    const core = file.sound(piece, () => piece.core());
    if (!core) continue;
    const { ticks } = core;
    const weights = Float64Array.from(ticks, ({ weightMs }) => weightMs);
    const whole = Int32Array.from(ticks, ({ atMs, weightMs }) => {
      const [first, last] = [buckets.at(atMs - weightMs), buckets.at(atMs - 1e-6)];
      buckets.cover(Math.max(span.fromMs, atMs - weightMs), Math.min(atMs, span.toMs), clipped(span, atMs, weightMs));
      return first === last &&
        first >= 0 &&
        first < buckets.count &&
        atMs - weightMs >= span.fromMs &&
        atMs <= span.toMs
        ? first
        : -1;
    });
    const counts = new Uint32Array(ticks.length);
    tally(file, core, question, { span, sums, weights, whole, counts });
    ticks.forEach(({ atMs, weightMs }, place) => {
      if (atMs > span.fromMs && atMs - weightMs < span.toMs)
        sums.reach(Math.max(span.fromMs, atMs - weightMs), Math.min(atMs, span.toMs), counts[place] ?? 0);
    });
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
  const isLoad = Uint8Array.from(classes, (name) => (name === idleTx ? 0 : 1));
  const lines = names.map((): Float64Array | null => null);
  // Mostly a minute lies in one bucket.
  const only = whole.every((bucket) => bucket === whole[0]) ? (whole[0] ?? -1) : -1;
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

const clipped = (span: Span, atMs: number, weightMs: number): number =>
  Math.max(0, Math.min(atMs, span.toMs) - Math.max(atMs - weightMs, span.fromMs));

function addSums(
  file: RecordingFile,
  question: ActivityQuestion,
  span: Span,
  sums: Sums,
  grain: 'minute' | 'hour',
): void {
  const { buckets } = sums;
  const family = file.family(`activity.${question.by}`);
  const total = file.family('activity.total');
  if (!family || !total) {
    addSamples(file, question, span, sums);
    return;
  }
  const wanted = grain === 'hour' ? 2 : 1;
  const meant = (group: string, value: string): boolean =>
    (question.background || group === groups.foreground) && question.filters.every((filter) => filter.value === value);
  let sealedToMs = span.fromMs;
  for (const { poll, rows } of readPolls(file, family, segmentsOf(file, family, span, wanted), [0])) {
    const from = poll.atMs - poll.coveredMs;
    buckets.cover(from, poll.atMs, poll.coveredMs);
    sealedToMs = Math.max(sealedToMs, poll.atMs);
    for (const { key, values } of rows) {
      const [group = '', value = ''] = file.key(key).key;
      if (meant(group, value)) buckets.spread(sums.of(value), from, poll.atMs, values[0] ?? 0);
    }
  }
  const narrowed = question.filters.length > 0;
  const peaks = narrowed ? family : total;
  for (const { poll, rows } of readPolls(file, peaks, segmentsOf(file, peaks, span, wanted), [1])) {
    let most = 0;
    for (const { key, values } of rows) {
      const [group = '', value = ''] = file.key(key).key;
      if (narrowed ? meant(group, value) : question.background || group === groups.foreground) most += values[1] ?? 0;
    }
    sums.reach(poll.atMs - poll.coveredMs, poll.atMs, most);
  }
  // The minute that is not over yet.
  if (sealedToMs < span.toMs) addSamples(file, question, { fromMs: sealedToMs, toMs: span.toMs }, sums);
}

/** From this length on, shares come from the sums; they then have no classes within. */
const rawSharesMs = 2 * 86_400_000;

export function shares(
  file: RecordingFile,
  question: ActivityQuestion & Span & { limit: number },
): { coveredMs: number; totalMs: number; shares: ActivityShare[] } {
  const span = { fromMs: question.fromMs, toMs: question.toMs };
  const rolled = span.toMs - span.fromMs > rawSharesMs && rolledGrain(question, hourMs) !== 'raw';
  const counted = rolled ? sharesOfSums(file, question, span) : sharesOfSamples(file, question, span);
  const { coveredMs, samples, loadMs, byKey } = counted;
  const list = [...byKey]
    .sort(([, a], [, b]) => b.sessionMs - a.sessionMs)
    .slice(0, question.limit)
    .map(([key, one]): ActivityShare => {
      // Of IdleTx, which is no load: its share of the load and itself.
      const isLoad = !(question.by === 'class' || question.by === 'event') || key !== idleTx;
      const whole = loadMs + (isLoad ? 0 : one.sessionMs);
      const share = whole > 0 ? one.sessionMs / whole : 0;
      return {
        key,
        label: labelOf(file, question.by, key),
        sessionMs: Math.round(one.sessionMs),
        share,
        shareError: samples > 0 ? 1.96 * Math.sqrt((Math.min(1, share) * (1 - Math.min(1, share))) / samples) : 0,
        average: coveredMs > 0 ? one.sessionMs / coveredMs : 0,
        samples: one.samples,
        byClass: Object.fromEntries([...one.byClass].map(([name, ms]) => [name, Math.round(ms)])),
      };
    });
  return { coveredMs: Math.round(coveredMs), totalMs: Math.round(loadMs), shares: list };
}

interface Counted {
  coveredMs: number;
  samples: number;
  loadMs: number;
  byKey: Map<string, { sessionMs: number; samples: number; byClass: Map<string, number> }>;
}

function entryOf(byKey: Counted['byKey'], key: string) {
  let entry = byKey.get(key);
  if (!entry) {
    entry = { sessionMs: 0, samples: 0, byClass: new Map() };
    byKey.set(key, entry);
  }
  return entry;
}

function sharesOfSamples(file: RecordingFile, question: ActivityQuestion, span: Span): Counted {
  const counted: Counted = { coveredMs: 0, samples: 0, loadMs: 0, byKey: new Map() };
  for (const piece of file.ash(span)) {
    const core = file.sound(piece, () => piece.core());
    if (!core) continue;
    const weights = core.ticks.map(({ atMs, weightMs }) => clipped(span, atMs, weightMs));
    counted.coveredMs += weights.reduce((sum, weight) => sum + weight, 0);
    const { names, keys, classes, classAt } = judge(file, core, question);
    for (let sample = 0; sample < core.tick.length; sample++) {
      const weight = weights[core.tick[sample] ?? 0] ?? 0;
      const key = keys[sample] ?? -1;
      if (weight <= 0 || key < 0) continue;
      const className = classes[classAt[sample] ?? 0] ?? '';
      const entry = entryOf(counted.byKey, names[key] ?? '');
      entry.sessionMs += weight;
      entry.samples++;
      entry.byClass.set(className, (entry.byClass.get(className) ?? 0) + weight);
      if (className === idleTx) continue;
      counted.samples++;
      counted.loadMs += weight;
    }
  }
  return counted;
}

function sharesOfSums(file: RecordingFile, question: ActivityQuestion, span: Span): Counted {
  const counted: Counted = { coveredMs: 0, samples: 0, loadMs: 0, byKey: new Map() };
  const family = file.family(`activity.${question.by}`);
  if (!family) return counted;
  // One sample stands for the planned interval, as long as no tick was late.
  const everyMs = Number(file.meta('everyMs') ?? 1000);
  for (const { poll, rows } of readPolls(file, family, segmentsOf(file, family, span, 1), [0])) {
    counted.coveredMs += poll.coveredMs;
    for (const { key, values } of rows) {
      const [group = '', value = ''] = file.key(key).key;
      if (!question.background && group !== groups.foreground) continue;
      if (!question.filters.every((filter) => filter.value === value)) continue;
      const entry = entryOf(counted.byKey, value);
      entry.sessionMs += values[0] ?? 0;
      entry.samples += Math.round((values[0] ?? 0) / everyMs);
      if (question.by === 'class') entry.byClass.set(value, entry.sessionMs);
      if (value === idleTx && (question.by === 'class' || question.by === 'event')) continue;
      counted.samples += Math.round((values[0] ?? 0) / everyMs);
      counted.loadMs += values[0] ?? 0;
    }
  }
  return counted;
}
