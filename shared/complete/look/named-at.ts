/** What a name in the text means: for hover, and for going to its definition. */
import type { Catalog, Relation, Routine, Type } from '../catalog.ts';
import { Reader } from '../read-query.ts';
import { type Level, Scope, type ScopeColumn, type ScopeSource } from '../scope.ts';
import { scriptFacts } from '../script.ts';
import { type Token, tokensAround } from '../tokens.ts';

export type Named =
  | { readonly kind: 'column'; readonly column: ScopeColumn; readonly source: ScopeSource }
  | { readonly kind: 'relation'; readonly relation: Relation }
  | { readonly kind: 'source'; readonly source: ScopeSource }
  | { readonly kind: 'routine'; readonly routine: Routine; readonly overloads: number }
  | { readonly kind: 'type'; readonly type: Type }
  | { readonly kind: 'schema'; readonly name: string; readonly comment: string };
export interface NamedAt {
  readonly from: number;
  readonly to: number;
  readonly named: Named;
}

/** Null where the offset is in no name, or in one that means nothing here. */
export function namedAt(catalog: Catalog, text: string, offset: number): NamedAt | null {
  const around = tokensAround(text, offset + 1);
  if (around.inComment) return null;
  const token = around.touched ?? around.tokens.find(({ from, to }) => from <= offset && offset < to) ?? null;
  if (!token || (token.kind !== 'word' && token.kind !== 'quotedIdentifier')) return null;
  const at = around.tokens.indexOf(token);
  const reader = new Reader(around.tokens, around.from, around.to);
  const { path, tables } = scriptFacts(catalog, around.tokens, around.from);
  const scope = new Scope({ catalog, reader, root: reader.read(), path, scriptTables: tables });
  const named = meaning({ catalog, reader, scope, path }, at, token);
  return named ? { from: token.from, to: token.to, named } : null;
}

interface Place {
  readonly catalog: Catalog;
  readonly reader: Reader;
  readonly scope: Scope;
  readonly path: readonly string[];
}

function meaning({ catalog, reader, scope, path }: Place, at: number, token: Token): Named | null {
  const qualified = reader.text(at - 1) === '.' && reader.isName(at - 2);
  const qualifier = qualified ? (reader.tokens[at - 2]?.text ?? null) : null;
  const levels = scope.levelsAt(at);
  const source = sourceAt(levels, at);
  const cte = scope.ctesAt(at).some(({ name }) => name === token.text) && qualifier === null;
  if (source?.source && source.source.name === token.text && source.relation && !cte)
    return { kind: 'relation', relation: source.relation };
  if (source && token.text === source.alias) return { kind: 'source', source };
  if (reader.text(at + 1) === '(') {
    const overloads = catalog.routinesCalled(qualifier, token.text, path);
    if (overloads[0]) return { kind: 'routine', routine: overloads[0], overloads: overloads.length };
  }
  if (reader.text(at - 1) === '::' || reader.text(at - 3) === '::') return typeNamed(catalog, token.text);
  return (
    columnOrAlias(levels, qualifier, token.text) ??
    relationNamed(catalog, path, qualifier, token) ??
    (token.kind === 'word' ? typeNamed(catalog, token.text, true) : null)
  );
}

function sourceAt(levels: readonly Level[], at: number): ScopeSource | null {
  for (const { sources } of levels)
    for (const source of sources)
      if (source.source && source.source.from <= at && at < source.source.to && !source.source.query) return source;
  return null;
}

function columnOrAlias(levels: readonly Level[], qualifier: string | null, name: string): Named | null {
  for (const { sources } of levels)
    for (const source of sources) {
      if (qualifier === null && source.aliased && source.alias === name) return { kind: 'source', source };
      if (qualifier !== null && source.alias !== qualifier) continue;
      const column = source.columns.find((each) => each.name === name);
      if (column) return { kind: 'column', column, source };
    }
  return null;
}

function relationNamed(
  catalog: Catalog,
  path: readonly string[],
  qualifier: string | null,
  token: Token,
): Named | null {
  const relation = catalog.relation(qualifier, token.text, path);
  if (relation) return { kind: 'relation', relation };
  const schema = qualifier === null ? catalog.schemas.get(token.text) : undefined;
  return schema ? { kind: 'schema', name: token.text, comment: schema.comment } : null;
}

function typeNamed(catalog: Catalog, name: string, ownOnly = false): Named | null {
  const type = catalog.typeCalled(name);
  return type && (!ownOnly || type.schema !== 'pg_catalog') ? { kind: 'type', type } : null;
}
