/**
 * The SQL editor. It owns its text: given once, reported by `onChange`, and never passed back in, so that nothing
 * renders while a person types. Positions are offsets (UTF-16 code units) in the text as it was last reported.
 */
import { useEffect, useImperativeHandle, useRef, useState } from 'react';
import { Failed } from './editor-failed.tsx';
import type { EditorHandle, SqlEditorProps, SqlEditorView } from './editor-types.ts';

/** The editor from outside. */
export type SqlEditorHandle = EditorHandle;

/** Keeps the first of equal values: the callers make new objects at every render. */
function useSame<T>(value: T): T {
  const kept = useRef(value);
  if (JSON.stringify(kept.current) !== JSON.stringify(value)) kept.current = value;
  return kept.current;
}

const none: readonly never[] = [];

export function SqlEditor({ ref, ...props }: SqlEditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const latest = useRef(props);
  latest.current = props;
  const [view, setView] = useState<SqlEditorView | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const { fontSizePx, readOnly, label } = props;
  const statement = useSame(props.statement);
  const running = useSame(props.running);
  const error = useSame(props.error);

  useEffect(() => {
    let made: SqlEditorView | null = null;
    let gone = false;
    // Its own bundle: the window paints before Monaco is read.
    import('./sql-editor-view.ts').then(
      ({ createSqlEditorView }) => {
        if (gone || !place.current) return;
        made = createSqlEditorView(place.current, () => latest.current);
        setView(made);
      },
      (thrown: unknown) => setFailure(thrown),
    );
    return () => {
      gone = true;
      made?.dispose();
    };
  }, []);

  useEffect(() => {
    view?.showOptions({ fontSizePx, readOnly: readOnly === true, label });
  }, [view, fontSizePx, readOnly, label]);
  useEffect(() => {
    view?.showStatement(statement, running);
  }, [view, statement, running]);
  useEffect(() => {
    view?.showError(error);
  }, [view, error]);
  const problems = useSame(props.problems ?? none);
  useEffect(() => {
    view?.showProblems(problems);
  }, [view, problems]);
  const notes = useSame(props.notes ?? none);
  useEffect(() => {
    view?.showNotes(notes);
  }, [view, notes]);
  useImperativeHandle(
    ref,
    () => ({
      selection: () => view?.selection() ?? null,
      flush: () => view?.flush(),
      reveal: (range) => view?.reveal(range),
      focus: () => view?.focus(),
      insert: (text, range) => view?.insert(text, range),
      apply: (edits) => view?.apply(edits),
      act: (action) => view?.act(action),
    }),
    [view],
  );
  if (failure) return <Failed thrown={failure} />;
  return <div ref={place} className="sql-editor h-full min-h-0 w-full bg-surface" aria-busy={view === null} />;
}
