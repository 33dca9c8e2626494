/** The statement as PostgreSQL's parser reads it, with `$n` in place of our `:name`, and every other place where it was. */
import { parameterPlaces } from './parameters.ts';

export interface Placeheld {
  readonly sql: string;
  /** False where two parameters had to share a number: their types may differ. */
  readonly exact: boolean;
}

export function withPlaceholders(sql: string): Placeheld {
  const places = parameterPlaces(sql);
  if (places.every(({ name }) => /^\d/.test(name))) return { sql, exact: true };
  const numbers = new Map<string, number>();
  let written = '';
  let done = 0;
  let exact = places.every(({ name }) => !/^\d/.test(name));
  for (const { name, from, to } of places) {
    if (/^\d/.test(name)) continue;
    const number = numbers.get(name) ?? numbers.size + 1;
    numbers.set(name, number);
    const text = `$${number}`;
    const fits = text.length <= to - from;
    exact &&= fits;
    written += sql.slice(done, from) + (fits ? text : '$1').padEnd(to - from);
    done = to;
  }
  return { sql: written + sql.slice(done), exact };
}
