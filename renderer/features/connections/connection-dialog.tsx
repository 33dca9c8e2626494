import { useState } from 'react';
import type { Failure } from '../../../shared/api/base.ts';
import { client } from '../../client/connect.ts';
import { failureFrom } from '../../client/failure.ts';
import { useCall } from '../../client/use-call.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FailureView } from '../../ui/failure-view.tsx';
import { Sections } from '../../ui/tabs.tsx';
import { useConnection } from '../../workspace/connections.ts';
import { AdvancedSection } from './form/advanced-section.tsx';
import { AuthenticationSection } from './form/authentication-section.tsx';
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
  sections,
} from './form/connection-form.ts';
import { GeneralSection } from './form/general-section.tsx';
import { PasteField } from './form/paste-field.tsx';
import type { SectionProps } from './form/section-props.ts';
import { SshSection } from './form/ssh-section.tsx';
import { TlsSection } from './form/tls-section.tsx';
import { HostKeyQuestion } from './host-key-question.tsx';
import { TestPanel } from './test-panel.tsx';
import { useConnectionTest } from './use-connection-test.ts';

export interface ConnectionDialogProps {
  readonly open: boolean;
  /** Absent: a new one. */
  readonly connectionId?: string;
  readonly onClose: () => void;
}

const sectionNames: Record<Section, string> = {
  general: 'General',
  authentication: 'Authentication',
  tls: 'TLS',
  ssh: 'SSH',
  advanced: 'Advanced',
};

/** Makes or edits a connection: a form in sections, a field that fills it, and the test beside it. */
export function ConnectionDialog({ open, connectionId, onClose }: ConnectionDialogProps) {
  const editing = useConnection(connectionId ?? null);
  const [form, setForm] = useState<ConnectionForm>(() => formOf(editing));
  const [section, setSection] = useState<Section>('general');
  const [errors, setErrors] = useState<FormErrors>({});
  const [dirty, setDirty] = useState(false);
  const [saving, setSaving] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const info = useCall(client.app.info, undefined);
  const { test, run, stop } = useConnectionTest();

  const change = (next: ConnectionForm) => {
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
  /** The failure stands in the panel; its field and section are marked, so that the person finds the place. */
  const showFailure = (failed: Failure) => {
    const named = failed.kind === 'invalid' ? failed.field : failed.kind === 'connection' ? failed.reason : '';
    const field = fieldOf(named, form.draft);
    if (field) show({ [field]: failed.message });
  };
  const startTest = async () => {
    const read = readForm(form);
    if (read.errors) return show(read.errors);
    setErrors({});
    const ended = await run({ id: editing?.id, draft: read.draft, secrets: form.secrets });
    if (ended.failure) showFailure(ended.failure);
  };
  const save = async () => {
    const read = readForm(form);
    if (read.errors) return show(read.errors);
    setSaving(true);
    try {
      const { draft } = read;
      const { secrets } = form;
      await (editing
        ? client.connections.update({ id: editing.id, draft, secrets })
        : client.connections.create({ draft, secrets }));
      onClose();
    } catch (thrown) {
      const failed = failureFrom(thrown);
      setFailure(failed);
      if (failed.kind === 'connection' && failed.reason === 'secretsLocked') {
        info.reload();
        setSection('authentication');
      } else showFailure(failed);
      setSaving(false);
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
  const contents: Record<Section, React.ReactNode> = {
    general: <GeneralSection {...props} />,
    authentication: <AuthenticationSection {...props} secretsState={info.data?.secrets} onVaultOpen={info.reload} />,
    tls: <TlsSection {...props} />,
    ssh: <SshSection {...props} />,
    advanced: <AdvancedSection {...props} />,
  };
  const wrong = new Set((Object.keys(errors) as FormField[]).map((field) => sectionOf[field]));
  return (
    <Dialog
      open={open}
      onClose={onClose}
      keepOpen={dirty}
      width="large"
      title={editing ? 'Edit connection' : 'New connection'}
      footerStart={
        test.state === 'running' ? (
          <Button onClick={stop}>Stop the test</Button>
        ) : (
          <Button onClick={() => void startTest()}>Test connection</Button>
        )
      }
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" busy={saving} onClick={() => void save()}>
            {editing ? 'Save' : 'Create connection'}
          </Button>
        </>
      }
    >
      <div className="flex h-[min(560px,calc(88vh-130px))] flex-col gap-3">
        <PasteField onParsed={(parsed) => change(applyParsed(form, parsed))} />
        {failure && <FailureView failure={failure} />}
        <div className="flex min-h-0 flex-1 gap-4">
          <div className="min-w-0 flex-1">
            <Sections
              label="Sections of the connection"
              value={section}
              onValue={(value) => setSection(value as Section)}
              sections={sections.map((value) => ({
                value,
                label: <SectionLabel name={sectionNames[value]} wrong={wrong.has(value)} />,
                content: <div className="px-1 pr-3">{contents[value]}</div>,
              }))}
            />
          </div>
          <section aria-label="Connection test" className="w-64 shrink-0 overflow-auto border-l border-line pl-4">
            <h3 className="mb-2 text-xs font-medium text-muted">Test</h3>
            <TestPanel
              test={test}
              actions={
                test.failure && (
                  <HostKeyQuestion failure={test.failure} ssh={form.draft.ssh} onTrusted={() => void startTest()} />
                )
              }
            />
          </section>
        </div>
      </div>
    </Dialog>
  );
}

function SectionLabel({ name, wrong }: { name: string; wrong: boolean }) {
  if (!wrong) return name;
  return (
    <span className="inline-flex items-center gap-1.5">
      {name}
      <span className="size-1.5 rounded-full bg-danger" role="img" aria-label="has an error" />
    </span>
  );
}
