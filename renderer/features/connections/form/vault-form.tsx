import { type FormEvent, useState } from 'react';
import { client } from '../../../client/connect.ts';
import { failureFrom } from '../../../client/failure.ts';
import { Button } from '../../../ui/button.tsx';
import { TextField } from './text-field.tsx';

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
      <TextField
        label="Passphrase"
        type="password"
        autoComplete="new-password"
        hint={create ? 'It cannot be recovered: without it the saved passwords are lost.' : undefined}
        error={error}
        value={passphrase}
        onValue={(typed) => {
          setPassphrase(typed);
          setError(undefined);
        }}
      />
      {create && (
        <TextField
          label="Passphrase again"
          type="password"
          autoComplete="new-password"
          value={again}
          onValue={setAgain}
        />
      )}
      <div>
        <Button type="submit" small busy={busy} disabled={passphrase === ''}>
          {create ? 'Make the vault' : 'Unlock'}
        </Button>
      </div>
    </form>
  );
}
