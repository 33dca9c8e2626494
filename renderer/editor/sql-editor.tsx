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
/** What runs shorter than this is not marked: its mark would only flicker, and be drawn with its rows. */
const markedAfterMs = 150;

/** The value once there has been one for that long. */
function useLasting<T>(value: T | null, afterMs: number): T | null {
  const [lasts, setLasts] = useState(false);
  const isThere = value !== null;
  useEffect(() => {
    if (!isThere) return setLasts(false);
    const timer = setTimeout(() => setLasts(true), afterMs);
    return () => clearTimeout(timer);
  }, [isThere, afterMs]);
  return lasts ? value : null;
}

export function SqlEditor({ ref, ...props }: SqlEditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const latest = useRef(props);
  latest.current = props;
  const [view, setView] = useState<SqlEditorView | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const { fontSizePx, readOnly, label } = props;
  const statement = useSame(props.statement);
  const running = useSame(useLasting(props.running, markedAfterMs));
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
