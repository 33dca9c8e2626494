import { useState } from 'react';
import type { Failure } from '../../../shared/api/base.ts';
import type { MailServer } from '../../../shared/api/mail.ts';
import { client } from '../../client/connect.ts';
import { failureFrom } from '../../client/failure.ts';
import { useCall } from '../../client/use-call.ts';
import { Button } from '../../ui/button.tsx';
import { FailureView } from '../../ui/failure-view.tsx';
import { Field, Select, TextArea, TextInput } from '../../ui/field.tsx';
import { toast } from '../../ui/toast.tsx';

/** By which server Howdah writes letters: of backups that a schedule makes. */
export function MailSettings() {
  const state = useCall(client.mail.settings, undefined);
  if (state.state === 'failed') return <FailureView failure={state.failure} />;
  if (!state.data) return null;
  return <MailForm key={String(state.data.server !== null)} {...state.data} onSaved={state.reload} />;
}

interface Draft extends Omit<MailServer, 'to' | 'port'> {
  readonly port: string;
  readonly to: string;
}
const fresh: Draft = { host: '', port: '587', encryption: 'starttls', user: '', from: '', to: '', certificate: '' };
const failedWords = { test: 'The test letter was not sent', save: 'Not saved' } as const;
const usualPorts = { tls: '465', starttls: '587', none: '25' } as const;

function MailForm({
  server,
  hasPassword,
  onSaved,
}: {
  server: MailServer | null;
  hasPassword: boolean;
  onSaved: () => void;
}) {
  const [draft, setDraft] = useState<Draft>(
    server ? { ...server, port: String(server.port), to: server.to.join(', ') } : fresh,
  );
  const [password, setPassword] = useState('');
  const [failed, setFailed] = useState<{ readonly what: 'test' | 'save'; readonly failure: Failure } | null>(null);
  const [busy, setBusy] = useState<'test' | 'save' | null>(null);
  const set = (change: Partial<Draft>) => setDraft((now) => ({ ...now, ...change }));
  const wanted: MailServer = {
    ...draft,
    host: draft.host.trim(),
    port: Number(draft.port),
    to: draft.to
      .split(/[,;\s]+/)
      .map((one) => one.trim())
      .filter((one) => one !== ''),
  };
  const complete = wanted.host !== '' && wanted.from !== '' && wanted.to.length > 0 && wanted.port > 0;
  const secret = password === '' ? {} : { password };
  const act = async (what: 'test' | 'save', work: () => Promise<void>) => {
    setBusy(what);
    setFailed(null);
    try {
      await work();
    } catch (thrown) {
      setFailed({ what, failure: failureFrom(thrown) });
    }
    setBusy(null);
  };
  const save = (next: MailServer | null) =>
    act('save', async () => {
      const { kept } = await client.mail.save({ server: next, ...secret });
      setPassword('');
      onSaved();
      if (next === null) setDraft(fresh);
      toast(
        kept ? 'The mail settings are saved.' : 'Saved; the password until Howdah ends: this machine keeps no secrets.',
        'success',
      );
    });
  const test = () =>
    act('test', async () => {
      await client.mail.test({ server: wanted, ...secret });
      toast(`A letter to ${wanted.to.join(', ')} was taken by the server.`, 'success');
    });
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        void save(wanted);
      }}
    >
      <p className="text-sm text-muted">Schedules of backups can tell of failures by e-mail, through this server.</p>
      <div className="grid grid-cols-[1fr_7rem_5rem] gap-3">
        <TextField
          label="Mail server"
          value={draft.host}
          onValue={(host) => set({ host })}
          placeholder="smtp.example.org"
        />
        <Field label="Encryption">
          {(ids) => (
            <Select
              {...ids}
              value={draft.encryption}
              options={[
                { value: 'starttls', label: 'STARTTLS' },
                { value: 'tls', label: 'TLS' },
                { value: 'none', label: 'None' },
              ]}
              onValue={(encryption) => set({ encryption, port: usualPorts[encryption] })}
            />
          )}
        </Field>
        <TextField label="Port" value={draft.port} onValue={(port) => set({ port: port.replaceAll(/\D/g, '') })} />
      </div>
      <div className="grid grid-cols-2 gap-3">
        <TextField label="User" value={draft.user} onValue={(user) => set({ user })} placeholder="none" />
        <Field label="Password" hint={hasPassword && password === '' ? 'Kept; type one to change it' : undefined}>
          {(ids) => (
            <TextInput
              {...ids}
              type="password"
              autoComplete="new-password"
              disabled={draft.user === ''}
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
            />
          )}
        </Field>
        <TextField label="From" value={draft.from} onValue={(from) => set({ from })} placeholder="howdah@example.org" />
        <TextField label="To" value={draft.to} onValue={(to) => set({ to })} placeholder="me@example.org, …" />
      </div>
      {draft.encryption !== 'none' && (
        <Field
          label="Certificate (PEM)"
          hint="Only for a server whose certificate this computer does not trust by itself"
        >
          {(ids) => (
            <TextArea
              {...ids}
              mono
              rows={draft.certificate === '' ? 2 : 5}
              placeholder="-----BEGIN CERTIFICATE-----"
              value={draft.certificate}
              onChange={(event) => set({ certificate: event.currentTarget.value })}
            />
          )}
        </Field>
      )}
      {failed && <FailureView failure={failed.failure} title={failedWords[failed.what]} />}
      <div className="flex gap-2">
        <Button type="submit" disabled={!complete} busy={busy === 'save'}>
          Save
        </Button>
        <Button type="button" disabled={!complete} busy={busy === 'test'} onClick={test}>
          Send a test
        </Button>
        {server && (
          <Button type="button" kind="quiet" onClick={() => void save(null)}>
            Forget this server
          </Button>
        )}
      </div>
    </form>
  );
}

function TextField({
  label,
  value,
  placeholder,
  onValue,
}: {
  label: string;
  value: string;
  placeholder?: string;
  onValue: (value: string) => void;
}) {
  return (
    <Field label={label}>
      {(ids) => (
        <TextInput
          {...ids}
          {...(placeholder ? { placeholder } : {})}
          value={value}
          onChange={(event) => onValue(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}
