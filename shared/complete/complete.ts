/**
 * Completion: reads the statement at the caret as far as it goes, finds out what may stand there, and offers that, the
 * likeliest first. Pure, and quick enough to be asked at every key.
 */
import type { Catalog } from './catalog.ts';
import { offerQuery } from './clauses/positions.ts';
import { type JsonKey, type JsonPlace, offerJsonKeys } from './look/json-place.ts';
import type { SeenJoin } from './look/seen-joins.ts';
import { Reader } from './read-query.ts';
import type { Request } from './request.ts';
import { Scope } from './scope.ts';
import { scriptFacts } from './script.ts';
import { offerStatement, queryBegins } from './statement-offers.ts';
import { expectedAt } from './statements.ts';
import { Names, Offers, plain, type Suggestion } from './suggestion.ts';
import { type Around, type Token, tokensAround } from './tokens.ts';
import { statementWords, templates } from './words.ts';

export interface Completion {
  /** What an accepted suggestion replaces. */
  readonly from: number;
  readonly to: number;
  readonly suggestions: readonly Suggestion[];
}
export interface CompletionInput {
  readonly text: string;
  readonly caret: number;
  readonly catalog: Catalog;
  /** How often names occur in what was run lately. */
  readonly uses?: ReadonlyMap<string, number>;
  /** Joins of what was run lately, beside those of foreign keys. */
  readonly joins?: readonly SeenJoin[];
  /** The keys of a JSON column that are known. */
  readonly jsonKeys?: (place: JsonPlace) => readonly JsonKey[] | undefined;
}

const mostSuggestions = 200;
const noUses: ReadonlyMap<string, number> = new Map();

export function complete(input: CompletionInput): Completion {
  const { text, caret } = input;
  const around = tokensAround(text, caret);
  const nothing: Completion = { from: caret, to: caret, suggestions: [] };
  if (around.inComment) return nothing;
  const { touched } = around;
  if (
    touched &&
    (touched.kind === 'number' ||
      touched.kind === 'param' ||
      touched.kind === 'operator' ||
      touched.kind === 'punctuation')
  )
    return nothing;
  const typed = typedAt(text, caret, touched);
  const { request, tokens } = requestOf(input, around, typed);
  if (touched?.kind === 'string') {
    if (!offerJsonKeys(request, input.jsonKeys)) offerQuery(request, true);
  } else if (request.at === request.from && request.qualifier.length === 0) offerBeginning(request);
  else if (queryBegins(tokens, request.from, request.at, request.scope.root)) offerQuery(request, false);
  else offerStatement(request, expectedAt(tokens, headOf(tokens, request.from), request.at));
  return {
    from: typed.from,
    to: typed.to,
    suggestions: request.offers.best(mostSuggestions).map((each) => inCaseOf(each, request)),
  };
}

interface Typed {
  readonly prefix: string;
  readonly quoted: boolean;
  readonly from: number;
  readonly to: number;
}

/** The part of a name or string that is being typed, and what a suggestion takes the place of. */
function typedAt(text: string, caret: number, touched: Token | null): Typed {
  if (!touched) return { prefix: '', quoted: false, from: caret, to: caret };
  if (touched.kind === 'string') {
    const from = touched.from + (text.charAt(touched.from) === "'" ? 1 : 2);
    const end = text.charAt(touched.to - 1) === "'" && touched.to - 1 >= caret ? touched.to - 1 : caret;
    // Of an unfinished string what follows the caret is the statement's rest.
    return { prefix: text.slice(from, caret), quoted: false, from: Math.min(from, caret), to: end };
  }
  const quoted = touched.kind === 'quotedIdentifier';
  const prefix = text.slice(touched.from + (quoted ? 1 : 0), caret);
  const closed =
    quoted && text.charAt(touched.to - 1) === '"' && touched.to - 1 >= caret && touched.to - touched.from > 1;
  return { prefix, quoted, from: touched.from, to: quoted ? (closed ? touched.to : caret) : touched.to };
}

/** The statement without what is being typed: so that it is not taken for an alias, a column, a keyword. */
function requestOf(
  input: CompletionInput,
  around: Around,
  typed: Typed,
): { request: Request; tokens: readonly Token[] } {
  const { text, catalog, uses = noUses, joins = [] } = input;
  let at = around.touched ? around.tokens.indexOf(around.touched) : around.before;
  const after = around.touched && at >= 0 ? at + 1 : at;
  if (around.touched && at < 0) at = around.before;
  const qualifier: string[] = [];
  const isString = around.touched?.kind === 'string';
  while (!isString && at - 2 >= around.from && around.tokens[at - 1]?.text === '.' && isName(around.tokens[at - 2])) {
    qualifier.unshift(around.tokens[at - 2]?.text ?? '');
    at -= 2;
  }
  const tokens = [...around.tokens.slice(0, at), ...around.tokens.slice(after)];
  const to = around.to - (after - at);
  const from = Math.min(around.from, at);
  const reader = new Reader(tokens, from, Math.max(to, at));
  const { path, tables } = scriptFacts(catalog, tokens, from);
  const scope = new Scope({ catalog, reader, root: reader.read(), path, scriptTables: tables });
  const upper = writesUpper(tokens, from, typed.prefix);
  const request: Request = {
    text,
    catalog,
    reader,
    scope,
    path,
    offers: new Offers(typed.prefix),
    names: new Names(catalog, path, typed.quoted),
    qualifier,
    at,
    from,
    uses,
    joins,
    keyword: (word) => (upper ? word.toUpperCase() : word),
  };
  return { request, tokens };
}

const isName = (token: Token | undefined): boolean => token?.kind === 'word' || token?.kind === 'quotedIdentifier';
const marking = new Set([
  'select',
  'from',
  'where',
  'insert',
  'update',
  'delete',
  'with',
  'create',
  'alter',
  'drop',
  'join',
  'set',
  'explain',
  'grant',
]);

function writesUpper(tokens: readonly Token[], from: number, prefix: string): boolean {
  if (prefix.length > 1 && /^[A-Z_]+$/.test(prefix)) return true;
  const marker = tokens.find((token, index) => index >= from && token.kind === 'word' && marking.has(token.text));
  return marker !== undefined && /^[A-Z]/.test(marker.raw) && marker.raw === marker.raw.toUpperCase();
}

/** EXPLAIN and its options stand before the statement proper. */
function headOf(tokens: readonly Token[], from: number): number {
  if (tokens[from]?.text !== 'explain') return from;
  let at = from + 1;
  while (['analyze', 'verbose'].includes(tokens[at]?.text ?? '')) at++;
  return ['create', 'refresh', 'execute'].includes(tokens[at]?.text ?? '') ? at : from;
}

function offerBeginning(request: Request): void {
  for (const [index, words] of statementWords.entries())
    request.offers.add(words, 200 - index, () => ({
      label: request.keyword(words),
      kind: 'keyword',
      insert: `${request.keyword(words)} `,
    }));
  for (const { name, about, body } of templates)
    request.offers.add(name, 150, () => ({
      label: name,
      kind: 'snippet',
      detail: about,
      insert: body,
      isSnippet: true,
    }));
}

/** Names that go into a snippet beside its tab stops are escaped; a qualifier's dot asks for more. */
function inCaseOf(suggestion: Suggestion, request: Request): Suggestion {
  if (!suggestion.isSnippet || suggestion.kind === 'snippet') return suggestion;
  const [head = '', ...rest] = suggestion.insert.split('(');
  // `f()` is there already: only the name is written.
  if (request.reader.text(request.at) === '(' && suggestion.kind === 'function')
    return { ...suggestion, insert: head, isSnippet: false };
  return { ...suggestion, insert: [plain(head), ...rest].join('(') };
}
