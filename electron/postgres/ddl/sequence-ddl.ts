/** CREATE SEQUENCE, and whom it belongs to. */
import { identifier } from '../../../shared/sql/quote.ts';
import type { Asker } from './asker.ts';
import { objectGrants } from './basics.sql.ts';
import { after, commentOn, create, type DdlPart, grantsOn, nameOf, oneLine } from './ddl-words.ts';
import { ddlSequences, type SequenceRow } from './table-ddl.sql.ts';

const definition = (
  sequence: SequenceRow,
): string => `${sequence.persistence === 'u' ? 'UNLOGGED ' : sequence.persistence === 't' ? 'TEMPORARY ' : ''}SEQUENCE ${nameOf(sequence.schema, sequence.name)}
  AS ${sequence.type} START WITH ${sequence.start} INCREMENT BY ${sequence.increment}
  MINVALUE ${sequence.minimum} MAXVALUE ${sequence.maximum} CACHE ${sequence.cache}${sequence.cycle ? ' CYCLE' : ''};`;

/**
 * DDL of one sequence, or of those of a table's serial columns; null where there is none. An identity column's sequence
 * is made by its column: only what that does not say is written. `after` is what needs the table.
 */
export async function sequenceParts(asker: Asker, oid: number, of: 'itself' | 'ofTable'): Promise<DdlPart[] | null> {
  const rows = await asker.ask(ddlSequences, [oid]);
  if (of === 'itself' && rows.length === 0) return null;
  const parts: DdlPart[] = [];
  for (const sequence of rows) {
    const name = nameOf(sequence.schema, sequence.name);
    if (sequence.identity) {
      if (of === 'itself') parts.push(create(`-- Made by the identity column ${oneLine(sequence.ownedBy ?? '')}.`));
    } else {
      parts.push(create(`CREATE ${definition(sequence)}`));
      parts.push(create(`ALTER SEQUENCE ${name} OWNER TO ${identifier(sequence.owner)};`));
      if (sequence.ownedBy !== null) parts.push(after(`ALTER SEQUENCE ${name} OWNED BY ${sequence.ownedBy};`));
    }
    const grants = await asker.ask(objectGrants, ['pg_class', sequence.oid]);
    const more = [
      ...commentOn(`SEQUENCE ${name}`, sequence.comment),
      ...grantsOn(`SEQUENCE ${name}`, sequence.owner, grants),
    ];
    parts.push(...more.map((sql) => (sequence.identity ? after(sql) : create(sql))));
  }
  return parts;
}
