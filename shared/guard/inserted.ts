/** The query that an INSERT takes its rows from, as a slice of the text. */
import type { ParseNode } from '../sql/classify.ts';
import { type Parse, type Pieces, piecesOf } from './affected.ts';
import { withoutPlaces } from './always-true.ts';
import { topWords } from './top-words.ts';
import { listOf, opened } from './tree.ts';

/** As `from (…) as howdah_source`, without names for its columns; null where it cannot be proven to be the same. */
export function sourceOf(text: string, insert: ParseNode, parse: Parse): Pieces | null {
  const { words } = topWords(text);
  const into = words.findIndex(({ word }) => word === 'into');
  const first = words.find(({ word }, at) => at > into && /^(select|values|with|table)$/.test(word));
  const conflict = words.findLastIndex(({ word, previous }) => word === 'conflict' && previous === 'on');
  const begins = words.find(({ word }) => word === 'insert');
  const on = words[conflict - 1];
  if (!first || !on || !begins || into < 0) return null;
  const withText = text.slice(0, begins.from).trim();
  const source = `from (${text.slice(first.from, on.from)}\n) as howdah_source`;
  const [, made] = opened(parse(`${withText}\nselect 1 ${source}`));
  const [, subselect] = opened(listOf(made.fromClause)[0]);
  const same =
    withoutPlaces(made.withClause) === withoutPlaces(insert.withClause) &&
    withoutPlaces(subselect.subquery) === withoutPlaces(insert.selectStmt);
  return same ? piecesOf(withText, source) : null;
}
