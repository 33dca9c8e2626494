import type { ConnectionDraft } from '../../../../shared/api/connections.ts';
import { Field, Select } from '../../../ui/field.tsx';
import { SecretField } from './secret-field.tsx';
import type { SectionProps } from './section-props.ts';
import { LinesField } from './text-field.tsx';

const modes: Record<ConnectionDraft['sslMode'], { label: string; hint: string }> = {
  auto: {
    label: 'auto: none on this machine, verified elsewhere',
    hint: 'No TLS on loopback and sockets; everywhere else encrypted, with issuer and host name checked.',
  },
  disable: {
    label: 'disable: never',
    hint: 'Everything, also the data, travels readable. For networks you trust, or inside a tunnel.',
  },
  allow: { label: 'allow: only if the server insists', hint: 'Protects against nobody who wants to listen.' },
  prefer: {
    label: 'prefer: if the server offers it',
    hint: 'Falls back to plain text; the server’s identity is not checked.',
  },
  require: {
    label: 'require: always, identity not checked',
    hint: 'Encrypted; the issuer is checked only where a root certificate is given.',
  },
  'verify-ca': {
    label: 'verify-ca: always, issuer checked',
    hint: 'Encrypted; the certificate must come from a trusted issuer, for any host name.',
  },
  'verify-full': {
    label: 'verify-full: always, issuer and host name checked',
    hint: 'The safest: the server is the one that was meant.',
  },
};
const options = (Object.keys(modes) as ConnectionDraft['sslMode'][]).map((value) => ({
  value,
  label: modes[value].label,
}));

/** libpq's TLS modes, the root to trust, and a client certificate. */
export function TlsSection({ form, errors, saved, onDraft, onSecrets }: SectionProps) {
  const { draft } = form;
  return (
    <div className="flex flex-col gap-3 py-3">
      <Field label="TLS mode" error={errors.sslMode} hint={modes[draft.sslMode].hint}>
        {(ids) => (
          <Select {...ids} value={draft.sslMode} options={options} onValue={(sslMode) => onDraft({ sslMode })} />
        )}
      </Field>
      <LinesField
        label="Root certificate (PEM)"
        hint="Empty: the certificates that this computer trusts"
        rows={4}
        placeholder="-----BEGIN CERTIFICATE-----"
        value={draft.sslRootCert}
        error={errors.sslRootCert}
        onValue={(sslRootCert) => onDraft({ sslRootCert })}
      />
      <LinesField
        label="Client certificate (PEM)"
        hint="Only where the server asks for one"
        rows={3}
        placeholder="-----BEGIN CERTIFICATE-----"
        value={draft.sslCert}
        error={errors.sslCert}
        onValue={(sslCert) => onDraft({ sslCert })}
      />
      {draft.sslCert !== '' && (
        <>
          <SecretField
            label="Private key of the client certificate (PEM)"
            multiline
            value={form.secrets.sslKey}
            saved={saved.includes('sslKey')}
            error={errors.sslKey}
            placeholder="-----BEGIN PRIVATE KEY-----"
            onValue={(sslKey) => onSecrets({ sslKey })}
          />
          <SecretField
            label="Passphrase of the key"
            value={form.secrets.sslKeyPassphrase}
            saved={saved.includes('sslKeyPassphrase')}
            error={errors.sslKeyPassphrase}
            onValue={(sslKeyPassphrase) => onSecrets({ sslKeyPassphrase })}
          />
        </>
      )}
    </div>
  );
}
