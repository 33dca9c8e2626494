/** What can be folded: statements, brackets, block comments, and BEGIN … END, IF, LOOP and CASE in bodies. Pure. */
import { Scanner } from '../../shared/sql/scan.ts';
import { splitSql } from '../../shared/sql/split.ts';

/** Offsets; whoever shows them makes lines of them. */
export type Fold = { readonly from: number; readonly to: number; readonly comment: boolean };

const openers = new Set(['begin', 'case', 'if', 'loop']);
/** IF that opens nothing: IF EXISTS, IF NOT EXISTS. */
const notOpening = /^\s+(not\s+)?exists\b/i;

/** Everything in the text that has a beginning and an end, in no order. Cost: one or two passes over the text. */
export function foldsOf(text: string): Fold[] {
  const folds: Fold[] = splitSql(text, { lenient: true }).map(({ from, to }) => ({ from, to, comment: false }));
  collect(text, 0, folds, 0);
  return folds;
}

function collect(text: string, offset: number, folds: Fold[], depth: number): void {
  const scanner = new Scanner(text);
  const brackets: number[] = [];
  const blocks: number[] = [];
  let ended = false;
  const add = (from: number | undefined, to: number, comment = false): void => {
    if (from !== undefined) folds.push({ from: offset + from, to: offset + to, comment });
  };
  while (scanner.next()) {
    const { kind, from, to } = scanner;
    const first = text.charAt(from);
    if (kind === 'comment') {
      if (first === '/') add(from, to, true);
      continue;
    }
    if (kind === 'string') {
      add(from, to);
      const { tag } = scanner;
      // A body within a body is as deep as anyone writes.
      if (tag !== '' && depth < 2) {
        const end = scanner.problem === null ? to - tag.length : to;
        collect(text.slice(from + tag.length, end), offset + from + tag.length, folds, depth + 1);
      }
    } else if (first === '(' || first === '[') brackets.push(from);
    else if (first === ')' || first === ']') add(brackets.pop(), to);
    else if (kind === 'word' && to - from <= 5) {
      const word = text.slice(from, to).toLowerCase();
      if (word === 'end') add(blocks.pop(), to);
      // In "END IF" the IF belongs to the END.
      else if (openers.has(word) && !ended && opens(word, text, to, depth)) blocks.push(from);
      ended = word === 'end';
      continue;
    }
    ended = false;
  }
}

/** Outside of bodies BEGIN is a transaction's, unless ATOMIC, and IF and LOOP open nothing. */
function opens(word: string, text: string, to: number, depth: number): boolean {
  const next = text.slice(to, to + 40);
  if (word === 'case') return true;
  if (depth === 0) return word === 'begin' && /^\s+atomic\b/i.test(next);
  return word !== 'if' || !notOpening.test(next);
}
