import type { TextRange } from '../../../shared/api/sessions.ts';
import { toast } from '../../ui/toast.tsx';
import { useCommand } from '../../workspace/commands.ts';
import { useConnection } from '../../workspace/connections.ts';
import { openDialog } from '../../workspace/dialogs.ts';
import { textOf } from '../../workspace/texts.ts';
import type { ExportWhat } from '../../workspace/transfer/export-what.ts';
import { askParameters, type Values } from './parameters/ask-parameters.ts';
import { statementOf } from './results/kept-results.ts';
import { resultModel } from './results/result-model.ts';
import { tabSession } from './tab-sessions.ts';
import type { QueryTab } from './use-run-commands.ts';

/** Binds the exports and the copy; the dialogs are the shell's. */
export function useExportCommands({
  tabId,
  place,
  session,
  editor,
  highlighted,
}: QueryTab & { readonly highlighted: TextRange | null }): void {
  const show = (what: ExportWhat) => openDialog({ kind: 'export', what });
  const connection = useConnection(place.connectionId);
  const everyResult = [...session.kept.map(({ result }) => result), ...(session.run?.results ?? [])];
  const shownResult =
    everyResult.find((result) => result.resultId === session.shown) ?? session.run?.results[0] ?? everyResult[0];
  useCommand(
    'query.export',
    () => {
      if (!shownResult) return;
      const model = resultModel(shownResult.resultId, shownResult.columns);
      const { resultId, viewId } = model;
      show({
        source: { kind: 'result', resultId, ...(viewId === undefined ? {} : { viewId }) },
        name: 'result',
        rows: model.source.rowCount,
        cut: shownResult.cut,
      });
    },
    () => shownResult !== undefined,
  );
  const exportStatement = async ({ sql, values }: { sql: string; values: Values | null }) => {
    const { connectionId, database } = place;
    if (!connectionId) return;
    const { sessionId } = tabSession(tabId);
    const asked = { text: sql, what: { kind: 'all' as const }, ...(sessionId ? { sessionId } : {}) };
    const answered = values ? { kind: 'go' as const, values } : await askParameters(tabId, asked, false);
    if (answered.kind !== 'go') {
      if (answered.failure) toast(answered.failure.message, 'danger');
      return;
    }
    const where = { connectionId, ...(database ? { database } : {}) };
    const given = answered.values ? { values: answered.values } : {};
    show({ source: { kind: 'query', ...where, sql, ...given }, name: 'result' });
  };
  /** With a result in front, its own statement is meant, wherever the caret went since. */
  const statementMeant = () => {
    editor.current?.flush();
    const { text } = textOf(tabId);
    const range = highlighted ?? { from: 0, to: text.length };
    return (
      statementOf(session.run, session.kept, session.shown) ?? { sql: text.slice(range.from, range.to), values: null }
    );
  };
  const hasStatement = () => connection !== undefined && textOf(tabId).text.trim() !== '';
  useCommand('query.exportQuery', () => void exportStatement(statementMeant()), hasStatement);
  useCommand(
    'query.copyTo',
    () => {
      const { connectionId, database } = place;
      if (!connectionId) return;
      const from = { connectionId, ...(database ? { database } : {}) };
      openDialog({ kind: 'copyRows', what: { from, source: { kind: 'query', sql: statementMeant().sql } } });
    },
    hasStatement,
  );
}
