/** What the script itself says before the statement: tables it makes, and the search_path it sets. */
import type { Catalog } from './catalog.ts';
import { Reader } from './read-query.ts';
import { Scope, type ScopeColumn, type ScriptTable, unknownColumn } from './scope.ts';
import type { Token } from './tokens.ts';

export interface ScriptFacts {
  readonly path: readonly string[];
  readonly tables: readonly ScriptTable[];
}

/** More statements than this before the caret are not looked through for tables. */
const mostTables = 500;

/** @param before index of the first token of the statement at the caret */
export function scriptFacts(catalog: Catalog, tokens: readonly Token[], before: number): ScriptFacts {
  let path = catalog.searchPath;
  const tables: ScriptTable[] = [];
  let from = 0;
  for (let at = 0; at < before && tables.length < mostTables; at++) {
    if (tokens[at]?.text !== ';') continue;
    const word = tokens[from]?.text;
    if (word === 'set') path = pathSet(tokens, from, at, catalog) ?? path;
    else if (word === 'create') {
      const made = tableMade(catalog, tokens, from, at, path, tables);
      if (made) tables.push(made);
    } else if (word === 'drop' && tokens[from + 1]?.text === 'table') {
      const name = tokens[at - 1]?.text;
      const gone = tables.findIndex((table) => table.name === name);
      if (gone >= 0) tables.splice(gone, 1);
    }
    from = at + 1;
  }
  return { path, tables };
}

function pathSet(tokens: readonly Token[], from: number, to: number, catalog: Catalog): string[] | null {
  let at = from + 1;
  if (['local', 'session'].includes(tokens[at]?.text ?? '')) at++;
  if (tokens[at]?.text !== 'search_path') return null;
  const names: string[] = [];
  for (at += 2; at < to; at++) {
    const token = tokens[at] as Token;
    if (token.kind === 'word' || token.kind === 'quotedIdentifier') names.push(token.text);
    else if (token.kind === 'string') names.push(token.text.slice(1, -1));
  }
  return names.map((name) => (name === '$user' ? catalog.head.user : name));
}

function tableMade(
  catalog: Catalog,
  tokens: readonly Token[],
  from: number,
  to: number,
  path: readonly string[],
  tables: readonly ScriptTable[],
): ScriptTable | null {
  let at = from + 1;
  while (
    at < to &&
    ['or', 'replace', 'temp', 'temporary', 'unlogged', 'materialized', 'recursive', 'local', 'global'].includes(
      tokens[at]?.text ?? '',
    )
  )
    at++;
  if (tokens[at]?.text !== 'table' && tokens[at]?.text !== 'view') return null;
  at++;
  if (tokens[at]?.text === 'if') at += 3;
  let name = tokens[at]?.text ?? '';
  let schema: string | null = null;
  if (tokens[at + 1]?.text === '.') {
    schema = name;
    name = tokens[at + 2]?.text ?? '';
    at += 2;
  }
  at++;
  const reader = new Reader(tokens, from, to);
  let columns: readonly ScopeColumn[] = [];
  if (tokens[at]?.text === '(') {
    columns = columnsDefined(reader, at + 1, reader.brackets.get(at) ?? to);
    at = reader.skip(at);
  }
  const as = reader.word(at) === 'as' ? at : -1;
  if (as >= 0) {
    const inner = new Reader(tokens, as + 1, to);
    const root = inner.read();
    columns = new Scope({ catalog, reader: inner, root, path, scriptTables: tables }).outputOf(root);
  }
  return { schema, name, columns };
}

const notColumns = new Set(['constraint', 'primary', 'foreign', 'unique', 'check', 'exclude', 'like']);
const typeEnds = new Set([
  'not',
  'null',
  'default',
  'primary',
  'unique',
  'references',
  'check',
  'generated',
  'constraint',
  'collate',
  'as',
]);

/** `name type …` for every column of CREATE TABLE. */
export function columnsDefined(reader: Reader, from: number, to: number): ScopeColumn[] {
  const columns: ScopeColumn[] = [];
  for (let at = from; at < to; ) {
    const start = at;
    while (at < to && reader.text(at) !== ',') at = reader.skip(at);
    const name = reader.tokens[start]?.text ?? '';
    if (reader.isName(start) && !notColumns.has(reader.word(start))) {
      let end = start + 1;
      while (end < at && !typeEnds.has(reader.word(end))) end++;
      const type = reader.tokens
        .slice(start + 1, end)
        .map((token) => token.text)
        .join(' ')
        .replace(/ ?([(),.[\]]) ?/g, '$1');
      columns.push({ ...unknownColumn(name), type });
    }
    at++;
  }
  return columns;
}
