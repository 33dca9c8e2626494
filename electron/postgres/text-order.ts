/** Whether a database (alias d of pg_database) sorts text by its bytes, which lets an index find what LIKE begins with. */
import type { Since } from './query.ts';

export const sortsByBytes = (since: Since): string =>
  since({
    13: "(d.datcollate in ('C', 'POSIX'))",
    15: "(d.datlocprovider = 'c' and d.datcollate in ('C', 'POSIX'))",
    17: "(d.datlocprovider = 'b' or (d.datlocprovider = 'c' and d.datcollate in ('C', 'POSIX')))",
  });
