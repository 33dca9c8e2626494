/** Columns that tell the rows of both results apart, tried in the order in which a person would think of them. */
import type { Column } from '../../../../shared/api/sessions.ts';
import type { RowFile } from '../read/data-row.ts';
import { type Aborted, scanRows } from '../read/scan-rows.ts';
import type { MatchedColumn } from './matched-columns.ts';
import { fieldsOf, RowHash } from './row-hash.ts';

const keyName = /(^|_)(id|oid|key|uuid|guid|code|no|number|name)$/i;
const mostSingles = 6;

/** Positions in `matched`; null where neither one column nor the first two or three tell them apart. */
export function detectKeys(
  files: { readonly left: RowFile; readonly right: RowFile },
  columns: readonly Column[],
  matched: readonly MatchedColumn[],
  aborted: Aborted,
): number[] | null {
  const both = matched.flatMap((column, at) => (column.left >= 0 && column.right >= 0 ? [at] : []));
  const named = both.filter((at) => keyName.test(columns[(matched[at] as MatchedColumn).left]?.name ?? ''));
  const singles = [...named, ...both.filter((at) => !named.includes(at))].slice(0, mostSingles).map((at) => [at]);
  const several = [2, 3].filter((count) => both.length >= count).map((count) => both.slice(0, count));
  for (const keys of [...singles, ...several]) {
    const unique = (['left', 'right'] as const).every((side) =>
      isUnique(
        files[side],
        keys.map((at) => (matched[at] as MatchedColumn)[side]),
        aborted,
      ),
    );
    if (unique) return keys;
  }
  return null;
}

/** Ends at the first repetition, which in a column that is no key comes soon. NULL tells no row from another. */
function isUnique(file: RowFile, keys: readonly number[], aborted: Aborted): boolean {
  const mask = 2 ** Math.ceil(Math.log2(Math.max(2, file.rowCount * 1.5))) - 1;
  // Two words an entry; both 0 is free.
  const seen = new Uint32Array(2 * (mask + 1));
  const fields = new Int32Array(Math.max(...keys) + 1);
  const hash = new RowHash();
  let unique = true;
  scanRows(file, 0, file.rowCount, aborted, (bytes, at) => {
    fieldsOf(bytes, at, fields);
    hash.start();
    for (const key of keys) hash.field(bytes, fields[key] as number);
    hash.finish();
    unique = add(seen, mask, hash.high, hash.low || 1);
    return unique;
  });
  return unique;
}

/** False where it is there already. */
function add(seen: Uint32Array, mask: number, high: number, low: number): boolean {
  for (let place = (high ^ Math.imul(low, 0x9e3779b1)) & mask; ; place = (place + 1) & mask) {
    if (seen[2 * place] === 0 && seen[2 * place + 1] === 0) {
      seen[2 * place] = high;
      seen[2 * place + 1] = low;
      return true;
    }
    if (seen[2 * place] === high && seen[2 * place + 1] === low) return false;
  }
}
