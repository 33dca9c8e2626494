/**
 * Large objects as rows: the number, the place and a piece of a mebibyte at most. On restore they come into a temporary
 * table, and are made of it in the same session.
 */
import type { Asker } from '../../ddl/asker.ts';
import { largeObjectStatements, type TableRow } from './contents.sql.ts';

const table = '"pg_temp"."howdah_large_object"';
const pieceBytes = 1_048_576;

/** What copyTable needs to know of them; the name is for people. */
export const largeObjectRows: TableRow = {
  oid: 0,
  schema: 'pg_temp',
  name: 'howdah_large_object',
  relkind: 'r',
  sizeBytes: '0',
  readable: true,
  hidden: false,
  isPartition: false,
  extensionRows: null,
  columns: ['loid', 'at', 'piece'],
};

/** An empty one has one row with an empty piece. */
export const copyLargeObjects = `COPY (SELECT m.oid, c.at, c.piece FROM pg_catalog.pg_largeobject_metadata m, LATERAL (
    WITH RECURSIVE p (at, piece) AS (
      SELECT 0::bigint, pg_catalog.lo_get(m.oid, 0, ${pieceBytes})
      UNION ALL SELECT p.at + ${pieceBytes}, pg_catalog.lo_get(m.oid, p.at + ${pieceBytes}, ${pieceBytes}) FROM p WHERE length(p.piece) = ${pieceBytes})
    SELECT p.at, p.piece FROM p) c ORDER BY m.oid, c.at) TO STDOUT`;

export const beforeLargeObjects = [`CREATE TEMPORARY TABLE ${table} (loid oid, at bigint, piece bytea);`];
/** Makes them, then owners and rights. */
export async function afterLargeObjects(asker: Asker): Promise<string[]> {
  const statements = await asker.ask(largeObjectStatements);
  return [
    `SELECT pg_catalog.count(pg_catalog.lo_create(l.loid)) FROM (SELECT DISTINCT loid FROM ${table}) l;`,
    `SELECT pg_catalog.count(pg_catalog.lo_put(loid, at, piece)::text) FROM ${table};`,
    `DROP TABLE ${table};`,
    ...statements.map(({ sql }) => sql),
  ];
}
