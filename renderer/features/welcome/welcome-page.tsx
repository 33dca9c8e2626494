import { ArrowRight, Database, FileClock, FolderInput, Plug } from 'lucide-react';
import type { ReactNode } from 'react';
import { cx } from '../../ui/class-names.ts';
import { visibleText } from '../../ui/visible-text.ts';
import { wake } from '../../workspace/awake.ts';
import { runCommand, shownKeysOf } from '../../workspace/commands.ts';
import { colorClass, environmentMark } from '../../workspace/connection-look.ts';
import { useConnections } from '../../workspace/connections.ts';
import { openDialog } from '../../workspace/dialogs.ts';
import { changeLayout } from '../../workspace/layout.ts';
import { openTab } from '../../workspace/tabs.ts';

const icon = { size: 20, strokeWidth: 1.5 } as const;

/** What one sees with nothing open: the ways in. */
export function WelcomePage() {
  const connections = useConnections((all) => all.connections);
  const recent = [...connections].sort((a, b) => (b.usedAtMs ?? 0) - (a.usedAtMs ?? 0)).slice(0, 6);
  const open = (connectionId: string) => {
    wake(connectionId);
    changeLayout({ currentConnectionId: connectionId, currentDatabase: null });
    openTab({ kind: 'query', connectionId, database: null });
  };
  return (
    <div className="h-full overflow-auto">
      <div className="mx-auto flex min-h-full max-w-2xl flex-col justify-center gap-6 p-8">
        <header>
          <h1 className="text-xl font-semibold tracking-tight">Howdah</h1>
          <p className="mt-1 text-sm text-muted">A studio for PostgreSQL that remembers.</p>
        </header>
        <div className="grid grid-cols-1 gap-px overflow-hidden rounded-lg border border-line bg-line sm:grid-cols-2">
          <Way
            icon={<Plug {...icon} />}
            title="New connection"
            keys={shownKeysOf('connection.new')}
            onClick={() => openDialog({ kind: 'connection' })}
          >
            By form, or paste a URL or keyword string.
          </Way>
          <Way icon={<Database {...icon} />} title="Open the sample" onClick={() => openDialog({ kind: 'sample' })}>
            A PostgreSQL 18 of its own with a shop’s data; nothing to install.
          </Way>
          <Way
            icon={<FolderInput {...icon} />}
            title="Import connections"
            onClick={() => openDialog({ kind: 'import' })}
          >
            From ~/.pgpass, pg_service.conf and the PG variables.
          </Way>
          <Way icon={<FileClock {...icon} />} title="Open a recording" onClick={() => runCommand('recording.open')}>
            What a server was doing, with no server in reach.
          </Way>
        </div>
        {recent.length > 0 && (
          <section aria-label="Recent connections">
            <h2 className="mb-1 text-xs font-semibold text-muted">Recent connections</h2>
            <ul className="-mx-2">
              {recent.map((connection) => {
                const mark = environmentMark[connection.environment];
                return (
                  <li key={connection.id}>
                    <button
                      type="button"
                      onClick={() => open(connection.id)}
                      className="group flex h-8 w-full items-center gap-2.5 rounded-md px-2 text-left text-sm hover:bg-hover"
                    >
                      <span aria-hidden className={cx('h-4 w-1 rounded-full', colorClass[connection.color])} />
                      <span className="truncate">{visibleText(connection.name)}</span>
                      {mark && (
                        <span className={cx('rounded-sm px-1 text-2xs font-medium', mark.className)}>{mark.label}</span>
                      )}
                      <span className="min-w-0 flex-1 truncate text-xs text-faint">
                        {visibleText(`${connection.host}:${connection.port}/${connection.database}`)}
                      </span>
                      <ArrowRight
                        size={14}
                        strokeWidth={1.75}
                        className="text-faint opacity-0 group-hover:opacity-100"
                        aria-hidden
                      />
                    </button>
                  </li>
                );
              })}
            </ul>
          </section>
        )}
      </div>
    </div>
  );
}

function Way({
  icon: picture,
  title,
  keys,
  children,
  onClick,
}: {
  icon: ReactNode;
  title: string;
  keys?: string;
  children: ReactNode;
  onClick?: () => void;
}) {
  return (
    <button type="button" onClick={onClick} className="flex items-start gap-3 bg-surface p-4 text-left hover:bg-hover">
      <span className="mt-0.5 text-accent">{picture}</span>
      <span className="min-w-0 flex-1">
        <span className="flex items-baseline gap-2">
          <span className="text-sm font-medium">{title}</span>
          {keys && <kbd className="ml-auto font-sans text-2xs text-faint">{keys}</kbd>}
        </span>
        <span className="mt-0.5 block text-xs text-muted">{children}</span>
      </span>
    </button>
  );
}
