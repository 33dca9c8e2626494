import { useId } from 'react';
import { useConnections } from '../../../workspace/connections.ts';
import type { SectionProps } from './section-props.ts';
import { TextField } from './text-field.tsx';

/** What helps to find the connection among many. */
export function LabelsSection({ form, errors, onForm, onDraft }: SectionProps) {
  const { draft } = form;
  const all = useConnections(({ connections }) => connections);
  const groups = [...new Set(all.map(({ group }) => group).filter(Boolean))].sort();
  const groupList = useId();
  return (
    <div className="flex flex-col gap-3 py-3">
      <div>
        <TextField
          label="Group"
          hint="A slash nests: customers/acme"
          list={groupList}
          maxLength={200}
          value={draft.group}
          onValue={(group) => onDraft({ group })}
        />
        <datalist id={groupList}>
          {groups.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
      </div>
      <TextField
        label="Tags"
        hint="Separated by commas; the list of connections and the palette find them"
        value={form.tagsText}
        error={errors.tags}
        onValue={(tagsText) => onForm({ ...form, tagsText })}
      />
      <div className="grid grid-cols-2 gap-3">
        <TextField
          label="Provider"
          maxLength={100}
          value={draft.provider}
          onValue={(provider) => onDraft({ provider })}
        />
        <TextField label="Region" maxLength={100} value={draft.region} onValue={(region) => onDraft({ region })} />
      </div>
    </div>
  );
}
