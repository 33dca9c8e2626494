/**
 * The places of values in a JSON text, so that one can be written anew and everything else stays as it is: numbers of
 * any length, blanks, the order and even doubled keys of `json`.
 */
export interface JsonLeaf {
  /** Keys and places that lead there. */
  readonly path: readonly (string | number)[];
  readonly kind: 'string' | 'number' | 'boolean' | 'null' | 'object' | 'array';
  readonly from: number;
  readonly to: number;
  /** Of the whole entry with its key; the value itself in an array and at the top. */
  readonly entryFrom: number;
  /** Of an object or array: how many entries it has. */
  readonly size: number;
}

export interface JsonEdit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

const token = /\s*([{}[\],:]|"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*|true|false|null)/y;

/** Every value, parents before what they hold. Null where the text is no JSON. */
export function jsonLeaves(text: string): JsonLeaf[] | null {
  try {
    JSON.parse(text);
  } catch {
    return null;
  }
  const leaves: JsonLeaf[] = [];
  let at = 0;
  const next = () => {
    token.lastIndex = at;
    const found = token.exec(text);
    const word = found?.[1] ?? '';
    at = token.lastIndex;
    return { word, from: at - word.length, to: at };
  };
  const peek = (): string => {
    const before = at;
    const { word } = next();
    at = before;
    return word;
  };
  const value = (path: readonly (string | number)[], entryFrom: number | null): void => {
    const { word, from, to } = next();
    const place = leaves.length;
    const leaf = { path, from, entryFrom: entryFrom ?? from };
    leaves.push({ ...leaf, kind: kindOf(word), to, size: 0 });
    if (word !== '{' && word !== '[') return;
    let size = 0;
    const close = word === '{' ? '}' : ']';
    while (peek() !== close) {
      if (size > 0) next();
      if (word === '[') value([...path, size], null);
      else {
        const key = next();
        next();
        value([...path, JSON.parse(key.word) as string], key.from);
      }
      size++;
    }
    leaves[place] = { ...leaf, kind: kindOf(word), to: next().to, size };
  };
  try {
    value([], null);
  } catch {
    // Nested deeper than can be followed.
    return null;
  }
  return leaves;
}

function kindOf(word: string): JsonLeaf['kind'] {
  switch (word.charAt(0)) {
    case '{':
      return 'object';
    case '[':
      return 'array';
    case '"':
      return 'string';
    case 't':
    case 'f':
      return 'boolean';
    case 'n':
      return 'null';
    default:
      return 'number';
  }
}

export const applied = (text: string, { from, to, text: put }: JsonEdit): string =>
  text.slice(0, from) + put + text.slice(to);

/** Takes an entry out, with the comma that goes with it. */
export function withoutEntry(text: string, { entryFrom, to }: JsonLeaf): string {
  const behind = /^\s*,\s*/.exec(text.slice(to));
  if (behind) return text.slice(0, entryFrom) + text.slice(to + behind[0].length);
  const before = /,\s*$/.exec(text.slice(0, entryFrom));
  return text.slice(0, before ? before.index : entryFrom) + text.slice(to);
}

/** Puts an entry at the end of an object (under the key) or an array. */
export function withEntry(text: string, parent: JsonLeaf, key: string, value: string): string {
  const end = parent.to - 1;
  const entry = parent.kind === 'object' ? `${JSON.stringify(key)}: ${value}` : value;
  const head = text.slice(0, end).trimEnd();
  return `${head}${parent.size > 0 ? ', ' : ''}${entry}${text.slice(end)}`;
}

/** What a person has typed for a value, as JSON; null where it is none of that kind. */
export function jsonOf(kind: JsonLeaf['kind'], typed: string): string | null {
  if (kind === 'string') return JSON.stringify(typed);
  if (kind === 'number') return /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(typed.trim()) ? typed.trim() : null;
  return kind === 'boolean' && (typed === 'true' || typed === 'false') ? typed : kind === 'null' ? 'null' : null;
}
