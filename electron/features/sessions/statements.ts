/** Which statements a run means: all, those of a selection, or the one at the caret. */
import type { TextRange } from '../../../shared/api/sessions.ts';
import { FailureError, invalid } from '../../../shared/failure.ts';
import { placeInWords } from '../../../shared/sql/place.ts';
import { statementAt } from '../../../shared/sql/statement-at.ts';
import { splitScript } from '../../postgres/parser/split-script.ts';
import type { RunRequest } from '../../postgres/source.ts';

export type What = { kind: 'all' } | { kind: 'range'; range: TextRange } | { kind: 'caret'; caret: number };

/** Throws invalid where there is nothing to run, or the text cannot be split safely. */
export async function chosenStatements(
  text: string,
  what: What,
  standardConformingStrings: boolean,
): Promise<RunRequest['statements']> {
  // A selection is run as it stands, even where it is a part of a statement.
  const from = what.kind === 'range' ? Math.min(what.range.from, text.length) : 0;
  const part = what.kind === 'range' ? text.slice(from, what.range.to) : text;
  const all = await splitScript(part, { standardConformingStrings }).catch((thrown) => {
    throw from > 0 ? inWholeText(thrown, text, from) : thrown;
  });
  let chosen = all;
  if (what.kind === 'caret') {
    const found = statementAt(text, all, what.caret);
    chosen = found ? [found] : [];
  }
  if (chosen.length === 0) throw invalid('text', 'There is no statement to run here.');
  return chosen.map((range) => ({
    text: part.slice(range.from, range.to),
    range: { from: range.from + from, to: range.to + from },
  }));
}

/** The place in a refusal counts from the selection's start: say where that is. */
function inWholeText(thrown: unknown, text: string, from: number): unknown {
  if (!(thrown instanceof FailureError) || thrown.failure.kind !== 'invalid') return thrown;
  const message = `${thrown.failure.message} Counted from the start of the selection, which is ${placeInWords(text, from)}.`;
  return new FailureError({ ...thrown.failure, message }, { cause: thrown });
}
