import { useCallback, useEffect, useRef, useState } from 'react';
import type { TextRange } from '../../../shared/api/sessions.ts';
import { statementAt } from '../../../shared/sql/statement-at.ts';
import { client } from '../../client/connect.ts';
import { textOf } from '../../workspace/texts.ts';

const restMs = 60;
/** A text that takes longer to send and split is looked at when the typing rests. */
const longText = 200_000;
const longRestMs = 600;

/**
 * What Run would run at the caret, by the very splitter that runs it. After a change of the text the backend is asked
 * again; while only the caret moves, the known statements answer.
 */
export function useStatementAtCaret(
  tabId: string,
  sessionId: string | null,
): { highlighted: TextRange | null; lookAgain: () => void } {
  const [highlighted, setHighlighted] = useState<TextRange | null>(null);
  const known = useRef<{ text: string; statements: readonly TextRange[] } | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const round = useRef(0);

  const show = useCallback(() => {
    const { text, caret } = textOf(tabId);
    const statement =
      known.current && known.current.text === text ? statementAt(text, known.current.statements, caret) : null;
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
        try {
          const statements = await client.sessions.split({ text, ...(sessionId ? { sessionId } : {}) });
          if (mine !== round.current) return;
          known.current = { text, statements };
        } catch {
          // It cannot be split safely: nothing is shown as what would run, and Run says why.
          if (mine === round.current) known.current = { text, statements: [] };
        }
        if (mine === round.current) show();
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
