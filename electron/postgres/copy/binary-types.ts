/** Which types have the same bytes on every server of a major version: no OIDs in them, no locale. */

const plain = new Set([
  ...['boolean', 'smallint', 'integer', 'bigint', 'real', 'double precision', 'numeric', 'text', 'character varying'],
  ...['character', 'bytea', 'date', 'time without time zone', 'time with time zone', 'timestamp without time zone'],
  ...['timestamp with time zone', 'interval', 'uuid', 'json', 'jsonb', 'inet', 'cidr', 'macaddr', 'bit', 'bit varying'],
]);

/** @param type as format_type writes it: "numeric(12,2)[]" */
export function hasPortableBytes(type: string): boolean {
  const base = type
    .replace(/(\[\])+$/, '')
    .replace(/\(\d+(,-?\d+)?\)/, '')
    .replace(/\s+/g, ' ')
    .trim();
  return plain.has(base);
}
