import { useState } from 'react';
import type { AppInfo } from '../../../../shared/api/app.ts';
import type { Connection } from '../../../../shared/api/connections.ts';
import { Button } from '../../../ui/button.tsx';
import { Field, Select } from '../../../ui/field.tsx';
import { Callout } from '../../../ui/states.tsx';
import { SecretField } from './secret-field.tsx';
import type { SectionProps } from './section-props.ts';
import { VaultForm } from './vault-form.tsx';

export interface PasswordFieldsProps extends SectionProps {
  readonly secretsState: AppInfo['secrets'] | undefined;
  readonly onVaultOpen: () => void;
}

const keptIn = (state: AppInfo['secrets'] | undefined) => {
  if (state === 'none') return 'Keep it until Howdah closes';
  return state === 'vault' || state === 'vaultLocked' ? 'Keep it in the vault' : 'Keep it in the keychain';
};

/** The password and where it comes from; where it cannot be kept, the way to keep it. */
export function PasswordFields({
  form,
  errors,
  saved,
  onDraft,
  onSecrets,
  secretsState,
  onVaultOpen,
}: PasswordFieldsProps) {
  const { draft } = form;
  const options: readonly { value: Connection['password']; label: string }[] = [
    { value: 'keychain', label: keptIn(secretsState) },
    { value: 'ask', label: 'Ask each time' },
    { value: 'none', label: 'No password' },
  ];
  return (
    <>
      <div className="grid grid-cols-2 gap-3">
        {draft.password === 'none' ? (
          <p className="self-end pb-1.5 text-xs text-faint">Logs in by trust, peer or certificate.</p>
        ) : (
          <SecretField
            label="Password"
            value={form.secrets.password}
            saved={saved.includes('password')}
            error={errors.password}
            hint={draft.password === 'ask' ? 'For now; nothing is written down.' : undefined}
            onValue={(password) => onSecrets({ password })}
          />
        )}
        <Field label="Keeping the password">
          {(ids) => (
            <Select {...ids} value={draft.password} options={options} onValue={(password) => onDraft({ password })} />
          )}
        </Field>
      </div>
      {draft.password === 'keychain' && secretsState === 'none' && <NoKeychain onDone={onVaultOpen} />}
      {draft.password === 'keychain' && secretsState === 'vaultLocked' && (
        <Callout tone="warning" title="The vault is locked">
          <VaultForm create={false} onDone={onVaultOpen} />
        </Callout>
      )}
    </>
  );
}

/** Said in a sentence; the vault's form comes when it is asked for. */
function NoKeychain({ onDone }: { onDone: () => void }) {
  const [making, setMaking] = useState(false);
  if (!making) {
    return (
      <div className="flex items-center gap-3 rounded-md bg-warning-soft px-3 py-1.5 text-xs">
        <p className="flex-1">
          This computer has no keychain: without a vault, passwords are forgotten when Howdah closes.
        </p>
        <Button small onClick={() => setMaking(true)}>
          Make a vault…
        </Button>
      </div>
    );
  }
  return (
    <Callout tone="warning" title="A vault for passwords">
      <p className="mb-2">An encrypted file under a passphrase, asked for once after each start.</p>
      <VaultForm create onDone={onDone} />
    </Callout>
  );
}
