/** Which editor a column's values want. */
import type { DataColumn } from '../../shared/api/data.ts';
import { readArray, readRange, readRecord } from '../../shared/edit/literals.ts';
import { type MomentKind, readMoment } from '../../shared/edit/moment.ts';

export type EditorKind =
  | 'line'
  | 'text'
  | 'boolean'
  | 'enum'
  | 'json'
  | 'array'
  | 'range'
  | 'composite'
  | 'bytea'
  | 'moment'
  | 'reference';

const moments: Readonly<Record<number, MomentKind>> = { 1082: 'date', 1114: 'timestamp', 1184: 'timestamptz' };
export const momentKindOf = (column: DataColumn): MomentKind | null => moments[column.baseTypeOid] ?? null;

const oids = { bytea: 17, text: 25, json: 114, jsonb: 3802, xml: 142 } as const;

/** What stands in the cell decides too: a value that cannot be taken apart is edited as a text. */
export function editorKind(column: DataColumn, text: string | null, isReference: boolean): EditorKind {
  if (isReference) return 'reference';
  const { baseTypeOid, category, typeKind } = column;
  if (category === 'B') return 'boolean';
  if (typeKind === 'e') return 'enum';
  if (baseTypeOid === oids.json || baseTypeOid === oids.jsonb) return 'json';
  if (baseTypeOid === oids.bytea) return 'bytea';
  if (typeKind === 'r') return text === null || readRange(text) ? 'range' : 'line';
  if (typeKind === 'c' && column.fields.length > 0)
    return text === null || readRecord(text)?.length === column.fields.length ? 'composite' : 'line';
  // Only box writes its array with another separator.
  if (category === 'A' && typeKind === 'b' && column.elementTypeName !== null && column.elementTypeName !== 'box')
    return text === null || readArray(text) ? 'array' : 'line';
  const moment = momentKindOf(column);
  if (moment) return text === null || readMoment(moment, text) ? 'moment' : 'line';
  if (baseTypeOid === oids.xml) return 'text';
  if (category === 'S') return text !== null && /[\r\n]|.{200}/.test(text) ? 'text' : 'line';
  return 'line';
}

const examples: Readonly<Record<string, string>> = {
  date: '2026-01-31, infinity, 0044-03-15 BC',
  'time without time zone': '23:59:59.123456',
  'time with time zone': '23:59:59+02',
  'timestamp without time zone': '2026-01-31 23:59:59',
  'timestamp with time zone': '2026-01-31 23:59:59+01',
  interval: '1 year 2 mons 3 days 04:05:06',
  point: '(x,y)',
  line: '{A,B,C}',
  lseg: '[(x1,y1),(x2,y2)]',
  box: '(x1,y1),(x2,y2)',
  path: '[(x1,y1),…] open, ((x1,y1),…) closed',
  polygon: '((x1,y1),…)',
  circle: '<(x,y),r>',
  inet: '192.168.0.1/24',
  cidr: '192.168.0.0/24',
  macaddr: '08:00:2b:01:02:03',
  uuid: 'xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx',
};

/** How a value of the type is written; null where that needs no words. */
export const exampleOf = (column: DataColumn): string | null => examples[column.baseTypeName] ?? null;

/** Without a zone the server takes its own. */
export const takesZone = (column: DataColumn): boolean => column.baseTypeName.includes('with time zone');
