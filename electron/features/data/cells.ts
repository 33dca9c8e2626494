/**
 * How cells are asked for: every value in its text form, and of a large one only the beginning. The sizes of what was
 * cut come in one more column, so that a table of 1,600 columns still fits into a select list.
 */
import type { DataColumn } from '../../../shared/api/data.ts';
import type { BoundSql } from '../../../shared/edit/bound-sql.ts';
import { addTextForm } from '../../../shared/edit/statements.ts';

/** Characters of a value that are shown. */
const shownChars = 1_024;
/** Bytes in storage up to which the size of a text form is found by making it. */
const measuredUpTo = 100_000;
/** Bytes in storage that hold no large value, however well it was compressed. */
const neverLarge = 15;

const oids = { bytea: 17, text: 25, json: 114, varchar: 1043 } as const;
const plainText: ReadonlySet<number> = new Set([oids.text, oids.varchar, oids.json]);

const mayBeLarge = (column: DataColumn): boolean => column.typeLength < 0;

export function addCells(sql: BoundSql, columns: readonly DataColumn[]): void {
  sql.list(columns, (column) => addCell(sql, column));
  const large = columns.filter((column) => column.maySelect && mayBeLarge(column));
  sql.add(', ');
  if (large.length === 0) sql.add("''");
  else {
    sql.add('array_to_string(array[').list(large, (column) => addSize(sql, column, columns.indexOf(column)));
    sql.add("]::text[], ',')");
  }
}

function addCell(sql: BoundSql, column: DataColumn): void {
  if (!column.maySelect) {
    sql.add('null');
    return;
  }
  if (!mayBeLarge(column)) {
    sql.name(column.name);
    return;
  }
  if (column.baseTypeOid === oids.bytea) {
    sql
      .add("'\\x' || encode(substring(")
      .name(column.name)
      .add(` from 1 for ${shownChars / 2}), 'hex')`);
    return;
  }
  sql.add('left(');
  addTextForm(sql, column);
  sql.add(`, ${shownChars})`);
}

/** "3:120000" for a value that is cut. Of what is very large and no text, the size is that of its storage. */
function addSize(sql: BoundSql, column: DataColumn, at: number): void {
  const name = () => sql.name(column.name);
  sql.add(`'${at}:' || `);
  if (column.baseTypeOid === oids.bytea || plainText.has(column.baseTypeOid)) {
    // Known from the header of the value, without reading it.
    const isBytea = column.baseTypeOid === oids.bytea;
    sql.add(isBytea ? 'nullif(greatest(2 + 2 * octet_length(' : 'nullif(greatest(octet_length(');
    name().add(`${isBytea ? '' : '::text'}), ${shownChars}), ${shownChars})`);
    return;
  }
  sql.add('case when pg_column_size(');
  name().add(`) > ${measuredUpTo} then pg_column_size(`);
  name().add(') when pg_column_size(');
  name().add(`) > ${neverLarge} then nullif(greatest(octet_length(`);
  addTextForm(sql, column);
  sql.add(`), ${shownChars}), ${shownChars}) end`);
}

/** The column of sizes, read back: column position and bytes. A text that is whole after all is not called cut. */
export function readSizes(text: string | null, row: readonly (string | null)[]): [number, number][] {
  if (!text) return [];
  return text.split(',').flatMap((one): [number, number][] => {
    const [at, bytes] = one.split(':').map(Number);
    if (at === undefined || bytes === undefined) return [];
    return (row[at]?.length ?? 0) >= shownChars ? [[at, bytes]] : [];
  });
}
