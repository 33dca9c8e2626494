/** Which columns the statements that were run have compared: joins that no foreign key tells of. */
import { piecesOf } from '../../lint/pieces.ts';
import type { Catalog, Relation } from '../catalog.ts';
import { Reader } from '../read-query.ts';
import { type Level, Scope } from '../scope.ts';
import { tokensAround } from '../tokens.ts';

export interface SeenJoin {
  readonly one: number;
  readonly oneColumn: string;
  readonly other: number;
  readonly otherColumn: string;
}

/** `a.x = b.y` of two different tables of the catalog, wherever it stands; each pair once. */
export function joinsSeen(catalog: Catalog, text: string): SeenJoin[] {
  const found = new Map<string, SeenJoin>();
  for (const { from, to } of piecesOf(text)) {
    const statement = text.slice(from, to);
    if (!/\bjoin\b|\bwhere\b/i.test(statement)) continue;
    for (const join of joinsOfStatement(catalog, statement)) found.set(JSON.stringify(join), join);
  }
  return [...found.values()];
}

function joinsOfStatement(catalog: Catalog, text: string): SeenJoin[] {
  const { tokens, from, to } = tokensAround(text, 0);
  const reader = new Reader(tokens, from, to);
  const scope = new Scope({ catalog, reader, root: reader.read(), path: catalog.searchPath, scriptTables: [] });
  const found: SeenJoin[] = [];
  for (let at = from + 3; at + 3 < to; at++) {
    if (reader.text(at) !== '=' || reader.text(at - 2) !== '.' || reader.text(at + 2) !== '.') continue;
    const levels = scope.levelsAt(at);
    const left = columnAt(levels, tokens[at - 3]?.text, tokens[at - 1]?.text);
    const right = columnAt(levels, tokens[at + 1]?.text, tokens[at + 3]?.text);
    if (!left || !right || left.relation.oid === right.relation.oid) continue;
    // Always the same way round, so that it is known again.
    const [one, other] = left.relation.oid < right.relation.oid ? [left, right] : [right, left];
    found.push({ one: one.relation.oid, oneColumn: one.name, other: other.relation.oid, otherColumn: other.name });
  }
  return found;
}

function columnAt(
  levels: readonly Level[],
  qualifier: string | undefined,
  name: string | undefined,
): { readonly relation: Relation; readonly name: string } | null {
  if (qualifier === undefined || name === undefined) return null;
  for (const { sources } of levels) {
    const source = sources.find(({ alias }) => alias === qualifier);
    if (!source) continue;
    const known = source.columns.some((column) => column.name === name);
    return source.relation && known ? { relation: source.relation, name } : null;
  }
  return null;
}
