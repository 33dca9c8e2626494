import { rules } from '../../../shared/lint/rule-list.ts';
import { Checkbox } from '../../ui/field.tsx';

const groups = [...new Set(rules.map(({ group }) => group))];

/** Which checks are made of what is typed. */
export function ChecksSettings({ off, onOff }: { off: readonly string[]; onOff: (off: string[]) => void }) {
  const turn = (id: string, on: boolean) => onOff(on ? off.filter((each) => each !== id) : [...off, id]);
  return (
    <div className="flex flex-col gap-3">
      {groups.map((group) => (
        <fieldset key={group} className="flex flex-col gap-1.5">
          <legend className="mb-1 text-xs font-medium text-muted">{group}</legend>
          {rules
            .filter((rule) => rule.group === group)
            .map(({ id, title }) => (
              <Checkbox
                key={id}
                label={title}
                checked={!off.includes(id)}
                onChange={(event) => turn(id, event.currentTarget.checked)}
              />
            ))}
        </fieldset>
      ))}
    </div>
  );
}
