import { FileCode } from 'lucide-react';
import { useState } from 'react';
import type { Failure } from '../../../../shared/api/base.ts';
import type { SqlEncoding, SqlProgress } from '../../../../shared/api/sql-import.ts';
import { chooseFile } from '../../../client/choose-file.ts';
import { client } from '../../../client/connect.ts';
import { failureFrom } from '../../../client/failure.ts';
import { shownBytes, shownCount } from '../../../ui/amounts.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { FailureView } from '../../../ui/failure-view.tsx';
import { EmptyState, ProgressBar } from '../../../ui/states.tsx';
import { visibleText } from '../../../ui/visible-text.ts';
import { useConnection } from '../../../workspace/connections.ts';
import type { ScriptWhat } from '../../../workspace/transfer/copy-what.ts';
import { TaskFooter } from '../tasks/task-footer.tsx';
import type { TaskState } from '../tasks/tasks.ts';
import { useTask } from '../tasks/use-task.ts';
import { EncodingField, ExamView, planOfWay, type Way } from './exam-view.tsx';
import { ScriptRunView, scriptCounts, scriptWords } from './script-run-view.tsx';
import { type Exam, useExam } from './use-exam.ts';

/** A script from a file: choose it, see what is in it, run it. */
export function ScriptDialog({ what, onClose }: { what: ScriptWhat; onClose: () => void }) {
  const [file, setFile] = useState(what.file ?? null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [encoding, setEncoding] = useState<SqlEncoding | null>(null);
  const [wanted, setWay] = useState<Way | null>(null);
  const exam = useExam(file?.token ?? null, encoding);
  const { run, start, cancel, forget } = useTask<SqlProgress>();
  const connection = useConnection(what.connectionId);
  const database = what.database ?? connection?.database ?? '';
  const found = exam?.kind === 'done' ? exam.exam : null;
  const way = wanted ?? (found?.notInOne ? 'each' : 'one');
  const choose = async () => {
    try {
      const extensions = ['sql', 'gz', 'zst'];
      const chosen = await chooseFile({ title: 'Run a script', kind: { name: 'Script of SQL', extensions } });
      if (chosen) setFile(chosen);
      setFailure(null);
    } catch (thrown) {
      setFailure(failureFrom(thrown));
    }
  };
  const go = () => {
    if (!file) return;
    const plan = { ...planOfWay[way], encoding };
    const { connectionId } = what;
    const where = { connectionId, ...(what.database === undefined ? {} : { database: what.database }) };
    start({
      title: `Run of ${file.name}`,
      runLabel: 'Run the script',
      open: (permit, signal) =>
        client.transfer.importSql({ ...where, chosen: file.token, plan, ...(permit ? { permit } : {}) }, { signal }),
      words: stateOf,
    });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title="Run a script of SQL"
      description={visibleText(
        [...(file ? [file.name] : []), `on ${connection?.name ?? ''}, database ${database}`].join(' '),
      )}
      footer={
        run.kind === 'none' ? (
          <>
            <Button onClick={onClose}>Close</Button>
            {file && (
              <Button kind="primary" disabled={!found || found.statements === 0} onClick={go}>
                Run the script
              </Button>
            )}
          </>
        ) : (
          <TaskFooter
            kind={run.kind}
            again={run.kind === 'failed'}
            onClose={onClose}
            onCancel={cancel}
            onForget={forget}
          />
        )
      }
    >
      {run.kind !== 'none' && <ScriptRunView run={run} />}
      {run.kind === 'none' && !file && (
        <EmptyState
          icon={<FileCode size={28} strokeWidth={1.5} />}
          title="Choose a script"
          actions={
            <Button kind="primary" onClick={() => void choose()}>
              Choose a file…
            </Button>
          }
        >
          Statements of SQL, a plain dump of pg_dump too, of any size and also packed. It is read through before
          anything is run; commands of psql are refused.
        </EmptyState>
      )}
      {failure && <FailureView failure={failure} />}
      {run.kind === 'none' && exam && (
        <div className="flex flex-col gap-3">
          <ExamPart exam={exam} />
          {found && <ExamView exam={found} way={way} onWay={setWay} />}
          <EncodingField encoding={encoding} found={found?.encoding ?? null} onEncoding={setEncoding} />
        </div>
      )}
    </Dialog>
  );
}

function ExamPart({ exam }: { exam: Exam }) {
  if (exam.kind === 'failed') return <FailureView failure={exam.failure} invalid="It cannot be run" />;
  if (exam.kind === 'done') return null;
  const { now } = exam;
  return (
    <div className="flex flex-col gap-1.5">
      <ProgressBar label="Reading it through" {...(now ? { fraction: now.bytes / Math.max(1, now.totalBytes) } : {})} />
      <p role="status" className="text-sm text-muted tabular-nums">
        {now
          ? `${shownCount(now.statements)} statements, ${shownBytes(now.bytes)} of ${shownBytes(now.totalBytes)}`
          : 'Reading it through'}
      </p>
    </div>
  );
}

function stateOf(event: SqlProgress, startedAt: number): TaskState {
  if (event.kind === 'failed') return { kind: 'failed', words: event.failure.message };
  if (event.kind === 'done') return { kind: 'done', words: scriptCounts(event) };
  const fraction = event.totalBytes > 0 ? event.bytes / event.totalBytes : undefined;
  return { kind: 'running', words: scriptWords(event, startedAt), fraction };
}
