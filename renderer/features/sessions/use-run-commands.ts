import { type RefObject, useCallback, useEffect, useRef } from 'react';
import type { TextRange } from '../../../shared/api/sessions.ts';
import type { SqlEditorHandle } from '../../editor/sql-editor.tsx';
import { toast } from '../../ui/toast.tsx';
import { wake } from '../../workspace/awake.ts';
import { useCommand } from '../../workspace/commands.ts';
import { useConnection } from '../../workspace/connections.ts';
import { openPlan } from '../../workspace/plan-requests.ts';
import { runOptionsOf, takeRun } from '../../workspace/run-options.ts';
import { useSettings } from '../../workspace/settings.ts';
import type { Place } from '../../workspace/tab.ts';
import { textOf } from '../../workspace/texts.ts';
import { askAbout, canAsk } from '../../workspace/trouble.ts';
import { cancelRun, endTransaction, runText, type TabSession, tabSession, type What } from './tab-sessions.ts';

export interface QueryTab {
  readonly tabId: string;
  readonly place: Extract<Place, { kind: 'query' }>;
  readonly session: TabSession;
  readonly editor: RefObject<SqlEditorHandle | null>;
}

type Run = (what: What, more?: { again?: boolean; commit?: 'auto' }) => void;

/** Binds what runs, explains, stops, commits and rolls back. */
export function useRunCommands(tab: QueryTab): { readonly runOutside: (range: TextRange) => void } {
  const run = useRun(tab);
  const { tabId, place, session, editor } = tab;
  const connection = useConnection(place.connectionId);
  const running = session.run?.running ?? false;
  const runHere = (again: boolean) => {
    editor.current?.flush();
    const range = editor.current?.selection();
    if (range && range.to > range.from) run({ kind: 'range', range }, { again });
    else run({ kind: 'caret', caret: textOf(tabId).caret }, { again });
  };
  const mayRun = () => !running && connection !== undefined;
  const hasText = () => textOf(tabId).text.trim() !== '';
  const onRecording = place.connectionId === null && place.recordingId !== undefined;
  useCommand(
    'query.explain',
    () => explainHere(tab, false),
    () => (mayRun() || onRecording) && hasText(),
  );
  useCommand(
    'query.explainAnalyze',
    () => explainHere(tab, true),
    () => mayRun() && hasText(),
  );
  useCommand('query.run', () => runHere(false), mayRun);
  useCommand('query.runAgain', () => runHere(true), mayRun);
  useCommand('query.runAll', () => run({ kind: 'all' }), mayRun);
  useCommand(
    'query.cancel',
    () => void cancelRun(tabId),
    () => running,
  );
  useTransactionCommands(tab);
  const latest = useRef(run);
  latest.current = run;
  useEffect(() => {
    if (takeRun(tabId)) latest.current({ kind: 'all' });
  }, [tabId]);
  const runOutside = useCallback(
    (range: TextRange) => latest.current({ kind: 'range', range }, { again: true, commit: 'auto' }),
    [],
  );
  return { runOutside };
}

function useRun({ tabId, place, editor }: QueryTab): Run {
  const { rowLimit, stopOnError } = useSettings();
  const options = runOptionsOf(place.options);
  return (what, more = {}) => {
    const { connectionId, database } = place;
    if (!connectionId) return;
    wake(connectionId);
    // A long text is reported when the typing rests: Run means what is on the screen.
    editor.current?.flush();
    const { text } = textOf(tabId);
    const attempt = async () => {
      await runText(tabId, {
        connectionId,
        database,
        text,
        what,
        rowLimit,
        stopOnError,
        origin: 'editor',
        options: more.commit ? { ...options, commit: more.commit } : options,
        again: more.again ?? false,
      });
      const { failure } = tabSession(tabId);
      if (failure && canAsk(failure)) askAbout({ connectionId, failure, retry: () => void attempt() });
    };
    void attempt();
  };
}

function explainHere({ tabId, place, editor }: QueryTab, analyze: boolean): void {
  const { connectionId, recordingId, database } = place;
  if (connectionId) wake(connectionId);
  else if (!recordingId) return;
  editor.current?.flush();
  const { text, caret } = textOf(tabId);
  const { sessionId } = tabSession(tabId);
  const selected = editor.current?.selection();
  const statement =
    selected && selected.to > selected.from
      ? { sql: text.slice(selected.from, selected.to), caret: null }
      : { sql: text, caret };
  const where = connectionId || !recordingId ? { connectionId } : { connectionId: null, recordingId };
  openPlan(tabId, 'Plan', { ...where, database, sessionId, ...statement, analyze });
}

function useTransactionCommands({ tabId, session }: QueryTab): void {
  const running = session.run?.running ?? false;
  const transaction = session.state && !session.state.lost ? session.state.transaction : 'idle';
  const end = async (how: 'commit' | 'rollback') => {
    if (await endTransaction(tabId, how)) toast(how === 'commit' ? 'Committed.' : 'Rolled back.', 'success');
  };
  useCommand(
    'query.commit',
    () => void end('commit'),
    () => !running && transaction === 'open',
  );
  useCommand(
    'query.rollback',
    () => void end('rollback'),
    () => !running && transaction !== 'idle',
  );
}
