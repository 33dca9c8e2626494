/**
 * The script that takes changes back. One DO block: all of it or nothing, in whichever client it is run. Each row must
 * still look as it was left, and each statement must meet exactly one row; otherwise the block raises and names the row.
 *
 * A column is compared by its output text with that of the recorded value read back as the column's type: some types
 * (json, xml, point) have no equality, and the text is what was recorded. `concat` gives the output text of any type.
 */
import { quoteIdentifier, quoteLiteral, quoteQualified } from '../sql/quote.ts';
import type { JournalChange } from './change.ts';

export interface ColumnFacts {
  /** As format_type shows it: goes into the script as it is. */
  readonly type: string;
  readonly generated: boolean;
  readonly alwaysIdentity: boolean;
}

/** The facts of a table's columns by name; undefined where there is no such table any more. */
export type FactsOf = (schema: string, table: string) => ReadonlyMap<string, ColumnFacts> | undefined;

type Row = Readonly<Record<string, string | null>>;

/** Why there can be no such script. */
export class NoInverseError extends Error {}

/** Throws NoInverseError where a table or a column is gone. The last change is taken back first. */
export function inverseScript(changes: readonly JournalChange[], factsOf: FactsOf): string {
  const steps = [...changes].reverse().map((change) => step(change, factsOf));
  const body = steps.join('\n');
  const tag = freeTag(body);
  return `do ${tag}
#variable_conflict use_column
declare
  howdah_rows bigint;
begin
  -- The recorded values are written like this.
  perform pg_catalog.set_config('datestyle', 'ISO, YMD', true), pg_catalog.set_config('intervalstyle', 'postgres', true);
${body}
end
${tag};
`;
}

/** A dollar quote that does not occur in the text. */
function freeTag(body: string): string {
  for (let number = 0; ; number++) {
    const tag = `$howdah${number === 0 ? '' : number}$`;
    if (!body.includes(tag)) return tag;
  }
}

function step(change: JournalChange, factsOf: FactsOf): string {
  const { schema, table, key, before, after } = change;
  const name = `${schema}.${table}`;
  const facts = factsOf(schema, table);
  if (!facts) throw new NoInverseError(`The table ${name} is not there any more.`);
  const columns = new Set([...Object.keys(key), ...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  const gone = [...columns].find((column) => !facts.has(column));
  if (gone) throw new NoInverseError(`The column ${gone} of ${name} is not there any more.`);
  const statement = statementOf({ target: quoteQualified(schema, table), key, before, after, facts });
  if (!statement) return '';
  const row = Object.entries(after ? { ...key, ...only(after, key) } : key).map(
    ([column, value]) => `${column} = ${value ?? 'NULL'}`,
  );
  const problem = `${name}: the row with ${row.join(', ')} does not look as it was left, so nothing was taken back.`;
  return `  ${statement};
  get diagnostics howdah_rows = row_count;
  if howdah_rows <> 1 then
    raise exception using errcode = 'integrity_constraint_violation', message = ${quoteLiteral(problem)};
  end if;`;
}

const only = (row: Row, keys: Row): Row => Object.fromEntries(Object.entries(row).filter(([name]) => name in keys));

interface Parts {
  readonly target: string;
  readonly key: Row;
  readonly before: Row | null;
  readonly after: Row | null;
  readonly facts: ReadonlyMap<string, ColumnFacts>;
}

/** Null where nothing is to be done. */
function statementOf({ target, key, before, after, facts }: Parts): string | null {
  const writable = (row: Row): [string, string | null][] =>
    Object.entries(row).filter(([name]) => facts.get(name)?.generated === false);
  if (before && after) {
    const changed = writable(before).filter(([name, value]) => value !== after[name]);
    if (changed.length === 0) return null;
    const set = changed.map(([name, value]) => `${quoteIdentifier(name)} = ${literal(value)}`);
    return `update ${target} set ${set.join(', ')} where ${conditions({ ...key, ...only(after, key) }, after, facts)}`;
  }
  if (after) return `delete from ${target} where ${conditions({ ...key, ...only(after, key) }, after, facts)}`;
  if (!before) return null;
  const values = writable(before);
  const names = values.map(([name]) => quoteIdentifier(name)).join(', ');
  const overriding = values.some(([name]) => facts.get(name)?.alwaysIdentity) ? ' overriding system value' : '';
  return `insert into ${target} (${names})${overriding} values (${values.map(([, value]) => literal(value)).join(', ')})`;
}

const literal = (value: string | null): string => (value === null ? 'null' : quoteLiteral(value));

/** The key by equality, so that its index serves; and every column as it was left. */
function conditions(key: Row, left: Row, facts: ReadonlyMap<string, ColumnFacts>): string {
  const byKey = Object.entries(key).map(([name, value]) =>
    value === null ? `${quoteIdentifier(name)} is null` : `${quoteIdentifier(name)} = ${quoteLiteral(value)}`,
  );
  const asLeft = Object.entries(left)
    .filter(([name]) => !(name in key))
    .map(([name, value]) => {
      const column = quoteIdentifier(name);
      // num_nulls, because IS NULL is true for a row of NULLs, too.
      if (value === null) return `pg_catalog.num_nulls(${column}) = 1`;
      const type = facts.get(name)?.type ?? 'text';
      return `pg_catalog.num_nulls(${column}) = 0 and pg_catalog.concat(${column}) = pg_catalog.concat(${quoteLiteral(value)}::${type})`;
    });
  return [...byKey, ...asLeft].join(' and ');
}
