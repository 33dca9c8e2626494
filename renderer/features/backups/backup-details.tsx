import { Download, FileCode, Flame, ScanSearch, Trash2, Undo2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { Backup } from '../../../shared/api/backups.ts';
import { isOfServer } from '../../../shared/api/dump-tool.ts';
import { client } from '../../client/connect.ts';
import { failureFrom } from '../../client/failure.ts';
import { startDownload } from '../../client/save-file.ts';
import { rowsWords, shownBytes, shownCount, shownDuration } from '../../ui/amounts.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { FailureView, failureLine } from '../../ui/failure-view.tsx';
import { Callout } from '../../ui/states.tsx';
import { toast } from '../../ui/toast.tsx';
import { visibleText } from '../../ui/visible-text.ts';
import { formWords, shownMoment, stateWords } from './backup-words.ts';
import { DrillResult } from './drill-result.tsx';
import { ExactCommand } from './tools/tool-command.tsx';

const icon = { size: 14, strokeWidth: 1.75 } as const;

/** One backup: what it is, what was made sure of, and what can be done with it. */
export function BackupDetails({ backup, onRestore }: { backup: Backup; onRestore: () => void }) {
  const [removing, setRemoving] = useState(false);
  const [saving, setSaving] = useState(false);
  const [trying, setTrying] = useState(false);
  const { id, form } = backup;
  const act = (work: Promise<unknown>) =>
    void work.catch((thrown) => toast(failureLine(failureFrom(thrown)), 'danger'));
  const save = async (wanted: 'archive' | 'sql') => {
    const own = /\.([^.]+)$/.exec(backup.fileName)?.[1] ?? 'hbk';
    const ending = wanted === 'sql' ? 'sql' : own;
    const suggestedName = backup.fileName.replace(/\.[^.]*$/, `.${ending}`);
    const kind = wanted === 'sql' ? 'SQL for psql' : formWords[form];
    const file = await client.files.chooseSave({ suggestedName, kinds: [{ name: kind, extensions: [ending] }] });
    if (!file) return;
    setSaving(true);
    try {
      const { sizeBytes } = await client.backups.saveCopy({ id, fileToken: file.token, form: wanted });
      startDownload(file);
      toast(`${file.name}: ${shownBytes(sizeBytes)} written.`, 'success');
    } finally {
      setSaving(false);
    }
  };
  const drill = () => {
    setTrying(false);
    act(client.backups.drill({ id }));
  };
  const fromElsewhere = backup.connectionId === null;
  const usable = backup.state === 'good';
  const hasFile = usable || backup.state === 'damaged';
  return (
    <section aria-label="The chosen backup" className="flex h-full min-h-0 flex-col gap-3 overflow-auto p-3">
      <header>
        <h2 className="selectable text-sm font-semibold break-words">{visibleText(backup.fileName)}</h2>
        <p className="text-xs text-muted">
          <span className={stateWords[backup.state].ink}>{stateWords[backup.state].word}</span>
          {backup.verifiedMs !== null && ` · read back ${shownMoment(backup.verifiedMs)}`}
        </p>
      </header>
      {backup.failure && backup.state !== 'running' && (
        <FailureView failure={backup.failure} title={backup.state === 'damaged' ? 'Damaged' : 'No backup was made'} />
      )}
      {hasFile && (
        <div className="flex flex-wrap gap-1.5">
          <Button small kind="primary" icon={<Undo2 {...icon} />} disabled={!usable} onClick={onRestore}>
            Restore…
          </Button>
          {!isOfServer(backup) && (
            <Button
              small
              icon={<Flame {...icon} />}
              disabled={!usable}
              onClick={() => (fromElsewhere ? setTrying(true) : drill())}
            >
              Restore drill
            </Button>
          )}
          <Button small icon={<ScanSearch {...icon} />} onClick={() => act(client.backups.verify({ id }))}>
            Read back
          </Button>
          {form !== 'directory' && (
            <Button
              small
              busy={saving}
              icon={<Download {...icon} />}
              disabled={!usable}
              onClick={() => act(save('archive'))}
            >
              Save a copy…
            </Button>
          )}
          {form !== 'plain' && (
            <Button
              small
              busy={saving}
              icon={<FileCode {...icon} />}
              disabled={!usable}
              onClick={() => act(save('sql'))}
            >
              Save as SQL…
            </Button>
          )}
        </div>
      )}
      <Facts backup={backup} />
      {isOfServer(backup) ? (
        <p className="text-xs text-muted">
          All databases of a server are not tried out by a restore drill. Back up each by itself to have it drilled.
        </p>
      ) : (
        <DrillResult backup={backup} />
      )}
      {backup.command !== '' && <ExactCommand command={backup.command} title="Made by" />}
      {backup.warnings.length > 0 && (
        <Callout tone="warning" title="Not in this backup">
          <ul className="list-disc pl-4 text-xs">
            {backup.warnings.map((warning) => (
              <li key={warning}>{visibleText(warning)}</li>
            ))}
          </ul>
        </Callout>
      )}
      {backup.state !== 'running' && (
        <div>
          <Button small kind="quiet" icon={<Trash2 {...icon} />} onClick={() => setRemoving(true)}>
            {fromElsewhere ? 'Forget this file…' : hasFile ? 'Delete this backup…' : 'Remove from the list…'}
          </Button>
        </div>
      )}
      <ConfirmDialog
        open={trying}
        title="Try out a file from elsewhere?"
        confirmLabel="Restore drill"
        danger
        onCancel={() => setTrying(false)}
        onConfirm={drill}
      >
        What is in it is run on this machine, by the superuser of a PostgreSQL made for it, who may start programs and
        read files as you may. Do it with files of people you trust.
      </ConfirmDialog>
      <ConfirmDialog
        open={removing}
        title={
          fromElsewhere
            ? 'Forget this file?'
            : hasFile
              ? `Delete ${visibleText(backup.fileName)}?`
              : 'Remove it from the list?'
        }
        confirmLabel={fromElsewhere ? 'Forget' : hasFile ? 'Delete' : 'Remove'}
        danger={!fromElsewhere && hasFile}
        onCancel={() => setRemoving(false)}
        onConfirm={() => {
          setRemoving(false);
          act(client.backups.remove({ id }));
        }}
      >
        {fromElsewhere
          ? 'It is taken from this list; the file itself stays where it is.'
          : hasFile
            ? 'The file is deleted from the disk. What only it holds cannot be restored any more.'
            : 'Its line goes, with what is said here of it. There is no file of it.'}
      </ConfirmDialog>
    </section>
  );
}

function Facts({ backup }: { backup: Backup }) {
  const { database, connectionName, serverVersion, items, rows, form, sizeBytes, rawBytes, tookMs, atMs, whole } =
    backup;
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-1 text-xs">
      <Fact name="Database">
        {visibleText(database)} <span className="text-muted">of {visibleText(connectionName)}</span>
      </Fact>
      {serverVersion !== '' && <Fact name="Server">PostgreSQL {visibleText(serverVersion)}</Fact>}
      <Fact name="Made">{shownMoment(atMs)}</Fact>
      {tookMs > 0 && <Fact name="Took">{shownDuration(tookMs)}</Fact>}
      {backup.state === 'good' && (
        <>
          <Fact name="Form">{formWords[form]}</Fact>
          <Fact name="Holds">
            {items > 0 && `${shownCount(items)} items, `}
            {form === 'howdah' && `${rowsWords(rows)}, `}
            {isOfServer(backup) ? visibleText(database) : whole ? 'the whole database' : 'a part of the database'}
          </Fact>
          <Fact name="Size">
            {shownBytes(sizeBytes)}
            {rawBytes > 0 && <span className="text-muted"> of {shownBytes(rawBytes)} as text</span>}
          </Fact>
        </>
      )}
    </dl>
  );
}
function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="selectable min-w-0 break-words tabular-nums">{children}</dd>
    </>
  );
}
