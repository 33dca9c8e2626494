/** Offers in INSERT, UPDATE, DELETE, MERGE and ON CONFLICT. */
import { alreadyIn, offerColumnsOf } from '../expressions.ts';
import { offerRelations, writable } from '../relations.ts';
import type { Request } from '../request.ts';
import type { ScopeColumn } from '../scope.ts';
import { afterClause } from '../words.ts';
import { offerExpression, offerOperand } from './operand.ts';
import { comparisons, keywords, type Spot } from './spot.ts';

export function offerInsert(spot: Spot): boolean {
  const { request, level, before } = spot;
  const { target, insertColumns } = level.part;
  if (before === 'into' || before === '.') {
    offerRelations(request, writable, 'none');
    return true;
  }
  if (!target) return false;
  const into = request.scope.sourceOf(target, level.query, 0);
  const inside = insertColumns !== null && insertColumns.from <= request.at && request.at <= insertColumns.to;
  const writableColumns = into.columns.filter(({ column }) => !column?.generated);
  const wanted = writableColumns.filter(({ column }) => !(column?.key && column.hasDefault));
  if (inside) {
    const written = alreadyIn(request, insertColumns.from, insertColumns.to);
    const left = wanted.filter(({ name }) => !written.has(name));
    if (left.length > 1 && request.offers.wanted === '') offerList(request, left, 400, '');
    for (const [index, column] of writableColumns.entries())
      if (!written.has(column.name))
        request.offers.add(
          column.name,
          (column.column?.key && column.column.hasDefault ? 280 : 300) - index / 50,
          () => ({
            label: column.name,
            kind: 'column',
            detail: `${request.names.type(column.type)}${column.column?.notNull && !column.column.hasDefault ? ' · required' : ''}`,
            comment: column.comment,
            insert: request.names.name(column.name),
          }),
        );
    return true;
  }
  if (insertColumns === null && wanted.length > 0 && request.offers.wanted === '' && before !== 'as')
    offerList(request, wanted, 400, request.keyword('values'));
  keywords(request, afterClause.insert ?? [], 200);
  return true;
}

/** All columns at once, with or without the VALUES that take them. */
function offerList(request: Request, columns: readonly ScopeColumn[], weight: number, values: string): void {
  const names = columns.map(({ name }) => request.names.name(name));
  const list = names.join(', ');
  const stops = columns
    .map(({ name }, index) => `\${${index + 1}:${name.replace(/[^\p{L}\p{N}_ ]/gu, '')}}`)
    .join(', ');
  request.offers.add('', weight, () =>
    values === ''
      ? { label: list, kind: 'list', detail: `${columns.length} columns`, insert: list }
      : {
          label: `(${list}) ${values}`,
          kind: 'list',
          detail: `${columns.length} columns`,
          insert: `(${list.replace(/[\\$}]/g, '\\$&')})\n${values} (${stops})`,
          isSnippet: true,
        },
  );
}

export function offerConflict(spot: Spot): boolean {
  const { request, level, before, open } = spot;
  const { target } = level.part;
  if (open >= 0 && target) {
    const into = request.scope.sourceOf(target, level.query, 0);
    offerColumnsOf(request, into, 250, (column) => (column.key ? 100 : 0));
    return true;
  }
  if (before === 'conflict') {
    const into = target && request.scope.sourceOf(target, level.query, 0);
    const relation = into?.relation;
    for (const [index, key] of (relation ? request.catalog.uniqueKeysOf(relation.oid) : []).entries()) {
      const names = key.map((number) =>
        request.names.name(relation?.columns.find((column) => column.number === number)?.name ?? ''),
      );
      const label = `(${names.join(', ')})`;
      request.offers.add(label, 300 - index, () => ({
        label,
        kind: 'list',
        detail: index === 0 ? 'primary key' : 'unique',
      }));
    }
    keywords(request, afterClause.conflict ?? [], 250);
  } else if (before === 'do') keywords(request, ['update set', 'nothing'], 300);
  else if (before === 'constraint') return true;
  else if (before === 'where' || before === 'and') offerOperand(spot);
  else keywords(request, afterClause.conflict ?? [], 250);
  return true;
}

export function offerTarget(spot: Spot): void {
  const { request, clause, before, level } = spot;
  if (request.qualifier.length > 0 || request.at === spot.clauseFrom || before === 'only')
    offerRelations(request, writable, 'none');
  else if (before !== 'as') keywords(request, afterClause[clause] ?? [], 200 + level.sources.length);
}

export function offerWhen(spot: Spot): void {
  const { request, before, clauseFrom } = spot;
  const { reader, at } = request;
  const words = new Set<string>();
  for (let index = clauseFrom; index < at; index++) words.add(reader.word(index));
  if (at === clauseFrom)
    keywords(request, ['matched then', 'not matched then', 'matched and', 'not matched by source then'], 300);
  else if (before === 'then')
    keywords(request, words.has('not') ? ['insert', 'do nothing'] : ['update set', 'delete', 'do nothing'], 300);
  else if (before === 'and' || comparisons.has(before)) offerOperand(spot);
  else if (words.has('insert') && spot.open >= 0) {
    const { target } = spot.level.part;
    if (target) offerColumnsOf(request, request.scope.sourceOf(target, spot.level.query, 0), 300);
  } else keywords(request, ['matched', 'then', 'and', 'values', 'when', 'by source', 'by target'], 200);
}

/** The columns to be set, then what they are set to. */
export function offerSet(spot: Spot): void {
  const { request, before, level, clauseFrom, open } = spot;
  const { reader, at } = request;
  const { target } = level.part;
  const naming = at === clauseFrom || (before === ',' && open < 0) || (open >= 0 && open === clauseFrom);
  if (!naming || !target) {
    offerExpression(spot);
    return;
  }
  const into = request.scope.sourceOf(target, level.query, 0);
  const written = new Set<string>();
  for (let index = clauseFrom; index < reader.tokens.length && index < level.part.to; index = reader.skip(index))
    if (reader.text(index + 1) === '=' && reader.isName(index)) written.add(reader.tokens[index]?.text ?? '');
  const assigns = reader.text(at) === '=' || open >= 0 ? '' : ' = ';
  for (const [index, column] of into.columns.entries())
    if (!column.column?.generated && !written.has(column.name))
      request.offers.add(column.name, 300 - index / 50 - (column.key ? 60 : 0), () => ({
        label: column.name,
        kind: 'column',
        detail: request.names.type(column.type),
        comment: column.comment,
        insert: `${request.names.name(column.name)}${assigns}`,
      }));
}
