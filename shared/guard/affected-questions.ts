/** The questions about the rows that a statement would touch. */
import { quoteIdentifier } from '../sql/quote.ts';
import type { Affected } from './affected.ts';

/** How many rows there are; each once, however often the join finds it. */
export function countOf({ withText, fromText, joined, target }: Affected): string {
  const name = quoteIdentifier(target);
  const counted = joined
    ? `pg_catalog.count(*) from (select distinct ${name}.tableoid, ${name}.ctid ${fromText}) as howdah_rows`
    : `pg_catalog.count(*) ${fromText}`;
  return `${withText}\nselect ${counted}`;
}

/** The first few, as they are. */
export const sampleOf = ({ withText, fromText, target }: Affected, limit: number): string =>
  `${withText}\nselect ${quoteIdentifier(target)}.* ${fromText}limit ${limit}`;
