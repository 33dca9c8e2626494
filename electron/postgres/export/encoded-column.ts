/** What an encoder must know of a column. */
import type { FieldDef } from 'pg';
import type { Column } from '../../../shared/api/sessions.ts';

export interface EncodedColumn {
  readonly name: string;
  readonly typeOid: number;
  /** Of a numeric that was declared with one. */
  readonly numeric?: { readonly precision: number; readonly scale: number } | undefined;
}

const numericOid = 1700;

/** A type modifier of numeric(p,s), as numeric.c packs it: both behind a header of 4. */
export function columnOfField({ name, dataTypeID, dataTypeModifier }: FieldDef): EncodedColumn {
  if (dataTypeID !== numericOid || dataTypeModifier < 4) return { name, typeOid: dataTypeID };
  const packed = dataTypeModifier - 4;
  const scale = ((packed & 0x7ff) ^ 1024) - 1024;
  return { name, typeOid: dataTypeID, numeric: { precision: (packed >> 16) & 0xffff, scale } };
}

export function columnOfResult({ name, typeOid, typeName }: Column): EncodedColumn {
  const declared = typeOid === numericOid ? /^numeric\((\d+),(-?\d+)\)$/.exec(typeName) : null;
  if (!declared) return { name, typeOid };
  return { name, typeOid, numeric: { precision: Number(declared[1]), scale: Number(declared[2]) } };
}
