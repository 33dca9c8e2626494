import { useEffect, useMemo, useRef } from 'react';
import type { ObjectKind } from '../../../../shared/api/objects.ts';
import { complete } from '../../../../shared/complete/complete.ts';
import { hoverAt } from '../../../../shared/complete/look/hover.ts';
import { type Named, namedAt } from '../../../../shared/complete/look/named-at.ts';
import { renameAt } from '../../../../shared/complete/look/rename.ts';
import { signatureAt } from '../../../../shared/complete/look/signature.ts';
import {
  joinsOf,
  knownOf,
  loadKept,
  loadRecorded,
  noteUse,
  noteWorkload,
  type RecordedWhere,
  refresh,
  type Where,
} from '../../../client/catalogs.ts';
import type { SqlIntelligence } from '../../../editor/intelligence/sql-intelligence.ts';
import type { MonitorSource } from '../../../workspace/monitor/pages.ts';
import { useRecordingOf } from '../../../workspace/monitor/recordings.ts';
import { openTab } from '../../../workspace/tabs.ts';
import { textOf } from '../../../workspace/texts.ts';
import type { RunState } from '../results/run-state.ts';
import { jsonKeysAwaited, jsonKeysOf } from './json-keys.ts';

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

function intelligenceOf(where: Where | RecordedWhere): SqlIntelligence {
  const known = knownOf(where);
  // A recording has no rows to look at.
  const live = 'recordingId' in where ? null : where;
  const jsonKeys = live ? { jsonKeys: jsonKeysOf(live) } : {};
  return {
    complete: (text, caret) =>
      known.catalog &&
      complete({ text, caret, catalog: known.catalog, uses: known.uses, joins: joinsOf(known), ...jsonKeys }),
    awaited: (text, caret) => (live && known.catalog ? jsonKeysAwaited(live, known.catalog, text, caret) : null),
    hover: (text, offset) => known.catalog && hoverAt(known.catalog, text, offset),
    rename: (text, offset) => known.catalog && renameAt(known.catalog, text, offset),
    signature: (text, caret) => known.catalog && signatureAt(known.catalog, text, caret),
    openDefinition(text, offset) {
      // The caret right behind a name means that name.
      const found =
        known.catalog &&
        (namedAt(known.catalog, text, offset) ?? (offset > 0 ? namedAt(known.catalog, text, offset - 1) : null));
      const object = found && objectOf(found.named);
      // An object's page asks a server.
      if (!object || !known.catalog || 'recordingId' in where) return false;
      openTab({
        kind: 'object',
        connectionId: where.connectionId,
        database: where.database ?? known.catalog.head.database,
        object,
      });
      return true;
    },
  };
}

type Found = { readonly kind: ObjectKind; readonly oid: number; readonly schema: string | null; readonly name: string };

/** The object whose page is opened; a column's is its table's. */
function objectOf(named: Named): Found | null {
  const relation =
    named.kind === 'relation'
      ? named.relation
      : named.kind === 'column' || named.kind === 'source'
        ? named.source.relation
        : null;
  if (relation) {
    if (relation.kind === 'composite') return null;
    return { kind: relation.kind, oid: relation.oid, schema: relation.schema, name: relation.name };
  }
  if (named.kind === 'routine') {
    const { kind, oid, schema, name } = named.routine;
    return { kind: kind === 'procedure' || kind === 'aggregate' ? kind : 'function', oid, schema, name };
  }
  if (named.kind === 'type') {
    const { kind, oid, schema, name } = named.type;
    return { kind: kind === 'domain' ? 'domain' : 'type', oid, schema, name };
  }
  return null;
}
