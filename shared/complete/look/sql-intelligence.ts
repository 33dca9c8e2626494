/** What an editor is told about a text by whoever knows the database. It asks at every key: answers have to be quick. */
import type { Completion } from '../complete.ts';
import type { Suggestion } from '../suggestion.ts';
import type { Hover } from './hover.ts';
import type { Renaming } from './rename.ts';
import type { Signature } from './signature.ts';

export interface SqlIntelligence {
  complete(text: string, caret: number): Completion | null;
  /** What `complete` waits for at the caret, as the keys of a JSON column; null: nothing. */
  awaited(text: string, caret: number): Promise<void> | null;
  hover(text: string, offset: number): Hover | null;
  /** The alias or CTE at the offset, and where else it is named. */
  rename(text: string, offset: number): Renaming | null;
  signature(text: string, caret: number): Signature | null;
  /** Opens what is named at the offset; false where nothing is. */
  openDefinition(text: string, offset: number): boolean;
}

/** Of a text that stands behind others: a condition behind `select from t where `. Offsets are the text's own. */
export function behind(head: string, whole: SqlIntelligence): SqlIntelligence {
  const { length } = head;
  const moved = <Range extends { readonly from: number; readonly to: number }>(range: Range): Range => ({
    ...range,
    from: range.from - length,
    to: range.to - length,
  });
  const suggestion = (each: Suggestion): Suggestion =>
    each.replaces ? { ...each, replaces: moved(each.replaces) } : each;
  return {
    complete(text, caret) {
      const found = whole.complete(head + text, length + caret);
      return found && { ...moved(found), suggestions: found.suggestions.map(suggestion) };
    },
    awaited: (text, caret) => whole.awaited(head + text, length + caret),
    hover(text, offset) {
      const found = whole.hover(head + text, length + offset);
      return found && moved(found);
    },
    rename(text, offset) {
      const found = whole.rename(head + text, length + offset);
      // What the head names cannot be written anew.
      if (!found || found.places.some(({ from }) => from < length)) return null;
      return { ...moved(found), places: found.places.map(moved) };
    },
    signature: (text, caret) => whole.signature(head + text, length + caret),
    openDefinition: (text, offset) => whole.openDefinition(head + text, length + offset),
  };
}
