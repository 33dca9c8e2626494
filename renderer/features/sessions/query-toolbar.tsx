import { CircleStop, Download, LoaderCircle, Network, Play, StepForward } from 'lucide-react';
import { Fragment, useEffect, useState } from 'react';
import type { ListedConnection } from '../../../shared/api/connections.ts';
import { client } from '../../client/connect.ts';
import { useCall } from '../../client/use-call.ts';
import { shownDuration } from '../../ui/amounts.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { cx } from '../../ui/class-names.ts';
import { runCommand, shownKeysOf } from '../../workspace/commands.ts';
import { colorClass, environmentMark } from '../../workspace/connection-look.ts';
import { useConnection, useConnections } from '../../workspace/connections.ts';
import type { RunOptions } from '../../workspace/run-options.ts';
import { EditorMenuButton } from './editor-menu.tsx';
import { RunOptionsButton } from './run-options/run-options-button.tsx';
import type { TabSession } from './tab-sessions.ts';
import { CommitControls } from './transaction/commit-controls.tsx';

const look = { size: 15, strokeWidth: 1.75 } as const;
const plainSelect =
  'h-7 min-w-14 truncate rounded-md border border-transparent bg-transparent px-1 text-sm hover:border-line-strong';

export interface QueryToolbarProps {
  readonly session: TabSession;
  readonly connectionId: string | null;
  /** From a recording, where the tab has one in place of a connection. */
  readonly mayExplain: boolean;
  readonly database: string | null;
  readonly options: RunOptions;
  readonly onOptions: (options: RunOptions) => void;
  readonly onConnection: (connectionId: string) => void;
  readonly onDatabase: (database: string) => void;
}

/** Where the tab's statements go, and the buttons that send them. */
export function QueryToolbar(props: QueryToolbarProps) {
  const { session, connectionId, mayExplain, database, options, onOptions, onConnection, onDatabase } = props;
  const connections = useConnections((all) => all.connections);
  const connection = useConnection(connectionId);
  const databases = useCall(client.objects.databases, session.sessionId && connectionId ? { connectionId } : null);
  const running = session.run?.running ?? false;
  const mark = connection ? environmentMark[connection.environment] : null;
  const shownDatabase = database ?? session.facts?.database ?? connection?.database ?? '';
  const names = new Set(
    [...(databases.data ?? []).filter((each) => each.allowConnections).map((each) => each.name), shownDatabase].filter(
      Boolean,
    ),
  );
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is of a form, which this is not
    <div
      role="group"
      aria-label="Run and where"
      className="@container flex h-10 shrink-0 items-center gap-1 border-b border-line px-2"
    >
      {running ? (
        <Button
          kind="danger"
          icon={<CircleStop {...look} />}
          onClick={() => runCommand('query.cancel')}
          title={session.cancelling ? 'Press again to end the backend' : shownKeysOf('query.cancel')}
        >
          {session.cancelling ? 'Cancelling: press again to end it' : 'Cancel'}
        </Button>
      ) : (
        <Button
          kind="primary"
          icon={<Play {...look} />}
          onClick={() => runCommand('query.run')}
          title={`Run the statement at the caret or the selection  ${shownKeysOf('query.run') ?? ''}`}
          disabled={!connection || session.opening}
          busy={session.opening}
        >
          Run
        </Button>
      )}
      <IconButton
        label="Run all statements"
        keys={shownKeysOf('query.runAll')}
        icon={<StepForward {...look} />}
        disabled={running || !connection}
        onClick={() => runCommand('query.runAll')}
        className="size-7"
      />
      <IconButton
        label="Explain statement"
        keys={shownKeysOf('query.explain')}
        icon={<Network {...look} />}
        disabled={running || !(connection || mayExplain)}
        onClick={() => runCommand('query.explain')}
        className="size-7"
      />
      <IconButton
        label="Export the result"
        keys={shownKeysOf('query.export')}
        icon={<Download {...look} />}
        disabled={(session.run?.results.length ?? 0) + session.kept.length === 0}
        onClick={() => runCommand('query.export')}
        className="size-7"
      />
      <EditorMenuButton />
      <span aria-hidden className="mx-1 h-4 w-px bg-line" />
      <CommitControls
        session={session}
        commit={options.commit}
        onCommit={(commit) => onOptions({ ...options, commit })}
      />
      <RunOptionsButton connectionId={connection?.id ?? null} options={options} onOptions={onOptions} />
      {running && session.run && <RunningFor startedAtMs={session.run.startedAtMs} />}
      <span className="flex-1" />
      {mark && <span className={cx('rounded-sm px-1.5 text-2xs font-medium', mark.className)}>{mark.label}</span>}
      {connection?.readOnly && (
        <span className="rounded-sm bg-sunken px-1.5 text-2xs font-medium text-muted">read-only</span>
      )}
      {connection && <span aria-hidden className={cx('ml-1 h-4 w-1 rounded-full', colorClass[connection.color])} />}
      <select
        aria-label="Connection"
        // The tab of a connection that was deleted has none, until one is chosen.
        value={connection?.id ?? ''}
        disabled={running}
        onChange={(event) => onConnection(event.currentTarget.value)}
        className={cx(plainSelect, 'max-w-56')}
      >
        {!connection && <option value="">Choose a connection</option>}
        <ConnectionOptions connections={connections} />
      </select>
      {connection && (
        <select
          aria-label="Database of this tab"
          value={shownDatabase}
          disabled={running}
          onChange={(event) => onDatabase(event.currentTarget.value)}
          className={cx(plainSelect, 'max-w-44 text-muted')}
        >
          {[...names].map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      )}
    </div>
  );
}

/** Those without a group first, then each group under its name. */
function ConnectionOptions({ connections }: { connections: readonly ListedConnection[] }) {
  const groups = Map.groupBy(connections, (each) => each.group);
  const names = [...groups.keys()].sort((a, b) => a.localeCompare(b));
  return names.map((group) => {
    const options = (groups.get(group) ?? []).map((each) => (
      <option key={each.id} value={each.id}>
        {each.name}
      </option>
    ));
    return group === '' ? (
      <Fragment key="">{options}</Fragment>
    ) : (
      <optgroup key={group} label={group}>
        {options}
      </optgroup>
    );
  });
}

/** How long the run has been going. */
function RunningFor({ startedAtMs }: { startedAtMs: number }) {
  const [now, setNow] = useState(startedAtMs);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 100);
    return () => clearInterval(timer);
  }, []);
  return (
    <span className="ml-1 inline-flex items-center gap-1.5 text-xs text-muted tabular-nums">
      <LoaderCircle size={13} className="animate-spin" aria-hidden />
      {shownDuration(Math.max(0, now - startedAtMs))}
    </span>
  );
}
