import { type FormEvent, useState } from 'react';
import type { Failure } from '../../../shared/api/base.ts';
import type { ListedConnection, SecretInputs } from '../../../shared/api/connections.ts';
import { client } from '../../client/connect.ts';
import { failureFrom } from '../../client/failure.ts';
import { useCall } from '../../client/use-call.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FailureView } from '../../ui/failure-view.tsx';
import { Checkbox } from '../../ui/field.tsx';
import { visibleText } from '../../ui/visible-text.ts';
import { useConnection } from '../../workspace/connections.ts';
import { SecretField } from './form/secret-field.tsx';
import { VaultForm } from './form/vault-form.tsx';
import { HostKeyQuestion } from './host-key-question.tsx';

export interface SecretsPromptProps {
  readonly connectionId: string;
  /** Why the connection needs the person: a password, a host key, a locked store. */
  readonly failure: Failure;
  readonly onCancel: () => void;
  /** What was missing is there: try again. */
  readonly onDone: () => void;
}

/** Asks for what a saved connection is missing. */
export function SecretsPrompt({ connectionId, failure, onCancel, onDone }: SecretsPromptProps) {
  const connection = useConnection(connectionId);
  const info = useCall(client.app.info, undefined);
  const name = visibleText(connection?.name ?? '');
  const reason = failure.kind === 'connection' ? failure.reason : '';
  if (reason === 'sshHostUnknown') {
    return (
      <Dialog
        open
        onClose={onCancel}
        title="Trust this SSH server?"
        description={name}
        footer={<Button onClick={onCancel}>Cancel</Button>}
      >
        <FailureView failure={failure} actions={<HostKeyQuestion failure={failure} onTrusted={onDone} />} />
      </Dialog>
    );
  }
  const vaultLocked = reason === 'secretsLocked' && info.data?.secrets === 'vaultLocked';
  return (
    <Dialog
      open
      onClose={onCancel}
      width="small"
      title={reason === 'secretsLocked' ? 'Saved passwords are locked' : 'Password needed'}
      description={
        connection ? `${name}: ${visibleText(`${connection.host}:${connection.port}/${connection.database}`)}` : name
      }
    >
      <div className="flex flex-col gap-4">
        {/* To be asked for a password is no failure; that the one given was wrong is. */}
        {reason !== 'passwordNeeded' && (
          <FailureView
            failure={failure}
            actions={
              reason === 'secretsLocked' &&
              info.data?.secrets === 'keychain' && (
                <Button small onClick={onDone}>
                  I have unlocked it
                </Button>
              )
            }
          />
        )}
        {vaultLocked && <VaultForm create={false} onDone={onDone} />}
        {connection && (
          <SecretsForm
            connection={connection}
            ssh={reason === 'sshAuth'}
            mayKeep={reason !== 'secretsLocked' && info.data?.secrets !== 'none'}
            onCancel={onCancel}
            onDone={onDone}
          />
        )}
      </div>
    </Dialog>
  );
}

interface SecretsFormProps {
  readonly connection: ListedConnection;
  /** The SSH server, and not PostgreSQL, refused. */
  readonly ssh: boolean;
  readonly mayKeep: boolean;
  readonly onCancel: () => void;
  readonly onDone: () => void;
}

function SecretsForm({ connection, ssh, mayKeep, onCancel, onDone }: SecretsFormProps) {
  const [secrets, setSecrets] = useState<SecretInputs>({});
  const [keep, setKeep] = useState(connection.password === 'keychain' && mayKeep);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      await (keep && mayKeep
        ? keepSecrets(connection, secrets)
        : client.connections.provideSecrets({ id: connection.id, secrets }));
      onDone();
    } catch (thrown) {
      setFailure(failureFrom(thrown));
      setBusy(false);
    }
  };
  const field = (name: keyof SecretInputs, label: string, multiline = false) => (
    <SecretField
      label={label}
      multiline={multiline}
      autoFocus={name === 'password' || name === 'sshPassword'}
      value={secrets[name]}
      saved={false}
      onValue={(value) => setSecrets({ ...secrets, [name]: value })}
    />
  );
  return (
    <form onSubmit={submit} className="flex flex-col gap-3">
      {!ssh && field('password', `Password of ${visibleText(connection.user)}`)}
      {ssh &&
        connection.ssh?.auth === 'password' &&
        field('sshPassword', `SSH password of ${visibleText(connection.ssh.user)}`)}
      {ssh && connection.ssh?.auth === 'key' && (
        <>
          {field('sshPassphrase', 'Passphrase of the SSH key')}
          {!connection.savedSecrets.includes('sshPrivateKey') && field('sshPrivateKey', 'Private key', true)}
        </>
      )}
      {mayKeep && (
        <Checkbox
          label="Keep it"
          hint="Otherwise it is remembered until Howdah is closed."
          checked={keep}
          onChange={(event) => setKeep(event.currentTarget.checked)}
        />
      )}
      {failure && <FailureView failure={failure} />}
      <div className="flex justify-end gap-2">
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" kind="primary" busy={busy} disabled={Object.values(secrets).every((value) => !value)}>
          Connect
        </Button>
      </div>
    </form>
  );
}

function keepSecrets(
  { id, savedSecrets: _saved, createdAtMs: _made, usedAtMs: _used, ...draft }: ListedConnection,
  secrets: SecretInputs,
) {
  const password = secrets.password === undefined ? draft.password : 'keychain';
  return client.connections.update({ id, draft: { ...draft, password }, secrets });
}
