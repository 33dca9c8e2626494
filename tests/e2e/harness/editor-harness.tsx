/** The SQL editor alone on a page: `?theme=dark&text=big&size=16`. What it reports is kept in `window.editorHarness`. */
import '@fontsource-variable/inter';
import '@fontsource-variable/jetbrains-mono';
import '../../../renderer/app/theme.css';
import { useRef, useState } from 'react';
import { createRoot } from 'react-dom/client';
import type { EditorHandle, Range } from '../../../renderer/editor/editor-types.ts';
import { SqlEditor } from '../../../renderer/editor/sql-editor.tsx';
import { SqlText } from '../../../renderer/editor/sql-text.tsx';
import { splitSql } from '../../../shared/sql/split.ts';
import { statementAt } from '../../../shared/sql/statement-at.ts';
import { bigText, everyColour } from './editor-texts.ts';

export type EditorHarness = {
  text: string;
  caret: number;
  scrollTop: number;
  changes: number;
  readonly runs: string[];
  editor: EditorHandle | null;
  fail(range: Range, message: string): void;
  run(range: Range | null): void;
};
declare global {
  interface Window {
    editorHarness: EditorHarness;
  }
}

const query = new URLSearchParams(location.search);
document.documentElement.dataset.theme = query.get('theme') ?? 'light';
const texts: Record<string, () => string> = {
  big: bigText,
  empty: () => '',
  mixed: () => '\ufeffselect 1;\r\nselect\n2;\r',
};
const initial = (texts[query.get('text') ?? ''] ?? (() => everyColour))();

function Harness() {
  const editor = useRef<EditorHandle>(null);
  const [statement, setStatement] = useState<Range | null>(null);
  const [error, setError] = useState<{ range: Range; message: string } | null>(null);
  const [running, setRunning] = useState<Range | null>(null);
  const [kept] = useState<EditorHarness>(() => ({
    text: initial,
    caret: 0,
    scrollTop: 0,
    changes: 0,
    runs: [],
    editor: null,
    fail: (range, message) => setError({ range, message }),
    run: setRunning,
  }));
  window.editorHarness = kept;
  if (query.has('viewer')) return <SqlText label="Definition" text={initial} />;
  return (
    <main className="h-full border border-line">
      <SqlEditor
        ref={(handle) => {
          editor.current = handle;
          kept.editor = handle;
        }}
        label="SQL"
        initialText={initial}
        initialCaret={Number(query.get('caret') ?? 0)}
        fontSizePx={Number(query.get('size') ?? 13)}
        placeholder="Write SQL"
        statement={statement}
        running={running}
        error={error}
        onChange={(change) => {
          Object.assign(kept, change);
          kept.changes++;
          if (kept.text.length < 300_000)
            setStatement(statementAt(kept.text, splitSql(kept.text, { lenient: true }), kept.caret));
        }}
        onRun={() => kept.runs.push('statement')}
        onRunAll={() => kept.runs.push('all')}
      />
    </main>
  );
}

const root = document.getElementById('root');
if (root) createRoot(root).render(<Harness />);
