/** Who or what made the load of a stretch of time, from samples or from the sums of minutes. */
import type { ActivityShare } from '../../../../shared/api/monitor.ts';
import { idleTx } from '../../activity-class.ts';
import type { RecordingFile, Span } from '../../file/recording-file.ts';
import { clipped } from '../buckets.ts';
import { readPolls, segmentsOf } from '../family-range.ts';
import { labelOf } from '../labels.ts';
import { type Rolled, rolledSums } from './rolled-sums.ts';
import { type ActivityQuestion, judge } from './sample-filter.ts';

/** From this length on, shares come from the sums; they then have no classes within. */
const rawSharesMs = 2 * 86_400_000;

export function shares(
  file: RecordingFile,
  question: ActivityQuestion & Span & { limit: number },
): { coveredMs: number; totalMs: number; shares: ActivityShare[] } {
  const span = { fromMs: question.fromMs, toMs: question.toMs };
  const counted: Counted = { coveredMs: 0, samples: 0, loadMs: 0, byKey: new Map() };
  const rolled = span.toMs - span.fromMs > rawSharesMs ? rolledSums(file, question) : null;
  if (rolled) addSums(file, question, span, counted, rolled);
  else addSamples(file, question, span, counted);
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

function addSamples(file: RecordingFile, question: ActivityQuestion, span: Span, counted: Counted): void {
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
}

function addSums(
  file: RecordingFile,
  question: ActivityQuestion,
  asked: Span,
  counted: Counted,
  { sums, sinceMs }: Rolled,
): void {
  const span = { fromMs: Math.max(asked.fromMs, sinceMs), toMs: asked.toMs };
  if (span.fromMs > asked.fromMs)
    addSamples(file, question, { fromMs: asked.fromMs, toMs: Math.min(span.fromMs, asked.toMs) }, counted);
  // One sample stands for the planned interval, as long as no tick was late.
  const everyMs = Number(file.meta('everyMs') ?? 1000);
  for (const { poll, rows } of readPolls(file, sums.family, segmentsOf(file, sums.family, span, 1), [0])) {
    counted.coveredMs += poll.coveredMs;
    for (const { key, values } of rows) {
      if (!sums.counts(key)) continue;
      const ms = values[0] ?? 0;
      const samples = Math.round(ms / everyMs);
      const entry = entryOf(counted.byKey, sums.part(key, question.by) ?? '');
      const className = sums.part(key, 'class');
      entry.sessionMs += ms;
      entry.samples += samples;
      if (className !== null) entry.byClass.set(className, (entry.byClass.get(className) ?? 0) + ms);
      if (className === idleTx) continue;
      counted.samples += samples;
      counted.loadMs += ms;
    }
  }
}
