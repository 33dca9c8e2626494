/** SELECT, INSERT, UPDATE, DELETE, MERGE, VALUES and TABLE: cut into clauses, each laid out in its style. */
import { align, type Doc, group, hardline, line, nest } from '../doc.ts';
import { isBracket, itemsOf, type Piece, type Word, wordOf } from '../pieces.ts';
import { commentsBefore, condition, keywords, list, logicParts, row, written } from './expression.ts';
import { type Layout, setWords } from './layout.ts';

type Body = 'list' | 'sources' | 'condition' | 'plain' | 'operator' | 'ctes' | 'bare';
interface Clause {
  readonly head: readonly Piece[];
  readonly body: readonly Piece[];
  readonly kind: Body;
}

/** How many of the pieces from here on are a clause's keywords, and what follows them; null where no clause begins. */
function clauseAt(
  pieces: readonly Piece[],
  at: number,
  verb: string,
): { readonly length: number; readonly kind: Body } | null {
  if (wordOf(pieces[at - 1]) === '.' || wordOf(pieces[at + 1]) === '.') return null;
  const word = (offset: number): string => wordOf(pieces[at + offset]);
  const before = wordOf(pieces[at - 1]);
  const found = (length: number, kind: Body) => ({ length, kind });
  switch (word(0)) {
    case 'with':
      return at === 0 || verb === 'insert'
        ? isBracket(pieces[at + 1]) || word(1) === 'ordinality'
          ? null
          : found(word(1) === 'recursive' ? 2 : 1, 'ctes')
        : null;
    case 'select':
      if (word(1) === 'distinct') return word(2) === 'on' ? found(4, 'list') : found(2, 'list');
      return found(word(1) === 'all' ? 2 : 1, 'list');
    case 'from':
      return before === 'distinct' ? null : found(1, 'sources');
    case 'where':
    case 'having':
      return found(1, 'condition');
    case 'group':
      return word(1) === 'by' ? found(word(2) === 'distinct' || word(2) === 'all' ? 3 : 2, 'list') : null;
    case 'order':
      return word(1) === 'by' ? found(2, 'list') : null;
    case 'window':
    case 'returning':
      return found(1, 'list');
    case 'values':
      return isBracket(pieces[at + 1]) && verb !== 'merge' ? found(1, 'list') : null;
    case 'limit':
    case 'offset':
    case 'fetch':
      return found(1, 'plain');
    case 'for':
      return ['update', 'share', 'no', 'key'].includes(word(1)) ? found(1, 'plain') : null;
    case 'union':
    case 'intersect':
    case 'except':
      return found(word(1) === 'all' || word(1) === 'distinct' ? 2 : 1, 'operator');
    case 'insert':
    case 'merge':
      return word(1) === 'into' ? found(2, 'plain') : null;
    case 'delete':
      return word(1) === 'from' ? found(2, 'plain') : null;
    case 'update':
      return at === 0 || verb === '' ? found(1, 'plain') : null;
    case 'set':
      return verb === 'update' ? found(1, 'list') : null;
    case 'using':
      if (verb === 'merge') return found(1, 'plain');
      return verb === 'delete' ? found(1, 'sources') : null;
    case 'on':
      return word(1) === 'conflict' && verb === 'insert' ? found(2, 'plain') : null;
    case 'when':
      return verb === 'merge' ? found(1, 'plain') : null;
    case 'do':
      if (verb !== 'insert') return null;
      return word(1) === 'update' && word(2) === 'set' ? found(3, 'list') : found(2, 'bare');
  }
  return null;
}

const verbs = new Set(['select', 'insert', 'update', 'delete', 'merge']);

function clausesOf(pieces: readonly Piece[]): { readonly lead: readonly Piece[]; readonly clauses: readonly Clause[] } {
  const lead: Piece[] = [];
  const clauses: { head: Piece[]; body: Piece[]; kind: Body }[] = [];
  let verb = '';
  let cases = 0;
  for (let at = 0; at < pieces.length; at++) {
    const piece = pieces[at] as Piece;
    const word = wordOf(piece);
    if (word === 'case') cases++;
    if (word === 'end' && cases > 0) cases--;
    const begins = isBracket(piece) || cases > 0 ? null : clauseAt(pieces, at, verb);
    const last = clauses.at(-1);
    if (!begins) (last ? last.body : lead).push(piece);
    else {
      // The keywords that follow each other in `select distinct on (…)` may be fewer than they seem.
      const length = Math.min(begins.length, pieces.length - at);
      clauses.push({ head: pieces.slice(at, at + length), body: [], kind: begins.kind });
      if (verbs.has(word) && (verb === '' || verb === 'select')) verb = word;
      if (setWords.has(word)) verb = '';
      at += length - 1;
    }
  }
  return { lead, clauses };
}

/** A query's clauses one below the other; in the compact shape on one line where all of it fits. */
export function query(pieces: readonly Piece[], style: Layout): Doc {
  const { lead, clauses } = clausesOf(pieces);
  const separator = style.shape === 'compact' ? line : hardline;
  const docs: Doc[] = lead.length > 0 ? [row(lead, style)] : [];
  for (const clause of clauses) docs.push(clauseDoc(clause, style));
  const all = docs.map((doc, at) => (at === 0 ? doc : [separator, doc]));
  return style.shape === 'compact' ? group(all) : all;
}

function clauseDoc(clause: Clause, style: Layout): Doc {
  const { head, body, kind } = clause;
  if (style.shape === 'river') return riverClause(clause, style);
  const start = keywords(head, style);
  if (body.length === 0) return start;
  if (kind === 'plain') return row([...head, ...body], style);
  if (kind === 'bare' || kind === 'operator') return [start, ' ', row(body, style)];
  if (kind === 'ctes') return [start, ' ', ctes(body, style)];
  if (kind === 'sources') return sources(start, body, style);
  const expanded = style.shape === 'expanded';
  if (kind === 'condition') {
    const where = condition(body, style);
    if (expanded) return [start, nest(style.indentWidth, [hardline, hardened(body, style)])];
    return [start, ' ', group(nest(style.indentWidth, where))];
  }
  const elements = itemsOf(body);
  const items = elements.map(({ item }) => (expanded ? row(item, style) : nest(style.indentWidth, row(item, style))));
  const commas = elements.flatMap(({ comma }) => comma ?? []);
  if (expanded) return [start, nest(style.indentWidth, [hardline, list(items, commas, style, hardline)])];
  if (items.length === 1) return [start, ' ', items[0] ?? ''];
  return group([start, nest(style.indentWidth, [line, list(items, commas, style)])]);
}

/** Broken before every AND and OR. */
function hardened(pieces: readonly Piece[], style: Layout): Doc {
  return logicParts(pieces).map(({ word, part }) =>
    word === null ? row(part, style) : [hardline, written(word, true, style), ' ', row(part, style)],
  );
}

function ctes(body: readonly Piece[], style: Layout): Doc {
  const elements = itemsOf(body);
  const docs = elements.map(({ item }) => {
    const [name, columns] = item;
    // The columns of a CTE stand apart from its name; those of a call would not.
    if (!name || isBracket(name) || !isBracket(columns)) return row(item, style);
    return [written(name, false, style), ' ', row(item.slice(1), style)];
  });
  const commas = elements.flatMap(({ comma }) => comma ?? []);
  return list(docs, commas, { ...style, commas: 'after' }, style.shape === 'river' ? hardline : ' ');
}

const joinWords = new Set(['join', 'inner', 'left', 'right', 'full', 'cross', 'natural']);

interface Join {
  readonly words: readonly Piece[];
  readonly source: readonly Piece[];
  /** ON and its condition; USING stays with the source. */
  readonly on: Piece | null;
  readonly condition: readonly Piece[];
}

/** A FROM item with what is joined to it. */
function joinsOf(item: readonly Piece[]): { readonly first: readonly Piece[]; readonly joins: readonly Join[] } {
  const first: Piece[] = [];
  const joins: { words: Piece[]; source: Piece[]; on: Piece | null; condition: Piece[] }[] = [];
  for (let at = 0; at < item.length; at++) {
    const piece = item[at] as Piece;
    const length = joinLength(item, at);
    const last = joins.at(-1);
    if (length > 0) {
      joins.push({ words: item.slice(at, at + length), source: [], on: null, condition: [] });
      at += length - 1;
    } else if (!last) first.push(piece);
    else if (last.on) last.condition.push(piece);
    else if (wordOf(piece) === 'on') last.on = piece;
    else last.source.push(piece);
  }
  return { first, joins };
}

function joinLength(item: readonly Piece[], at: number): number {
  let length = 0;
  while (['natural', 'inner', 'left', 'right', 'full', 'cross', 'outer'].includes(wordOf(item[at + length]))) length++;
  if (!joinWords.has(wordOf(item[at])) || wordOf(item[at + length]) !== 'join' || wordOf(item[at - 1]) === '.')
    return 0;
  return length + 1;
}

function sources(start: Doc, body: readonly Piece[], style: Layout): Doc {
  const elements = itemsOf(body);
  const commas = elements.flatMap(({ comma }) => comma ?? []);
  const expanded = style.shape === 'expanded';
  const docs = elements.map(({ item }) => {
    const { first, joins } = joinsOf(item);
    const joined = joins.map((join) => [expanded ? hardline : line, joinDoc(join, style)]);
    return [row(first, style), joined];
  });
  if (expanded) return [start, nest(style.indentWidth, [hardline, list(docs, commas, style, hardline)])];
  // Joins begin where FROM does; tables between commas lie on FROM's line.
  return [start, ' ', list(docs, commas, { ...style, commas: 'after' }, ' ')];
}

function joinDoc({ words, source, on, condition: where }: Join, style: Layout): Doc {
  const start = [keywords(words, style), ' ', row(source, style)];
  if (!on || isBracket(on)) return start;
  return [start, ' ', written(on, true, style), ' ', group(nest(style.indentWidth, condition(where, style)))];
}

const river = 6;

/** The first keyword ends at the river; a comment before it lies above, where the clause begins. */
function toRiver(head: readonly Piece[], doc: (head: readonly Piece[]) => Doc): Doc {
  const [first, ...rest] = head;
  if (!first || isBracket(first)) return doc(head);
  const gap = ' '.repeat(Math.max(0, river - first.text.length));
  return [...commentsBefore(first.before), gap, doc([{ ...first, before: [] }, ...rest])];
}
const toRiverKeywords = (head: readonly Piece[], style: Layout): Doc =>
  toRiver(head, (words) => keywords(words, style));

function riverClause({ head, body, kind }: Clause, style: Layout): Doc {
  const start = toRiverKeywords(head, style);
  if (body.length === 0) return start;
  if (kind === 'ctes') return [start, ' ', align(ctes(body, style))];
  if (kind === 'plain') return toRiver(head, (words) => row([...words, ...body], style));
  if (kind === 'bare' || kind === 'operator') return [start, ' ', align(row(body, style))];
  if (kind === 'condition') return [start, ' ', riverCondition(body, style)];
  if (kind === 'sources') return [start, ' ', riverSources(body, style)];
  const elements = itemsOf(body);
  const items = elements.map(({ item }) => align(row(item, style)));
  const commas = elements.flatMap(({ comma }) => comma ?? []);
  return [start, ' ', riverList(items, commas, style)];
}

function riverList(items: readonly Doc[], commas: readonly Word[], style: Layout): Doc {
  if (style.commas === 'after') return align(list(items, commas, style, hardline));
  return nest(river - 1, list(items, commas, style, hardline));
}

function riverCondition(pieces: readonly Piece[], style: Layout): Doc {
  return logicParts(pieces).map(({ word, part }) =>
    word === null ? align(row(part, style)) : [hardline, toRiverKeywords([word], style), ' ', align(row(part, style))],
  );
}

function riverSources(body: readonly Piece[], style: Layout): Doc {
  const elements = itemsOf(body);
  const commas = elements.flatMap(({ comma }) => comma ?? []);
  const docs = elements.map(({ item }) => {
    const { first, joins } = joinsOf(item);
    return [
      align(row(first, style)),
      joins.map(({ words, source, on, condition: where }) => [
        hardline,
        toRiverKeywords(words, style),
        ' ',
        align(row(source, style)),
        on ? [hardline, toRiverKeywords([on], style), ' ', riverCondition(where, style)] : '',
      ]),
    ];
  });
  return list(docs, commas, { ...style, commas: 'after' }, ' ');
}
