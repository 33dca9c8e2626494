import type { RefObject } from 'react';
import { placeInWords } from '../../../../shared/sql/place.ts';
import { client } from '../../../client/connect.ts';
import { failureFrom } from '../../../client/failure.ts';
import type { SqlEditorHandle } from '../../../editor/sql-editor.tsx';
import { toast } from '../../../ui/toast.tsx';
import { useCommand } from '../../../workspace/commands.ts';
import { useSettings } from '../../../workspace/settings.ts';
import { textOf } from '../../../workspace/texts.ts';

interface Range {
  readonly from: number;
  readonly to: number;
}

/** Formats what is selected, else the statement at the caret; or all of them. */
export function useFormatCommands(
  tabId: string,
  editor: RefObject<SqlEditorHandle | null>,
  atCaret: Range | null,
): void {
  const { format: style } = useSettings();
  const some = () => textOf(tabId).text.trim() !== '';
  const format = async (within: Range | undefined) => {
    const { text } = textOf(tabId);
    try {
      const { edits, refused } = await client.lint.format({ text, style, ...(within ? { within } : {}) });
      // What was typed in the meantime is not to be overwritten.
      editor.current?.flush();
      if (textOf(tabId).text !== text) return;
      if (edits.length > 0) editor.current?.apply(edits);
      const [first] = refused;
      if (first) toast(`Left as it stands at ${placeInWords(text, first.from)}: ${first.why}`, 'info');
    } catch (thrown) {
      toast(failureFrom(thrown).message, 'danger');
    }
  };
  const here = () => {
    editor.current?.flush();
    const selected = editor.current?.selection();
    if (selected && selected.to > selected.from) return selected;
    const { text, caret } = textOf(tabId);
    return atCaret ?? { from: caret, to: Math.min(text.length, caret) };
  };
  useCommand('query.format', () => void format(here()), some);
  useCommand(
    'query.formatAll',
    () => {
      editor.current?.flush();
      void format(undefined);
    },
    some,
  );
}
