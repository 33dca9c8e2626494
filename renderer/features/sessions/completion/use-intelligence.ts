import { useEffect, useMemo, useRef } from 'react';
import type { SqlIntelligence } from '../../../../shared/complete/look/sql-intelligence.ts';
import { knownOf, loadKept, loadRecorded, noteUse, noteWorkload, refresh } from '../../../client/catalogs.ts';
import { intelligenceOf } from '../../../workspace/completion/intelligence.ts';
import type { MonitorSource } from '../../../workspace/monitor/pages.ts';
import { useRecordingOf } from '../../../workspace/monitor/recordings.ts';
import { textOf } from '../../../workspace/texts.ts';
import type { RunState } from '../results/run-state.ts';

/** The server's tags of statements after which the catalog is another. */
const changing = /^(CREATE|ALTER|DROP|COMMENT|IMPORT|SELECT INTO|REFRESH)/;

/**
 * What the tab's editor knows of its database. The catalog comes from this machine first; the server is asked on the
 * source's own connection once the connection is in use (`awake`), after DDL of the tab's own, and when the tab is shown.
 */
export function useIntelligence(
  tabId: string,
  { connectionId, recordingId: openedId }: MonitorSource,
  database: string | null,
  awake: boolean,
  run: RunState | null,
): SqlIntelligence | undefined {
  const where = useMemo(() => (connectionId === null ? null : { connectionId, database }), [connectionId, database]);
  const recorded = useMemo(
    () => (connectionId === null && openedId !== null ? { recordingId: openedId, database } : null),
    [connectionId, openedId, database],
  );
  const recordingId = useRecordingOf({ connectionId, recordingId: openedId })?.id ?? null;
  const changed = useRef(false);
  const ended = run?.outcome ?? null;

  useEffect(() => {
    if (!where) return;
    const load = async () => {
      // Without a catalog nothing is suggested; the page says elsewhere why there is no connection.
      await loadKept(where).catch(() => undefined);
      if (awake) await refresh(where).catch(() => undefined);
    };
    void load();
  }, [where, awake]);

  useEffect(() => {
    if (!where || !run || !ended) return;
    noteUse(knownOf(where), textOf(tabId).text);
    const commands = run.messages.flatMap((message) => (message.kind === 'complete' ? [message.command] : []));
    if (commands.some((command) => changing.test(command))) changed.current = true;
    const afresh = changed.current && !commands.every((command) => command === 'BEGIN');
    void refresh(where, afresh).catch(() => undefined);
    if (commands.some((command) => command === 'COMMIT' || command === 'ROLLBACK')) changed.current = false;
  }, [where, run, ended, tabId]);

  useEffect(() => {
    const known = recorded ? knownOf(recorded) : where ? knownOf(where) : null;
    const load = async () => {
      if (recorded) await loadRecorded(recorded);
      if (known && recordingId !== null) await noteWorkload(known, { recordingId, database });
    };
    // Without a recording nothing is known of what others run.
    void load().catch(() => undefined);
  }, [recorded, where, recordingId, database]);

  return useMemo(() => {
    const at = where ?? recorded;
    return at ? intelligenceOf(at) : undefined;
  }, [where, recorded]);
}
