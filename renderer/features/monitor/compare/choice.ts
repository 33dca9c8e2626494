/** With what the shown stretch of a source is compared. Kept while the window is open. */
import { create } from 'zustand';
import { type Earlier, earlierStretch, type Span, type TimeRange } from '../../../workspace/monitor/time-range.ts';

/** `newest`: as long, up to the end of the other recording; `same`: the very same time of it. */
export type When =
  | { readonly kind: Earlier }
  | { readonly kind: 'newest' }
  | { readonly kind: 'same' }
  | ({ readonly kind: 'fixed' } & TimeRange);

export interface Choice {
  /** Null: the shown recording itself. */
  readonly recordingId: string | null;
  readonly when: When;
}

const usual: Choice = { recordingId: null, when: { kind: 'before' } };
const useChoices = create<{ readonly choices: ReadonlyMap<string, Choice> }>(() => ({ choices: new Map() }));

export const useChoice = (sourceId: string): Choice => useChoices(({ choices }) => choices.get(sourceId) ?? usual);

export function choose(sourceId: string, choice: Choice): void {
  useChoices.setState(({ choices }) => ({ choices: new Map(choices).set(sourceId, choice) }));
}

/** Another recording is first compared by its newest, the same one by the time before. */
export const chooseRecording = (sourceId: string, recordingId: string | null): void =>
  choose(sourceId, { recordingId, when: { kind: recordingId === null ? 'before' : 'newest' } });

/** The stretch that is meant, as long as the shown one where it is not a stretch of the person's own. */
export function comparedStretch(when: When, shown: TimeRange, other: Pick<Span, 'toMs'>): TimeRange {
  switch (when.kind) {
    case 'fixed':
      return { fromMs: when.fromMs, toMs: when.toMs };
    case 'same':
      return shown;
    case 'newest': {
      const toMs = other.toMs ?? shown.toMs;
      return { fromMs: toMs - (shown.toMs - shown.fromMs), toMs };
    }
    default:
      return earlierStretch(when.kind, shown);
  }
}
