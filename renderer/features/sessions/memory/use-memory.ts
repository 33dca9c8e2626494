import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { RememberedStatement } from '../../../../shared/api/memory.ts';
import { client } from '../../../client/connect.ts';
import type { StatementNote } from '../../../editor/editor-types.ts';
import { toast } from '../../../ui/toast.tsx';
import { useCommand } from '../../../workspace/commands.ts';
import { openMonitor } from '../../../workspace/monitor/open-monitor.ts';
import type { MonitorSource } from '../../../workspace/monitor/pages.ts';
import { useRecordingOf } from '../../../workspace/monitor/recordings.ts';
import { dayMs } from '../../../workspace/monitor/time-range.ts';
import { show } from '../../../workspace/monitor/time-view.ts';
import { useSettings } from '../../../workspace/settings.ts';
import { openTab } from '../../../workspace/tabs.ts';
import { textOf } from '../../../workspace/texts.ts';
import { memoryParts, pressHint } from './memory-words.ts';

/** After the last key; nothing is asked while somebody types. */
const restMs = 700;
/** What is remembered grows a minute at a time. */
const againMs = 60_000;
/** A longer text is a dump, not statements that somebody looks at one by one. */
const longText = 300_000;

export interface Memory {
  readonly notes: readonly StatementNote[];
  readonly onNote: (note: StatementNote, part: number) => void;
  /** The text has changed. */
  readonly lookAgain: () => void;
}

interface Found {
  readonly text: string;
  readonly atMs: number;
  readonly statements: readonly RememberedStatement[];
}
const nothing: Found = { text: '', atMs: 0, statements: [] };

/** What is remembered of the tab's statements, from the recording of its source: also when the server is away. */
export function useMemory(tabId: string, source: MonitorSource, database: string | null): Memory {
  const { editorMemory: on } = useSettings();
  const recording = useRecordingOf(source);
  const recordingId = recording?.id ?? null;
  const [found, setFound] = useState(nothing);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const control = useRef<AbortController>(undefined);

  const look = useCallback(async () => {
    control.current?.abort();
    const { text } = textOf(tabId);
    const own = new AbortController();
    control.current = own;
    if (!on || text.length > longText || text.trim() === '') {
      setFound(nothing);
      return;
    }
    try {
      const asked = { recordingId, text, ...(database === null ? {} : { database }) };
      const statements = await client.memory.look(asked, { signal: own.signal });
      if (!own.signal.aborted) setFound({ text, atMs: Date.now(), statements });
    } catch {
      // An editor without its memory is an editor all the same; the recording's own pages say what is wrong with it.
      if (!own.signal.aborted) setFound(nothing);
    }
  }, [tabId, recordingId, database, on]);

  const lookAgain = useCallback(() => {
    clearTimeout(timer.current);
    control.current?.abort();
    timer.current = setTimeout(() => void look(), restMs);
  }, [look]);
  useEffect(() => {
    void look();
    const every = setInterval(() => void look(), againMs);
    return () => {
      clearInterval(every);
      clearTimeout(timer.current);
      control.current?.abort();
    };
  }, [look]);

  const open = useCallback(
    (one: RememberedStatement, opens: 'statement' | 'plan') => {
      if (opens === 'plan' && one.plan) openTab({ kind: 'plan', planId: one.plan.lastId });
      else if (recording && one.key !== null) {
        const { id, fromMs, toMs } = recording;
        show(
          id,
          { kind: 'last', lengthMs: dayMs },
          { fromMs, toMs, live: recording.state === 'recording', everyMs: 1000 },
        );
        openMonitor('statements', source, one.key);
      }
    },
    [recording, source],
  );
  const shown = useMemo(
    () =>
      found.statements.map((one) => {
        const parts = memoryParts(one, found.atMs);
        return {
          one,
          parts,
          note: { from: one.from, parts: parts.map(({ text, opens }) => ({ text, hint: pressHint[opens] })) },
        };
      }),
    [found],
  );
  const notes = useMemo(() => shown.map(({ note }) => note), [shown]);
  const onNote = useCallback(
    (note: StatementNote, part: number) => {
      const pressed = shown.find((each) => each.note.from === note.from);
      const opens = pressed?.parts[part]?.opens;
      if (pressed && opens) open(pressed.one, opens);
    },
    [shown, open],
  );
  useCommand(
    'query.memory',
    () => {
      const { caret } = textOf(tabId);
      const here = shown.find(({ one }) => one.from <= caret && caret <= one.to + 1);
      const opens = here?.parts[0]?.opens;
      if (here && opens) open(here.one, opens);
      else toast('Nothing is remembered of this statement: no recording and no kept plan has it.', 'info');
    },
    () => on,
  );
  return { notes, onNote, lookAgain };
}
