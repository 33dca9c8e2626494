/** Tables, views, CTEs and functions to select from; whole joins from foreign keys, and their conditions. */
import type { ForeignKey, Relation } from './catalog.ts';
import type { Request } from './request.ts';
import type { Level, ScopeSource } from './scope.ts';
import { about, kindOfRelation } from './suggestion.ts';

export type RelationWish = (relation: Relation) => boolean;
export const selectable: RelationWish = ({ kind }) => kind !== 'composite' && kind !== 'sequence';
export const writable: RelationWish = ({ kind }) =>
  kind !== 'composite' && kind !== 'sequence' && kind !== 'materializedView';

const isSystem = (schema: string): boolean => schema === 'pg_catalog' || schema === 'information_schema';

/** Schemas of what the query reads already. */
const schemasInSight = ({ scope, at }: Request): ReadonlySet<string> =>
  new Set(scope.levelsAt(at).flatMap(({ sources }) => sources.flatMap(({ relation }) => relation?.schema ?? [])));

/**
 * More for what is near: on the search_path, beside what the query reads, used lately; less for partitions, the system's
 * own, and what extensions measure (pg_buffercache, pg_stat_statements).
 */
function weightOf(request: Request, relation: Relation, inSight: ReadonlySet<string>): number {
  const { path, uses, offers } = request;
  let weight = 100;
  if (path.includes(relation.schema) || inSight.has(relation.schema)) weight += 60;
  if (relation.name.startsWith('pg_') && !isSystem(relation.schema) && !offers.wanted.startsWith('p')) weight -= 80;
  if (isSystem(relation.schema)) weight -= offers.wanted.startsWith('pg_') || path.includes(relation.schema) ? 60 : 330;
  if (relation.isPartition) weight -= 40;
  const count = uses.get(relation.name) ?? 0;
  return weight + (count > 0 ? Math.min(150, 40 * Math.log2(1 + count)) : 0);
}

export function offerRelation(request: Request, relation: Relation, weight: number, bare = false): void {
  request.offers.add(relation.name, weight, () => ({
    label: relation.name,
    kind: kindOfRelation[relation.kind],
    detail: [relation.schema, about(relation.rowEstimate)].filter(Boolean).join(' · '),
    comment: relation.comment,
    insert: bare ? request.names.name(relation.name) : request.names.relation(relation),
  }));
}

/** Everything that can stand after FROM, JOIN, UPDATE …; after `schema.` what is in it. */
export function offerRelations(request: Request, wish: RelationWish, extra: 'sources' | 'none' = 'none'): void {
  const { catalog, qualifier, offers, scope, at } = request;
  const [schema] = qualifier;
  if (qualifier.length > 1) return;
  const inSight = schemasInSight(request);
  for (const relation of catalog.relations) {
    if (!wish(relation)) continue;
    if (schema === undefined) offerRelation(request, relation, weightOf(request, relation, inSight));
    else if (relation.schema === schema) offerRelation(request, relation, 200, true);
  }
  if (schema === undefined) {
    for (const { name, columns } of scope.scriptTables)
      offers.add(name, 260, () => ({
        label: name,
        kind: 'table',
        detail: `made above · ${columns.length} columns`,
        insert: request.names.name(name),
      }));
    if (extra === 'sources')
      for (const { name, columns } of scope.ctesAt(at))
        offers.add(name, 300, () => ({
          label: name,
          kind: 'cte',
          detail: columns.map((column) => column.name).join(', '),
          insert: request.names.name(name),
        }));
    offerSchemas(request, 40);
  }
  if (extra === 'sources') offerSetFunctions(request, schema);
}

export function offerSchemas(request: Request, weight: number, dotted = true): void {
  for (const [name, { comment }] of request.catalog.schemas) {
    const system = isSystem(name) ? -60 : 0;
    request.offers.add(name, weight + system, () => ({
      label: name,
      kind: 'schema',
      detail: 'schema',
      comment,
      insert: `${request.names.name(name)}${dotted ? '.' : ''}`,
      more: dotted,
    }));
  }
}

function offerSetFunctions(request: Request, schema: string | undefined): void {
  const popular = new Set([
    'generate_series',
    'unnest',
    'jsonb_array_elements',
    'jsonb_each',
    'json_each',
    'jsonb_to_recordset',
    'regexp_split_to_table',
    'string_to_table',
  ]);
  for (const [name, routines] of request.catalog.routines) {
    const routine = routines.find((each) => each.returnsSet && (schema === undefined || each.schema === schema));
    if (!routine) continue;
    const own = routine.schema !== 'pg_catalog';
    request.offers.add(name, own ? 80 : popular.has(name) ? 30 : -250, () => ({
      label: name,
      kind: 'function',
      detail: `(${routine.args})`,
      comment: routine.comment,
      insert: `${schema === undefined ? request.names.routine(routine.schema, name) : request.names.name(name)}(\${0})`,
      isSnippet: true,
    }));
  }
}

interface Join {
  readonly other: Relation;
  readonly why: 'foreign key' | 'as run before';
  readonly pairs: readonly { readonly mine: string; readonly theirs: string }[];
}

/** Both ways: what the table refers to, and what refers to it. */
function joinsOf(request: Request, source: ScopeSource): Join[] {
  const { relation } = source;
  if (!relation) return [];
  const { catalog } = request;
  const joins: Join[] = [];
  const add = (key: ForeignKey, other: Relation | null, mine: readonly number[], theirs: readonly number[]): void => {
    if (!other || other.isPartition) return;
    const pairs = mine.map((number, index) => ({
      mine: source.relation?.columns.find((column) => column.number === number)?.name ?? '',
      theirs: other.columns.find((column) => column.number === theirs[index])?.name ?? '',
    }));
    if (key.fromColumns.length > 0 && pairs.every((pair) => pair.mine && pair.theirs))
      joins.push({ other, why: 'foreign key', pairs });
  };
  for (const key of catalog.foreignKeysFrom(relation.oid))
    add(key, catalog.relationOf(key.to), key.fromColumns, key.toColumns);
  for (const key of catalog.foreignKeysTo(relation.oid))
    add(key, catalog.relationOf(key.from), key.toColumns, key.fromColumns);
  for (const seen of request.joins) {
    const mine = seen.one === relation.oid ? seen.oneColumn : seen.other === relation.oid ? seen.otherColumn : null;
    const theirs = seen.one === relation.oid ? seen.otherColumn : seen.oneColumn;
    const other = mine === null ? null : catalog.relationOf(seen.one === relation.oid ? seen.other : seen.one);
    const known = joins.some(
      (join) =>
        join.other.oid === other?.oid && join.pairs.some((pair) => pair.mine === mine && pair.theirs === theirs),
    );
    if (mine !== null && other && !known) joins.push({ other, why: 'as run before', pairs: [{ mine, theirs }] });
  }
  return joins;
}

/** `customer c on c.id = o.customer_id` for every foreign key of what is there. `word`: the JOIN itself is still to be written. */
export function offerJoins(request: Request, level: Level, weight: number, word = ''): void {
  const before = level.sources.filter(({ source }) => source !== null && source.to <= request.at);
  const aliasing = before.some(({ aliased }) => aliased);
  const taken = new Set(level.sources.map(({ alias }) => alias));
  for (const [place, source] of [...before].reverse().entries()) {
    for (const { other, pairs, why } of joinsOf(request, source)) {
      const there = level.sources.some(({ relation }) => relation?.oid === other.oid);
      const uses = Math.min(60, 15 * Math.log2(1 + (request.uses.get(other.name) ?? 0)));
      const name = word ? `${word} ${other.name}` : other.name;
      request.offers.add(name, weight + uses - 20 * place - (there ? 60 : 0), () => {
        const alias = aliasing || taken.has(other.name) ? freeAlias(other.name, taken) : '';
        const called = request.names.name(alias || other.name);
        const on = pairs.map(
          ({ mine, theirs }) =>
            `${called}.${request.names.name(theirs)} = ${request.names.name(source.alias)}.${request.names.name(mine)}`,
        );
        const text = `${request.names.relation(other)}${alias ? ` ${alias}` : ''} ${request.keyword('on')} ${on.join(` ${request.keyword('and')} `)}`;
        return {
          label: `${word ? `${request.keyword(word)} ` : ''}${text}`,
          kind: 'join',
          detail: why,
          comment: other.comment,
        };
      });
    }
  }
}

/** Initials of the words of a name, with a number where they are taken: customer_order -> co. */
export function freeAlias(name: string, taken: ReadonlySet<string>): string {
  const initials = (name.match(/[a-z0-9]+/gi) ?? ['t']).map((word) => word.charAt(0).toLowerCase()).join('');
  const base = /^[a-z]/.test(initials) ? initials : `t${initials}`;
  const reserved = new Set([
    'as',
    'in',
    'on',
    'or',
    'is',
    'to',
    'do',
    'by',
    'at',
    'if',
    'no',
    'of',
    'end',
    'all',
    'and',
    'any',
    'asc',
    'for',
    'not',
    'set',
  ]);
  if (!taken.has(base) && !reserved.has(base)) return base;
  for (let number = 2; ; number++) if (!taken.has(`${base}${number}`)) return `${base}${number}`;
}

/** Conditions between what was joined last and what was there before: foreign keys, then names that speak for themselves. */
export function offerConditions(request: Request, level: Level, weight: number): void {
  const before = level.sources.filter(({ source }) => source !== null && source.to <= request.at);
  const last = before.at(-1);
  if (!last) return;
  const offer = (label: string, bonus: number, detail: string): void =>
    request.offers.add(label, weight + bonus, () => ({ label, kind: 'join', detail }));
  for (const [place, earlier] of before.slice(0, -1).reverse().entries()) {
    const mine = (name: string): string => `${request.names.name(last.alias)}.${request.names.name(name)}`;
    const theirs = (name: string): string => `${request.names.name(earlier.alias)}.${request.names.name(name)}`;
    const and = ` ${request.keyword('and')} `;
    const keyed = joinsOf(request, last).filter(({ other }) => other.oid === earlier.relation?.oid);
    for (const { pairs, why } of keyed)
      offer(
        pairs.map((pair) => `${mine(pair.mine)} = ${theirs(pair.theirs)}`).join(and),
        (why === 'foreign key' ? 50 : 45) - place,
        why,
      );
    if (keyed.length === 0)
      for (const [one, other] of namesakes(last, earlier))
        offer(`${mine(one)} = ${theirs(other)}`, 20 - place, 'by name');
  }
}

/** `customer_id` of one and `id` of `customer`; or the same `…_id` (or code) in both. */
function namesakes(one: ScopeSource, other: ScopeSource): [string, string][] {
  const has = (source: ScopeSource, name: string): boolean => source.columns.some((column) => column.name === name);
  const nameOf = (source: ScopeSource): string => source.source?.name || source.alias;
  const found: [string, string][] = [];
  for (const { name } of one.columns) {
    if (name === `${nameOf(other)}_id` && has(other, 'id')) found.push([name, 'id']);
    else if (/_(id|code|no|number|key)$/.test(name) && has(other, name)) found.push([name, name]);
  }
  for (const { name } of other.columns) if (name === `${nameOf(one)}_id` && has(one, 'id')) found.push(['id', name]);
  return found;
}

/** For USING: the columns that both sides have. */
export function offerCommonColumns(request: Request, level: Level): void {
  const before = level.sources.filter(({ source }) => source !== null && source.to <= request.at);
  const last = before.at(-1);
  for (const [index, { name, type, comment }] of (last?.columns ?? []).entries())
    if (before.slice(0, -1).some(({ columns }) => columns.some((column) => column.name === name)))
      request.offers.add(name, 300 - index / 100, () => ({
        label: name,
        kind: 'column',
        detail: type,
        comment,
        insert: request.names.name(name),
      }));
}
