import { useEffect, useState } from 'react';
import type { CopyProgress, CopySourceFacts } from '../../../../shared/api/table-copy.ts';
import type { FilePreview } from '../../../../shared/api/transfer.ts';
import { client } from '../../../client/connect.ts';
import { useCall } from '../../../client/use-call.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { FailureView } from '../../../ui/failure-view.tsx';
import { Checkbox, Field, Select, TextInput } from '../../../ui/field.tsx';
import { Spinner } from '../../../ui/states.tsx';
import { visibleText } from '../../../ui/visible-text.ts';
import { connectionOf, useConnection, useConnections } from '../../../workspace/connections.ts';
import type { CopyWhat } from '../../../workspace/transfer/copy-what.ts';
import { type Draft, draftProblem, firstDraft, mapped, planOf } from '../import/import-draft.ts';
import { countWords } from '../import/import-run-view.tsx';
import { TargetStep } from '../import/target-step.tsx';
import { TaskFooter } from '../tasks/task-footer.tsx';
import type { TaskState } from '../tasks/tasks.ts';
import { useTask } from '../tasks/use-task.ts';
import { CopyRunView, copyFraction, copyWords } from './copy-run-view.tsx';

/** Rows of a table or a query into a table of any connection. */
export function CopyDialog({ what, onClose }: { what: CopyWhat; onClose: () => void }) {
  const { from, source } = what;
  const facts = useCall(client.transfer.copySource, { from, source });
  const copy = useCopyDraft(what, facts.state === 'done' ? facts.data : null);
  const { draft, change, targets, preview, to, known } = copy;
  const [check, setCheck] = useState(true);
  const [dryRun, setDryRun] = useState(false);
  const { run, start, cancel, forget } = useTask<CopyProgress>();
  const fromConnection = useConnection(from.connectionId);
  const name = source.kind === 'table' ? `${source.table.schema}.${source.table.name}` : 'a query';
  const noKey = facts.state === 'done' && facts.data.key === null && draft.transaction === 'batches';
  const isSource =
    source.kind === 'table' &&
    JSON.stringify([from.connectionId, databaseOf(from), source.table]) ===
      JSON.stringify([to.connectionId, databaseOf(to), { schema: draft.schema.trim(), name: draft.table.trim() }]);
  const problem = isSource
    ? 'This is the source itself: choose another table or connection.'
    : noKey
      ? 'Without a unique key it can only be one transaction.'
      : draftProblem(draft);
  const ready = preview !== null && problem === null && (draft.create || targets !== null);
  const go = (onlyTry: boolean) => {
    if (!preview) return;
    const { dialect: _, ...plan } = planOf(draft, preview, onlyTry);
    setDryRun(onlyTry);
    start({
      title: `${onlyTry ? 'Dry run of a copy' : 'Copy'} of ${name}`,
      runLabel: 'Copy',
      open: (permit, signal) =>
        client.transfer.copy({ from, to, plan: { ...plan, source, check }, ...(permit ? { permit } : {}) }, { signal }),
      words: stateOf,
    });
  };
  const through = run.kind === 'done' && !dryRun;
  return (
    <Dialog
      open
      onClose={onClose}
      keepOpen={run.kind === 'failed' || (run.kind === 'done' && dryRun)}
      width="large"
      title={`Copy rows of ${visibleText(name)}`}
      description={visibleText(
        `from ${fromConnection?.name ?? ''}, database ${from.database ?? fromConnection?.database ?? ''}`,
      )}
      footerStart={
        run.kind === 'none' && problem && preview ? <span className="text-xs text-muted">{problem}</span> : null
      }
      footer={
        run.kind === 'none' ? (
          <>
            <Button onClick={onClose}>Close</Button>
            <Button disabled={!ready} onClick={() => go(true)}>
              Dry run
            </Button>
            <Button kind="primary" disabled={!ready} onClick={() => go(false)}>
              Copy
            </Button>
          </>
        ) : (
          <TaskFooter kind={run.kind} again={!through} onClose={onClose} onCancel={cancel} onForget={forget} />
        )
      }
    >
      {run.kind !== 'none' && <CopyRunView run={run} dryRun={dryRun} />}
      {run.kind === 'none' && facts.state === 'failed' && <FailureView failure={facts.failure} />}
      {run.kind === 'none' && facts.state === 'pending' && <Spinner label="Reading the columns" />}
      {run.kind === 'none' && preview && (
        <div className="flex flex-col gap-3">
          <PlaceFields copy={copy} />
          {known.state === 'failed' && <FailureView failure={known.failure} />}
          <TargetStep
            preview={preview}
            draft={draft}
            targets={targets}
            keys={known.state === 'done' ? known.data.keys : []}
            ofCopy
            onDraft={change}
            onCreate={(create) => change({ create })}
          />
          <Checkbox
            label="Compare both sides at the end, by counts and checksums"
            hint="In one transaction before its commit: where they differ, nothing is changed."
            checked={check}
            onChange={(event) => setCheck(event.currentTarget.checked)}
          />
        </div>
      )}
    </Dialog>
  );
}

/** What is chosen, with the columns of both sides. */
function useCopyDraft({ from, source }: CopyWhat, facts: CopySourceFacts | null) {
  const table = source.kind === 'table' ? source.table : { schema: 'public', name: '' };
  const [place, setPlace] = useState({ connectionId: from.connectionId, database: databaseOf(from) });
  const [draft, setDraft] = useState<Draft>(() =>
    firstDraft({ schema: table.schema, table: table.name, create: false }),
  );
  const change = (next: Partial<Draft>) => setDraft((now) => ({ ...now, ...next }));
  const own = connectionOf(place.connectionId)?.database ?? '';
  const to = { connectionId: place.connectionId, ...(place.database === own ? {} : { database: place.database }) };
  const wanted = { schema: draft.schema.trim(), name: draft.table.trim() };
  const named = !draft.create && wanted.schema !== '' && wanted.name !== '' && place.database !== '';
  const known = useCall(client.transfer.targetColumns, named ? { ...to, table: wanted } : null);
  const targets = known.state === 'done' ? known.data.columns : null;
  const preview = facts && previewOf(facts, draft.create);
  const names = targets?.map((column) => column.name) ?? null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: mapped anew when either side is another one
  useEffect(() => {
    if (!preview) return;
    if (draft.create) change({ columns: mapped(preview, null, (column) => column) });
    else if (names) change({ columns: mapped(preview, names), mode: 'insert', keys: [] });
  }, [facts, draft.create, JSON.stringify(targets)]);
  return { place, setPlace, to, draft, change, known, targets, preview };
}

const databaseOf = ({ connectionId, database }: CopyWhat['from']): string =>
  database ?? connectionOf(connectionId)?.database ?? '';

/** As the mapping table shows a file: the types stand where its first values would. */
function previewOf({ columns }: CopySourceFacts, create: boolean): FilePreview {
  const taken = columns.filter(({ computed }) => create || !computed);
  return {
    dialect: {
      format: 'text',
      encoding: 'utf-8',
      delimiter: '\t',
      quote: '"',
      escape: '"',
      header: true,
      nullText: null,
      sheet: null,
    },
    columns: taken.map(({ name, type }) => ({ name, type })),
    rows: [taken.map(({ type }) => type)],
    sizeBytes: 0,
    notes: [],
    sheets: [],
  };
}

function PlaceFields({ copy: { place, setPlace } }: { copy: ReturnType<typeof useCopyDraft> }) {
  const { connections } = useConnections();
  const choose = (connectionId: string) =>
    setPlace({ connectionId, database: connectionOf(connectionId)?.database ?? '' });
  return (
    <div className="grid grid-cols-2 gap-x-3">
      <Field label="To the connection">
        {(ids) => (
          <Select
            {...ids}
            value={place.connectionId}
            options={connections.map(({ id, name }) => ({ value: id, label: name }))}
            onValue={choose}
          />
        )}
      </Field>
      <Field label="Database">
        {(ids) => (
          <TextInput
            {...ids}
            value={place.database}
            onChange={(event) => setPlace({ ...place, database: event.currentTarget.value })}
          />
        )}
      </Field>
    </div>
  );
}

function stateOf(event: CopyProgress, startedAt: number): TaskState {
  if (event.kind === 'failed') return { kind: 'failed', words: event.failure.message };
  if (event.kind === 'done') return { kind: 'done', words: countWords(event), rejectsId: event.rejectsId };
  return { kind: 'running', words: copyWords(event, startedAt), fraction: copyFraction(event) };
}
