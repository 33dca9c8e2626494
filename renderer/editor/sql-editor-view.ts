/** One Monaco editor and what is drawn in it. Loaded with Monaco; the component beside it is not. */
import { editor, KeyCode, KeyMod, MarkerSeverity, Range as MonacoRange } from 'monaco-editor/editor';
import type {
  EditorAction,
  EditorChange,
  ProblemAction,
  Range,
  SqlEditorProps,
  SqlEditorView,
} from './editor-types.ts';
import { ProblemMarks } from './intelligence/problem-marks.ts';
import { answerFor, pieceAround } from './intelligence/providers.ts';
import { StatementNotes } from './intelligence/statement-notes.ts';
import { languageId } from './monaco-setup.ts';

/** Reading the whole text at every key is felt above this; then it is read when the typing rests. */
const longText = 300_000;
const restMs = 150;
/** Longest that a person who never rests goes unreported: what is not reported is not saved. */
const patienceMs = 600;
const markerOwner = 'server';

const options: editor.IStandaloneEditorConstructionOptions = {
  language: languageId,
  automaticLayout: true,
  fontFamily: "'JetBrains Mono Variable', ui-monospace, 'SF Mono', Menlo, Consolas, monospace",
  fontLigatures: false,
  lineNumbersMinChars: 3,
  lineDecorationsWidth: 14,
  glyphMargin: false,
  folding: true,
  minimap: { enabled: false },
  scrollBeyondLastLine: false,
  smoothScrolling: false,
  padding: { top: 8, bottom: 8 },
  renderLineHighlight: 'line',
  renderLineHighlightOnlyWhenFocus: true,
  overviewRulerBorder: false,
  hideCursorInOverviewRuler: true,
  scrollbar: { verticalScrollbarSize: 10, horizontalScrollbarSize: 10, useShadows: false },
  guides: { indentation: false },
  // By words, not by meaning: every SELECT would light up, as the statement at the caret does.
  occurrencesHighlight: 'off',
  wordBasedSuggestions: 'off',
  quickSuggestions: { other: 'on', comments: 'off', strings: 'on' },
  quickSuggestionsDelay: 30,
  suggestOnTriggerCharacters: true,
  // Enter stays a line break where what is typed says so already.
  acceptSuggestionOnEnter: 'smart',
  acceptSuggestionOnCommitCharacter: false,
  snippetSuggestions: 'inline',
  suggest: {
    showWords: false,
    showStatusBar: false,
    preview: false,
    insertMode: 'replace',
    filterGraceful: false,
    snippetsPreventQuickSuggestions: false,
  },
  hover: { delay: 350 },
  parameterHints: { enabled: true, cycle: true },
  stickyScroll: { enabled: false },
  // Whoever shows the editor has a menu of its own; Monaco's carries its styles inline, which the page does not allow.
  contextmenu: false,
  links: false,
  // Names may be in any script; what cannot be seen is what matters in a statement about to run.
  unicodeHighlight: { ambiguousCharacters: false, invisibleCharacters: true, nonBasicASCII: false },
  renderControlCharacters: true,
  unusualLineTerminators: 'off',
  fixedOverflowWidgets: true,
  tabSize: 2,
  detectIndentation: false,
  largeFileOptimizations: true,
  find: { addExtraSpaceOnTop: false, seedSearchStringFromSelection: 'selection' },
};

/** As a field of a form: as quiet as its neighbours, and no trap for the keyboard. */
const formOptions: editor.IStandaloneEditorConstructionOptions = {
  tabFocusMode: true,
  folding: false,
  lineNumbersMinChars: 2,
  lineDecorationsWidth: 10,
  padding: { top: 5, bottom: 5 },
  renderLineHighlight: 'none',
  scrollbar: {
    verticalScrollbarSize: 10,
    horizontalScrollbarSize: 10,
    useShadows: false,
    alwaysConsumeMouseWheel: false,
  },
};

export function createSqlEditorView(place: HTMLElement, props: () => SqlEditorProps): SqlEditorView {
  const {
    initialText,
    initialCaret = 0,
    initialScrollTop = 0,
    fontSizePx,
    readOnly,
    placeholder,
    label,
    inForm,
  } = props();
  const model = editor.createModel(initialText, languageId);
  const monaco = editor.create(place, {
    ...options,
    ...(inForm ? formOptions : {}),
    ...sizes(fontSizePx),
    model,
    readOnly,
    placeholder,
    ariaLabel: label,
  });
  const decorations = monaco.createDecorationsCollection();
  const errorLines = monaco.createDecorationsCollection();
  const caret = (): number => model.getOffsetAt(monaco.getPosition() ?? { lineNumber: 1, column: 1 });
  const reporter = createReporter(
    () => ({ text: model.getValue(), caret: caret() }),
    (change) => props().onChange(change),
  );
  const rangeOf = ({ from, to }: Range) =>
    MonacoRange.fromPositions(model.getPositionAt(from), model.getPositionAt(to));

  monaco.setPosition(model.getPositionAt(initialCaret));
  monaco.setScrollTop(initialScrollTop);
  // Line breaks of several kinds become one kind, and a byte order mark goes: what is shown is what is run.
  if (model.getValueLength() !== initialText.length || model.getValue() !== initialText) reporter.now();

  monaco.onDidChangeModelContent(() => {
    editor.setModelMarkers(model, markerOwner, []);
    errorLines.clear();
    reporter.soon(model.getValueLength() > longText);
  });
  monaco.onDidChangeCursorPosition(() => reporter.caretMoved(caret()));
  monaco.onDidScrollChange(({ scrollTop, scrollTopChanged }) => {
    if (scrollTopChanged) props().onChange({ scrollTop });
  });
  monaco.onDidBlurEditorText(() => reporter.flush());
  // Whoever takes a shortcut before the editor sees it finds the text reported when the modifier went down.
  monaco.onKeyDown(({ browserEvent: { key } }) => {
    if (key === 'Control' || key === 'Meta' || key === 'Shift' || key === 'Alt') reporter.flush();
  });
  addCommands(monaco, props, reporter.flush);
  const unanswered = answerFor(model, () => props().intelligence);
  openDefinitions(monaco, model, props);
  const problems = new ProblemMarks(monaco, model, (rule) => props().onSwitchOff?.(rule));
  const notes = new StatementNotes(monaco, model, (note, part) => props().onNote?.(note, part));

  return {
    selection() {
      reporter.flush();
      const selected = monaco.getSelection();
      if (selected === null || selected.isEmpty()) return null;
      return {
        from: model.getOffsetAt(selected.getStartPosition()),
        to: model.getOffsetAt(selected.getEndPosition()),
      };
    },
    flush: reporter.flush,
    reveal(range) {
      const shown = rangeOf(range);
      monaco.setPosition(shown.getStartPosition());
      monaco.revealRangeInCenterIfOutsideViewport(shown);
      monaco.focus();
    },
    focus: () => monaco.focus(),
    insert(text, range) {
      const target = range ? rangeOf(range) : monaco.getSelection();
      if (target === null) return;
      monaco.pushUndoStop();
      monaco.executeEdits('insert', [{ range: target, text, forceMoveMarkers: true }]);
      monaco.pushUndoStop();
      monaco.focus();
    },
    apply: (edits) => problems.apply(edits),
    act(action) {
      const id = actionIds[action];
      // A menu or the palette that it was chosen in gives the focus back when it has closed, which would end what began.
      if (id !== undefined) setTimeout(() => act(monaco, id), menuClosesMs);
      else problems.act(action as ProblemAction);
    },
    showOptions: ({ fontSizePx: size, readOnly: locked, label: name }) =>
      monaco.updateOptions({ ...sizes(size), readOnly: locked, ariaLabel: name }),
    showStatement: (statement, running) => decorations.set(barsFor(model, statement, running, rangeOf)),
    showNotes: (found) => notes.show(found),
    showProblems: (found) => problems.show(found),
    showError: (error) => showError(model, errorLines, error, rangeOf),
    dispose() {
      reporter.flush();
      unanswered();
      problems.dispose();
      monaco.dispose();
      model.dispose();
    },
  };
}

const actionIds: Partial<Record<EditorAction, string>> = {
  suggest: 'editor.action.triggerSuggest',
  definition: 'howdah.definition',
  rename: 'editor.action.rename',
  cut: 'editor.action.clipboardCutAction',
  copy: 'editor.action.clipboardCopyAction',
  paste: 'editor.action.clipboardPasteAction',
};
const menuClosesMs = 30;

function act(monaco: editor.IStandaloneCodeEditor, id: string): void {
  monaco.focus();
  monaco.trigger('menu', id, {});
}

const sizes = (fontSizePx: number) => ({ fontSize: fontSizePx, lineHeight: Math.round(fontSizePx * 1.55) });

/** Reports at once, or (a long text) when the typing rests; the caret moves with the text it stands in. */
function createReporter(read: () => { text: string; caret: number }, onChange: (change: EditorChange) => void) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pending = false;
  let since = 0;
  const now = (): void => {
    clearTimeout(timer);
    pending = false;
    onChange(read());
  };
  return {
    now,
    soon(long: boolean): void {
      if (!long) {
        now();
        return;
      }
      if (!pending) since = performance.now();
      pending = true;
      clearTimeout(timer);
      timer = setTimeout(now, Math.min(restMs, Math.max(0, since + patienceMs - performance.now())));
    },
    caretMoved(caret: number): void {
      if (!pending) onChange({ caret });
    },
    flush(): void {
      if (pending) now();
    },
  };
}

function addCommands(monaco: editor.IStandaloneCodeEditor, props: () => SqlEditorProps, flush: () => void): void {
  const add = (id: string, label: string, keys: number, run: () => void): void => {
    // Also without a listener: Monaco's own meaning of these keys (insert a line) would be a surprise.
    monaco.addAction({ id, label, keybindings: [keys], run });
  };
  add('howdah.run', 'Run statement', KeyMod.CtrlCmd | KeyCode.Enter, () => {
    flush();
    props().onRun?.();
  });
  add('howdah.runAll', 'Run all', KeyMod.CtrlCmd | KeyMod.Shift | KeyCode.Enter, () => {
    flush();
    props().onRunAll?.();
  });
}

/** F12, the context menu, and a click with Ctrl or Cmd. */
function openDefinitions(
  monaco: editor.IStandaloneCodeEditor,
  model: editor.ITextModel,
  props: () => SqlEditorProps,
): void {
  const open = (offset: number): void => {
    const piece = pieceAround(model, offset);
    props().intelligence?.openDefinition(piece.text, piece.offset);
  };
  monaco.addAction({
    id: 'howdah.definition',
    label: 'Go to definition',
    keybindings: [KeyCode.F12],
    run: () => open(model.getOffsetAt(monaco.getPosition() ?? { lineNumber: 1, column: 1 })),
  });
  monaco.onMouseUp(({ event, target }) => {
    if (
      (event.ctrlKey || event.metaKey) &&
      !event.altKey &&
      event.leftButton &&
      target.position &&
      monaco.getSelection()?.isEmpty()
    )
      open(model.getOffsetAt(target.position));
  });
}

type ToMonaco = (range: Range) => MonacoRange;

function barsFor(
  model: editor.ITextModel,
  statement: Range | null,
  running: Range | null,
  rangeOf: ToMonaco,
): editor.IModelDeltaDecoration[] {
  const bars: editor.IModelDeltaDecoration[] = [];
  if (statement && !running) {
    const range = rangeOf(statement);
    bars.push({ range, options: { isWholeLine: true, linesDecorationsClassName: 'statement-bar' } });
    if (sharesLines(model, range)) bars.push({ range, options: { className: 'statement-text', zIndex: -1 } });
  }
  if (running) {
    bars.push({ range: rangeOf(running), options: { isWholeLine: true, linesDecorationsClassName: 'running-bar' } });
  }
  return bars;
}

/** Whether something else than blanks and comments stands on the first line before it, or on the last after it. */
function sharesLines(model: editor.ITextModel, range: MonacoRange): boolean {
  const before = model.getValueInRange(
    new MonacoRange(range.startLineNumber, 1, range.startLineNumber, range.startColumn),
  );
  const lineEnd = model.getLineMaxColumn(range.endLineNumber);
  const after = model.getValueInRange(
    new MonacoRange(range.endLineNumber, range.endColumn, range.endLineNumber, lineEnd),
  );
  return before.trim() !== '' || !/^\s*(--.*)?$/.test(after);
}

function showError(
  model: editor.ITextModel,
  lines: editor.IEditorDecorationsCollection,
  error: SqlEditorProps['error'],
  rangeOf: ToMonaco,
): void {
  if (error === null) {
    lines.clear();
    editor.setModelMarkers(model, markerOwner, []);
    return;
  }
  const range = visible(model, rangeOf(error.range));
  lines.set([{ range, options: { isWholeLine: true, className: 'failed-line' } }]);
  editor.setModelMarkers(model, markerOwner, [{ ...range, severity: MarkerSeverity.Error, message: error.message }]);
}

/** An empty range (the end of the input) cannot be seen: the word there, or the character before. */
function visible(model: editor.ITextModel, range: MonacoRange): MonacoRange {
  if (!range.isEmpty()) return range;
  const { startLineNumber: line, startColumn: column } = range;
  const word = model.getWordAtPosition(range.getStartPosition());
  if (word) return new MonacoRange(line, word.startColumn, line, word.endColumn);
  return new MonacoRange(line, Math.max(1, column - 1), line, Math.max(column, 2));
}
