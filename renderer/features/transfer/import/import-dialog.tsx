import { FileUp } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Failure } from '../../../../shared/api/base.ts';
import type { ImportDialect } from '../../../../shared/api/import-plan.ts';
import type { FilePreview } from '../../../../shared/api/transfer.ts';
import { chooseFile } from '../../../client/choose-file.ts';
import { client } from '../../../client/connect.ts';
import { failureFrom } from '../../../client/failure.ts';
import { useCall } from '../../../client/use-call.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { FailureView } from '../../../ui/failure-view.tsx';
import { EmptyState, Spinner } from '../../../ui/states.tsx';
import { visibleText } from '../../../ui/visible-text.ts';
import { openDialog } from '../../../workspace/dialogs.ts';
import type { ImportWhat } from '../../../workspace/transfer/import-what.ts';
import { isScript } from '../script/is-script.ts';
import { TaskFooter } from '../tasks/task-footer.tsx';
import { type Draft, draftProblem, firstDraft, mapped, planOf, tableNameOf } from './import-draft.ts';
import { ImportRunView } from './import-run-view.tsx';
import { ReadStep } from './read-step.tsx';
import { TargetStep } from './target-step.tsx';
import { useImport } from './use-import.ts';

interface Chosen {
  readonly token: string;
  readonly name: string;
}
type Step = 'file' | 'read' | 'target';
const endings = ['csv', 'sql', 'tsv', 'txt', 'json', 'ndjson', 'xlsx', 'parquet', 'gz', 'zst'];

/** A file into a table: choose it, see how it is read, say where its columns go, try it, do it. */
export function ImportDialog({ what, onClose }: { what: ImportWhat; onClose: () => void }) {
  const file = useFilePreview();
  const [step, setStep] = useState<Step>('file');
  const [draft, setDraft] = useState<Draft>(() =>
    firstDraft({ create: what.table === undefined, schema: what.schema, table: what.table ?? '' }),
  );
  const { run, dryRun, start, cancel, forget } = useImport();
  const { connectionId, database } = what;
  const where = { connectionId, ...(database === undefined ? {} : { database }) };
  const table = { schema: draft.schema.trim(), name: draft.table.trim() };
  const known = useCall(
    client.transfer.targetColumns,
    step === 'target' && !draft.create && table.schema && table.name ? { ...where, table } : null,
  );
  const change = (next: Partial<Draft>) => setDraft((now) => ({ ...now, ...next }));
  const targets = known.state === 'done' ? known.data.columns : null;
  const { preview } = file;
  // biome-ignore lint/correctness/useExhaustiveDependencies: mapped anew when the file or the table is another one
  useEffect(() => {
    if (!preview) return;
    if (draft.create) change({ columns: mapped(preview, null) });
    else if (targets)
      change({
        columns: mapped(
          preview,
          targets.map(({ name }) => name),
        ),
        mode: 'insert',
        keys: [],
      });
  }, [preview, draft.create, JSON.stringify(targets)]);
  const choose = async () => {
    const chosen = await file.choose();
    if (!chosen) return;
    if (isScript(chosen.name)) return openDialog({ kind: 'script', what: { ...where, file: chosen } });
    setStep('read');
    if (draft.create && !what.table) change({ table: tableNameOf(chosen.name) });
  };
  const go = (onlyTry: boolean) => {
    if (file.chosen && preview)
      start({ where, token: file.chosen.token, name: file.chosen.name, plan: planOf(draft, preview, onlyTry) });
  };
  const problem = draftProblem(draft);
  const through = run.kind === 'done' && !dryRun;
  return (
    <Dialog
      open
      onClose={onClose}
      keepOpen={step === 'target' && run.kind !== 'running' && !through}
      width="large"
      title={what.table ? `Import into ${visibleText(`${what.schema}.${what.table}`)}` : 'Import a file'}
      {...(file.chosen ? { description: visibleText(file.chosen.name) } : {})}
      footerStart={
        step === 'target' && run.kind === 'none' && problem ? (
          <span className="text-xs text-muted">{problem}</span>
        ) : null
      }
      footer={
        <Footer
          step={step}
          hasPreview={preview !== null}
          run={run.kind}
          through={through}
          ready={problem === null && (draft.create || targets !== null)}
          onClose={onClose}
          onCancel={cancel}
          onForget={forget}
          onStep={setStep}
          onGo={go}
        />
      }
    >
      {run.kind !== 'none' && <ImportRunView run={run} dryRun={dryRun} />}
      {run.kind === 'none' && step === 'file' && <ChooseStep onChoose={() => void choose()} failure={file.failure} />}
      {run.kind === 'none' && step === 'read' && (
        <>
          {file.failure && (
            <FailureView
              failure={file.failure}
              invalid="This file cannot be read"
              className="mb-3"
              actions={
                <Button small onClick={() => void choose()}>
                  Choose another file…
                </Button>
              }
            />
          )}
          {!preview && !file.failure && <Spinner label="Reading the file’s beginning" />}
          {preview && <ReadStep preview={preview} onDialect={file.redo} />}
        </>
      )}
      {run.kind === 'none' && step === 'target' && preview && (
        <div className="flex flex-col gap-3">
          {known.state === 'failed' && <FailureView failure={known.failure} />}
          <TargetStep
            preview={preview}
            draft={draft}
            targets={targets}
            keys={known.state === 'done' ? known.data.keys : []}
            onDraft={change}
            onCreate={(create) => change({ create })}
          />
        </div>
      )}
    </Dialog>
  );
}

/** The chosen file and how it is read. */
function useFilePreview() {
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [preview, setPreview] = useState<FilePreview | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const read = async (file: Chosen, dialect: Partial<ImportDialect>) => {
    try {
      setPreview(await client.transfer.preview({ chosen: file.token, name: file.name, dialect }));
      setFailure(null);
    } catch (thrown) {
      setFailure(failureFrom(thrown));
    }
  };
  const choose = async (): Promise<Chosen | null> => {
    try {
      const file = await chooseFile({ title: 'Import a file', kind: { name: 'Data', extensions: endings } });
      if (!file) return null;
      setChosen(file);
      setPreview(null);
      setFailure(null);
      if (!isScript(file.name)) void read(file, {});
      return file;
    } catch (thrown) {
      setFailure(failureFrom(thrown));
      return null;
    }
  };
  /** Another form is sniffed anew, but for what was chosen. */
  const redo = (change: Partial<ImportDialect>) => {
    if (!chosen || !preview) return;
    const { format, encoding } = preview.dialect;
    void read(chosen, change.format ? { ...change, encoding } : { ...preview.dialect, format, ...change });
  };
  return { chosen, preview, failure, choose, redo };
}

function ChooseStep({ onChoose, failure }: { onChoose: () => void; failure: Failure | null }) {
  return (
    <div className="flex flex-col gap-3">
      <EmptyState
        icon={<FileUp size={28} strokeWidth={1.5} />}
        title="Choose a file"
        actions={
          <Button kind="primary" onClick={onChoose}>
            Choose a file…
          </Button>
        }
      >
        CSV, TSV, JSON, NDJSON, Excel, Parquet or a script of SQL, also packed with gzip or Zstandard. Nothing is
        changed before you have seen how it is read.
      </EmptyState>
      {failure && <FailureView failure={failure} />}
    </div>
  );
}

interface FooterProps {
  readonly step: Step;
  readonly hasPreview: boolean;
  readonly run: 'none' | 'running' | 'done' | 'failed';
  readonly through: boolean;
  readonly ready: boolean;
  readonly onClose: () => void;
  readonly onCancel: () => void;
  readonly onForget: () => void;
  readonly onStep: (step: Step) => void;
  readonly onGo: (dryRun: boolean) => void;
}

function Footer({ step, hasPreview, run, through, ready, onClose, onCancel, onForget, onStep, onGo }: FooterProps) {
  if (run !== 'none')
    return <TaskFooter kind={run} again={!through} onClose={onClose} onCancel={onCancel} onForget={onForget} />;
  return (
    <>
      {step === 'target' ? (
        <Button onClick={() => onStep('read')}>Back</Button>
      ) : (
        <Button onClick={onClose}>Close</Button>
      )}
      {step === 'read' && (
        <Button kind="primary" disabled={!hasPreview} onClick={() => onStep('target')}>
          Next: the table
        </Button>
      )}
      {step === 'target' && (
        <>
          <Button disabled={!ready} onClick={() => onGo(true)}>
            Dry run
          </Button>
          <Button kind="primary" disabled={!ready} onClick={() => onGo(false)}>
            Import
          </Button>
        </>
      )}
    </>
  );
}
