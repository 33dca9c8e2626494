import { Archive, FolderOpen } from 'lucide-react';
import { useState } from 'react';
import type { ScheduleNow } from '../../../shared/api/backups.ts';
import { chooseFile } from '../../client/choose-file.ts';
import { client } from '../../client/connect.ts';
import { failureFrom } from '../../client/failure.ts';
import { Button } from '../../ui/button.tsx';
import { FailureView, failureLine } from '../../ui/failure-view.tsx';
import { EmptyState, Pending } from '../../ui/states.tsx';
import { Sections } from '../../ui/tabs.tsx';
import { toast } from '../../ui/toast.tsx';
import { visibleText } from '../../ui/visible-text.ts';
import { readBackups, useBackupFeed, useBackups } from '../../workspace/backups/backup-feed.ts';
import { BackupDetails } from './backup-details.tsx';
import { BackupDialog } from './backup-dialog.tsx';
import { BackupTable } from './backup-table.tsx';
import { JobsStrip } from './jobs-strip.tsx';
import { OnServer } from './on-server.tsx';
import { RestoreDialog } from './restore/restore-dialog.tsx';
import { ScheduleDialog } from './schedules/schedule-dialog.tsx';
import { ScheduleList } from './schedules/schedule-list.tsx';

type Shown = { kind: 'backup' } | { kind: 'restore'; id: string } | { kind: 'schedule'; schedule: ScheduleNow | null };
const icon = { size: 14, strokeWidth: 1.75 } as const;

/** Everything that was backed up, what does so by itself, and the way back. */
export function BackupsPage() {
  useBackupFeed();
  const feed = useBackups();
  const [section, setSection] = useState('backups');
  const [shown, setShown] = useState<Shown | null>(null);
  if (feed.failure && !feed.loaded)
    return (
      <FailureView
        failure={feed.failure}
        className="m-4"
        actions={<Button onClick={() => void readBackups()}>Try again</Button>}
      />
    );
  if (!feed.loaded) return <Pending label="Looking for backups" />;
  const close = () => setShown(null);
  const restored = shown?.kind === 'restore' ? feed.backups.find(({ id }) => id === shown.id) : undefined;
  return (
    <div className="flex h-full min-h-0 flex-col">
      <header className="flex h-10 shrink-0 items-center gap-2 border-b border-line px-3">
        <h1 className="text-sm font-semibold">Backups</h1>
        <span className="flex-1" />
        {feed.mayChooseFolder && (
          <Button small kind="quiet" title={feed.folder} onClick={() => void chooseFolder()}>
            Folder for new ones…
          </Button>
        )}
        <Button small icon={<FolderOpen {...icon} />} onClick={() => void openBackup()}>
          Open a backup…
        </Button>
        <Button small kind="primary" icon={<Archive {...icon} />} onClick={() => setShown({ kind: 'backup' })}>
          Back up…
        </Button>
      </header>
      <JobsStrip jobs={feed.jobs} />
      <div className="min-h-0 flex-1">
        <Sections
          label="Backups and schedules"
          value={section}
          onValue={setSection}
          sections={[
            {
              value: 'backups',
              label: 'Made',
              content: (
                <Made
                  onRestore={(id) => setShown({ kind: 'restore', id })}
                  onBackUp={() => setShown({ kind: 'backup' })}
                />
              ),
            },
            {
              value: 'schedules',
              label: 'Schedules',
              content: (
                <ScheduleList
                  schedules={feed.schedules}
                  onNew={() => setShown({ kind: 'schedule', schedule: null })}
                  onEdit={(schedule) => setShown({ kind: 'schedule', schedule })}
                />
              ),
            },
            { value: 'server', label: 'On the server', content: section === 'server' ? <OnServer /> : <span /> },
          ]}
          end={
            section === 'schedules' &&
            feed.schedules.length > 0 && (
              <Button small kind="quiet" onClick={() => setShown({ kind: 'schedule', schedule: null })}>
                New schedule…
              </Button>
            )
          }
        />
      </div>
      {shown?.kind === 'backup' && <BackupDialog folder={feed.folder} onClose={close} />}
      {restored && <RestoreDialog backup={restored} onClose={close} />}
      {shown?.kind === 'schedule' && <ScheduleDialog schedule={shown.schedule} onClose={close} />}
    </div>
  );
}

function Made({ onRestore, onBackUp }: { onRestore: (id: string) => void; onBackUp: () => void }) {
  const { backups, folder } = useBackups();
  const [chosen, setChosen] = useState<string | null>(null);
  const backup = backups.find(({ id }) => id === chosen) ?? backups[0];
  if (!backup)
    return (
      <EmptyState
        icon={<Archive size={28} strokeWidth={1.5} />}
        title="No backup yet"
        actions={
          <>
            <Button kind="primary" onClick={onBackUp}>
              Back up a database…
            </Button>
            <Button onClick={() => void openBackup()}>Open a backup…</Button>
          </>
        }
      >
        A backup is one file in {visibleText(folder)}: a whole database over one snapshot, without pg_dump, read back
        before it counts as good. It goes back into any server of the same version or a newer one.
      </EmptyState>
    );
  return (
    <div className="flex h-full min-h-0">
      <div className="@container min-w-0 flex-1 overflow-auto">
        <BackupTable backups={backups} chosen={backup.id} onChoose={setChosen} />
      </div>
      <div className="w-[340px] max-w-[46%] shrink-0 border-l border-line">
        <BackupDetails key={backup.id} backup={backup} onRestore={() => onRestore(backup.id)} />
      </div>
    </div>
  );
}

async function openBackup(): Promise<void> {
  try {
    const file = await chooseFile({
      title: 'Open a backup',
      kind: { name: 'Backups', extensions: ['hbk', 'dump', 'backup', 'tar', 'dat', 'sql'] },
    });
    if (!file) return;
    const { database } = await client.backups.open({ fileToken: file.token });
    toast(`The backup of ${database} is in the list now.`, 'success');
  } catch (thrown) {
    toast(failureLine(failureFrom(thrown)), 'danger');
  }
}

async function chooseFolder(): Promise<void> {
  try {
    if ((await client.backups.chooseFolder()).chosen) await readBackups();
  } catch (thrown) {
    toast(failureLine(failureFrom(thrown)), 'danger');
  }
}
