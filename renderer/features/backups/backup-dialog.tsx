import { useMemo, useState } from 'react';
import type { BackupChoice } from '../../../shared/api/backups.ts';
import type { Failure } from '../../../shared/api/base.ts';
import { client } from '../../client/connect.ts';
import { failureFrom } from '../../client/failure.ts';
import { useCall } from '../../client/use-call.ts';
import { shownBytes } from '../../ui/amounts.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FailureView } from '../../ui/failure-view.tsx';
import { visibleText } from '../../ui/visible-text.ts';
import { useLayout } from '../../workspace/layout.ts';
import { ChoiceFields } from './choice-fields.tsx';
import { DatabaseChoice } from './database-choice.tsx';
import { ToolCommand } from './tools/tool-command.tsx';
import { ProgramChoice } from './tools/tool-fields.tsx';

export const usualChoice: BackupChoice = { rows: 'all', jobs: 2, level: 1 };

/** The server's databases, and the chosen one's schemas. */
export function useSurvey(connectionId: string, database: string) {
  return useCall(client.backups.survey, connectionId === '' ? null : { connectionId, database: database || null });
}

const programWords = {
  howdah: 'Without any other program: one snapshot, one file, read back before it counts.',
  pg_dump: 'By PostgreSQL’s own program, read back to its end before it counts.',
  pg_dumpall: 'What belongs to no single database: roles, tablespaces, or all databases at once.',
} as const;

/** What, how, and where to: then the backup runs while one goes on working. */
export function BackupDialog({ folder, onClose }: { folder: string; onClose: () => void }) {
  const layout = useLayout.getState();
  const [connectionId, setConnectionId] = useState(layout.currentConnectionId ?? '');
  const [database, setDatabase] = useState(layout.currentDatabase ?? '');
  const [choice, setChoice] = useState(usualChoice);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [busy, setBusy] = useState(false);
  const survey = useSurvey(connectionId, database);
  const name = database || survey.data?.database || '';
  const nothing = choice.schemas?.length === 0;
  const { tool } = choice;
  const asked = useMemo(() => ({ connectionId, database: name, choice }), [connectionId, name, choice]);
  const found = useCall(client.backups.tools, tool && survey.state === 'done' ? asked : null);
  const ready = !tool || (found.data?.command ?? null) !== null;
  const start = async () => {
    setBusy(true);
    try {
      await client.backups.start({ connectionId, database: name, choice });
      onClose();
    } catch (thrown) {
      setFailure(failureFrom(thrown));
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title="Back up a database"
      description={programWords[tool?.program ?? 'howdah']}
      footer={
        <>
          <Button onClick={onClose}>Close</Button>
          <Button kind="primary" busy={busy} disabled={survey.state !== 'done' || nothing || !ready} onClick={start}>
            Back up now
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <DatabaseChoice
          connectionId={connectionId}
          onConnection={(id) => {
            setConnectionId(id);
            setDatabase('');
          }}
          database={name}
          onDatabase={setDatabase}
          withDatabase={tool?.program !== 'pg_dumpall'}
          survey={survey}
        />
        <ProgramChoice choice={choice} onChoice={setChoice} />
        {survey.data && <ChoiceFields choice={choice} onChoice={setChoice} survey={survey.data} />}
        {survey.data && (
          <p className="text-xs text-muted">
            {tool?.program !== 'pg_dumpall' &&
              `${visibleText(name)} takes ${shownBytes(survey.data.sizeBytes)} on PostgreSQL ${visibleText(survey.data.serverVersion)}, indexes included. `}
            The backup goes to <span className="selectable font-mono break-all">{visibleText(folder)}</span>
          </p>
        )}
        <ToolCommand tool={tool} found={found} />
        {nothing && <p className="text-xs text-warning">Choose at least one schema.</p>}
        {failure && <FailureView failure={failure} invalid="Not begun" />}
      </div>
    </Dialog>
  );
}
