import { useId } from 'react';
import { connectionColors, type environments } from '../../../../shared/api/connections.ts';
import { cx } from '../../../ui/class-names.ts';
import { Checkbox, Field, Segmented, TextInput } from '../../../ui/field.tsx';
import { colorClass } from '../../../workspace/connection-look.ts';
import { useConnections } from '../../../workspace/connections.ts';
import type { SectionProps } from './section-props.ts';

const environmentOptions: readonly { value: (typeof environments)[number]; label: string }[] = [
  { value: 'development', label: 'Development' },
  { value: 'staging', label: 'Staging' },
  { value: 'production', label: 'Production' },
];

/** Where the server is, and how the connection is told from the others. */
export function GeneralSection({ form, errors, onForm, onDraft }: SectionProps) {
  const { draft } = form;
  const groups = useConnections((all) => all.connections);
  const groupNames = [...new Set(groups.map(({ group }) => group).filter(Boolean))];
  const groupList = useId();
  return (
    <div className="flex flex-col gap-3 py-3">
      <Field label="Name" error={errors.name}>
        {(ids) => (
          <TextInput
            {...ids}
            maxLength={200}
            placeholder={`${draft.database || draft.user} on ${draft.host}`}
            value={draft.name}
            onChange={(event) => onDraft({ name: event.currentTarget.value })}
          />
        )}
      </Field>
      <div className="grid grid-cols-[1fr_88px] gap-3">
        <Field label="Host" error={errors.host} hint="Name, address, or the folder of a Unix-domain socket">
          {(ids) => (
            <TextInput
              {...ids}
              maxLength={1024}
              value={draft.host}
              onChange={(event) => onDraft({ host: event.currentTarget.value })}
            />
          )}
        </Field>
        <Field label="Port" error={errors.port}>
          {(ids) => (
            <TextInput
              {...ids}
              inputMode="numeric"
              value={form.portText}
              onChange={(event) => onForm({ ...form, portText: event.currentTarget.value })}
            />
          )}
        </Field>
      </div>
      <Field label="Database" error={errors.database} hint="Empty: the same as the user">
        {(ids) => (
          <TextInput
            {...ids}
            maxLength={200}
            value={draft.database}
            onChange={(event) => onDraft({ database: event.currentTarget.value })}
          />
        )}
      </Field>
      <div className="grid grid-cols-2 gap-3">
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
      <div className="grid grid-cols-2 gap-3">
        <Field label="Group" hint="A slash nests: customers/acme">
          {(ids) => (
            <>
              <TextInput
                {...ids}
                list={groupList}
                maxLength={200}
                value={draft.group}
                onChange={(event) => onDraft({ group: event.currentTarget.value })}
              />
              <datalist id={groupList}>
                {groupNames.map((name) => (
                  <option key={name} value={name} />
                ))}
              </datalist>
            </>
          )}
        </Field>
        <Field label="Tags" error={errors.tags} hint="Separated by commas">
          {(ids) => (
            <TextInput
              {...ids}
              value={form.tagsText}
              onChange={(event) => onForm({ ...form, tagsText: event.currentTarget.value })}
            />
          )}
        </Field>
        <Field label="Provider">
          {(ids) => (
            <TextInput
              {...ids}
              maxLength={100}
              value={draft.provider}
              onChange={(event) => onDraft({ provider: event.currentTarget.value })}
            />
          )}
        </Field>
        <Field label="Region">
          {(ids) => (
            <TextInput
              {...ids}
              maxLength={100}
              value={draft.region}
              onChange={(event) => onDraft({ region: event.currentTarget.value })}
            />
          )}
        </Field>
      </div>
      <Checkbox
        label="Read-only"
        hint="Transactions begin read-only. A guard against slips: the role’s rights are the real limit."
        checked={draft.readOnly}
        onChange={(event) => onDraft({ readOnly: event.currentTarget.checked })}
      />
    </div>
  );
}

type Color = (typeof connectionColors)[number];

function ColorChoice({ value, onValue }: { value: Color; onValue: (color: Color) => void }) {
  const name = useId();
  return (
    <fieldset className="flex h-7 items-center gap-1.5">
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
