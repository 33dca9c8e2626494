import type { RefObject } from 'react';
import type { Problem } from '../../../../shared/lint/problem.ts';
import type { SqlEditorHandle } from '../../../editor/sql-editor.tsx';
import { useCommand } from '../../../workspace/commands.ts';

/** F8 and its like: from anywhere on the page. */
export function useProblemCommands(editor: RefObject<SqlEditorHandle | null>, problems: readonly Problem[]): void {
  const some = () => problems.length > 0;
  useCommand('problem.next', () => editor.current?.act('nextProblem'), some);
  useCommand('problem.previous', () => editor.current?.act('previousProblem'), some);
  useCommand('problem.fix', () => editor.current?.act('quickFix'), some);
}
