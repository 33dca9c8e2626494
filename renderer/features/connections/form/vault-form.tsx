import { type FormEvent, useState } from 'react';
import { client } from '../../../client/connect.ts';
import { failureFrom } from '../../../client/failure.ts';
import { Button } from '../../../ui/button.tsx';
import { Field, TextInput } from '../../../ui/field.tsx';

const shortest = 8;

/** Opens the vault, or makes it. The passphrase cannot be recovered, and says so. */
export function VaultForm({ create, onDone }: { create: boolean; onDone: () => void }) {
  const [passphrase, setPassphrase] = useState('');
  const [again, setAgain] = useState('');
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    if (create && passphrase.length < shortest) return setError(`At least ${shortest} characters.`);
    if (create && passphrase !== again) return setError('The two are not alike.');
    setBusy(true);
    try {
      await (create ? client.connections.createVault({ passphrase }) : client.connections.unlockVault({ passphrase }));
      onDone();
    } catch (thrown) {
      setError(failureFrom(thrown).message);
      setBusy(false);
    }
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-2">
      <Field
        label="Passphrase"
        error={error}
        hint={create ? 'It cannot be recovered: without it the saved passwords are lost.' : undefined}
      >
        {(ids) => (
          <TextInput
            {...ids}
            type="password"
            autoComplete="new-password"
            value={passphrase}
            onChange={(event) => {
              setPassphrase(event.currentTarget.value);
              setError(undefined);
            }}
          />
        )}
      </Field>
      {create && (
        <Field label="Passphrase again">
          {(ids) => (
            <TextInput
              {...ids}
              type="password"
              autoComplete="new-password"
              value={again}
              onChange={(event) => setAgain(event.currentTarget.value)}
            />
          )}
        </Field>
      )}
      <div>
        <Button type="submit" small busy={busy} disabled={passphrase === ''}>
          {create ? 'Make the vault' : 'Unlock'}
        </Button>
      </div>
    </form>
  );
}
