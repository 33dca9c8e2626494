import { useId, useState } from 'react';
import { useStore } from 'zustand';
import { editsOf } from '../../shared/edit/staged.ts';
import { client } from '../client/connect.ts';
import { useCall } from '../client/use-call.ts';
import { SqlText } from '../editor/sql-text.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { FailureView } from '../ui/failure-view.tsx';
import { TypedName } from '../ui/inputs/typed-name.tsx';
import { Pending } from '../ui/states.tsx';
import { visibleText } from '../ui/visible-text.ts';
import type { Edits } from './edit-store.ts';

const mostShown = 200;
const longestValue = 200;

/** One statement as it is sent, its values beneath. */
function written(text: string, values: readonly (string | null)[]): string {
  const lines = values.map((value, at) => {
    const shown =
      value === null
        ? 'NULL'
        : JSON.stringify(value.length > longestValue ? `${value.slice(0, longestValue)}…` : value);
    return `-- $${at + 1} = ${shown}`;
  });
  return `${text};\n${lines.join('\n')}`;
}

/** What would be sent, byte for byte, in one transaction; and where it is asked for, the word that it shall be. */
export function SaveDialog({
  edits,
  onSave,
  onClose,
}: {
  edits: Edits;
  onSave: (confirmed: boolean) => void;
  onClose: () => void;
}) {
  const staged = useStore(edits.store, (now) => now.steps.now);
  const [sent] = useState(() => editsOf(staged, edits.rows.model));
  const preview = useCall(client.data.preview, { ...edits.rows.where, edits: sent });
  const [typed, setTyped] = useState('');
  const form = useId();
  const confirm = preview.data?.confirm ?? null;
  const may = preview.state === 'done' && (confirm?.typeName == null || typed === confirm.typeName);
  const statements = preview.data?.statements ?? [];
  return (
    <Dialog
      open
      onClose={onClose}
      width="large"
      title={confirm ? `Save on ${visibleText(confirm.connectionName)} (${confirm.environment})?` : 'What will be sent'}
      description="All of it in one transaction, or nothing. Each statement has to change exactly one row."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind={confirm ? 'danger' : 'primary'} type="submit" form={form} disabled={!may}>
            Save {sent.length.toLocaleString('en-US')} {sent.length === 1 ? 'row' : 'rows'}
          </Button>
        </>
      }
    >
      <form
        id={form}
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (may) onSave(confirm !== null);
        }}
      >
        {preview.state === 'failed' && <FailureView failure={preview.failure} />}
        {!preview.data && preview.state === 'pending' && <Pending label="Writing the statements" />}
        {statements.length > 0 && (
          <div className="h-72 rounded-md border border-line">
            <SqlText
              label="Statements"
              text={statements
                .slice(0, mostShown)
                .map(({ text, values }) => written(text, values))
                .join('\n\n')}
            />
          </div>
        )}
        {statements.length > mostShown && (
          <p className="text-xs text-muted">
            and {(statements.length - mostShown).toLocaleString('en-US')} more of the like
          </p>
        )}
        {confirm?.typeName != null && <TypedName name={confirm.typeName} to="save" value={typed} onValue={setTyped} />}
      </form>
    </Dialog>
  );
}
