/** What is said of places in the text: marked there, walked through by key, and mended by Monaco's quick fixes. */
import { editor, languages, MarkerSeverity, Range as MonacoRange, Selection } from 'monaco-editor/editor';
import type { Edit, Problem, Severity } from '../../../shared/lint/problem.ts';
import type { ProblemAction } from '../editor-types.ts';

const owner = 'checks';
const switchOffCommand = 'howdah.switchOff';
const severities: Readonly<Record<Severity, MarkerSeverity>> = {
  error: MarkerSeverity.Error,
  warning: MarkerSeverity.Warning,
  info: MarkerSeverity.Info,
  hint: MarkerSeverity.Hint,
};
const all = new Map<editor.ITextModel, ProblemMarks>();

export class ProblemMarks {
  private readonly monaco: editor.IStandaloneCodeEditor;
  private readonly model: editor.ITextModel;
  readonly switchOff: (rule: string) => void;
  private shown: readonly Problem[] = [];
  /** Of the text that `shown` speaks of. */
  private version = 0;

  constructor(monaco: editor.IStandaloneCodeEditor, model: editor.ITextModel, switchOff: (rule: string) => void) {
    this.monaco = monaco;
    this.model = model;
    this.switchOff = switchOff;
    all.set(model, this);
  }

  dispose(): void {
    all.delete(this.model);
  }

  show(problems: readonly Problem[]): void {
    this.shown = problems;
    this.version = this.model.getVersionId();
    const markers = problems.map((problem) => ({
      ...visible(this.model, this.rangeOf(problem)),
      severity: severities[problem.severity],
      message: `${problem.message}\n${problem.explanation}`,
      code: problem.rule,
    }));
    editor.setModelMarkers(this.model, owner, markers);
  }

  /** Those that touch the range; none while the text is newer than they are. */
  at(range: MonacoRange): readonly Problem[] {
    if (this.version !== this.model.getVersionId()) return [];
    return this.shown.filter((problem) =>
      MonacoRange.areIntersectingOrTouching(visible(this.model, this.rangeOf(problem)), range),
    );
  }

  rangeOf({ from, to }: { readonly from: number; readonly to: number }): MonacoRange {
    return MonacoRange.fromPositions(this.model.getPositionAt(from), this.model.getPositionAt(to));
  }

  apply(edits: readonly Edit[]): void {
    this.monaco.pushUndoStop();
    this.monaco.executeEdits(
      owner,
      edits.map((edit) => ({ range: this.rangeOf(edit), text: edit.text, forceMoveMarkers: true })),
    );
    this.monaco.pushUndoStop();
    this.monaco.focus();
  }

  act(action: ProblemAction): void {
    this.monaco.focus();
    if (action === 'quickFix') this.monaco.trigger('keyboard', 'editor.action.quickFix', {});
    else this.walk(action === 'nextProblem' ? 1 : -1);
  }

  /** By what Monaco has moved along with the text, so that it is right while typing too. */
  private walk(step: 1 | -1): void {
    const places = editor
      .getModelMarkers({ resource: this.model.uri })
      .map(
        ({ startLineNumber, startColumn, endLineNumber, endColumn }) =>
          new MonacoRange(startLineNumber, startColumn, endLineNumber, endColumn),
      )
      .sort(MonacoRange.compareRangesUsingStarts);
    const caret = this.monaco.getPosition();
    if (places.length === 0 || !caret) return;
    const after = (range: MonacoRange): boolean => caret.isBefore(range.getStartPosition());
    const before = (range: MonacoRange): boolean => range.getStartPosition().isBefore(caret);
    const next = step === 1 ? (places.find(after) ?? places[0]) : (places.findLast(before) ?? places.at(-1));
    if (!next) return;
    this.monaco.setSelection(Selection.fromPositions(next.getStartPosition()));
    this.monaco.revealRangeInCenterIfOutsideViewport(next);
    this.monaco.trigger('keyboard', 'editor.action.showHover', { focus: 'noAutoFocus' });
  }
}

/** An empty range (the end of the text) cannot be seen: the character before it is shown. */
function visible(model: editor.ITextModel, range: MonacoRange): MonacoRange {
  if (!range.isEmpty()) return range;
  const { startLineNumber: line, startColumn: column } = range;
  const word = model.getWordAtPosition(range.getStartPosition());
  if (word) return new MonacoRange(line, word.startColumn, line, word.endColumn);
  return new MonacoRange(line, Math.max(1, column - 1), line, Math.max(column, 2));
}

const always = new Set(['syntax', 'psql']);

function actionsFor(model: editor.ITextModel, marks: ProblemMarks, problem: Problem): languages.CodeAction[] {
  const edit = (edits: readonly Edit[]): languages.WorkspaceEdit => ({
    edits: edits.map((each) => ({
      resource: model.uri,
      versionId: model.getVersionId(),
      textEdit: { range: marks.rangeOf(each), text: each.text },
    })),
  });
  const actions = problem.fixes.map(
    (fix, index): languages.CodeAction => ({
      title: fix.title,
      kind: 'quickfix',
      edit: edit(fix.edits),
      isPreferred: index === 0,
    }),
  );
  if (always.has(problem.rule)) return actions;
  const { lineNumber } = model.getPositionAt(problem.from);
  const indent = /^\s*/.exec(model.getLineContent(lineNumber))?.[0] ?? '';
  const at = model.getOffsetAt({ lineNumber, column: 1 });
  const comment = `${indent}-- howdah: ignore ${problem.rule}\n`;
  return [
    ...actions,
    { title: 'Ignore it here', kind: 'quickfix', edit: edit([{ from: at, to: at, text: comment }]) },
    {
      title: 'Switch this check off',
      kind: 'quickfix',
      command: { id: switchOffCommand, title: '', arguments: [model.uri.toString(), problem.rule] },
    },
  ];
}

/** Once for the language; called when Monaco is set up. */
export function provideFixes(languageId: string): void {
  languages.registerCodeActionProvider(languageId, {
    provideCodeActions(model, range) {
      const marks = all.get(model);
      const found = marks?.at(MonacoRange.lift(range)) ?? [];
      return {
        actions: marks ? found.flatMap((problem) => actionsFor(model, marks, problem)) : [],
        dispose: () => undefined,
      };
    },
  });
  editor.registerCommand(switchOffCommand, (_accessor, uri: string, rule: string) => {
    for (const [model, marks] of all) if (model.uri.toString() === uri) marks.switchOff(rule);
  });
}
