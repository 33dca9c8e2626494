/** What ALTER COLUMN … TYPE has to do, as far as it can be told from the names of the types. */
import type { Work } from './step.ts';

/** `character varying(40)[]` → base and modifiers; arrays are a base of their own. */
function parsed(type: string): { base: string; modifiers: readonly number[] | null } {
  const found = /^(.*?)\s*\(\s*(\d+)\s*(?:,\s*(-?\d+)\s*)?\)(.*)$/.exec(type.trim());
  if (!found) return { base: spelled(type), modifiers: null };
  const [, before, first, second, after] = found;
  return {
    base: spelled(`${before}${after}`),
    modifiers: [Number(first), ...(second === undefined ? [] : [Number(second)])],
  };
}
const names: Readonly<Record<string, string>> = {
  varchar: 'character varying',
  int: 'integer',
  int4: 'integer',
  int8: 'bigint',
  int2: 'smallint',
  decimal: 'numeric',
  varbit: 'bit varying',
  bool: 'boolean',
  timestamptz: 'timestamp with time zone',
  timestamp: 'timestamp without time zone',
  timetz: 'time with time zone',
  time: 'time without time zone',
  float8: 'double precision',
  float4: 'real',
  char: 'character',
  bpchar: 'character',
};
/** One spelling for types that have several. */
function spelled(type: string): string {
  const plain = type.trim().replace(/\s+/g, ' ');
  return names[plain] ?? plain;
}

/** True where the two are one type, however written. */
export const sameType = (a: string, b: string): boolean => JSON.stringify(parsed(a)) === JSON.stringify(parsed(b));

const growing: ReadonlySet<string> = new Set([
  'character varying',
  'bit varying',
  'timestamp without time zone',
  'timestamp with time zone',
  'time without time zone',
  'time with time zone',
]);
/** Values of the first are values of the second, bit for bit. */
const binary: readonly (readonly [string, string])[] = [
  ['character varying', 'text'],
  ['text', 'character varying'],
  ['cidr', 'inet'],
  ['xml', 'text'],
  ['xml', 'character varying'],
];

/** 'catalog' where the values can stay as they are, else 'rewrite'. */
export function typeChange(from: string, to: string): Extract<Work, 'catalog' | 'rewrite'> {
  const [before, after] = [parsed(from), parsed(to)];
  if (before.base === after.base) return widens(before, after) ? 'catalog' : 'rewrite';
  const pair = binary.some(([a, b]) => a === before.base && b === after.base);
  return pair && after.modifiers === null ? 'catalog' : 'rewrite';
}

type Parsed = ReturnType<typeof parsed>;
function widens(before: Parsed, after: Parsed): boolean {
  const [old, now] = [before.modifiers, after.modifiers];
  if (old === null) return now === null;
  if (before.base === 'numeric') {
    if (now === null) return true;
    return (now[0] ?? 0) >= (old[0] ?? 0) && (now[1] ?? 0) === (old[1] ?? 0);
  }
  if (!growing.has(before.base)) return now !== null && JSON.stringify(old) === JSON.stringify(now);
  return now === null || (now[0] ?? 0) >= (old[0] ?? 0);
}
