import { type FormEvent, useId, useState } from 'react';
import type { Failure } from '../../../shared/api/base.ts';
import { failureFrom } from '../../client/failure.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FailureView } from '../../ui/failure-view.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { useLibrary } from './library.ts';
import { foldersOf } from './library-rows.ts';

export interface Named {
  readonly group: string;
  readonly name: string;
}

/** Asks for a name and a folder; stays open where that fails, and says why. */
export function NameDialog({
  title,
  confirmLabel,
  before,
  withName = true,
  onName,
  onClose,
}: {
  title: string;
  confirmLabel: string;
  before: Named;
  /** False for a folder: only its path is asked for. */
  withName?: boolean;
  onName: (named: Named) => Promise<void>;
  onClose: () => void;
}) {
  const [name, setName] = useState(before.name);
  const [group, setGroup] = useState(before.group);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [busy, setBusy] = useState(false);
  const folders = foldersOf(useLibrary((library) => library.queries));
  const form = useId();
  const list = useId();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      await onName({ name: name.trim(), group: group.trim() });
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
      title={title}
      width="small"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form={form} busy={busy} disabled={withName && name.trim() === ''}>
            {confirmLabel}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={(event) => void submit(event)} className="flex flex-col gap-3">
        {withName && (
          <Field label="Name">
            {(ids) => (
              <TextInput
                {...ids}
                autoFocus
                value={name}
                maxLength={120}
                onFocus={(event) => event.currentTarget.select()}
                onChange={(event) => setName(event.currentTarget.value)}
              />
            )}
          </Field>
        )}
        <Field label="Folder" hint="Reports/Daily makes a folder in a folder. Empty: the top.">
          {(ids) => (
            <TextInput
              {...ids}
              autoFocus={!withName}
              list={list}
              value={group}
              onChange={(event) => setGroup(event.currentTarget.value)}
            />
          )}
        </Field>
        <datalist id={list}>
          {folders.map((each) => (
            <option key={each} value={each} />
          ))}
        </datalist>
        {failure && <FailureView failure={failure} />}
      </form>
    </Dialog>
  );
}
