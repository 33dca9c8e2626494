/** What a recording covers, and the stretches it does not. */
import type { RecordingFile, Span, StoredGap } from '../file/recording-file.ts';

/** Shorter stretches without a sample are a slow tick, no gap. */
const shortestGapMs = 10_000;

/** The noted gaps, and those nobody noted: the recorder was not there, or a part of the file is damaged. */
export function gapsIn(file: RecordingFile, span: Span): StoredGap[] {
  const noted = file.gaps(span);
  const unnoted: StoredGap[] = [];
  let coveredTo: number | null = null;
  const pieces = file.coverage(span).sort((a, b) => a.fromMs - b.fromMs);
  for (const { fromMs, toMs } of pieces) {
    if (coveredTo !== null && fromMs - coveredTo >= shortestGapMs) {
      const open = { fromMs: coveredTo, toMs: fromMs };
      // Most of it has been explained already.
      const told = noted.some(
        (gap) => Math.min(gap.toMs, open.toMs) - Math.max(gap.fromMs, open.fromMs) > (open.toMs - open.fromMs) / 2,
      );
      if (!told) unnoted.push({ ...open, reason: 'notRecording', message: 'Nothing was recorded.' });
    }
    coveredTo = Math.max(coveredTo ?? toMs, toMs);
  }
  return [...noted, ...unnoted].sort((a, b) => a.fromMs - b.fromMs);
}

export function span(file: RecordingFile, _input: Record<string, never>) {
  const ends = file.span();
  return {
    fromMs: ends?.fromMs ?? null,
    toMs: ends?.toMs ?? null,
    everyMs: Number(file.meta('everyMs') ?? 1000),
    gaps: ends ? gapsIn(file, ends) : [],
  };
}
