import { useId } from 'react';
import { connectionColors, type environments } from '../../../../shared/api/connections.ts';
import { cx } from '../../../ui/class-names.ts';
import { Checkbox, Segmented } from '../../../ui/field.tsx';
import { colorClass } from '../../../workspace/connection-look.ts';
import { PasswordFields, type PasswordFieldsProps } from './password-fields.tsx';
import type { SectionProps } from './section-props.ts';
import { TextField } from './text-field.tsx';

/** Where the server is, who logs in, and how the connection is told from the others. */
export function GeneralSection(props: PasswordFieldsProps) {
  const { form, errors, onForm, onDraft } = props;
  const { draft } = form;
  return (
    <div className="flex flex-col gap-3 py-3">
      <TextField
        label="Name"
        maxLength={200}
        placeholder={`${draft.database || draft.user} on ${draft.host}`}
        value={draft.name}
        error={errors.name}
        onValue={(name) => onDraft({ name })}
      />
      <div className="grid grid-cols-[1fr_88px] gap-3">
        <TextField
          label="Host"
          hint="Name, address, or the folder of a Unix-domain socket"
          maxLength={1024}
          value={draft.host}
          error={errors.host}
          onValue={(host) => onDraft({ host })}
        />
        <TextField
          label="Port"
          inputMode="numeric"
          value={form.portText}
          error={errors.port}
          onValue={(portText) => onForm({ ...form, portText })}
        />
      </div>
      <div className="grid grid-cols-2 gap-3">
        <TextField
          label="Database"
          placeholder={draft.user}
          maxLength={200}
          value={draft.database}
          error={errors.database}
          onValue={(database) => onDraft({ database })}
        />
        <TextField
          label="User"
          maxLength={200}
          value={draft.user}
          error={errors.user}
          onValue={(user) => onDraft({ user })}
        />
      </div>
      <PasswordFields {...props} />
      <Looks {...props} />
      <Checkbox
        label="Read-only"
        hint="Transactions begin read-only. A guard against slips: the role’s rights are the real limit."
        checked={draft.readOnly}
        onChange={(event) => onDraft({ readOnly: event.currentTarget.checked })}
      />
    </div>
  );
}

const environmentOptions: readonly { value: (typeof environments)[number]; label: string }[] = [
  { value: 'development', label: 'Development' },
  { value: 'staging', label: 'Staging' },
  { value: 'production', label: 'Production' },
];

function Looks({ form: { draft }, onDraft }: SectionProps) {
  return (
    <div className="flex flex-wrap justify-between gap-x-4 gap-y-3">
      <div className="flex flex-col gap-1">
        <span className="text-xs font-medium text-muted">Environment</span>
        <div>
          <Segmented
            label="Environment"
            value={draft.environment}
            options={environmentOptions}
            onValue={(environment) => onDraft({ environment })}
          />
        </div>
      </div>
      <div className="flex flex-col gap-1">
        <span className="text-xs font-medium text-muted">Colour</span>
        <ColorChoice value={draft.color} onValue={(color) => onDraft({ color })} />
      </div>
    </div>
  );
}

type Color = (typeof connectionColors)[number];

function ColorChoice({ value, onValue }: { value: Color; onValue: (color: Color) => void }) {
  const name = useId();
  return (
    <fieldset className="flex h-7 items-center gap-1">
      <legend className="sr-only">Colour</legend>
      {connectionColors.map((color) => (
        <label
          key={color}
          title={color}
          className={cx(
            'flex size-5 items-center justify-center rounded-full has-focus-visible:outline-2 has-focus-visible:outline-focus',
            color === value && 'ring-2 ring-ink',
          )}
        >
          <input
            type="radio"
            name={name}
            className="sr-only"
            aria-label={color}
            checked={color === value}
            onChange={() => onValue(color)}
          />
          <span aria-hidden className={cx('size-3.5 rounded-full', colorClass[color])} />
        </label>
      ))}
    </fieldset>
  );
}
