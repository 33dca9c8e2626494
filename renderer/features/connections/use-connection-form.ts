/** The state of the connection dialog: the form, where it is wrong, and what saving and testing came to. */
import { type SetStateAction, useState } from 'react';
import type { Failure } from '../../../shared/api/base.ts';
import type { ConnectionDraft, ListedConnection, SecretInputs } from '../../../shared/api/connections.ts';
import { client } from '../../client/connect.ts';
import { failureFrom } from '../../client/failure.ts';
import {
  applyParsed,
  type ConnectionForm,
  changeDraft,
  changeSecrets,
  type FormErrors,
  type FormField,
  fieldOf,
  formOf,
  readForm,
  type Section,
  sectionOf,
} from './form/connection-form.ts';
import type { SectionProps } from './form/section-props.ts';
import { useConnectionTest } from './use-connection-test.ts';

/** @param onSaved the dialog's work is done; `onLocked`: the store of passwords has to be opened first */
export function useConnectionForm(editing: ListedConnection | undefined, onSaved: () => void, onLocked: () => void) {
  const [form, setForm] = useState<ConnectionForm>(() => formOf(editing));
  const [section, setSection] = useState<Section>('general');
  const [errors, setErrors] = useState<FormErrors>({});
  const [dirty, setDirty] = useState(false);
  const [saving, setSaving] = useState(false);
  const [reading, setReading] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const { test, run, stop } = useConnectionTest();

  const change = (next: SetStateAction<ConnectionForm>) => {
    setForm(next);
    setDirty(true);
    setErrors({});
    setFailure(null);
  };
  const show = (found: FormErrors) => {
    setErrors(found);
    const first = (Object.keys(found) as FormField[])[0];
    if (first) setSection(sectionOf[first]);
  };
  /** The failure is told in its place; its field and section are marked, so that the person finds the cause. */
  const showCause = (failed: Failure) => {
    const named = failed.kind === 'invalid' ? failed.field : failed.kind === 'connection' ? failed.reason : '';
    const field = fieldOf(named, form.draft);
    if (field) show({ [field]: failed.message });
  };
  /** Fills the form as it is by then from a pasted text. @returns what could not be taken over; throws what is wrong with it */
  const fill = async (text: string): Promise<readonly string[]> => {
    setReading(true);
    try {
      const parsed = await client.connections.parse({ text });
      change((now) => applyParsed(now, parsed));
      return parsed.notes;
    } finally {
      setReading(false);
    }
  };
  const startTest = async () => {
    const read = readForm(form);
    if (read.errors) return show(read.errors);
    setErrors({});
    const ended = await run({ id: editing?.id, draft: read.draft, secrets: form.secrets });
    if (ended.failure) showCause(ended.failure);
  };
  const save = async () => {
    const read = readForm(form);
    if (read.errors) return show(read.errors);
    setSaving(true);
    try {
      await send(editing?.id, read.draft, form.secrets);
      onSaved();
    } catch (thrown) {
      setSaving(false);
      const failed = failureFrom(thrown);
      setFailure(failed);
      if (failed.kind !== 'connection' || failed.reason !== 'secretsLocked') return showCause(failed);
      setSection('general');
      onLocked();
    }
  };
  const props: SectionProps = {
    form,
    errors,
    saved: editing?.savedSecrets ?? [],
    onForm: change,
    onDraft: (part) => change(changeDraft(form, part)),
    onSecrets: (part) => change(changeSecrets(form, part)),
  };
  return { props, section, setSection, dirty, saving, reading, failure, test, fill, startTest, stopTest: stop, save };
}

const send = (id: string | undefined, draft: ConnectionDraft, secrets: SecretInputs) =>
  id === undefined ? client.connections.create({ draft, secrets }) : client.connections.update({ id, draft, secrets });
