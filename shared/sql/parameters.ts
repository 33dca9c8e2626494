/**
 * The parameters of a statement: `$1` of PostgreSQL and `:name` of ours, and the statement as it is sent, with `$n` in
 * place of each. Values never become part of the text: they travel beside it.
 *
 * A colon is a parameter's where a word follows it at once and it does not separate: not in `a::text`, `x := 1`,
 * `a[1:n]` and `json_object('k':v)`, where what it follows is a whole operand.
 */
import { precedesValue } from './keywords.ts';
import { Scanner, type ScanOptions } from './scan.ts';

export interface ParameterPlace {
  /** Without its sign: "id" of `:id`, "1" of `$1`. */
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** The whole of an `IN (…)`: a list gives as many values as it has items. */
  readonly inList: boolean;
}

/** What is bound. An item of a list is text; NULL among them is null. */
export type ParameterValue =
  | { readonly kind: 'value'; readonly text: string }
  | { readonly kind: 'null' }
  | { readonly kind: 'list'; readonly items: (string | null)[] };

/** A cheap first look: false where a text surely has no parameter. */
export const mayHaveParameters = (text: string): boolean => /\$\d|:[A-Za-z_\u0080-\uffff]/.test(text);

interface Token {
  readonly kind: Scanner['kind'];
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** Every place of a parameter in one statement, in their order. */
export function parameterPlaces(text: string, options: ScanOptions = {}): ParameterPlace[] {
  if (!mayHaveParameters(text)) return [];
  const tokens = tokensOf(text, options);
  const places: ParameterPlace[] = [];
  const brackets: string[] = [];
  for (const [at, token] of tokens.entries()) {
    if (token.text === '[' || token.text === '(') brackets.push(token.text);
    else if (token.text === ']' || token.text === ')') brackets.pop();
    const place = token.kind === 'param' ? numbered(token) : named(tokens, at, brackets.at(-1) === '[', places);
    if (place) places.push({ ...place, inList: isWholeInList(tokens, place) });
  }
  return places;
}

function tokensOf(text: string, options: ScanOptions): Token[] {
  const scanner = new Scanner(text, options);
  const tokens: Token[] = [];
  while (scanner.next()) {
    if (scanner.kind === 'comment') continue;
    const { kind, from, to } = scanner;
    // Long strings are not copied: only short tokens are compared.
    tokens.push({ kind, from, to, text: to - from <= 64 ? text.slice(from, to) : '' });
  }
  return tokens;
}

type Place = Omit<ParameterPlace, 'inList'>;
const digits = /^\$(\d+)$/;

function numbered({ text, from, to }: Token): Place | null {
  const number = digits.exec(text)?.[1];
  return number ? { name: String(Number(number)), from, to } : null;
}

function named(tokens: readonly Token[], at: number, inSubscript: boolean, known: readonly Place[]): Place | null {
  const colon = tokens[at];
  const word = tokens[at + 1];
  if (colon?.text !== ':' || word?.kind !== 'word' || word.from !== colon.to) return null;
  const before = tokens[at - 1];
  if (before && isOperand(before, colon, inSubscript, known)) return null;
  return { name: word.text, from: colon.from, to: word.to };
}

/** What stands before the colon is a value of its own: the colon separates it from what follows. */
function isOperand(before: Token, colon: Token, inSubscript: boolean, known: readonly Place[]): boolean {
  if (before.text === ')' || before.text === ']') return true;
  if (before.kind === 'param' || known.at(-1)?.to === before.to) return true;
  if (before.kind === 'string' || before.kind === 'number' || before.kind === 'quotedIdentifier') return true;
  if (before.kind !== 'word' || precedesValue(before.text)) return false;
  return inSubscript || before.to === colon.from;
}

function isWholeInList(tokens: readonly Token[], place: Place): boolean {
  const first = tokens.findIndex((token) => token.from === place.from);
  const last = tokens.findIndex((token) => token.to === place.to);
  return (
    tokens[last + 1]?.text === ')' && tokens[first - 1]?.text === '(' && tokens[first - 2]?.text.toLowerCase() === 'in'
  );
}

/** The statement as it is sent. */
export interface BoundStatement {
  readonly text: string;
  /** For `$1`, `$2`…, in text form; null is NULL. */
  readonly values: readonly (string | null)[];
  /** The parameter that each of the values belongs to. */
  readonly names: readonly string[];
  /** Where a placeholder of `text` stands for a place of the statement as it was written. */
  readonly replaced: readonly Replaced[];
}
export interface Replaced {
  /** In the written statement. */
  readonly from: number;
  readonly to: number;
  /** In the text as it is sent. */
  readonly sentFrom: number;
  readonly sentTo: number;
}

/**
 * Puts `$n` in place of each parameter and collects the values. One name is one `$n`, except where a list fills an
 * `IN (…)`; elsewhere a list becomes an array. @returns null where the statement has no parameters
 * @throws MissingParameter for one without a value
 */
export function bindParameters(
  text: string,
  places: readonly ParameterPlace[],
  values: Readonly<Record<string, ParameterValue>>,
): BoundStatement | null {
  if (places.length === 0) return null;
  const bound: (string | null)[] = [];
  const names: string[] = [];
  const numberOf = new Map<string, string>();
  const replaced: Replaced[] = [];
  const add = (name: string, value: string | null): string => {
    bound.push(value);
    names.push(name);
    return `$${bound.length}`;
  };
  let sent = '';
  let done = 0;
  for (const place of places) {
    const value = Object.hasOwn(values, place.name) ? values[place.name] : undefined;
    if (!value) throw new MissingParameter(place);
    const asList = value.kind === 'list' && place.inList && value.items.length > 0;
    const key = `${asList ? 'list' : 'one'} ${place.name}`;
    const written =
      numberOf.get(key) ??
      (asList ? value.items.map((item) => add(place.name, item)).join(', ') : add(place.name, textOf(value, place)));
    numberOf.set(key, written);
    sent += text.slice(done, place.from);
    replaced.push({ from: place.from, to: place.to, sentFrom: sent.length, sentTo: sent.length + written.length });
    sent += written;
    done = place.to;
  }
  return { text: sent + text.slice(done), values: bound, names, replaced };
}

/** The statement as PostgreSQL's grammar knows it: `$n` in place of each parameter. Null where none has a name. */
export function withPlaceholders(text: string): string | null {
  const places = parameterPlaces(text);
  if (places.every(({ name }) => /^\d/.test(name))) return null;
  const stands = Object.fromEntries(places.map(({ name }) => [name, { kind: 'null' as const }]));
  return bindParameters(text, places, stands)?.text ?? null;
}

export class MissingParameter extends Error {
  readonly place: ParameterPlace;
  constructor(place: ParameterPlace) {
    super(`There is no value for ${/^\d/.test(place.name) ? '$' : ':'}${place.name}.`);
    this.place = place;
  }
}

/** Text form. An empty list in an `IN (…)` is NULL, which is in nothing. */
function textOf(value: ParameterValue, { inList }: ParameterPlace): string | null {
  if (value.kind === 'null') return null;
  if (value.kind === 'value') return value.text;
  return inList ? null : arrayLiteral(value.items);
}

/** PostgreSQL's text form of an array of one dimension; every item quoted, so that none can be read as NULL. */
export const arrayLiteral = (items: readonly (string | null)[]): string =>
  `{${items.map((item) => (item === null ? 'NULL' : `"${item.replace(/["\\]/g, '\\$&')}"`)).join(',')}}`;

/** The place in the written statement of a place in the text as it was sent (UTF-16 code units). */
export function writtenRange(
  sent: { readonly from: number; readonly to: number },
  replaced: readonly Replaced[],
): { from: number; to: number } {
  const within = replaced.find((each) => sent.from >= each.sentFrom && sent.from < each.sentTo);
  if (within) return { from: within.from, to: within.to };
  const before = replaced.findLast((each) => each.sentTo <= sent.from);
  const by = before ? before.to - before.sentTo : 0;
  return { from: sent.from + by, to: sent.to + by };
}
