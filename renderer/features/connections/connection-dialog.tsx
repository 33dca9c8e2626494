import type { ReactNode } from 'react';
import type { AppInfo } from '../../../shared/api/app.ts';
import { client } from '../../client/connect.ts';
import { useCall } from '../../client/use-call.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FailureView } from '../../ui/failure-view.tsx';
import { Sections } from '../../ui/tabs.tsx';
import { useConnection } from '../../workspace/connections.ts';
import { AdvancedSection } from './form/advanced-section.tsx';
import { type FormField, type Section, sectionOf, sections } from './form/connection-form.ts';
import { GeneralSection } from './form/general-section.tsx';
import { LabelsSection } from './form/labels-section.tsx';
import { PasteField } from './form/paste-field.tsx';
import { SshSection } from './form/ssh-section.tsx';
import { TlsSection } from './form/tls-section.tsx';
import { HostKeyQuestion } from './host-key-question.tsx';
import { TestPanel } from './test-panel.tsx';
import { useConnectionForm } from './use-connection-form.ts';

export interface ConnectionDialogProps {
  readonly open: boolean;
  /** Absent: a new one. */
  readonly connectionId?: string;
  readonly onClose: () => void;
}

const sectionNames: Record<Section, string> = {
  general: 'General',
  labels: 'Labels',
  tls: 'TLS',
  ssh: 'SSH',
  advanced: 'Advanced',
};

/** Makes or edits a connection: a form in sections, a field that fills it, and the test beside it. */
export function ConnectionDialog({ open, connectionId, onClose }: ConnectionDialogProps) {
  const editing = useConnection(connectionId ?? null);
  const info = useCall(client.app.info, undefined);
  const form = useConnectionForm(editing, onClose, info.reload);
  const { test, failure } = form;
  return (
    <Dialog
      open={open}
      onClose={onClose}
      keepOpen={form.dirty}
      width="large"
      title={editing ? 'Edit connection' : 'New connection'}
      footerStart={
        test.state === 'running' ? (
          <Button onClick={form.stopTest}>Stop the test</Button>
        ) : (
          <Button busy={form.reading} onClick={() => void form.startTest()}>
            Test connection
          </Button>
        )
      }
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" busy={form.saving || form.reading} onClick={() => void form.save()}>
            {editing ? 'Save' : 'Create connection'}
          </Button>
        </>
      }
    >
      <div className="flex h-[min(560px,calc(88vh-130px))] flex-col gap-3">
        <PasteField reading={form.reading} onFill={form.fill} />
        {failure && <FailureView failure={failure} />}
        <div className="flex min-h-0 flex-1 gap-4">
          <div className="min-w-0 flex-1">
            <FormSections form={form} info={info} />
          </div>
          <section
            aria-label="Connection test"
            // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
            tabIndex={0}
            className="w-[272px] shrink-0 overflow-auto border-l border-line pl-4"
          >
            <h3 className="mb-2 text-xs font-medium text-muted">Test</h3>
            <TestPanel
              test={test}
              actions={
                test.failure && <HostKeyQuestion failure={test.failure} onTrusted={() => void form.startTest()} />
              }
            />
          </section>
        </div>
      </div>
    </Dialog>
  );
}

interface FormSectionsProps {
  readonly form: ReturnType<typeof useConnectionForm>;
  readonly info: { readonly data?: AppInfo; readonly reload: () => void };
}

function FormSections({ form: { props, section, setSection }, info }: FormSectionsProps) {
  const contents: Record<Section, ReactNode> = {
    general: <GeneralSection {...props} secretsState={info.data?.secrets} onVaultOpen={info.reload} />,
    labels: <LabelsSection {...props} />,
    tls: <TlsSection {...props} />,
    ssh: <SshSection {...props} />,
    advanced: <AdvancedSection {...props} />,
  };
  const wrong = new Set((Object.keys(props.errors) as FormField[]).map((field) => sectionOf[field]));
  return (
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
