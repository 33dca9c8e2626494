import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Problem } from '../../../../shared/lint/problem.ts';
import { knownOf, refresh } from '../../../client/catalogs.ts';
import { changeSettings, useSettings } from '../../../workspace/settings.ts';
import { textOf } from '../../../workspace/texts.ts';
import type { TabSession } from '../tab-sessions.ts';
import { Checker } from './checker.ts';
import { sessionNames } from './session-names.ts';

const restMs = 250;
/** A long text is sent as a whole to be split: only when the typing rests for longer. */
const longText = 200_000;
const longRestMs = 900;
/** While the catalog is still on its way it is looked for again so often. */
const waitMs = 700;

export interface Checks {
  readonly problems: readonly Problem[];
  /** The text or the caret has changed. */
  lookAgain(): void;
  switchOff(rule: string): void;
}

/** What is wrong with the tab's text, soon after the typing rests. */
export function useChecks(
  tabId: string,
  connectionId: string | null,
  database: string | null,
  session: TabSession,
): Checks {
  const { checksOff, checkOnServer } = useSettings();
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const checker = useMemo(() => new Checker(), []);
  const round = useRef<{ abort: AbortController; text: string } | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const names = useRef({ kept: new Set<string>(), open: new Set<string>() });
  const where = useMemo(() => (connectionId === null ? null : { connectionId, database }), [connectionId, database]);
  const { run, state, sessionId } = session;
  const open = state !== null && state.transaction !== 'idle';
  const standard = sessionId !== null;

  const look = useCallback(async () => {
    const { text, caret } = textOf(tabId);
    round.current?.abort.abort();
    const abort = new AbortController();
    round.current = { abort, text };
    const known = where ? knownOf(where) : null;
    const around = new Set([...names.current.kept, ...names.current.open]);
    const options = {
      text,
      caret,
      catalog: known?.catalog ?? null,
      off: new Set(checksOff),
      sessionNames: around,
      server: standard && checkOnServer && !open ? where : null,
      signal: abort.signal,
    };
    let nameless = false;
    try {
      for await (const found of checker.look(options)) {
        if (abort.signal.aborted) return;
        nameless = found.some(({ rule }) => rule === 'name');
        setProblems(found);
      }
    } catch {
      // The backend is away: the page says so elsewhere.
      return;
    }
    if (!where || !known || abort.signal.aborted) return;
    // A name that is not there may have been made by somebody else since; and the catalog may still be on its way.
    if (nameless && standard) await refresh(where).catch(() => undefined);
    const later = known.catalog !== options.catalog ? 0 : known.catalog === null ? waitMs : null;
    if (later !== null && !abort.signal.aborted) {
      clearTimeout(timer.current);
      timer.current = setTimeout(() => void look(), later);
    }
  }, [tabId, where, checksOff, checkOnServer, open, standard, checker]);

  const lookAgain = useCallback(() => {
    const { text } = textOf(tabId);
    // Of a long text what is near the caret is checked: another place, another look.
    if (round.current?.text === text && text.length <= longText) return;
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void look(), text.length > longText ? longRestMs : restMs);
  }, [tabId, look]);

  useEffect(() => {
    timer.current = setTimeout(() => void look(), restMs);
    return () => {
      clearTimeout(timer.current);
      round.current?.abort.abort();
    };
  }, [look]);

  const ended = run?.outcome ?? null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for every run that has ended
  useEffect(() => {
    if (!run || !ended || !where) return;
    // What was run, and not what has been typed since.
    const text = run.source.text || textOf(tabId).text;
    for (const name of sessionNames(text, false)) names.current.kept.add(name);
    names.current.open = new Set(open ? [...names.current.open, ...sessionNames(text, true)] : []);
    // The catalog is being read anew where the run has changed it.
    void refresh(where)
      .catch(() => undefined)
      .then(look);
  }, [ended]);
  useEffect(() => {
    // Another session knows nothing of what this one had.
    if (sessionId) names.current = { kept: new Set(), open: new Set() };
  }, [sessionId]);

  const switchOff = useCallback(
    (rule: string) => {
      changeSettings({ checksOff: [...new Set([...checksOff, rule])] }).catch(() => undefined);
    },
    [checksOff],
  );
  return { problems, lookAgain, switchOff };
}
