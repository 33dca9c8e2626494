import type { ConnectionDraft } from '../../../../shared/api/connections.ts';
import { Checkbox, Segmented } from '../../../ui/field.tsx';
import { SecretField } from './secret-field.tsx';
import type { SectionProps } from './section-props.ts';
import { TextField } from './text-field.tsx';

type Ssh = NonNullable<ConnectionDraft['ssh']>;
const newTunnel: Ssh = { host: '', port: 22, user: '', auth: 'agent' };

/** The tunnel through an SSH server. */
export function SshSection({ form, errors, saved, onForm, onDraft, onSecrets }: SectionProps) {
  const { ssh } = form.draft;
  return (
    <div className="flex flex-col gap-3 py-3">
      <Checkbox
        label="Connect through an SSH server"
        hint="Host and port of the database are then as the SSH server sees them. No local port is opened."
        checked={ssh !== null}
        onChange={(event) => onDraft({ ssh: event.currentTarget.checked ? newTunnel : null })}
      />
      {ssh && (
        <Tunnel
          {...{ form, errors, saved, onForm, onSecrets }}
          ssh={ssh}
          onSsh={(change) => onDraft({ ssh: { ...ssh, ...change } })}
        />
      )}
    </div>
  );
}

type TunnelProps = Omit<SectionProps, 'onDraft'> & { ssh: Ssh; onSsh: (change: Partial<Ssh>) => void };

function Tunnel(props: TunnelProps) {
  const { form, errors, onForm, ssh, onSsh } = props;
  return (
    <>
      <div className="grid grid-cols-[1fr_88px] gap-3">
        <TextField
          label="SSH host"
          maxLength={255}
          value={ssh.host}
          error={errors.sshHost}
          onValue={(host) => onSsh({ host })}
        />
        <TextField
          label="SSH port"
          inputMode="numeric"
          value={form.sshPortText}
          error={errors.sshPort}
          onValue={(sshPortText) => onForm({ ...form, sshPortText })}
        />
      </div>
      <TextField
        label="SSH user"
        maxLength={255}
        value={ssh.user}
        error={errors.sshUser}
        onValue={(user) => onSsh({ user })}
      />
      <div className="flex flex-col gap-1">
        <span className="text-xs font-medium text-muted">Log in with</span>
        <div>
          <Segmented
            label="Log in to the SSH server with"
            value={ssh.auth}
            options={[
              { value: 'agent', label: 'SSH agent' },
              { value: 'key', label: 'Private key' },
              { value: 'password', label: 'Password' },
            ]}
            onValue={(auth) => onSsh({ auth })}
          />
        </div>
      </div>
      <SshSecrets {...props} />
    </>
  );
}

function SshSecrets({ form, errors, saved, onSecrets, ssh }: TunnelProps) {
  if (ssh.auth === 'agent') return null;
  if (ssh.auth === 'password') {
    return (
      <SecretField
        label="SSH password"
        value={form.secrets.sshPassword}
        saved={saved.includes('sshPassword')}
        error={errors.sshPassword}
        onValue={(sshPassword) => onSecrets({ sshPassword })}
      />
    );
  }
  return (
    <>
      <SecretField
        label="Private key"
        multiline
        value={form.secrets.sshPrivateKey}
        saved={saved.includes('sshPrivateKey')}
        error={errors.sshPrivateKey}
        placeholder="-----BEGIN OPENSSH PRIVATE KEY-----"
        onValue={(sshPrivateKey) => onSecrets({ sshPrivateKey })}
      />
      <SecretField
        label="Passphrase of the key"
        value={form.secrets.sshPassphrase}
        saved={saved.includes('sshPassphrase')}
        error={errors.sshPassphrase}
        onValue={(sshPassphrase) => onSecrets({ sshPassphrase })}
      />
    </>
  );
}
