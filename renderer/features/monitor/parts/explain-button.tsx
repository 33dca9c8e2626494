import { Network } from 'lucide-react';
import { useState } from 'react';
import { withoutLiterals } from '../../../../shared/sql/without-literals.ts';
import { client } from '../../../client/connect.ts';
import { Button } from '../../../ui/button.tsx';
import { DropdownMenu } from '../../../ui/menu.tsx';
import { useConnections } from '../../../workspace/connections.ts';
import type { MonitorSource } from '../../../workspace/monitor/pages.ts';
import { openPlan } from '../../../workspace/plan-requests.ts';

const icon = <Network size={14} strokeWidth={1.75} />;

/** Plans of all monitoring pages come in one tab. */
const planTab = 'monitor';

/** A session that is at the statement now, on the source's own connection. */
interface RunningSession {
  readonly pid: number;
  readonly backendStartMs: number | null;
}

/** What a recording keeps has no values, what pg_stat_statements writes has other marks for them. */
const withoutValues = (sql: string): string => withoutLiterals(sql).replace(/\$\d+(?:\s*,\s*\$\d+)*/g, '?');

/** The statement with its values, where the session is still at it; null where not, or where it cannot be asked. */
async function stillRunning(connectionId: string, session: RunningSession, sql: string): Promise<string | null> {
  const { pid, backendStartMs } = session;
  const now = await client.signals.preview({ connectionId, pid, backendStartMs }).catch(() => null);
  return now?.there && now.state === 'active' && withoutValues(now.query) === withoutValues(sql) ? now.query : null;
}

/**
 * The plan of somebody else's statement: planned on a connection of the person's own, never run. A recording from
 * elsewhere has no connection: the person says which one is to plan it.
 */
export function ExplainButton({
  source,
  database,
  sql,
  of,
  running,
}: {
  source: MonitorSource;
  database: string | null;
  sql: string | null;
  /** Whose statement it is, as in "session 4711". */
  of: string;
  /** Where it runs now: it is asked for there, values and all. */
  running?: RunningSession;
}) {
  const [asking, setAsking] = useState(false);
  const connections = useConnections((all) => all.connections);
  const { recordingId } = source;
  const explainRecorded = () => {
    if (sql === null || recordingId === null) return;
    const remark = `A statement of ${of}, planned from the recording: nothing is run, and no server is asked.`;
    const what = { sql, caret: null, analyze: false, foreign: { remark } };
    openPlan(planTab, 'Plan', { connectionId: null, recordingId, database, sessionId: null, ...what });
  };
  const explain = async (connectionId: string) => {
    if (sql === null) return;
    setAsking(true);
    const now = running && connectionId === source.connectionId ? await stillRunning(connectionId, running, sql) : null;
    setAsking(false);
    const how = now === null ? 'without values for its parameters' : 'with its values, as it is running now';
    const remark = `A statement of ${of}, planned with the role, search_path and settings of this connection and ${how}. Its own plan may be another one.`;
    // The database of a server from elsewhere may not be there: the connection's own is taken.
    const where = connectionId === source.connectionId ? database : null;
    openPlan(planTab, 'Plan', {
      connectionId,
      database: where,
      sessionId: null,
      sql: now ?? sql,
      caret: null,
      analyze: false,
      foreign: { remark },
    });
  };
  const { connectionId } = source;
  if (connectionId !== null || (connections.length === 0 && recordingId === null)) {
    return (
      <Button
        small
        icon={icon}
        disabled={sql === null || connectionId === null}
        title={connectionId === null ? 'There is no connection to plan it on: make one first.' : 'Plan it, not run it'}
        busy={asking}
        onClick={() => connectionId !== null && void explain(connectionId)}
      >
        Explain
      </Button>
    );
  }
  return (
    <DropdownMenu
      items={[
        { kind: 'heading', label: 'Plan it on' },
        ...(recordingId === null ? [] : [{ label: 'this recording, without a server', run: explainRecorded }]),
        ...connections.map(({ id, name }) => ({ label: name, run: () => void explain(id) })),
      ]}
      trigger={
        <Button small icon={icon} disabled={sql === null}>
          Explain on…
        </Button>
      }
    />
  );
}
