/** What is done to a value, as an expression of SQL over the staged text. */
import type { ImportColumn } from '../../../shared/api/import-plan.ts';
import { quoteIdentifier, quoteLiteral } from '../../../shared/sql/quote.ts';
import { datePattern } from './date-format.ts';

/**
 * The value of a column for INSERT … SELECT. A cast to the type without its length: the column itself then takes it as an
 * assignment, which refuses what is too long; an explicit cast would cut it without a word.
 * @param staged the staging table's column of the value; null where only the expression fills it
 * @param type the target's type without a modifier
 */
export function valueSql({ rules }: ImportColumn, staged: string | null, type: string): string {
  if (rules?.expression) return `cast((${rules.expression}\n) as ${type})`;
  let value = staged === null ? 'null' : quoteIdentifier(staged);
  if (rules?.trim) value = `pg_catalog.btrim(${value}, E' \\t\\r\\n')`;
  for (const { from, to } of rules?.replace ?? [])
    value = `pg_catalog.replace(${value}, ${quoteLiteral(from)}, ${quoteLiteral(to)})`;
  if (rules && rules.nullWords.length > 0) {
    const words = rules.nullWords.map((word) => quoteLiteral(word.toLowerCase())).join(', ');
    value = `case when pg_catalog.lower(${value}) in (${words}) then null else ${value} end`;
  }
  if (rules?.dateFormat) {
    const format = quoteLiteral(rules.dateFormat);
    const read = type === 'date' ? 'to_date' : 'to_timestamp';
    // No date: the server's refusal then has the words in it.
    const other = `cast(${value} || ${quoteLiteral(` is not of the form ${rules.dateFormat}`)} as date)::text`;
    const whole = `case when ${value} ~ ${quoteLiteral(datePattern(rules.dateFormat))} then ${value} else ${other} end`;
    value = `pg_catalog.${read}(${whole}, ${format})`;
  }
  return `cast(${value} as ${type})`;
}

export const hasRules = ({ rules }: ImportColumn): boolean =>
  rules !== undefined &&
  (rules.trim ||
    rules.nullWords.length > 0 ||
    rules.replace.length > 0 ||
    rules.dateFormat !== null ||
    rules.expression !== null);
