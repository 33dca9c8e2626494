/** Asking for a comparison, and what can be compared. */
import { client } from '../../../client/connect.ts';
import { addComparison, allTabSessions, dropKept } from '../tab-sessions.ts';
import { type Comparison, snippet } from './kept-results.ts';
import type { ResultInRun } from './run-state.ts';

/** A result of any tab, with the words to choose it by. */
export interface Comparable {
  readonly result: ResultInRun;
  readonly label: string;
}

/** The tab's own results first, then those of the other tabs. */
export function comparables(tabId: string, titleOf: (tabId: string) => string): readonly Comparable[] {
  const own = (id: string): Comparable[] => {
    const session = allTabSessions().get(id);
    const prefix = id === tabId ? '' : `${titleOf(id)}: `;
    const kept = (session?.kept ?? []).flatMap((each) =>
      each.kind === 'pinned' ? [{ result: each.result, label: `${prefix}pinned · ${each.title}` }] : [],
    );
    const pinnedIds = new Set(kept.map(({ result }) => result.resultId));
    const ofRun = (session?.run?.results ?? [])
      .filter(({ resultId }) => !pinnedIds.has(resultId))
      .map((result, at) => {
        const text = session?.run?.source.text ?? '';
        const sql = result.range ? text.slice(result.range.from, result.range.to) : text;
        return { result, label: `${prefix}Result ${at + 1} · ${snippet(sql)}` };
      });
    return [...kept, ...ofRun];
  };
  const others = [...allTabSessions().keys()].filter((id) => id !== tabId);
  return [...own(tabId), ...others.flatMap(own)];
}

export interface CompareAsked {
  readonly left: Pick<ResultInRun, 'resultId' | 'columns'>;
  readonly rightId: string;
  readonly title: string;
  readonly keys: number[] | 'detect' | null;
  readonly withSame: boolean;
}

/** Compares on the other side and shows what differs. Throws the failure. */
export async function compare(tabId: string, asked: CompareAsked): Promise<void> {
  const { left, rightId, title, keys, withSame } = asked;
  const { resultId, columns, rows, bytes, ...found } = await client.results.compare({
    leftId: left.resultId,
    rightId,
    keys,
    withSame,
  });
  addComparison(tabId, {
    kind: 'comparison',
    title,
    leftId: left.resultId,
    rightId,
    counts: found.counts,
    keys: found.keys?.map((at) => left.columns[at]?.name ?? '') ?? null,
    asked: found.keys,
    withSame,
    notes: found.notes,
    result: { resultId, statement: -1, range: null, columns, rows, bytes, ended: true, cut: false, timings: null },
  });
}

/** The same two again, with or without the rows that are the same. */
export async function compareAgain(
  tabId: string,
  comparison: Comparison,
  left: readonly { name: string }[],
): Promise<void> {
  const { leftId, rightId, title, asked, withSame, result } = comparison;
  const columns = left as CompareAsked['left']['columns'];
  await compare(tabId, { left: { resultId: leftId, columns }, rightId, title, keys: asked, withSame: !withSame });
  dropKept(tabId, result.resultId);
}
