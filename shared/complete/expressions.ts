// biome-ignore-all lint/suspicious/noTemplateCurlyInString: tab stops of snippets are written so
/** What an expression may be made of: columns, functions, values that fit, types, keywords. */
import { quoteLiteral } from '../sql/quote.ts';
import type { Routine } from './catalog.ts';
import { offerSchemas } from './relations.ts';
import type { Request } from './request.ts';
import type { Level, ScopeColumn, ScopeSource } from './scope.ts';
import { commonTypes, grammarFunctions, popularFunctions } from './words.ts';

const usesOf = (request: Request, name: string): number =>
  Math.min(40, 10 * Math.log2(1 + (request.uses.get(name) ?? 0)));

const detailOf = (request: Request, column: ScopeColumn, source: ScopeSource): string =>
  [request.names.type(column.type), column.key ? 'key' : '', source.alias].filter(Boolean).join(' · ');

/** The columns of every source in sight, qualified only where the bare name would be ambiguous or mean another one. */
export function offerColumns(
  request: Request,
  levels: readonly Level[],
  weight: number,
  fits?: (column: ScopeColumn) => number,
): void {
  const seen = new Map<string, number>();
  const { merged } = levels[0]?.part ?? { merged: new Set<string>() };
  for (const [depth, level] of levels.entries())
    for (const { columns, alias } of level.sources)
      for (const { name } of columns) {
        // Of inner and outer ones of a name the inner is meant; `excluded` is always named.
        if (alias !== 'excluded') seen.set(name, (seen.get(name) ?? 0) + (depth === 0 || !seen.has(name) ? 1 : 0));
      }
  const inner = new Set(levels[0]?.sources.flatMap(({ columns }) => columns.map(({ name }) => name)) ?? []);
  let place = 0;
  for (const [depth, level] of levels.entries())
    for (const source of level.sources)
      for (const column of source.columns) {
        place++;
        const hidden = depth > 0 && inner.has(column.name);
        const ambiguous = (seen.get(column.name) ?? 0) > 1 && !(depth === 0 && merged.has(column.name));
        const qualify = hidden || ambiguous || source.alias === 'excluded';
        const label = qualify ? `${request.names.name(source.alias)}.${request.names.name(column.name)}` : column.name;
        const worth =
          weight -
          90 * depth -
          place / 50 +
          (fits?.(column) ?? 0) +
          usesOf(request, column.name) / 4 -
          (source.alias === 'excluded' ? 30 : 0);
        request.offers.add(column.name, worth, () => ({
          label,
          kind: 'column',
          detail: detailOf(request, column, source),
          comment: column.comment,
          insert: qualify ? label : request.names.name(column.name),
        }));
      }
}

/** After `alias.`: its columns, and all of them at once. */
export function offerColumnsOf(
  request: Request,
  source: ScopeSource,
  weight: number,
  fits?: (column: ScopeColumn) => number,
): void {
  for (const [index, column] of source.columns.entries())
    request.offers.add(
      column.name,
      weight - index / 50 + (fits?.(column) ?? 0) + usesOf(request, column.name) / 4,
      () => ({
        label: column.name,
        kind: 'column',
        detail: detailOf(request, column, source),
        comment: column.comment,
        insert: request.names.name(column.name),
      }),
    );
}

/** Names that qualify columns: aliases and tables of the FROM. */
export function offerAliases(request: Request, levels: readonly Level[], weight: number): void {
  for (const [depth, level] of levels.entries())
    for (const { alias, relation } of level.sources)
      if (alias !== '')
        request.offers.add(alias, weight - 50 * depth, () => ({
          label: alias,
          kind: 'alias',
          detail: relation ? relation.name : '',
          insert: `${request.names.name(alias)}.`,
          more: true,
        }));
}

export function offerFunctions(request: Request, kinds: readonly Routine['kind'][], weight: number): void {
  const { catalog, qualifier, path, offers, names } = request;
  const [schema] = qualifier;
  for (const [name, routines] of catalog.routines) {
    if (schema === undefined && grammarFunctions.includes(name)) continue;
    const fitting = routines.filter(
      (each) => kinds.includes(each.kind) && (schema === undefined || each.schema === schema),
    );
    const [routine] = fitting;
    if (!routine) continue;
    const shipped = routine.schema === 'pg_catalog';
    const reachable = shipped || path.includes(routine.schema);
    const popular = popularFunctions.has(name) ? 70 : -40;
    const own = reachable ? 60 : 20;
    // Functions that are operators or types in disguise are seldom called by name.
    offers.add(
      name,
      weight + (shipped ? popular : own) + usesOf(request, name),
      () => {
        const takes = fitting.some(({ args }) => args !== '');
        const called = schema === undefined ? names.routine(routine.schema, name) : names.name(name);
        const count = name === 'count' && shipped ? '${1:*}' : '${0}';
        return {
          label: name,
          kind: routine.kind === 'procedure' ? 'procedure' : 'function',
          detail: `(${routine.args})${routine.result ? ` → ${routine.result}` : ''}${fitting.length > 1 ? ` +${fitting.length - 1}` : ''}`,
          comment: routine.comment,
          insert: takes ? `${called}(${count})` : `${called}()`,
          isSnippet: takes,
        };
      },
      shipped ? (popularFunctions.has(name) ? 500 : 600) : 300,
    );
  }
  if (schema === undefined && kinds.includes('function'))
    for (const name of grammarFunctions)
      offers.add(name, weight + 60, () => ({
        label: name,
        kind: 'function',
        detail: '(…)',
        insert: `${request.keyword(name)}(\${0})`,
        isSnippet: true,
      }));
}

/** The names of types, also of tables (their rows), after `::` and wherever one is declared. */
export function offerTypes(request: Request, weight: number): void {
  const { catalog, qualifier, offers, names } = request;
  const [schema] = qualifier;
  if (schema === undefined)
    for (const [index, name] of commonTypes.entries())
      offers.add(name, weight + 100 - index, () => ({ label: name, kind: 'type' }));
  for (const type of catalog.types) {
    if (type.name.startsWith('_') || (schema !== undefined && type.schema !== schema)) continue;
    const own = type.schema === 'pg_catalog' ? -60 : type.schema === 'information_schema' ? -150 : 70;
    const written = schema === undefined ? names.type(type.written) : names.name(type.name);
    offers.add(type.name, weight + own, () => ({
      label: written,
      kind: 'type',
      detail: [type.kind === 'base' ? '' : type.kind, type.labels.join(', ')].filter(Boolean).join(' · '),
      comment: type.comment,
      insert: written,
    }));
  }
  if (schema === undefined) offerSchemas(request, weight - 80);
}

/** Resolves `name` or `alias.name` that ends before `end`. */
export function columnBefore(request: Request, levels: readonly Level[], end: number): ScopeColumn | null {
  const { reader } = request;
  if (!reader.isName(end - 1)) return null;
  const name = reader.tokens[end - 1]?.text ?? '';
  const qualifier = reader.text(end - 2) === '.' ? reader.tokens[end - 3]?.text : null;
  return columnNamed(levels, qualifier ?? null, name);
}

export function columnNamed(levels: readonly Level[], qualifier: string | null, name: string): ScopeColumn | null {
  for (const { sources } of levels)
    for (const { alias, columns } of sources) {
      if (qualifier !== null && alias !== qualifier) continue;
      const found = columns.find((column) => column.name === name);
      if (found) return found;
    }
  return null;
}

/** What a column of the type can be compared with: enum labels, true and false. `inside`: the quotes are there. */
export function offerValues(request: Request, column: ScopeColumn, weight: number, inside = false): void {
  const labels = labelsOf(request, column);
  for (const [index, label] of labels.entries()) {
    const literal = quoteLiteral(label);
    request.offers.add(label, weight + 100 - index, () => ({
      label: literal,
      kind: 'value',
      detail: request.names.type(column.type),
      insert: inside ? literal.replace(/^E?'/, '').slice(0, -1) : literal,
    }));
  }
  if (column.type === 'boolean' && !inside)
    for (const word of ['true', 'false'])
      request.offers.add(word, weight + 50, () => ({ label: request.keyword(word), kind: 'value', detail: 'boolean' }));
}

export function labelsOf(request: Request, column: ScopeColumn): readonly string[] {
  const own = request.catalog.labelsOf(column.typeOid);
  return own.length > 0 ? own : (request.catalog.typeCalled(column.type)?.labels ?? []);
}

/** All columns of the sources in place of a `*`. `at` is the token of the star. */
export function starColumns(request: Request, levels: readonly Level[], star: number): string | null {
  const { reader, names } = request;
  const qualifier = reader.text(star - 1) === '.' ? reader.tokens[star - 2]?.text : null;
  const sources = (levels[0]?.sources ?? []).filter(
    ({ alias }) => qualifier === null || qualifier === undefined || alias === qualifier,
  );
  const single = (levels[0]?.sources.length ?? 0) === 1 && !qualifier;
  const columns = sources.flatMap(({ alias, columns: list }) =>
    list.map(({ name }) => (single ? names.name(name) : `${names.name(alias)}.${names.name(name)}`)),
  );
  return columns.length > 0 ? columns.join(', ') : null;
}

/** The elements of the select list, as written, that are no aggregates: what GROUP BY has to name. */
export function ungrouped(request: Request, level: Level): string[] {
  const { reader, scope, catalog, text } = request;
  const list = level.part.clauses.find(({ name }) => name === 'select');
  if (!list) return [];
  const kept: string[] = [];
  for (const item of scope.items(list.from, list.to)) {
    const end = scope.nameOf(item)?.end ?? item.to;
    let aggregates = false;
    let constant = true;
    for (let at = item.from; at < end; at++) {
      const word = reader.tokens[at]?.text ?? '';
      if (reader.isName(at)) constant = false;
      if (reader.text(at + 1) === '(' && catalog.routines.get(word)?.some(({ kind }) => kind === 'aggregate'))
        aggregates = true;
      if (word === '*' || reader.word(at) === 'over') aggregates = true;
    }
    const first = reader.tokens[item.from];
    const last = reader.tokens[end - 1];
    if (!aggregates && !constant && first && last) kept.push(text.slice(first.from, last.to));
  }
  return kept;
}

/** Names that the select list gives, for ORDER BY. */
export function offerOutput(request: Request, level: Level, weight: number): void {
  const list = level.part.clauses.find(({ name }) => name === 'select');
  if (!list) return;
  for (const [index, item] of request.scope.items(list.from, list.to).entries()) {
    const name = request.scope.nameOf(item)?.name;
    if (name === undefined) continue;
    request.offers.add(name, weight - index, () => ({
      label: name,
      kind: 'column',
      detail: 'of the list',
      insert: request.names.name(name),
    }));
  }
  // Of groups nothing else is left to order by.
  if (!level.part.clauses.some(({ name }) => name === 'group by')) return;
  for (const [index, each] of ungrouped(request, level).entries())
    request.offers.add(each, weight - 40 - index, () => ({ label: each, kind: 'column', detail: 'of the list' }));
}

/** The names already written in a list, so that they are not offered again. */
export const alreadyIn = (request: Request, from: number, to: number): ReadonlySet<string> =>
  new Set(request.reader.names(from, to).filter((_, index, all) => index < all.length));
