/**
 * JSON as places in its text. Nothing is converted, so a number keeps every digit and a key that occurs twice is there
 * twice; and nothing is read before it is looked at, so opening 50 MB costs one pass and almost no memory.
 */
export type JsonKind = 'object' | 'array' | 'string' | 'number' | 'true' | 'false' | 'null';

/** The value at [from, to) of the text. */
export interface JsonNode {
  readonly kind: JsonKind;
  readonly from: number;
  readonly to: number;
}
export interface JsonEntry {
  /** The key with its quotes as written; null in an array. */
  readonly key: string | null;
  readonly index: number;
  readonly node: JsonNode;
}
export interface JsonEntries {
  readonly entries: readonly JsonEntry[];
  /** Where to go on; null when these were the last. */
  readonly next: JsonCursor | null;
}
export interface JsonCursor {
  readonly at: number;
  readonly index: number;
}

export class JsonError extends Error {
  /** UTF-16 units from the text's start. */
  readonly at: number;
  constructor(at: number) {
    super(`Not valid JSON at character ${(at + 1).toLocaleString('en-US')}`);
    this.at = at;
  }
}

const QUOTE = 34;
const BACKSLASH = 92;
const space = /[ \t\r\n]*/y;
const scalar = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

function skipSpace(text: string, at: number): number {
  space.lastIndex = at;
  space.test(text);
  return space.lastIndex;
}

function skipString(text: string, at: number): number {
  for (let next = at + 1; next < text.length; next++) {
    const code = text.charCodeAt(next);
    if (code === QUOTE) return next + 1;
    if (code === BACKSLASH) next++;
    else if (code < 32) throw new JsonError(next);
  }
  throw new JsonError(text.length);
}

/** Passes over an object or array by counting brackets outside strings: no recursion, however deep it is. */
function skipContainer(text: string, at: number): number {
  let depth = 0;
  for (let next = at; next < text.length; next++) {
    const code = text.charCodeAt(next);
    if (code === QUOTE) next = skipString(text, next) - 1;
    else if (code === 0x7b || code === 0x5b) depth++;
    else if (code === 0x7d || code === 0x5d) {
      depth--;
      if (depth === 0) return next + 1;
    }
  }
  throw new JsonError(text.length);
}

function nodeAt(text: string, at: number): JsonNode {
  const first = text[at];
  if (first === '"') return { kind: 'string', from: at, to: skipString(text, at) };
  if (first === '{') return { kind: 'object', from: at, to: skipContainer(text, at) };
  if (first === '[') return { kind: 'array', from: at, to: skipContainer(text, at) };
  scalar.lastIndex = at;
  const word = scalar.exec(text)?.[0];
  if (!word) throw new JsonError(at);
  const kind = word === 'true' || word === 'false' || word === 'null' ? word : 'number';
  return { kind, from: at, to: at + word.length };
}

/** The value that the whole text is. Throws JsonError; what is inside a container is looked at when it is opened. */
export function jsonRoot(text: string): JsonNode {
  const root = nodeAt(text, skipSpace(text, 0));
  const end = skipSpace(text, root.to);
  if (end !== text.length) throw new JsonError(end);
  return root;
}

/** Up to `most` members of an object or array, from its start or from where an earlier answer stopped. */
export function jsonEntries(text: string, parent: JsonNode, most: number, from?: JsonCursor): JsonEntries {
  const close = parent.kind === 'object' ? '}' : ']';
  const entries: JsonEntry[] = [];
  let at = skipSpace(text, from?.at ?? parent.from + 1);
  if (!from && text[at] === close) return { entries, next: null };
  for (let index = from?.index ?? 0; ; index++) {
    if (entries.length === most) return { entries, next: { at, index } };
    const { entry, end } = entryAt(text, parent.kind === 'object', at, index);
    entries.push(entry);
    at = skipSpace(text, end);
    if (text[at] === close && at === parent.to - 1) return { entries, next: null };
    if (text[at] !== ',') throw new JsonError(at);
    at = skipSpace(text, at + 1);
  }
}

function entryAt(text: string, inObject: boolean, at: number, index: number): { entry: JsonEntry; end: number } {
  if (!inObject) {
    const node = nodeAt(text, at);
    return { entry: { key: null, index, node }, end: node.to };
  }
  if (text[at] !== '"') throw new JsonError(at);
  const keyEnd = skipString(text, at);
  const colon = skipSpace(text, keyEnd);
  if (text[colon] !== ':') throw new JsonError(colon);
  const node = nodeAt(text, skipSpace(text, colon + 1));
  return { entry: { key: text.slice(at, keyEnd), index, node }, end: node.to };
}
