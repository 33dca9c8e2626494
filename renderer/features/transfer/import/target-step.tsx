import type { FilePreview } from '../../../../shared/api/transfer.ts';
import { Field, Segmented, Select, TextInput } from '../../../ui/field.tsx';
import { Callout } from '../../../ui/states.tsx';
import type { Draft } from './import-draft.ts';
import { type MappingProps, MappingTable } from './mapping-table.tsx';

export interface TargetStepProps {
  readonly preview: FilePreview;
  readonly draft: Draft;
  readonly targets: MappingProps['targets'];
  readonly keys: readonly (readonly string[])[];
  /** The rows come from a table, not from a file. */
  readonly ofCopy?: boolean;
  readonly onDraft: (change: Partial<Draft>) => void;
  readonly onCreate: (create: boolean) => void;
}

const keyText = (key: readonly string[]): string => JSON.stringify(key);

/** Where the rows go, and what is done about those that are there or do not fit. */
export function TargetStep({ preview, draft, targets, keys, ofCopy = false, onDraft, onCreate }: TargetStepProps) {
  return (
    <div className="flex flex-col gap-3">
      <div className="grid grid-cols-[auto_1fr_1fr] items-end gap-x-3 gap-y-2">
        <div className="flex flex-col gap-1">
          <span className="text-xs font-medium text-muted">Table</span>
          <Segmented
            label="Table"
            value={draft.create ? 'new' : 'existing'}
            options={[
              { value: 'existing', label: 'Existing' },
              { value: 'new', label: 'New' },
            ]}
            onValue={(which) => onCreate(which === 'new')}
          />
        </div>
        <Field label="Schema">
          {(ids) => (
            <TextInput
              {...ids}
              value={draft.schema}
              onChange={(event) => onDraft({ schema: event.currentTarget.value })}
            />
          )}
        </Field>
        <Field label="Name">
          {(ids) => (
            <TextInput
              {...ids}
              value={draft.table}
              onChange={(event) => onDraft({ table: event.currentTarget.value })}
            />
          )}
        </Field>
      </div>
      <MappingTable
        preview={preview}
        ofCopy={ofCopy}
        columns={draft.columns}
        targets={draft.create ? null : targets}
        onColumns={(columns) => onDraft({ columns })}
      />
      <div className="grid grid-cols-3 gap-x-3 gap-y-2">
        {!draft.create && <Existing draft={draft} keys={keys} onDraft={onDraft} />}
        <Field label="A row that does not fit">
          {(ids) => (
            <Select
              {...ids}
              value={draft.onError}
              options={[
                { value: 'stop', label: ofCopy ? 'Ends the copy' : 'Ends the import' },
                { value: 'reject', label: 'Is put aside with its reason' },
              ]}
              onValue={(onError) => onDraft({ onError })}
            />
          )}
        </Field>
        <Field label="Transaction">
          {(ids) => (
            <Select
              {...ids}
              value={draft.transaction}
              options={[
                { value: 'one', label: 'One: all or nothing' },
                { value: 'batches', label: 'Batches: goes on if cut off' },
              ]}
              onValue={(transaction) => onDraft({ transaction })}
            />
          )}
        </Field>
        <Field label="Rows a batch">
          {(ids) => (
            <TextInput
              {...ids}
              inputMode="numeric"
              value={draft.batchRows}
              onChange={(event) => onDraft({ batchRows: event.currentTarget.value })}
            />
          )}
        </Field>
      </div>
      {draft.mode === 'replace' && !draft.create && (
        <Callout tone="warning" title="All rows that are in the table now are removed">
          {draft.transaction === 'one'
            ? 'They are back if the import fails: it is all one transaction.'
            : 'They are gone with the first batch, whatever becomes of the next ones.'}
        </Callout>
      )}
      {draft.transaction === 'batches' && (
        <p className="text-xs text-faint">
          {ofCopy
            ? 'Rows are read by the source’s key, and the last one is kept in the table howdah_copy_progress of the same schema until the copy is through: the same copy with the same choices goes on from there.'
            : 'The place is kept in the table howdah_import_progress of the same schema until the import is through: the same file with the same choices goes on from there.'}
        </p>
      )}
    </div>
  );
}

function Existing({ draft, keys, onDraft }: Pick<TargetStepProps, 'draft' | 'keys' | 'onDraft'>) {
  const modes = [
    { value: 'insert' as const, label: 'Insert' },
    ...(keys.length > 0 ? [{ value: 'upsert' as const, label: 'Insert, or update by a key' }] : []),
    { value: 'replace' as const, label: 'Replace all rows of the table' },
  ];
  const chooseMode = (mode: Draft['mode']) => onDraft({ mode, keys: mode === 'upsert' ? (keys[0] ?? []) : [] });
  return (
    <>
      <Field label="Rows">{(ids) => <Select {...ids} value={draft.mode} options={modes} onValue={chooseMode} />}</Field>
      {draft.mode === 'upsert' && (
        <Field label="Key">
          {(ids) => (
            <Select
              {...ids}
              value={keyText(draft.keys)}
              options={keys.map((key) => ({ value: keyText(key), label: key.join(', ') }))}
              onValue={(chosen) => onDraft({ keys: keys.find((key) => keyText(key) === chosen) ?? [] })}
            />
          )}
        </Field>
      )}
    </>
  );
}
