import { useSyncExternalStore } from 'react';
import type { AppInfo } from '../../shared/api/app.ts';
import { linkState, reconnect } from '../client/connect.ts';
import { RunsStatus } from '../features/sessions/runs/runs-status.tsx';
import { LocksStatus } from '../features/sessions/transaction/locks-status.tsx';
import { TransfersStatus } from '../features/transfer/tasks/transfers-status.tsx';
import { cx } from '../ui/class-names.ts';
import { runCommand } from '../workspace/commands.ts';
import { environmentMark } from '../workspace/connection-look.ts';
import { useConnection } from '../workspace/connections.ts';
import { useRecordings } from '../workspace/monitor/recordings.ts';
import { useStatus } from '../workspace/status.ts';
import { connectionIdOf } from '../workspace/tab.ts';
import { useTabs } from '../workspace/tabs.ts';

const secretsWords: Record<AppInfo['secrets'], string> = {
  keychain: 'Passwords in the keychain',
  vault: 'Passwords in the vault',
  vaultLocked: 'Vault locked',
  none: 'Passwords are not kept',
};

/** That samples are being taken in the background, and where they can be seen. */
function RecordingPart() {
  const count = useRecordings(({ recordings }) => recordings.filter((each) => each.state === 'recording').length);
  const trouble = useRecordings(({ recordings }) =>
    recordings.some((each) => each.state === 'recording' && each.trouble !== null),
  );
  if (count === 0) return null;
  return (
    <button
      type="button"
      onClick={() => runCommand('servers.open')}
      className={cx('flex shrink-0 items-center gap-1.5 hover:text-ink', trouble && 'text-warning')}
    >
      <span aria-hidden className="size-1.5 rounded-full bg-danger" />
      {trouble ? 'Recording in trouble' : count === 1 ? 'Recording 1 server' : `Recording ${count} servers`}
    </button>
  );
}

/** One line at the foot: what the shown tab says of itself, and how Howdah itself is. */
export function StatusBar({ info }: { info: AppInfo | null }) {
  const link = useSyncExternalStore(linkState.subscribe, linkState.get);
  const parts = useStatus((status) => status.parts);
  const place = useTabs(({ tabs, activeId }) => tabs.find(({ id }) => id === activeId)?.place);
  const connection = useConnection(place ? connectionIdOf(place) : null);
  const mark = connection && environmentMark[connection.environment];
  return (
    <footer className="relative flex h-6 shrink-0 items-center gap-3 border-t border-line bg-canvas px-2 text-2xs text-muted">
      {mark && <span aria-hidden className={cx('absolute inset-x-0 -top-px h-0.5', mark.edge)} />}
      {mark && <span className={cx('shrink-0 rounded-sm px-1.5 font-medium', mark.className)}>{mark.label}</span>}
      {link === 'closed' ? (
        <button
          type="button"
          className="font-medium text-danger hover:underline"
          onClick={() => void reconnect().catch(() => undefined)}
        >
          Howdah’s backend does not answer: try again
        </button>
      ) : (
        parts.map((part) =>
          part.locksOf ? (
            <LocksStatus key={part.key} sessionId={part.locksOf} />
          ) : (
            <span
              key={part.key}
              title={part.title ?? part.text}
              className={cx(
                'truncate',
                part.tone === 'warning' && 'font-medium text-warning',
                part.tone === 'danger' && 'font-medium text-danger',
                part.tone === 'strong' && 'min-w-24 shrink-[100] text-ink',
                part.tone !== 'strong' && part.tone !== 'danger' && 'shrink-0',
              )}
            >
              {part.text}
            </span>
          ),
        )
      )}
      <span className="flex-1" />
      <TransfersStatus />
      <RunsStatus />
      <RecordingPart />
      {info && (
        <span className={cx('shrink-0', info.secrets === 'vaultLocked' && 'text-warning')}>
          {secretsWords[info.secrets]}
        </span>
      )}
      {info && <span className="shrink-0">Howdah {info.version}</span>}
    </footer>
  );
}
