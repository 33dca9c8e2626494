import { Network } from 'lucide-react';
import { Button } from '../../../ui/button.tsx';
import { DropdownMenu } from '../../../ui/menu.tsx';
import { useConnections } from '../../../workspace/connections.ts';
import type { MonitorSource } from '../../../workspace/monitor/pages.ts';
import { openPlan } from '../../../workspace/plan-requests.ts';

const icon = <Network size={14} strokeWidth={1.75} />;

/** Plans of all monitoring pages come in one tab. */
const planTab = 'monitor';

/**
 * The plan of somebody else's statement: planned on a connection of the person's own, never run. A recording from
 * elsewhere has no connection: the person says which one is to plan it.
 */
export function ExplainButton({
  source,
  database,
  sql,
  of,
}: {
  source: MonitorSource;
  database: string | null;
  sql: string | null;
  /** Whose statement it is, as in "session 4711". */
  of: string;
}) {
  const connections = useConnections((all) => all.connections);
  const { recordingId } = source;
  const explainRecorded = () => {
    if (sql === null || recordingId === null) return;
    const remark = `A statement of ${of}, planned from the recording: nothing is run, and no server is asked.`;
    const what = { sql, caret: null, analyze: false, foreign: { remark } };
    openPlan(planTab, 'Plan', { connectionId: null, recordingId, database, sessionId: null, ...what });
  };
  const explain = (connectionId: string) => {
    if (sql === null) return;
    const remark = `A statement of ${of}, planned with the role, search_path and settings of this connection and without values for its parameters. Its own plan may be another one.`;
    // The database of a server from elsewhere may not be there: the connection's own is taken.
    const where = connectionId === source.connectionId ? database : null;
    openPlan(planTab, 'Plan', {
      connectionId,
      database: where,
      sessionId: null,
      sql,
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
        onClick={() => connectionId !== null && explain(connectionId)}
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
        ...connections.map(({ id, name }) => ({ label: name, run: () => explain(id) })),
      ]}
      trigger={
        <Button small icon={icon} disabled={sql === null}>
          Explain on…
        </Button>
      }
    />
  );
}
