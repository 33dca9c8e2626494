/**
 * Comments that silence rules: `-- howdah: ignore rule-id, other-id` for the line it is on and the next, or for the
 * whole statement where it stands before its first word; without ids, all of them.
 */
import { Scanner } from '../sql/scan.ts';

export interface Ignored {
  readonly from: number;
  readonly to: number;
  /** Empty: all. */
  readonly rules: readonly string[];
}

const wanted = /howdah:\s*ignore\b([\w\s,-]*)/i;

/** The text may begin with comments that stand before the statement. */
export function ignoredIn(text: string): readonly Ignored[] {
  if (!/howdah:/i.test(text)) return [];
  const scanner = new Scanner(text);
  const found: Ignored[] = [];
  let begun = false;
  while (scanner.next()) {
    if (scanner.kind !== 'comment') {
      begun = true;
      continue;
    }
    const words = wanted.exec(text.slice(scanner.from, scanner.to));
    if (!words) continue;
    const rules = (words[1] ?? '').split(/[\s,]+/).filter((word) => /^[a-z][a-z-]*[a-z]$/.test(word));
    const lineStart = text.lastIndexOf('\n', scanner.from) + 1;
    const lineEnd = text.indexOf('\n', scanner.to);
    const nextEnd = lineEnd < 0 ? text.length : text.indexOf('\n', lineEnd + 1);
    found.push({ from: begun ? lineStart : 0, to: begun && nextEnd >= 0 ? nextEnd : text.length, rules });
  }
  return found;
}

export const isIgnored = (ignored: readonly Ignored[], rule: string, at: number): boolean =>
  ignored.some(({ from, to, rules }) => from <= at && at <= to && (rules.length === 0 || rules.includes(rule)));
