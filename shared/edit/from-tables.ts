/**
 * The tables that the columns of a query come from, by its parse tree: each as often as it stands in FROM, sub-selects
 * and CTEs followed. A table that stands there once gives one row to each row of the result; where it stands twice, the
 * server does not say which of the two a column is of. What stands in conditions and expressions gives no columns.
 */
import { isNode, listOf, opened, textOf } from '../guard/tree.ts';

export interface FromTable {
  /** Empty where it is written without. */
  readonly schema: string;
  readonly name: string;
}

interface Ctes {
  readonly name: string;
  readonly query: unknown;
  /** What its own query sees; made after it for WITH RECURSIVE. */
  scope: Ctes | null;
  readonly outer: Ctes | null;
}

const most = 1_000;
const deepest = 300;

/** Null where the statement is no plain query, or too much of one. */
export function fromTables(statement: unknown): readonly FromTable[] | null {
  const found: FromTable[] = [];
  const open = new Set<Ctes>();
  let depth = 0;

  const select = (node: unknown, scope: Ctes | null): boolean => {
    const [kind, fields] = opened(node);
    if (kind !== 'SelectStmt' || ++depth > deepest) return false;
    const inner = withClause(fields.withClause, scope);
    // Columns of UNION and the like come from no table for the server; their tables are counted all the same.
    const sides = [fields.larg, fields.rarg].filter(isNode).map((side) => ({ SelectStmt: side }));
    const whole =
      listOf(fields.fromClause).every((item) => from(item, inner)) && sides.every((side) => select(side, inner));
    depth--;
    return whole;
  };

  const from = (node: unknown, scope: Ctes | null): boolean => {
    const [kind, fields] = opened(node);
    switch (kind) {
      case 'RangeVar':
        return relation(textOf(fields.schemaname), textOf(fields.relname), scope);
      case 'JoinExpr': {
        if (++depth > deepest) return false;
        const whole = from(fields.larg, scope) && from(fields.rarg, scope);
        depth--;
        return whole;
      }
      case 'RangeSubselect':
        return select(fields.subquery, scope);
      case 'RangeTableSample':
        return from(fields.relation, scope);
      case 'RangeFunction':
      case 'RangeTableFunc':
      case 'JsonTable':
        return true;
      default:
        return false;
    }
  };

  const relation = (schema: string, name: string, scope: Ctes | null): boolean => {
    let cte = schema === '' ? scope : null;
    while (cte !== null && cte.name !== name) cte = cte.outer;
    if (cte === null) return found.push({ schema, name }) <= most;
    // The recursive part of a CTE gives columns of no table.
    if (open.has(cte)) return true;
    open.add(cte);
    const whole = select(cte.query, cte.scope);
    open.delete(cte);
    return whole;
  };

  return select(statement, null) ? found : null;
}

function withClause(clause: unknown, outer: Ctes | null): Ctes | null {
  if (!isNode(clause)) return outer;
  const made: Ctes[] = [];
  let scope = outer;
  for (const each of listOf(clause.ctes)) {
    const [, cte] = opened(each);
    const next: Ctes = { name: textOf(cte.ctename), query: cte.ctequery, scope, outer: scope };
    made.push(next);
    scope = next;
  }
  // Here each sees all of them, those after it too.
  if (clause.recursive === true) for (const cte of made) cte.scope = scope;
  return scope;
}

/** How often the table may be meant: a name without a schema may be it. */
export const timesIn = (tables: readonly FromTable[], schema: string, name: string): number =>
  tables.filter((table) => table.name === name && (table.schema === '' || table.schema === schema)).length;
