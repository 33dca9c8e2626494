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
const storageName = (name: string): string => name.split('.').map(identifier).join('.');
export const foreignOptionWords = ({ name, value }: { name: string; value: string }): string =>
  `${identifier(name)} ${quoteLiteral(value)}`;
