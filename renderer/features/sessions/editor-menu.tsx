/** What can be done with the text: at the pointer, and behind a button of the toolbar for whoever does not know the keys. */
import { ClipboardCopy, ClipboardPaste, Ellipsis, Scissors } from 'lucide-react';
import type { ReactNode, RefObject } from 'react';
import { type CommandId, commandSpecs } from '../../../shared/commands.ts';
import type { SqlEditorHandle } from '../../editor/sql-editor.tsx';
import { IconButton } from '../../ui/button.tsx';
import { ContextMenu, DropdownMenu, type MenuEntry } from '../../ui/menu.tsx';
import { runCommand, runnableCommands, shownKeysOf, useCommand } from '../../workspace/commands.ts';

const look = { size: 15, strokeWidth: 1.75 } as const;
const separator: MenuEntry = { kind: 'separator' };

const groups: readonly (readonly CommandId[])[] = [
  ['query.run', 'query.explain', 'query.explainAnalyze', 'query.memory'],
  ['editor.suggest', 'editor.definition', 'editor.rename', 'problem.next', 'problem.fix'],
  ['query.format', 'query.formatAll', 'query.save'],
];

/** Made when a menu opens: what can be run is what can be run then. */
function commandEntries(): MenuEntry[] {
  const runnable = new Set<string>(runnableCommands().map(({ id }) => id));
  return groups.flatMap((group, at) => [
    ...(at === 0 ? [] : [separator]),
    ...group.map((id): MenuEntry => {
      const keys = shownKeysOf(id);
      return {
        label: commandSpecs.find((spec) => spec.id === id)?.label ?? id,
        disabled: !runnable.has(id),
        ...(keys === undefined ? {} : { keys }),
        run: () => runCommand(id),
      };
    }),
  ]);
}

type Editor = RefObject<SqlEditorHandle | null>;

/** Completion, the definition and renaming, from the palette as well. */
export function useEditorCommands(editor: Editor): void {
  useCommand('editor.suggest', () => editor.current?.act('suggest'));
  useCommand('editor.definition', () => editor.current?.act('definition'));
  useCommand('editor.rename', () => editor.current?.act('rename'));
}

export function EditorContextMenu({ editor, children }: { editor: Editor; children: ReactNode }) {
  const act = (action: 'cut' | 'copy' | 'paste') => () => editor.current?.act(action);
  return (
    <ContextMenu
      items={() => [
        { label: 'Cut', icon: <Scissors {...look} />, run: act('cut') },
        { label: 'Copy', icon: <ClipboardCopy {...look} />, run: act('copy') },
        { label: 'Paste', icon: <ClipboardPaste {...look} />, run: act('paste') },
        separator,
        ...commandEntries(),
      ]}
    >
      <div className="h-full min-h-0">{children}</div>
    </ContextMenu>
  );
}

export function EditorMenuButton() {
  return (
    <DropdownMenu
      items={commandEntries}
      trigger={<IconButton label="More for the statement" icon={<Ellipsis {...look} />} className="size-7" />}
    />
  );
}
