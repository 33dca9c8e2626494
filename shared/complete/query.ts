/**
 * The queries of a statement, read as far as completion needs them and however broken the text is: what each selects
 * from, its CTEs, its clauses, and which lies in which. Positions are indexes of tokens.
 */

export type ClauseName =
  | 'select'
  | 'from'
  | 'where'
  | 'group by'
  | 'having'
  | 'window'
  | 'order by'
  | 'limit'
  | 'offset'
  | 'fetch'
  | 'for'
  | 'returning'
  | 'set'
  | 'values'
  | 'insert'
  | 'update'
  | 'delete'
  | 'merge'
  | 'using'
  | 'on'
  | 'conflict'
  | 'when'
  | 'with'
  | 'into';

export interface Clause {
  readonly name: ClauseName;
  /** First token after its keywords. */
  readonly from: number;
  to: number;
}
export interface Source {
  readonly kind: 'relation' | 'function' | 'query';
  readonly schema: string | null;
  /** Of the relation or function; '' for a subquery. */
  readonly name: string;
  readonly alias: string | null;
  readonly columnNames: readonly string[];
  readonly query: Query | null;
  readonly lateral: boolean;
  /** Its first token, and after its last. */
  readonly from: number;
  readonly to: number;
}
export interface Cte {
  readonly name: string;
  readonly columnNames: readonly string[];
  readonly query: Query | null;
  readonly at: number;
}
/** One part of a query: UNION and its like separate parts that see the same CTEs and nothing of each other. */
export interface Part {
  readonly from: number;
  to: number;
  readonly clauses: Clause[];
  readonly sources: Source[];
  /** What INSERT, UPDATE, DELETE or MERGE writes to; also among the sources. */
  target: Source | null;
  /** The columns listed after INSERT INTO t. */
  insertColumns: { readonly from: number; readonly to: number } | null;
  /** Names merged by JOIN … USING: they need no qualification. */
  readonly merged: Set<string>;
}
export interface Query {
  readonly from: number;
  readonly to: number;
  readonly parent: Query | null;
  /** Of the parent, that can be seen from here: all but from a CTE or a subquery in FROM. */
  readonly seesParent: boolean;
  readonly recursive: boolean;
  readonly ctes: Cte[];
  readonly parts: Part[];
  readonly children: Query[];
}

/** The innermost query that a position lies in. */
export function queryAt(root: Query, at: number): Query {
  for (const child of root.children) if (child.from <= at && at <= child.to) return queryAt(child, at);
  return root;
}

export function partAt(query: Query, at: number): Part {
  let found = query.parts[0] as Part;
  for (const part of query.parts) if (part.from <= at) found = part;
  return found;
}

/** The clause that a position lies in; its keywords end before it. */
export function clauseAt(part: Part, at: number): Clause | null {
  let found: Clause | null = null;
  for (const clause of part.clauses) if (clause.from <= at) found = clause;
  return found;
}
