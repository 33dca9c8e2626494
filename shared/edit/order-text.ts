/** Between the text of an ORDER BY and the columns it names. */
import type { DataColumn, DataSort } from '../api/data.ts';
import { identifier } from '../sql/quote.ts';
import { Scanner } from '../sql/scan.ts';

type Named = Pick<DataColumn, 'name' | 'number'>;

/**
 * The columns of a text like `price desc, name nulls first`; null where it holds anything else (an expression, a
 * collation, a column's number): that is still good SQL, but no order that one can go on from.
 */
export function readOrder(text: string, columns: readonly Named[]): DataSort[] | null {
  const sorts: DataSort[] = [];
  for (const words of listOf(text)) {
    const sort = words && oneSort(words, columns);
    if (!sort) return null;
    sorts.push(sort);
  }
  return sorts;
}

type Word = { readonly text: string; readonly quoted: boolean };

/** The words between commas; null for an element that holds other than words. */
function listOf(text: string): (Word[] | null)[] {
  const scanner = new Scanner(text);
  const all: (Word[] | null)[] = [[]];
  while (scanner.next()) {
    const piece = text.slice(scanner.from, scanner.to);
    const last = all.at(-1);
    if (piece === ',') all.push([]);
    else if (scanner.kind === 'word') last?.push({ text: piece.toLowerCase(), quoted: false });
    else if (scanner.kind === 'quotedIdentifier')
      last?.push({ text: piece.slice(1, -1).replaceAll('""', '"'), quoted: true });
    else all[all.length - 1] = null;
  }
  return all;
}

function oneSort(words: readonly Word[], columns: readonly Named[]): DataSort | null {
  const [name, ...rest] = words;
  const column = columns.find((one) => one.name === name?.text);
  if (!column || rest.some((word) => word.quoted)) return null;
  const said = rest.map((word) => word.text).join(' ');
  const match = /^(asc|desc)? ?(?:nulls (first|last))?$/.exec(said);
  if (!match) return null;
  const descending = match[1] === 'desc';
  return { column: column.number, descending, nullsFirst: match[2] ? match[2] === 'first' : descending };
}

/** The text for these sorts, as short as it can be. */
export function writeOrder(sorts: readonly DataSort[], columns: readonly Named[]): string {
  return sorts
    .flatMap(({ column, descending, nullsFirst }) => {
      const name = columns.find((one) => one.number === column)?.name;
      if (name === undefined) return [];
      const nulls = nullsFirst === descending ? '' : nullsFirst ? ' nulls first' : ' nulls last';
      return [`${identifier(name)}${descending ? ' desc' : ''}${nulls}`];
    })
    .join(', ');
}
