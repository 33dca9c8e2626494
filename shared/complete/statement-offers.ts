/** Offers for statements that are no queries, by what their patterns expect. */

import { offerColumnsOf, offerFunctions, offerTypes } from './expressions.ts';
import { type Query, queryAt } from './query.ts';
import { offerRelations, offerSchemas, type RelationWish, selectable } from './relations.ts';
import type { Request } from './request.ts';
import type { ScopeSource } from './scope.ts';
import { columnsDefined } from './script.ts';
import type { Expected, Place } from './statements.ts';
import type { Token } from './tokens.ts';

const queryHeads = new Set(['select', 'with', 'insert', 'update', 'delete', 'merge', 'values', '(']);
const wrappers = new Set(['create', 'prepare', 'declare', 'explain', 'copy']);

/** Whether a position lies in a query, or in what is no query around it. */
export function queryBegins(tokens: readonly Token[], from: number, at: number, root: Query): boolean {
  const head = tokens[from]?.text ?? '';
  if (queryHeads.has(head) || head === 'table' || head === 'perform') return true;
  if (tokens[from]?.kind !== 'word' && root.parts.some(({ clauses }) => clauses.length > 0)) return true;
  if (queryAt(root, at) !== root) return true;
  if (!wrappers.has(head)) return false;
  if (head === 'explain') {
    let next = from + 1;
    while (['analyze', 'verbose'].includes(tokens[next]?.text ?? '')) next++;
    if (tokens[next]?.text === '(') while (next < at && tokens[next++]?.text !== ')');
    return next < at && queryBegins(tokens, next, at, root);
  }
  for (let index = from + 1; index < at; index++) {
    const word = tokens[index]?.text;
    if (word !== 'as' && word !== 'for') continue;
    if (queryHeads.has(tokens[index + 1]?.text ?? '') && index + 1 < at) return true;
    const makes = tokens
      .slice(from, index)
      .some(({ text }) => text === 'view' || text === 'table' || text === 'prepare');
    if (index + 1 === at && makes) return true;
  }
  return false;
}

export function offerStatement(request: Request, expected: Expected): void {
  const { reader, at, offers } = request;
  const before = reader.word(at - 1);
  if (before === 'references' || (before === 'like' && inDefinition(request) !== null))
    offerRelations(request, selectable);
  else if (reader.text(at - 1) === '::') offerTypes(request, 100);
  else if (!offerReferenced(request) && !offerDefinition(request)) {
    for (const place of expected.places) offerPlace(request, place, expected);
    if (expected.places.size === 0 && expected.words.length === 0) offerCondition(request);
    for (const [index, words] of request.qualifier.length > 0 ? [] : expected.words.entries())
      offers.add(words, 220 - index, () => ({
        label: request.keyword(words),
        kind: 'keyword',
        insert: `${request.keyword(words)} `,
      }));
    if (request.qualifier.length === 0 && reader.word(request.from) === 'create' && before === 'as')
      offerAfterAs(request);
  }
}

/** `create policy … using (`, `create index … where`: an expression over the table. */
function offerCondition(request: Request): void {
  const { reader, from, at } = request;
  if (!['create', 'alter'].includes(reader.word(from))) return;
  for (let index = from; index < at - 1; index++) {
    if (reader.word(index) !== 'on') continue;
    const source = sourceNamed(request, index + 1);
    if (source) offerColumnsOf(request, source, 300);
    if (source) offerFunctions(request, ['function'], 60);
    return;
  }
}

function offerAfterAs(request: Request): void {
  for (const [index, word] of ['select', 'with', 'values', 'table'].entries())
    request.offers.add(word, 230 - index, () => ({
      label: request.keyword(word),
      kind: 'keyword',
      insert: `${request.keyword(word)} `,
    }));
}

/** `references t (`: the columns of t. */
function offerReferenced(request: Request): boolean {
  const { reader, at } = request;
  let open = at - 1;
  while (open > request.from && reader.text(open) !== '(' && (reader.isName(open) || reader.text(open) === ',')) open--;
  if (reader.text(open) !== '(' || !reader.isName(open - 1)) return false;
  const dotted = reader.text(open - 2) === '.';
  const words = reader.word(open - (dotted ? 4 : 2));
  if (words !== 'references') return false;
  const source = sourceNamed(request, open - (dotted ? 3 : 1));
  if (source) offerColumnsOf(request, source, 300);
  return true;
}

/** The open bracket of CREATE TABLE t ( …, or null. */
function inDefinition(request: Request): number | null {
  const { reader, from, at } = request;
  if (reader.word(from) !== 'create') return null;
  for (let index = from + 1; index < Math.min(at, from + 10); index++) {
    if (reader.word(index) !== 'table') continue;
    while (index < at && reader.text(index) !== '(') index++;
    const end = reader.brackets.get(index);
    return index < at && (end === undefined || end >= at) ? index : null;
  }
  return null;
}

const constraintWords = [
  'not null',
  'primary key',
  'references',
  'default',
  'unique',
  'check',
  'generated always as identity',
  'null',
  'constraint',
  'collate',
  'on delete cascade',
  'generated always as',
];

/** Inside the brackets of CREATE TABLE: a type after a name, constraints after that. */
function offerDefinition(request: Request): boolean {
  const open = inDefinition(request);
  if (open === null) return false;
  const { reader, at, offers } = request;
  for (let inner = at - 1; inner > open; inner--) {
    if (reader.text(inner) === '(' && (reader.brackets.get(inner) ?? at) >= at) {
      const words = reader.word(inner - 1);
      if (words === 'key' || words === 'unique' || words === 'check')
        for (const column of columnsDefined(reader, open + 1, inner))
          offers.add(column.name, 300, () => ({
            label: column.name,
            kind: 'column',
            detail: column.type,
            insert: request.names.name(column.name),
          }));
      return true;
    }
  }
  let start = at;
  while (start > open + 1 && reader.text(start - 1) !== ',') start--;
  const words = (list: readonly string[], weight: number): void => {
    for (const [index, word] of list.entries())
      offers.add(word, weight - index, () => ({
        label: request.keyword(word),
        kind: 'keyword',
        insert: `${request.keyword(word)} `,
      }));
  };
  if (at === start) words(['primary key', 'foreign key', 'constraint', 'unique', 'check', 'like', 'exclude'], 100);
  else if (at === start + 1 && reader.word(start) === 'constraint') return true;
  else if (at === start + 1 && ['primary', 'foreign'].includes(reader.word(start))) words(['key'], 200);
  else if (at === start + 1) offerTypes(request, 150);
  else if (reader.word(at - 1) === 'default') offerFunctions(request, ['function'], 100);
  else words(constraintWords, 200);
  return true;
}

function sourceNamed(request: Request, at: number): ScopeSource | null {
  const { reader, scope } = request;
  const dotted = reader.text(at + 1) === '.';
  const schema = dotted ? (reader.tokens[at]?.text ?? null) : null;
  const name = reader.tokens[dotted ? at + 2 : at]?.text ?? '';
  const source = {
    kind: 'relation',
    schema,
    name,
    alias: null,
    columnNames: [],
    query: null,
    lateral: false,
    from: at,
    to: at + 1,
  } as const;
  const found = scope.sourceOf(source, scope.root, 0);
  return found.columns.length > 0 ? found : null;
}

const wishes: Partial<Record<Place, RelationWish>> = {
  table: ({ kind }) => kind === 'table' || kind === 'partitionedTable' || kind === 'foreignTable',
  tables: ({ kind }) => kind === 'table' || kind === 'partitionedTable' || kind === 'foreignTable',
  view: ({ kind }) => kind === 'view',
  materialized: ({ kind }) => kind === 'materializedView',
  sequence: ({ kind }) => kind === 'sequence',
  relation: selectable,
};

function offerPlace(request: Request, place: Place, expected: Expected): void {
  const { catalog, offers, names, qualifier } = request;
  const [first = '', second] = qualifier;
  const wish = wishes[place];
  const word = request.reader.word(request.from);
  const commentOnColumn = word === 'comment' && request.reader.word(request.at - 1) === 'column';
  if (wish) {
    if (commentOnColumn && qualifier.length > 0) {
      const relation =
        second === undefined
          ? catalog.relation(null, first, request.path)
          : catalog.relation(first, second, request.path);
      for (const column of relation?.columns ?? [])
        offers.add(column.name, 300, () => ({
          label: column.name,
          kind: 'column',
          detail: column.type,
          comment: column.comment,
          insert: names.name(column.name),
        }));
    }
    // Rights are given on views as well.
    const wider = ['grant', 'revoke', 'copy', 'comment'].includes(word) ? selectable : wish;
    offerRelations(request, wider);
    return;
  }
  if (qualifier.length > 0 && !['type', 'function', 'procedure'].includes(place)) return;
  switch (place) {
    case 'schema':
      offerSchemas(request, 150, false);
      return;
    case 'role':
    case 'roles':
      for (const role of [...catalog.roles, 'public', 'current_user'])
        offers.add(role, role.startsWith('pg_') ? 60 : 150, () => ({
          label: role,
          kind: 'role',
          insert: role === 'public' ? role : names.name(role),
        }));
      return;
    case 'type':
      offerTypes(request, 100);
      return;
    case 'function':
      offerFunctions(request, ['function', 'aggregate'], 100);
      return;
    case 'procedure':
      offerFunctions(request, ['procedure'], 150);
      return;
    case 'column':
    case 'columns': {
      const source = expected.tableAt === null ? null : sourceNamed(request, expected.tableAt);
      if (source) offerColumnsOf(request, source, 300);
      return;
    }
    case 'setting':
      for (const setting of catalog.settings)
        offers.add(
          setting.name,
          100 + Math.min(100, 30 * Math.log2(1 + (request.uses.get(setting.name) ?? 0))),
          () => ({ label: setting.name, kind: 'setting', detail: setting.type, comment: setting.comment }),
        );
      return;
    case 'settingValue':
      offerSettingValues(request, expected);
      return;
    case 'extension':
      for (const extension of catalog.extensions)
        offers.add(extension.name, 150, () => ({
          label: extension.name,
          kind: 'extension',
          detail: extension.comment,
          insert: names.name(extension.name),
        }));
  }
}

function offerSettingValues(request: Request, expected: Expected): void {
  const name = expected.settingAt === null ? '' : (request.reader.tokens[expected.settingAt]?.text ?? '');
  const setting = request.catalog.settings.find((each) => each.name === name);
  const values = setting?.type === 'bool' ? ['on', 'off'] : (setting?.values ?? []);
  for (const [index, value] of [...values, 'default'].entries())
    request.offers.add(value, 150 - index, () => ({
      label: value,
      kind: 'value',
      insert: /^[a-z]\w*$/.test(value) ? value : `'${value}'`,
    }));
}
