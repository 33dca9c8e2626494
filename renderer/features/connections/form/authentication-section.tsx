import type { AppInfo } from '../../../../shared/api/app.ts';
import type { Connection } from '../../../../shared/api/connections.ts';
import { Field, Select } from '../../../ui/field.tsx';
import { Callout } from '../../../ui/states.tsx';
import { SecretField } from './secret-field.tsx';
import type { SectionProps } from './section-props.ts';
import { TextField } from './text-field.tsx';
import { VaultForm } from './vault-form.tsx';

const keptIn = (state: AppInfo['secrets'] | undefined) =>
  state === 'keychain' || state === undefined ? 'Keep it in the keychain' : 'Keep it in the vault';

/** Who logs in, and where the password comes from. */
export function AuthenticationSection({
  form,
  errors,
  saved,
  onDraft,
  onSecrets,
  secretsState,
  onVaultOpen,
}: SectionProps & { secretsState: AppInfo['secrets'] | undefined; onVaultOpen: () => void }) {
  const { draft } = form;
  const options: readonly { value: Connection['password']; label: string }[] = [
    { value: 'keychain', label: keptIn(secretsState) },
    { value: 'ask', label: 'Ask each time' },
    { value: 'none', label: 'No password (trust, peer, certificate)' },
  ];
  return (
    <div className="flex flex-col gap-3 py-3">
      <TextField
        label="User"
        maxLength={200}
        value={draft.user}
        error={errors.user}
        onValue={(user) => onDraft({ user })}
      />
      <Field label="Password">
        {(ids) => (
          <Select {...ids} value={draft.password} options={options} onValue={(password) => onDraft({ password })} />
        )}
      </Field>
      {draft.password !== 'none' && (
        <SecretField
          label={draft.password === 'ask' ? 'Password for now' : 'Password to keep'}
          value={form.secrets.password}
          saved={saved.includes('password')}
          error={errors.password}
          hint={draft.password === 'ask' ? 'Remembered until Howdah is closed; nothing is written down.' : undefined}
          onValue={(password) => onSecrets({ password })}
        />
      )}
      {draft.password === 'keychain' && secretsState === 'none' && (
        <Callout tone="warning" title="This computer has no keychain">
          <p className="mb-2">
            Without one, passwords are remembered until Howdah is closed. Make a vault, an encrypted file under a
            passphrase, to keep them.
          </p>
          <VaultForm create onDone={onVaultOpen} />
        </Callout>
      )}
      {draft.password === 'keychain' && secretsState === 'vaultLocked' && (
        <Callout tone="warning" title="The vault is locked">
          <VaultForm create={false} onDone={onVaultOpen} />
        </Callout>
      )}
    </div>
  );
}
