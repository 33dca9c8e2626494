/** What the editor takes and gives. Offsets are UTF-16 code units in the text as it was last reported. */
import type { Ref } from 'react';
import type { SqlIntelligence } from '../../shared/complete/look/sql-intelligence.ts';
import type { Edit, Problem } from '../../shared/lint/problem.ts';

export type Range = { readonly from: number; readonly to: number };
export type EditorChange = { readonly text?: string; readonly caret?: number; readonly scrollTop?: number };

export type EditorHandle = {
  /** What is selected, reported before this returns; null where nothing is, or the editor is not there yet. */
  selection(): Range | null;
  /** Reports everything typed so far: a long text is otherwise reported when the typing rests. */
  flush(): void;
  /** Brings the range into sight, puts the caret at its beginning, and takes the focus. */
  reveal(range: Range): void;
  focus(): void;
  /** Replaces a range (by default what is selected) as one step that can be undone. */
  insert(text: string, range?: Range): void;
  /** Changes several places as one step that can be undone. */
  apply(edits: readonly Edit[]): void;
  act(action: EditorAction): void;
};

/** `nextProblem` and `previousProblem` go there and show what is said of it. */
export type ProblemAction = 'nextProblem' | 'previousProblem' | 'quickFix';
export type EditorAction = ProblemAction | 'suggest' | 'definition' | 'rename' | 'cut' | 'copy' | 'paste';

/** Words shown after the first line of what begins at `from`. */
export type StatementNote = {
  readonly from: number;
  /** Each can be pressed by itself. */
  readonly parts: readonly {
    readonly text: string /** Over it, when the pointer rests there. */;
    readonly hint: string;
  }[];
};

export type SqlEditorProps = {
  readonly ref?: Ref<EditorHandle>;
  /** The accessible name. */
  readonly label: string;
  readonly initialText: string;
  readonly initialCaret?: number;
  readonly initialScrollTop?: number;
  readonly fontSizePx: number;
  readonly readOnly?: boolean;
  readonly placeholder?: string;
  /** It is one field of a form: Tab leaves it, and the wheel goes on to what is around it. */
  readonly inForm?: boolean;
  /** The statement that Run would run: a calm bar at its left. */
  readonly statement: Range | null;
  /** What is running. */
  readonly running: Range | null;
  /** Where the server found an error, and what it says. */
  readonly error: { readonly range: Range; readonly message: string } | null;
  /** What is said of places in the text, in their order; ranges in the text as it was last reported. */
  readonly problems?: readonly Problem[];
  /** The person wants to hear no more of a rule. */
  readonly onSwitchOff?: (rule: string) => void;
  readonly notes?: readonly StatementNote[];
  readonly onNote?: (note: StatementNote, part: number) => void;
  /** What is known of the database: without it nothing is suggested. */
  readonly intelligence?: SqlIntelligence | undefined;
  readonly onChange: (change: EditorChange) => void;
  /** Ctrl/Cmd+Enter, where no one outside took the key before. */
  readonly onRun?: () => void;
  /** Ctrl/Cmd+Shift+Enter. */
  readonly onRunAll?: () => void;
};

/** The same, made: what sql-editor.tsx asks of the bundle that holds Monaco. */
export type SqlEditorView = EditorHandle & {
  showOptions(options: { fontSizePx: number; readOnly: boolean; label: string }): void;
  showStatement(statement: Range | null, running: Range | null): void;
  showError(error: SqlEditorProps['error']): void;
  showProblems(problems: readonly Problem[]): void;
  showNotes(notes: readonly StatementNote[]): void;
  dispose(): void;
};
