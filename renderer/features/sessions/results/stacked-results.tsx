import { shownCount } from '../../../ui/amounts.ts';
import { visibleText } from '../../../ui/visible-text.ts';
import { snippet } from './kept-results.ts';
import { ResultView } from './result-view.tsx';
import type { ResultInRun } from './run-state.ts';

/** Each a grid of its own: more than this would be felt. */
const shownAtMost = 40;
const headPx = 40 + 52;
const rowPx = 26;
const fewestRows = 3;
const mostRows = 12;
/** More of a statement is not read in a heading. */
const longTitle = 240;

/** All results of a script, one below the other, each as high as its rows up to a dozen. */
export function StackedResults({
  results,
  sqlOf,
  running,
  endedEarly,
}: {
  results: readonly ResultInRun[];
  /** The statement that it came of. */
  sqlOf: (result: ResultInRun) => string;
  running: boolean;
  endedEarly: (result: ResultInRun) => boolean;
}) {
  return (
    <div className="flex flex-col">
      {results.slice(0, shownAtMost).map((result, at) => (
        <section key={result.resultId} aria-label={`Result ${at + 1}`} className="border-b-4 border-line">
          <h3 className="flex h-6 items-center gap-2 bg-canvas px-2.5 text-xs font-medium text-muted">
            <span className="shrink-0">Result {at + 1}</span>
            <span className="text-2xs font-normal text-faint tabular-nums">{shownCount(result.rows)}</span>
            <code
              className="min-w-0 truncate text-2xs font-normal"
              title={visibleText(sqlOf(result).slice(0, longTitle))}
            >
              {visibleText(snippet(sqlOf(result), longTitle))}
            </code>
          </h3>
          <div style={{ height: headPx + rowPx * Math.min(mostRows, Math.max(fewestRows, result.rows)) }}>
            <ResultView result={result} running={running} endedEarly={endedEarly(result)} name={`Result ${at + 1}`} />
          </div>
        </section>
      ))}
      {results.length > shownAtMost && (
        <p className="p-3 text-sm text-muted">
          {shownCount(results.length - shownAtMost)} more results: show them one at a time.
        </p>
      )}
    </div>
  );
}
