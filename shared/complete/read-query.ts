/** Reads the queries of a statement out of its tokens, whatever is missing or wrong in it. */
import type { Clause, ClauseName, Part, Query, Source } from './query.ts';
import type { Token } from './tokens.ts';

const wordsOf = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));
const queryStarts = wordsOf('select with values table insert update delete merge');
/** What cannot be an alias without AS. */
const noAlias = wordsOf(`
  where on using join inner left right full cross natural group having window order limit offset fetch for union intersect
  except returning set values select from as when default overriding tablesample with do into lateral and or not then
  conflict is in between like ilike case end asc desc nulls only
`);
const setOperators = wordsOf('union intersect except');
/** Functions whose arguments have a FROM of their own. */
const fromInside = wordsOf('extract substring trim overlay position normalize');

/** Index of the closing bracket of each opening one (or where it must have been meant to close). */
export function matchBrackets(tokens: readonly Token[], from: number, to: number): ReadonlyMap<number, number> {
  const ends = new Map<number, number>();
  const open: number[] = [];
  for (let at = from; at < to; at++) {
    const { text, kind } = tokens[at] as Token;
    if (kind === 'punctuation' && (text === '(' || text === '[')) open.push(at);
    else if (kind === 'punctuation' && (text === ')' || text === ']')) {
      const start = open.pop();
      if (start !== undefined) ends.set(start, at);
    }
  }
  // What is never closed ends where the clause around it must go on.
  for (const start of open) ends.set(start, meantEnd(tokens, start, to, ends));
  return ends;
}

function meantEnd(tokens: readonly Token[], start: number, to: number, ends: ReadonlyMap<number, number>): number {
  const first = tokens[start + 1]?.text ?? '';
  if (queryStarts.has(first)) return to;
  const before = tokens[start - 1]?.text ?? '';
  for (let at = start + 1; at < to; at++) {
    const inner = ends.get(at);
    if (inner !== undefined && inner < to) {
      at = inner;
      continue;
    }
    const { kind, text } = tokens[at] as Token;
    if (kind !== 'word' || tokens[at - 1]?.text === '.') continue;
    if (text === 'values' && at > start + 1) return at;
    if (text === 'from' && !fromInside.has(before)) return at;
    if (text === 'where' && at > start + 1 && before !== 'filter') return at;
  }
  return to;
}

export class Reader {
  readonly tokens: readonly Token[];
  readonly brackets: ReadonlyMap<number, number>;
  private readonly from: number;
  private readonly to: number;

  constructor(tokens: readonly Token[], from: number, to: number) {
    this.tokens = tokens;
    this.from = from;
    this.to = to;
    this.brackets = matchBrackets(tokens, from, to);
  }

  /** The whole statement as a query, whatever it is; subqueries are its children. */
  read(): Query {
    return this.query(this.from, this.to, null, false);
  }

  word(at: number): string {
    const token = this.tokens[at];
    if (token?.kind !== 'word') return '';
    const dot = this.tokens[at - 1];
    if (dot?.text !== '.') return token.text;
    // `o. from`: the name after the dot is still to be typed.
    return dot.to < token.from && noAlias.has(token.text) ? token.text : '';
  }
  text(at: number): string {
    const token = this.tokens[at];
    return token && token.kind !== 'string' ? token.text : '';
  }
  isName(at: number): boolean {
    const kind = this.tokens[at]?.kind;
    return kind === 'word' || kind === 'quotedIdentifier';
  }
  /** After the bracket group that begins here, or the next token. */
  skip(at: number): number {
    const end = this.brackets.get(at);
    if (end === undefined) return at + 1;
    return this.text(end) === ')' || this.text(end) === ']' ? end + 1 : end;
  }

  private query(from: number, to: number, parent: Query | null, seesParent: boolean): Query {
    const query: Query = { from, to, parent, seesParent, recursive: false, ctes: [], parts: [], children: [] };
    parent?.children.push(query);
    let at = from;
    let part = this.newPart(query, at);
    let clause: Clause | null = null;
    const close = (end: number): void => {
      if (clause) clause.to = end;
      part.to = end;
    };
    while (at < to) {
      const word = this.word(at);
      if (word === 'with' && (at === from || clause === null) && this.text(at + 1) !== '(') {
        clause = { name: 'with', from: at + 1, to };
        part.clauses.push(clause);
        at = this.ctes(query, at + 1, to);
        continue;
      }
      if (setOperators.has(word) || (word === 'select' && part.clauses.some(({ name }) => name === 'select'))) {
        close(at);
        part = this.newPart(query, at);
        clause = null;
        at += word === 'select' ? 0 : 1;
        if (this.word(at) === 'all' || (word !== 'select' && this.word(at) === 'distinct')) at++;
        if (word !== 'select') continue;
      }
      const found = this.clauseAt(at, part);
      if (found) {
        if (clause) clause.to = at;
        clause = { name: found.name, from: at + found.length, to };
        part.clauses.push(clause);
        at = this.clause(query, part, clause, to);
        continue;
      }
      if (this.brackets.has(at)) this.group(query, at);
      at = this.skip(at);
    }
    close(to);
    return query;
  }

  private newPart(query: Query, from: number): Part {
    const part: Part = {
      from,
      to: query.to,
      clauses: [],
      sources: [],
      target: null,
      insertColumns: null,
      merged: new Set(),
    };
    query.parts.push(part);
    return part;
  }

  /** The clause whose keywords stand here, and how many they are. */
  private clauseAt(at: number, part: Part): { name: ClauseName; length: number } | null {
    const word = this.word(at);
    const next = this.word(at + 1);
    const before = this.word(at - 1);
    const two = (name: ClauseName, second: string) => (next === second ? { name, length: 2 } : null);
    switch (word) {
      case 'perform':
        return at === part.from ? { name: 'select', length: 1 } : null;
      case 'select':
      case 'where':
      case 'having':
      case 'window':
      case 'limit':
      case 'offset':
      case 'fetch':
      case 'returning':
      case 'values':
        return { name: word, length: 1 };
      case 'from':
        return (before === 'distinct' && ['is', 'not'].includes(this.word(at - 2))) || before === 'delete'
          ? null
          : { name: 'from', length: 1 };
      case 'group':
        return two('group by', 'by');
      case 'order':
        return two('order by', 'by');
      case 'insert':
        return two('insert', 'into') ?? { name: 'insert', length: 1 };
      case 'merge':
        return two('merge', 'into') ?? { name: 'merge', length: 1 };
      case 'delete':
        return two('delete', 'from') ?? { name: 'delete', length: 1 };
      case 'update':
        return ['for', 'do', 'then', 'on', 'before', 'after', 'or', 'key'].includes(before)
          ? null
          : { name: 'update', length: 1 };
      case 'set':
        return { name: 'set', length: 1 };
      case 'using':
        return part.target && part.clauses.some(({ name }) => name === 'delete' || name === 'merge')
          ? { name: 'using', length: 1 }
          : null;
      case 'on':
        if (next === 'conflict') return { name: 'conflict', length: 2 };
        return part.clauses.at(-1)?.name === 'using' ? { name: 'on', length: 1 } : null;
      case 'when':
        return part.clauses.some(({ name }) => name === 'merge') && ['matched', 'not', ''].includes(next)
          ? { name: 'when', length: 1 }
          : null;
      case 'for':
        return ['update', 'share', 'no', 'key'].includes(next) ? { name: 'for', length: 2 } : null;
    }
    return null;
  }

  /** Reads what the clause brings into scope; returns where its ordinary tokens go on. */
  private clause(query: Query, part: Part, clause: Clause, to: number): number {
    switch (clause.name) {
      case 'from':
      case 'using':
        return this.sources(query, part, clause.from, to);
      case 'insert':
      case 'update':
      case 'delete':
      case 'merge': {
        if (!this.isName(clause.from) || noAlias.has(this.word(clause.from))) return clause.from;
        const source = this.source(query, clause.from, to);
        part.sources.push(source);
        part.target = source;
        if (clause.name !== 'insert') return source.to;
        const open = source.to;
        if (this.text(open) === '(' && !queryStarts.has(this.word(open + 1))) {
          part.insertColumns = { from: open + 1, to: this.brackets.get(open) ?? to };
          return this.skip(open);
        }
        return open;
      }
      default:
        return clause.from;
    }
  }

  private ctes(query: Query, from: number, to: number): number {
    let at = from;
    if (this.word(at) === 'recursive') {
      Object.assign(query, { recursive: true });
      at++;
    }
    while (at < to && this.isName(at) && !queryStarts.has(this.word(at))) {
      const name = this.tokens[at]?.text ?? '';
      const start = at++;
      let columnNames: string[] = [];
      if (this.text(at) === '(') {
        columnNames = this.names(at + 1, this.brackets.get(at) ?? to);
        at = this.skip(at);
      }
      if (this.word(at) === 'as') at++;
      if (this.word(at) === 'not') at++;
      if (this.word(at) === 'materialized') at++;
      let inner: Query | null = null;
      // Before the query is read: a recursive one sees itself.
      const cte = { name, columnNames, query: inner, at: start };
      query.ctes.push(cte);
      if (this.text(at) === '(') {
        inner = this.query(at + 1, this.brackets.get(at) ?? to, query, false);
        Object.assign(cte, { query: inner });
        at = this.skip(at);
      }
      while (at < to && this.text(at) !== ',' && !queryStarts.has(this.word(at))) at = this.skip(at);
      if (this.text(at) !== ',') break;
      at++;
    }
    return at;
  }

  /** FROM items up to the next clause; returns where that is. */
  private sources(query: Query, part: Part, from: number, to: number): number {
    let at = from;
    let expected = true;
    while (at < to) {
      const word = this.word(at);
      if (word === 'join' || this.text(at) === ',') {
        expected = true;
        at++;
      } else if (this.endsFrom(at, part)) return at;
      else if (
        expected &&
        (this.text(at) === '(' || (this.isName(at) && !noAlias.has(word)) || word === 'lateral' || word === 'only')
      ) {
        const source = this.source(query, at, to);
        if (source.name !== '' || source.query) part.sources.push(source);
        else this.nestedSources(query, part, source.from);
        at = source.to;
        expected = false;
      } else if (word === 'using' && this.text(at + 1) === '(') {
        for (const name of this.names(at + 2, this.brackets.get(at + 1) ?? to)) part.merged.add(name);
        at = this.skip(at + 1);
      } else {
        if (this.brackets.has(at)) this.group(query, at);
        at = this.skip(at);
      }
    }
    return at;
  }

  /** `from (a join b on …)`: brackets that are no query. */
  private nestedSources(query: Query, part: Part, at: number): void {
    let open = at;
    while (this.text(open) !== '(' && open < query.to) open++;
    const end = this.brackets.get(open);
    if (end !== undefined) this.sources(query, part, open + 1, end);
  }

  private endsFrom(at: number, part: Part): boolean {
    const word = this.word(at);
    if (setOperators.has(word)) return true;
    if (word === 'on' && part.target && part.clauses.at(-1)?.name === 'using') return true;
    if (word === 'using') return this.clauseAt(at, part) !== null && part.clauses.at(-1)?.name !== 'using';
    return word !== 'on' && this.clauseAt(at, part) !== null;
  }

  private source(query: Query, from: number, to: number): Source {
    let at = from;
    let lateral = false;
    while (['lateral', 'only'].includes(this.word(at))) {
      if (this.word(at) === 'lateral') lateral = true;
      at++;
    }
    let inner: Query | null = null;
    let kind: Source['kind'] = 'relation';
    const path: string[] = [];
    if (this.text(at) === '(') {
      if (queryStarts.has(this.word(at + 1))) {
        kind = 'query';
        inner = this.query(at + 1, this.brackets.get(at) ?? to, query, lateral);
      }
      at = this.skip(at);
    } else {
      while (at < to && this.isName(at)) {
        path.push(this.tokens[at]?.text ?? '');
        at++;
        if (this.text(at) !== '.') break;
        at++;
      }
      if (this.text(at) === '*') at++;
      if (this.text(at) === '(' && !this.isInsertTarget(from)) {
        kind = 'function';
        this.group(query, at);
        at = this.skip(at);
        if (this.word(at) === 'with' && this.word(at + 1) === 'ordinality') at += 2;
      }
    }
    const end = this.alias(at, to);
    return {
      kind,
      schema: path.length > 1 ? (path.at(-2) ?? null) : null,
      name: path.at(-1) ?? '',
      ...end,
      query: inner,
      lateral,
      from,
    };
  }

  private isInsertTarget(from: number): boolean {
    return this.word(from - 1) === 'into' && this.word(from - 2) === 'insert';
  }

  private alias(from: number, to: number): { alias: string | null; columnNames: string[]; to: number } {
    let at = from;
    if (this.word(at) === 'tablesample') at = this.skip(at + 2);
    if (this.word(at) === 'as') at++;
    const named = at < to && this.isName(at) && (this.tokens[at]?.kind !== 'word' || !noAlias.has(this.word(at)));
    if (!named || setOperators.has(this.word(at))) return { alias: null, columnNames: [], to: at };
    const alias = this.tokens[at]?.text ?? '';
    at++;
    if (this.text(at) !== '(' || this.isInsertTarget(from - 1)) return { alias, columnNames: [], to: at };
    return { alias, columnNames: this.names(at + 1, this.brackets.get(at) ?? to), to: this.skip(at) };
  }

  /** The first name of every element of a list. */
  names(from: number, to: number): string[] {
    const names: string[] = [];
    let fresh = true;
    for (let at = from; at < to; at = this.skip(at)) {
      if (this.text(at) === ',') fresh = true;
      else if (fresh && this.isName(at)) {
        names.push(this.tokens[at]?.text ?? '');
        fresh = false;
      }
    }
    return names;
  }

  /** A bracket group: a query of its own, or something that may have queries in it. */
  private group(query: Query, open: number): void {
    const end = this.brackets.get(open) ?? open;
    if (queryStarts.has(this.word(open + 1))) {
      this.query(open + 1, end, query, true);
      return;
    }
    for (let at = open + 1; at < end; at = this.skip(at)) if (this.brackets.has(at)) this.group(query, at);
  }
}
