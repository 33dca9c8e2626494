/** Which statements a run means: all, those of a selection, or the one at the caret. */
import type { TextRange } from '../../../shared/api/sessions.ts';
import { FailureError, invalid } from '../../../shared/failure.ts';
import { placeInWords } from '../../../shared/sql/place.ts';
import { statementAt, statementBefore } from '../../../shared/sql/statement-at.ts';
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
  if (what.kind === 'caret') return [await statementAtCaret(text, what.caret, standardConformingStrings)];
  const all = await splitScript(part, { standardConformingStrings }).catch((thrown) => {
    throw from > 0 ? inWholeText(thrown, text, from) : thrown;
  });
  if (all.length === 0) throw nothingHere();
  return all.map((range) => ({
    text: part.slice(range.from, range.to),
    range: { from: range.from + from, to: range.to + from },
  }));
}

const nothingHere = () => invalid('text', 'There is no statement to run here.');

/** What cannot be split further down does not keep a statement before it from running. */
async function statementAtCaret(
  text: string,
  caret: number,
  standardConformingStrings: boolean,
): Promise<RunRequest['statements'][number]> {
  const found = await splitScript(text, { standardConformingStrings }).then(
    (all) => statementAt(text, all, caret),
    async (thrown) => {
      const refused = thrown instanceof FailureError && thrown.failure.kind === 'invalid' ? thrown.failure : null;
      if (refused?.at === undefined || !refused.certainTo) throw thrown;
      const before = await splitScript(text.slice(0, refused.certainTo), { standardConformingStrings });
      const found = statementBefore(text, before, caret, refused.at);
      if (!found) throw thrown;
      return found;
    },
  );
  if (!found) throw nothingHere();
  const { from, to } = found;
  return { text: text.slice(from, to), range: { from, to } };
}

/** The place in a refusal counts from the selection's start: say where that is. */
function inWholeText(thrown: unknown, text: string, from: number): unknown {
  if (!(thrown instanceof FailureError) || thrown.failure.kind !== 'invalid') return thrown;
  const message = `${thrown.failure.message} Counted from the start of the selection, which is ${placeInWords(text, from)}.`;
  const { at, certainTo } = thrown.failure;
  const moved = at === undefined || certainTo === undefined ? {} : { at: at + from, certainTo: certainTo + from };
  return new FailureError({ ...thrown.failure, ...moved, message }, { cause: thrown });
}
