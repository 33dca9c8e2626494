/** Words after a statement's first line: no part of the text, neither selected nor copied; a press on them is told. */
import { editor, Range as MonacoRange } from 'monaco-editor/editor';
import type { StatementNote } from '../editor-types.ts';

const mostShown = 100;
const className = 'statement-note';

export class StatementNotes {
  private readonly model: editor.ITextModel;
  private readonly marks: editor.IEditorDecorationsCollection;
  private shown: readonly { readonly note: StatementNote; readonly part: number }[] = [];

  constructor(
    monaco: editor.IStandaloneCodeEditor,
    model: editor.ITextModel,
    onPress: (note: StatementNote, part: number) => void,
  ) {
    this.model = model;
    this.marks = monaco.createDecorationsCollection();
    monaco.onMouseDown(({ event, target }) => {
      const place = /statement-note-(\d+)/.exec(target.element?.className ?? '')?.[1];
      const pressed = place === undefined ? undefined : this.shown[Number(place)];
      if (!pressed || !event.leftButton) return;
      event.preventDefault();
      onPress(pressed.note, pressed.part);
    });
    model.onDidChangeContent(() => this.keepAtLineEnds());
  }

  show(notes: readonly StatementNote[]): void {
    const lines = new Set<number>();
    const shown: { note: StatementNote; part: number; lineNumber: number }[] = [];
    for (const note of notes) {
      const { lineNumber } = this.model.getPositionAt(note.from);
      // Of statements that share a line the first one has the room.
      if (lines.has(lineNumber) || lines.size >= mostShown) continue;
      lines.add(lineNumber);
      note.parts.forEach((_, part) => {
        shown.push({ note, part, lineNumber });
      });
    }
    this.shown = shown;
    this.marks.set(
      shown.map(({ note, part, lineNumber }, place) => this.mark(lineNumber, note.parts[part], part, place)),
    );
  }

  private mark(
    lineNumber: number,
    { text, hint }: StatementNote['parts'][number] = { text: '', hint: '' },
    part: number,
    place: number,
  ): editor.IModelDeltaDecoration {
    const inlineClassName = `${className} statement-note-${place}${part === 0 ? ' statement-note-first' : ''}`;
    return {
      range: this.endOf(lineNumber),
      options: {
        showIfCollapsed: true,
        hoverMessage: { value: hint },
        after: { content: text, inlineClassName, cursorStops: editor.InjectedTextCursorStops.None },
      },
    };
  }

  private endOf(lineNumber: number): MonacoRange {
    const column = this.model.getLineMaxColumn(lineNumber);
    return new MonacoRange(lineNumber, column, lineNumber, column);
  }

  /** What is typed at the end of the line stands before the words. */
  private keepAtLineEnds(): void {
    if (this.shown.length === 0) return;
    const ranges = this.marks.getRanges();
    const moved = ranges.some(
      ({ startLineNumber, startColumn }) => startColumn !== this.endOf(startLineNumber).startColumn,
    );
    if (!moved) return;
    this.marks.set(
      ranges.map(({ startLineNumber }, place) => {
        const { note, part = 0 } = this.shown[place] ?? {};
        return this.mark(startLineNumber, note?.parts[part], part, place);
      }),
    );
  }
}
