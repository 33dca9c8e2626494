/** Which sums of minutes and hours answer a question about sessions, and what their rows count as. */
import type { Dimension } from '../../../../shared/api/monitor.ts';
import {
  classedDimensions,
  classedSumsOf,
  classOfEvent,
  groups,
  rolledDimensions,
  sumsOf,
} from '../../activity-class.ts';
import type { RecordingFile, StoredFamily } from '../../file/recording-file.ts';
import type { ActivityQuestion } from './sample-filter.ts';

const has = (list: readonly string[], dimension: Dimension): boolean => list.includes(dimension);

/** Parts of the keys that the sums of these dimensions have after the group; null: there are no such sums. */
function fieldsOf(dimensions: readonly Dimension[]): readonly Dimension[] | null {
  const asked = [...new Set(dimensions)];
  if (!asked.every((dimension) => has(rolledDimensions, dimension))) return null;
  if (asked.length < 2) return asked;
  const other = asked.find((dimension) => dimension !== 'class');
  if (asked.length > 2 || !asked.includes('class') || !other) return null;
  // An event names its class.
  if (other === 'event') return ['event'];
  return has(classedDimensions, other) ? ['class', other] : null;
}

/** The sums of some dimensions, as far as a question asks for them. */
export class RolledSums {
  readonly family: StoredFamily;
  readonly #file: RecordingFile;
  readonly #fields: readonly Dimension[];
  readonly #question: ActivityQuestion;
  readonly #meant = new Map<number, boolean>();

  /** Null where the recording has no such sums. */
  static for(file: RecordingFile, dimensions: readonly Dimension[], question: ActivityQuestion): RolledSums | null {
    const fields = fieldsOf(dimensions);
    if (!fields) return null;
    const [first = 'total', second] = fields;
    const family = file.family(second ? classedSumsOf(second) : sumsOf(first));
    return family && new RolledSums(file, family, fields, question);
  }

  private constructor(
    file: RecordingFile,
    family: StoredFamily,
    fields: readonly Dimension[],
    question: ActivityQuestion,
  ) {
    this.#file = file;
    this.family = family;
    this.#fields = fields;
    this.#question = question;
  }

  /** Whether rows of the key, a number of the file's, are asked for. */
  counts(key: number): boolean {
    let meant = this.#meant.get(key);
    if (meant === undefined) {
      const { background, filters } = this.#question;
      meant =
        (background || this.#file.key(key).key[0] === groups.foreground) &&
        filters.every(({ dimension, value }) => this.part(key, dimension) === value);
      this.#meant.set(key, meant);
    }
    return meant;
  }

  /** Null where the sums do not tell it. */
  part(key: number, dimension: Dimension): string | null {
    const parts = this.#file.key(key).key;
    const at = this.#fields.indexOf(dimension);
    if (at >= 0) return parts[at + 1] ?? '';
    return dimension === 'class' && this.#fields[0] === 'event' ? classOfEvent(parts[1] ?? '') : null;
  }

  /** When they begin. */
  get fromMs(): number {
    const begins = [1, 2].map((grain) => this.#file.grainSpan(this.family, grain)?.fromMs ?? Number.POSITIVE_INFINITY);
    return Math.min(...begins);
  }
}

export interface Rolled {
  readonly sums: RolledSums;
  /** Whose peaks, added up, are the peak of all that is asked for. */
  readonly peaks: RolledSums;
  /** Sums of before are of fewer dimensions only: an older program kept no others. */
  readonly sinceMs: number;
}

/** Null where no sums tell what is asked: then it takes the samples. */
export function rolledSums(file: RecordingFile, question: ActivityQuestion): Rolled | null {
  const narrowedBy = question.filters.map(({ dimension }) => dimension);
  const sums = RolledSums.for(file, [question.by, ...narrowedBy], question);
  const total = RolledSums.for(file, [], { ...question, filters: [] });
  if (!sums || !total) return null;
  const peaks = RolledSums.for(file, narrowedBy, question) ?? sums;
  return { sums, peaks, sinceMs: sums.fromMs > total.fromMs ? sums.fromMs : Number.NEGATIVE_INFINITY };
}
