/** A type's name in a parse tree, written as format_type writes it. */
import type { ParseNode } from '../../../postgres/parser/postgres-parser.ts';

/** What the grammar makes of PostgreSQL's own names. */
const written: Readonly<Record<string, string>> = {
  char: '"char"',
  int2: 'smallint',
  int4: 'integer',
  int8: 'bigint',
  int: 'integer',
  float4: 'real',
  float8: 'double precision',
  bool: 'boolean',
  varchar: 'character varying',
  bpchar: 'character',
  varbit: 'bit varying',
  decimal: 'numeric',
  time: 'time without time zone',
  timetz: 'time with time zone',
  timestamp: 'timestamp without time zone',
  timestamptz: 'timestamp with time zone',
};
const serials: Readonly<Record<string, string>> = {
  serial: 'integer',
  serial4: 'integer',
  bigserial: 'bigint',
  serial8: 'bigint',
  smallserial: 'smallint',
  serial2: 'smallint',
};

export const nodesOf = (value: unknown): ParseNode[] => (Array.isArray(value) ? (value as ParseNode[]) : []);
/** The texts of a list of String nodes. */
export const stringsOf = (value: unknown): string[] =>
  nodesOf(value).flatMap((node) => {
    const text = (node.String as ParseNode | undefined)?.sval;
    return typeof text === 'string' ? [text] : [];
  });

export interface WrittenType {
  readonly text: string;
  /** serial and its kin: not null, with a default. */
  readonly serial: boolean;
}

/** @param qualify makes `schema.name` of a type that is not PostgreSQL's own */
export function typeText(typeName: ParseNode | undefined, qualify: (names: readonly string[]) => string): WrittenType {
  const names = stringsOf(typeName?.names);
  const last = names.at(-1) ?? '';
  const isOwn = names.length === 2 && names[0] === 'pg_catalog';
  const serial = names.length === 1 ? serials[last] : undefined;
  const known = serial ?? (isOwn || names.length === 1 ? written[last] : undefined);
  const base = known ?? (isOwn ? last : qualify(names));
  const modifiers = nodesOf(typeName?.typmods).flatMap((node) => {
    const constant = node.A_Const as ParseNode | undefined;
    const number = (constant?.ival as ParseNode | undefined)?.ival;
    return constant && 'ival' in constant ? [typeof number === 'number' ? number : 0] : [];
  });
  // The modifier of a time stands before its zone; what an interval has is a mask, and left out.
  const text =
    modifiers.length === 0 || base === 'interval'
      ? base
      : / (with|without) time zone$/.test(base)
        ? base.replace(' ', `(${modifiers.join()}) `)
        : `${base}(${modifiers.join()})`;
  return { text: nodesOf(typeName?.arrayBounds).length > 0 ? `${text}[]` : text, serial: serial !== undefined };
}
