import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { TextRange } from '../../../shared/api/sessions.ts';
import { placeInWords } from '../../../shared/sql/place.ts';
import type { StatementNote } from '../../editor/editor-types.ts';
import { SqlEditor, type SqlEditorHandle } from '../../editor/sql-editor.tsx';
import { SplitPane } from '../../ui/split-pane.tsx';
import { visibleText } from '../../ui/visible-text.ts';
import { useAwake, wake } from '../../workspace/awake.ts';
import { useConnection } from '../../workspace/connections.ts';
import { changeLayout, useLayout } from '../../workspace/layout.ts';
import { useRecordingOf } from '../../workspace/monitor/recordings.ts';
import { runOptionsOf } from '../../workspace/run-options.ts';
import { useSettings } from '../../workspace/settings.ts';
import type { Place } from '../../workspace/tab.ts';
import { changeTab } from '../../workspace/tabs.ts';
import { changeText, onFlush, textOf } from '../../workspace/texts.ts';
import { ProblemsMark, ProblemsView } from './checks/problems-view.tsx';
import { useChecks } from './checks/use-checks.ts';
import { useFormatCommands } from './checks/use-format-commands.ts';
import { useProblemCommands } from './checks/use-problem-commands.ts';
import { useIntelligence } from './completion/use-intelligence.ts';
import { EditorContextMenu, useEditorCommands } from './editor-menu.tsx';
import { useMemory } from './memory/use-memory.ts';
import { ParameterDialog } from './parameters/parameter-dialog.tsx';
import { QueryToolbar } from './query-toolbar.tsx';
import { ResultsPane } from './results/results-pane.tsx';
import { markedError } from './results/run-state.ts';
import { RunProgress } from './runs/run-progress.tsx';
import { atStake, StakeDialog } from './stake.tsx';
import { closeSession, ensureSession, tabSession, useTabSession } from './tab-sessions.ts';
import { useExportCommands } from './use-export-commands.ts';
import { useRunCommands } from './use-run-commands.ts';
import { useSessionStatus } from './use-session-status.ts';
import { useStatementAtCaret } from './use-statement-at-caret.ts';

/** An editor tab: the text, what it runs on, and what came back. */
export function QueryPage({ tabId, place }: { tabId: string; place: Extract<Place, { kind: 'query' }> }) {
  const session = useTabSession(tabId);
  const { resultsPx } = useLayout();
  const { editorFontSizePx } = useSettings();
  const editor = useRef<SqlEditorHandle>(null);
  /** Where the person wants the tab to go, while it is asked what becomes of the open transaction. */
  const [moving, setMoving] = useState<typeof place | null>(null);
  const connection = useConnection(place.connectionId);
  const awake = useAwake(place.connectionId);
  const saved = useMemo(() => textOf(tabId), [tabId]);
  const { highlighted, lookAgain } = useStatementAtCaret(tabId, session.sessionId);
  const marked = markedError(session);
  const recordingId = place.connectionId === null ? (place.recordingId ?? null) : null;
  const source = useMemo(() => ({ connectionId: place.connectionId, recordingId }), [place.connectionId, recordingId]);
  const recording = useRecordingOf(source);
  const intelligence = useIntelligence(tabId, source, place.database, awake > 0, session.run);
  const checks = useChecks(tabId, place.connectionId, place.database, session);
  const memory = useMemory(tabId, source, place.database ?? session.facts?.database ?? connection?.database ?? null);
  useEditorCommands(editor);
  useProblemCommands(editor, checks.problems);
  useFormatCommands(tabId, editor, highlighted);
  const running = session.run?.running ?? false;
  useSessionStatus(session, connection?.name);

  const options = runOptionsOf(place.options);
  const { runOutside } = useRunCommands({ tabId, place, session, editor });
  useExportCommands({ tabId, place, session, editor, highlighted });
  useEffect(() => {
    // Connecting ahead of the first run shows the server's facts; it runs nothing but the connection's own start SQL.
    if (place.connectionId && awake > 0 && !tabSession(tabId).sessionId) {
      void ensureSession(tabId, place.connectionId, place.database);
    }
  }, [tabId, place.connectionId, place.database, awake]);

  useEffect(() => onFlush(tabId, () => editor.current?.flush()), [tabId]);
  const goTo = useCallback((range: TextRange) => editor.current?.reveal(range), []);
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
        mayExplain={recording !== undefined}
        database={place.database}
        options={options}
        onConnection={(connectionId) => ask({ ...place, connectionId, database: null })}
        onDatabase={(database) => ask({ ...place, database })}
        onOptions={(next) => changeTab(tabId, { place: { ...place, options: next } })}
      />
      {recordingId !== null && (
        <p className="border-b border-line bg-sunken px-3 py-1 text-xs text-muted">
          {recording
            ? `Completes, remembers and explains from the recording ${visibleText(recording.name)}. To run something, choose a connection.`
            : 'The recording that this tab was opened from is not open any more. To run something, choose a connection.'}
        </p>
      )}
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
            <EditorContextMenu editor={editor}>
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
                notes={memory.notes}
                onNote={memory.onNote}
                intelligence={intelligence}
                onChange={(change) => {
                  changeText(tabId, change);
                  lookAgain();
                  checks.lookAgain();
                  if (change.text !== undefined) memory.lookAgain();
                }}
              />
            </EditorContextMenu>
          }
          second={
            <div className="flex h-full min-h-0 flex-col">
              <NotesInWords notes={memory.notes} placeOf={placeOf} />
              <RunProgress session={session} />
              <div className="min-h-0 flex-1">
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
              </div>
            </div>
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
    </div>
  );
}

/** Words drawn behind a line are no part of the text that a screen reader reads. */
function NotesInWords({ notes, placeOf }: { notes: readonly StatementNote[]; placeOf: (range: TextRange) => string }) {
  if (notes.length === 0) return null;
  return (
    <ul className="sr-only" aria-label="Remembered of the statements">
      {notes.map(({ from, parts }) => (
        <li key={from}>{`${placeOf({ from, to: from })}: ${parts.map(({ text }) => text).join('; ')}`}</li>
      ))}
    </ul>
  );
}
