import { useCallback, useEffect, useRef, useState } from 'react';
import type { TextRange } from '../../../shared/api/sessions.ts';
import { statementAt, statementBefore } from '../../../shared/sql/statement-at.ts';
import { client } from '../../client/connect.ts';
import { failureFrom } from '../../client/failure.ts';
import { textOf } from '../../workspace/texts.ts';

const restMs = 60;
/** A text that takes longer to send and split is looked at when the typing rests. */
const longText = 200_000;
const longRestMs = 600;

interface Known {
  readonly text: string;
  readonly statements: readonly TextRange[];
  /** From here on the text cannot be split; `statements` are those before. */
  readonly refusedAt: number | null;
}

async function splitText(text: string, sessionId: string | null): Promise<Known> {
  const split = (part: string) => client.sessions.split({ text: part, ...(sessionId ? { sessionId } : {}) });
  try {
    return { text, statements: await split(text), refusedAt: null };
  } catch (thrown) {
    // What cannot be split safely is not shown as what would run, and Run says why.
    const failure = failureFrom(thrown);
    const { at = 0, certainTo = 0 } = failure.kind === 'invalid' ? failure : {};
    const statements = certainTo > 0 ? await split(text.slice(0, certainTo)).catch(() => []) : [];
    return { text, statements, refusedAt: at };
  }
}

function statementOf({ text, statements, refusedAt }: Known, caret: number): TextRange | null {
  return refusedAt === null
    ? statementAt(text, statements, caret)
    : statementBefore(text, statements, caret, refusedAt);
}

/**
 * What Run would run at the caret, by the very splitter that runs it. After a change of the text the backend is asked
 * again; while only the caret moves, the known statements answer.
 */
export function useStatementAtCaret(
  tabId: string,
  sessionId: string | null,
): { highlighted: TextRange | null; lookAgain: () => void } {
  const [highlighted, setHighlighted] = useState<TextRange | null>(null);
  const known = useRef<Known | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const round = useRef(0);

  const show = useCallback(() => {
    const { text, caret } = textOf(tabId);
    const statement = known.current?.text === text ? statementOf(known.current, caret) : null;
    const next = statement ? { from: statement.from, to: statement.to } : null;
    setHighlighted((now) => (now?.from === next?.from && now?.to === next?.to ? now : next));
  }, [tabId]);

  const lookAgain = useCallback(() => {
    const { text } = textOf(tabId);
    if (known.current?.text === text) {
      show();
      return;
    }
    clearTimeout(timer.current);
    const mine = ++round.current;
    timer.current = setTimeout(
      async () => {
        const answer = await splitText(text, sessionId);
        if (mine !== round.current) return;
        known.current = answer;
        show();
      },
      text.length > longText ? longRestMs : restMs,
    );
  }, [tabId, sessionId, show]);

  useEffect(() => {
    lookAgain();
    return () => clearTimeout(timer.current);
  }, [lookAgain]);
  return { highlighted, lookAgain };
}
