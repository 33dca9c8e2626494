/**
 * Text with places where it may be broken. A group is written on one line where it fits; else all its own lines break.
 * After the pretty printers of Oppen and Wadler. Comments know how to keep out of the way: one at the end of a line
 * waits for that end, one on a line of its own begins a fresh one, and what follows it does too.
 */
export type Doc =
  | string
  | readonly Doc[]
  | { readonly kind: 'line'; readonly flat: string }
  | { readonly kind: 'hard' }
  | { readonly kind: 'nest'; readonly by: number; readonly doc: Doc }
  /** Nests to the column where it begins. */
  | { readonly kind: 'align'; readonly doc: Doc }
  | { readonly kind: 'group'; readonly doc: Doc }
  | { readonly kind: 'ownComment'; readonly text: string }
  | { readonly kind: 'endComment'; readonly text: string }
  /** Ends the line where it stands. */
  | { readonly kind: 'stopComment'; readonly text: string };

/** A blank, or a new line. */
export const line: Doc = { kind: 'line', flat: ' ' };
/** Nothing, or a new line. */
export const softline: Doc = { kind: 'line', flat: '' };
export const hardline: Doc = { kind: 'hard' };
export const nest = (by: number, doc: Doc): Doc => ({ kind: 'nest', by, doc });
export const align = (doc: Doc): Doc => ({ kind: 'align', doc });
export const group = (doc: Doc): Doc => ({ kind: 'group', doc });
export const join = (docs: readonly Doc[], between: Doc): Doc =>
  docs.flatMap((doc, index) => (index === 0 ? [doc] : [between, doc]));

const isList = (doc: Doc): doc is readonly Doc[] => Array.isArray(doc);
const broken = new WeakMap<object, boolean>();

/** Whether it cannot be one line, whatever the width. */
export function mustBreak(doc: Doc): boolean {
  if (typeof doc === 'string') return doc.includes('\n');
  const known = broken.get(doc);
  if (known !== undefined) return known;
  const answer = isList(doc)
    ? doc.some(mustBreak)
    : doc.kind === 'hard' ||
        doc.kind === 'ownComment' ||
        doc.kind === 'stopComment' ||
        (doc.kind === 'endComment' && doc.text.startsWith('--'))
      ? true
      : 'doc' in doc && mustBreak(doc.doc);
  broken.set(doc, answer);
  return answer;
}

interface Work {
  readonly doc: Doc;
  readonly indent: number;
  readonly flat: boolean;
}

export function print(doc: Doc, width: number): string {
  const lines: string[] = [];
  let now = '';
  let column = 0;
  let suffix = '';
  /** A comment ended the line: what follows begins a new one. */
  let pending = false;
  const newline = (indent: number): void => {
    lines.push((now + suffix).trimEnd());
    suffix = '';
    now = ' '.repeat(indent);
    column = indent;
    pending = false;
  };
  const write = (text: string, indent: number): void => {
    if (text === '') return;
    if (pending) {
      newline(indent);
      text = text.trimStart();
    }
    now += text;
    const end = text.lastIndexOf('\n');
    column = end < 0 ? column + text.length : text.length - end - 1;
  };
  const waiting: Work[] = [{ doc, indent: 0, flat: false }];
  while (waiting.length > 0) {
    const { doc: next, indent, flat } = waiting.pop() as Work;
    if (typeof next === 'string') write(next, indent);
    else if (isList(next))
      for (let at = next.length - 1; at >= 0; at--) waiting.push({ doc: next[at] as Doc, indent, flat });
    else if (next.kind === 'nest') waiting.push({ doc: next.doc, indent: indent + next.by, flat });
    else if (next.kind === 'align') waiting.push({ doc: next.doc, indent: column, flat });
    else if (next.kind === 'hard') newline(indent);
    else if (next.kind === 'line') {
      if (!flat) newline(indent);
      else if (!pending) write(next.flat, indent);
    } else if (next.kind === 'group') {
      const fits = flat || (!mustBreak(next.doc) && fitsIn(next.doc, width - column, waiting));
      waiting.push({ doc: next.doc, indent, flat: fits });
    } else if (next.kind === 'endComment') {
      // Two comments on one line would be one.
      if (suffix.includes('--')) {
        newline(indent);
        now += next.text;
        pending = true;
      } else suffix += ` ${next.text}`;
    } else if (next.kind === 'stopComment') {
      write(` ${next.text}`, indent);
      pending = true;
    } else {
      if (now.trim() !== '' || suffix !== '') newline(indent);
      now = ' '.repeat(indent) + next.text;
      pending = true;
    }
  }
  lines.push((now + suffix).trimEnd());
  return lines.join('\n');
}

/** Whether it, and what follows up to the next place that may break, fits into so many characters. */
function fitsIn(doc: Doc, room: number, rest: readonly Work[]): boolean {
  let left = room;
  const waiting: { doc: Doc; flat: boolean }[] = [{ doc, flat: true }];
  let after = rest.length;
  while (left >= 0) {
    const work = waiting.pop();
    if (!work) {
      if (after === 0) return true;
      after--;
      const { doc: following, flat } = rest[after] as Work;
      waiting.push({ doc: following, flat });
      continue;
    }
    const { doc: next, flat } = work;
    if (typeof next === 'string') left -= next.length;
    else if (isList(next)) for (let at = next.length - 1; at >= 0; at--) waiting.push({ doc: next[at] as Doc, flat });
    else if (next.kind === 'line') {
      if (!flat) return true;
      left -= next.flat.length;
    } else if (next.kind === 'hard') return true;
    else if (next.kind === 'group') waiting.push({ doc: next.doc, flat: flat && !mustBreak(next.doc) });
    else if ('doc' in next) waiting.push({ doc: next.doc, flat });
    else if (next.kind === 'ownComment' || next.kind === 'stopComment') return true;
  }
  return false;
}
