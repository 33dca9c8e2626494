import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { TextRange } from '../../../shared/api/sessions.ts';
import { placeInWords } from '../../../shared/sql/place.ts';
import { SqlEditor, type SqlEditorHandle } from '../../editor/sql-editor.tsx';
import { SplitPane } from '../../ui/split-pane.tsx';
import { toast } from '../../ui/toast.tsx';
import { useAwake, wake } from '../../workspace/awake.ts';
import { useCommand } from '../../workspace/commands.ts';
import { useConnection } from '../../workspace/connections.ts';
import { changeLayout, useLayout } from '../../workspace/layout.ts';
import { openPlan } from '../../workspace/plan-requests.ts';
import { runOptionsOf, takeRun } from '../../workspace/run-options.ts';
import { useSettings } from '../../workspace/settings.ts';
import type { Place } from '../../workspace/tab.ts';
import { changeTab } from '../../workspace/tabs.ts';
import { changeText, onFlush, textOf } from '../../workspace/texts.ts';
import { askAbout, canAsk } from '../../workspace/trouble.ts';
import { ProblemsMark, ProblemsView } from './checks/problems-view.tsx';
import { useChecks } from './checks/use-checks.ts';
import { useFormatCommands } from './checks/use-format-commands.ts';
import { useProblemCommands } from './checks/use-problem-commands.ts';
import { useIntelligence } from './completion/use-intelligence.ts';
import { GuardDialog } from './guard-dialog.tsx';
import { askParameters, type Values } from './parameters/ask-parameters.ts';
import { ParameterDialog } from './parameters/parameter-dialog.tsx';
import { QueryToolbar } from './query-toolbar.tsx';
import { ExportDialog, type ExportWhat } from './results/export-dialog.tsx';
import { statementOf } from './results/kept-results.ts';
import { resultModel } from './results/result-model.ts';
import { ResultsPane } from './results/results-pane.tsx';
import { markedError } from './results/run-state.ts';
import { atStake, StakeDialog } from './stake.tsx';
import {
  cancelRun,
  closeSession,
  endTransaction,
  ensureSession,
  runText,
  tabSession,
  useTabSession,
  type What,
} from './tab-sessions.ts';
import { useSessionStatus } from './use-session-status.ts';
import { useStatementAtCaret } from './use-statement-at-caret.ts';

/** An editor tab: the text, what it runs on, and what came back. */
export function QueryPage({ tabId, place }: { tabId: string; place: Extract<Place, { kind: 'query' }> }) {
  const session = useTabSession(tabId);
  const { resultsPx } = useLayout();
  const { rowLimit, stopOnError, editorFontSizePx } = useSettings();
  const editor = useRef<SqlEditorHandle>(null);
  const [exporting, setExporting] = useState<ExportWhat | null>(null);
  /** Where the person wants the tab to go, while it is asked what becomes of the open transaction. */
  const [moving, setMoving] = useState<typeof place | null>(null);
  const connection = useConnection(place.connectionId);
  const awake = useAwake(place.connectionId);
  const saved = useMemo(() => textOf(tabId), [tabId]);
  const { highlighted, lookAgain } = useStatementAtCaret(tabId, session.sessionId);
  const marked = markedError(session);
  const intelligence = useIntelligence(tabId, place.connectionId, place.database, awake > 0, session.run);
  const checks = useChecks(tabId, place.connectionId, place.database, session);
  useProblemCommands(editor, checks.problems);
  useFormatCommands(tabId, editor, highlighted);
  const running = session.run?.running ?? false;
  useSessionStatus(session, connection?.name);

  const options = runOptionsOf(place.options);
  const run = (what: What, more: { again?: boolean; commit?: 'auto' } = {}) => {
    const connectionId = place.connectionId;
    if (!connectionId) return;
    wake(connectionId);
    // A long text is reported when the typing rests: Run means what is on the screen.
    editor.current?.flush();
    const { text } = textOf(tabId);
    const attempt = async () => {
      await runText(tabId, {
        connectionId,
        database: place.database,
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
  const runHere = (again: boolean) => {
    editor.current?.flush();
    const range = editor.current?.selection();
    if (range && range.to > range.from) run({ kind: 'range', range }, { again });
    else run({ kind: 'caret', caret: textOf(tabId).caret }, { again });
  };
  const explainHere = (analyze: boolean) => {
    const { connectionId, database } = place;
    if (!connectionId) return;
    wake(connectionId);
    editor.current?.flush();
    const { text, caret } = textOf(tabId);
    const { sessionId } = tabSession(tabId);
    const selected = editor.current?.selection();
    const statement =
      selected && selected.to > selected.from
        ? { sql: text.slice(selected.from, selected.to), caret: null }
        : { sql: text, caret };
    openPlan(tabId, 'Plan', { connectionId, database, sessionId, ...statement, analyze });
  };
  const mayRun = () => !running && connection !== undefined;
  const mayExplain = () => mayRun() && textOf(tabId).text.trim() !== '';
  useCommand('query.explain', () => explainHere(false), mayExplain);
  useCommand('query.explainAnalyze', () => explainHere(true), mayExplain);
  useCommand('query.run', () => runHere(false), mayRun);
  useCommand('query.runAgain', () => runHere(true), mayRun);
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
  useCommand('query.runAll', () => run({ kind: 'all' }), mayRun);
  useCommand(
    'query.cancel',
    () => void cancelRun(tabId),
    () => running,
  );
  const everyResult = [...session.kept.map(({ result }) => result), ...(session.run?.results ?? [])];
  const shownResult =
    everyResult.find((result) => result.resultId === session.shown) ?? session.run?.results[0] ?? everyResult[0];
  useCommand(
    'query.export',
    () => {
      if (!shownResult) return;
      const model = resultModel(shownResult.resultId, shownResult.columns);
      setExporting({
        kind: 'result',
        resultId: model.resultId,
        viewId: model.viewId,
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
    if (answered.kind === 'go') setExporting({ kind: 'query', connectionId, database, sql, values: answered.values });
    else if (answered.failure) toast(answered.failure.message, 'danger');
  };
  useCommand(
    'query.exportQuery',
    () => {
      editor.current?.flush();
      const { text } = textOf(tabId);
      const range = highlighted ?? { from: 0, to: text.length };
      // With a result in front, its own statement is meant, wherever the caret went since.
      const ran = statementOf(session.run, session.kept, session.shown);
      void exportStatement(ran ?? { sql: text.slice(range.from, range.to), values: null });
    },
    () => connection !== undefined && textOf(tabId).text.trim() !== '',
  );
  useEffect(() => {
    // Connecting ahead of the first run shows the server's facts; it runs nothing but the connection's own start SQL.
    if (place.connectionId && awake > 0 && !tabSession(tabId).sessionId) {
      void ensureSession(tabId, place.connectionId, place.database);
    }
  }, [tabId, place.connectionId, place.database, awake]);

  useEffect(() => onFlush(tabId, () => editor.current?.flush()), [tabId]);
  const goTo = useCallback((range: TextRange) => editor.current?.reveal(range), []);
  const latestRun = useRef(run);
  latestRun.current = run;
  const runOutside = useCallback(
    (range: TextRange) => latestRun.current({ kind: 'range', range }, { again: true, commit: 'auto' }),
    [],
  );
  useEffect(() => {
    if (takeRun(tabId)) latestRun.current({ kind: 'all' });
  }, [tabId]);
  const placeOf = useCallback((range: TextRange) => placeInWords(textOf(tabId).text, range.from), [tabId]);
  const move = (next: typeof place) => {
    if (next.connectionId && next.connectionId !== place.connectionId) wake(next.connectionId);
    // The session there ends now, with its locks, and not at the next run.
    void closeSession(tabId);
    changeTab(tabId, { place: next });
  };
  const ask = (next: typeof place) => (atStake(session) ? setMoving(next) : move(next));
  const stake = moving && atStake(session);
  return (
    <div className="flex h-full flex-col">
      <QueryToolbar
        session={session}
        connectionId={place.connectionId}
        database={place.database}
        options={options}
        onConnection={(connectionId) => ask({ ...place, connectionId, database: null })}
        onDatabase={(database) => ask({ ...place, database })}
        onOptions={(next) => changeTab(tabId, { place: { ...place, options: next } })}
      />
      <div className="min-h-0 flex-1">
        <SplitPane
          direction="column"
          sized="second"
          sizePx={resultsPx}
          minPx={120}
          restMinPx={100}
          onSize={(px) => changeLayout({ resultsPx: px })}
          label="Resize the results"
          first={
            <SqlEditor
              key={tabId}
              ref={editor}
              label="SQL"
              initialText={saved.text}
              initialCaret={saved.caret}
              initialScrollTop={saved.scrollTop}
              fontSizePx={editorFontSizePx}
              statement={highlighted}
              running={running ? (session.run?.range ?? null) : null}
              error={marked}
              problems={checks.problems}
              onSwitchOff={checks.switchOff}
              intelligence={intelligence}
              onChange={(change) => {
                changeText(tabId, change);
                lookAgain();
                checks.lookAgain();
              }}
            />
          }
          second={
            <ResultsPane
              tabId={tabId}
              session={session}
              placeOf={placeOf}
              onGoTo={goTo}
              onRunOutside={runOutside}
              problems={{
                mark: <ProblemsMark problems={checks.problems} />,
                list: (
                  <ProblemsView
                    problems={checks.problems}
                    placeOf={placeOf}
                    onGoTo={goTo}
                    onFix={(fix) => editor.current?.apply(fix.edits)}
                  />
                ),
              }}
            />
          }
        />
      </div>
      {moving && stake && (
        <StakeDialog
          title="Move the tab to another database?"
          stake={stake}
          keep="Stay here"
          onAnswer={(anyway) => {
            if (anyway) move(moving);
            setMoving(null);
          }}
        />
      )}
      <ParameterDialog tabId={tabId} />
      <GuardDialog
        tabId={tabId}
        onPlan={({ from, to }) => {
          const { connectionId, database } = place;
          const sql = textOf(tabId).text.slice(from, to);
          const { sessionId } = tabSession(tabId);
          if (connectionId)
            openPlan(tabId, 'Plan', { connectionId, database, sessionId, sql, caret: null, analyze: false });
        }}
      />
      {exporting && <ExportDialog what={exporting} name="result" onClose={() => setExporting(null)} />}
    </div>
  );
}
