/** How the answers to our own questions are read: by pg where that loses nothing, else as PostgreSQL's text. */
import { type CustomTypesConfig, types } from 'pg';

/** Decoded: booleans, numbers that a double holds exactly, and arrays of those, of names and of texts. */
const decoded = new Set([
  16, 21, 23, 26, 700, 701, // bool, int2, int4, oid, float4, float8
  1000, 1003, 1005, 1007, 1009, 1015, 1021, 1022, 1028, // their arrays, name[], text[], varchar[]
]); // biome-ignore format: a list with its words

/** pg knows the one and not the other. */
const textArray = 1009;
const nameArray = 1003;
const asText = (value: string): string => value;
/** int8, numeric, json, dates, bytea and all else stay as PostgreSQL's text. */
export const catalogTypes: CustomTypesConfig = {
  getTypeParser: ((oid: number, format: 'text' | 'binary') =>
    decoded.has(oid)
      ? types.getTypeParser(oid === nameArray ? textArray : oid, format as 'text')
      : asText) as CustomTypesConfig['getTypeParser'],
};

/** Every value as the server's text. */
export const textTypes: CustomTypesConfig = {
  getTypeParser: (() => asText) as CustomTypesConfig['getTypeParser'],
};
