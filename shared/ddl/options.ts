/** Storage parameters and options of foreign tables: from a list of `name=value` to SQL. */
import { identifier, quoteLiteral } from '../sql/quote.ts';

/** `a=b` pairs as a list of SQL. */
export const optionPairs = (options: readonly string[]): { name: string; value: string }[] =>
  options.flatMap((option) => {
    if (option.trim() === '') return [];
    const at = option.indexOf('=');
    return at < 0
      ? { name: option.trim(), value: '' }
      : { name: option.slice(0, at).trim(), value: option.slice(at + 1).trim() };
  });
export const optionWords = ({ name, value }: { name: string; value: string }): string =>
  value === ''
    ? storageName(name)
    : `${storageName(name)} = ${/^-?\d+(\.\d+)?$|^\w+$/.test(value) ? value : quoteLiteral(value)}`;
/** The actions that make the second list of storage parameters of the first: `SET (…)`, `RESET (…)`. */
export function storageChanges(before: readonly string[], after: readonly string[]): string[] {
  const was = new Map(optionPairs(before).map(({ name, value }) => [name, value]));
  const now = new Map(optionPairs(after).map(({ name, value }) => [name, value]));
  const set = [...now].filter(([name, value]) => was.get(name) !== value).map(([name, value]) => ({ name, value }));
  const gone = [...was.keys()].filter((name) => !now.has(name));
  return [
    ...(set.length > 0 ? [`SET (${set.map(optionWords).join(', ')})`] : []),
    ...(gone.length > 0 ? [`RESET (${gone.map(storageName).join(', ')})`] : []),
  ];
}
const storageName = (name: string): string => name.split('.').map(identifier).join('.');
/** The words within OPTIONS (…) that make the second list of the first; empty where they say the same. */
export function foreignOptionChanges(before: readonly string[], after: readonly string[]): string[] {
  const was = new Map(optionPairs(before).map(({ name, value }) => [name, value]));
  const now = optionPairs(after);
  return [
    ...now
      .filter(({ name, value }) => was.get(name) !== value)
      .map((each) => `${was.has(each.name) ? 'SET' : 'ADD'} ${foreignOptionWords(each)}`),
    ...[...was.keys()]
      .filter((name) => !now.some((each) => each.name === name))
      .map((name) => `DROP ${identifier(name)}`),
  ];
}
export const foreignOptionWords = ({ name, value }: { name: string; value: string }): string =>
  `${identifier(name)} ${quoteLiteral(value)}`;
