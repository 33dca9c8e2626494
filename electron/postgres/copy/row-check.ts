/**
 * Whether two tables hold the same rows, in whatever order: how many, and the sum of 64 bits of each row's SHA-256, worked out
 * by both servers from what they would write of the row in UTF-8.
 */

export interface RowCheck {
  readonly rows: number;
  readonly checksum: string;
}

/** @param rows a SELECT of the columns, in the same order on both sides */
export const rowCheckSql = (rows: string): string => `/* howdah:copy.check */
select count(*)::text as rows, coalesce(sum(('x' || pg_catalog.encode(pg_catalog.substr(pg_catalog.sha256(
  pg_catalog.convert_to(r::text, 'UTF8')), 1, 8), 'hex'))::bit(64)::bigint::numeric), 0)::text as checksum
from (${rows}
) r`;

/** The forms in which both servers have to write values, so that equal ones are equal texts. */
export const sameFormsSql = `set datestyle = 'ISO, YMD'; set intervalstyle = 'postgres'; set extra_float_digits = 3;
set bytea_output = 'hex'; set timezone = 'UTC'; set xmloption = 'content'`;
