import type { ConstraintModel } from '../../../../shared/api/structure.ts';
import {
  type ConstraintText,
  readConstraint,
  referenceActions,
  writeConstraint,
} from '../../../../shared/ddl/constraint-text.ts';
import { Checkbox, Field, Select } from '../../../ui/field.tsx';
import { visibleText } from '../../../ui/visible-text.ts';

interface Props {
  readonly constraint: ConstraintModel;
  /** As the server has it; undefined of a new one. */
  readonly old: ConstraintModel | undefined;
  readonly major: number;
  readonly onDefinition: (definition: string) => void;
}

const canDefer = ({ kind }: ConstraintModel): boolean => kind !== 'check';
const canWait = ({ kind }: ConstraintModel): boolean => kind === 'check' || kind === 'foreignKey';
export const hasDetails = (constraint: ConstraintModel): boolean =>
  constraint.definition.trim() !== '' && (canDefer(constraint) || canWait(constraint));

/** What happens to rows that refer, when it is checked, and whether it holds for all rows: chosen instead of written. */
export function ConstraintDetails({ constraint, old, major, onDefinition }: Props) {
  const parts = readConstraint(constraint.definition);
  const was = old && readConstraint(old.definition).state;
  const set = (change: Partial<ConstraintText>) => onDefinition(writeConstraint({ ...parts, ...change }));
  const label = visibleText(constraint.name);
  return (
    <fieldset
      className="grid grid-cols-1 gap-x-4 gap-y-2 px-10 py-3 @sm:grid-cols-2 @2xl:grid-cols-3"
      aria-label={`More about ${label}`}
    >
      {constraint.kind === 'foreignKey' && (
        <>
          <Action label="When it is deleted" value={parts.onDelete} onValue={(onDelete) => set({ onDelete })} />
          <Action label="When its key changes" value={parts.onUpdate} onValue={(onUpdate) => set({ onUpdate })} />
        </>
      )}
      {canDefer(constraint) && (
        <Field label="Is checked">
          {(ids) => (
            <Select
              {...ids}
              value={parts.deferrable}
              onValue={(deferrable) => set({ deferrable })}
              options={[
                { value: '', label: 'at once' },
                { value: 'DEFERRABLE', label: 'at once, may be deferred' },
                { value: 'DEFERRABLE INITIALLY DEFERRED', label: 'at the end of the transaction' },
              ]}
            />
          )}
        </Field>
      )}
      {canWait(constraint) && parts.state !== 'NOT ENFORCED' && (
        <Checkbox
          className="self-end pb-1"
          label="Holds for the rows that are there"
          hint={
            was === 'NOT VALID'
              ? 'They were never checked: tick it, and they are (VALIDATE).'
              : 'Unticked, only new rows are held to it (NOT VALID).'
          }
          checked={parts.state === ''}
          onChange={(event) => set({ state: event.currentTarget.checked ? '' : 'NOT VALID' })}
        />
      )}
      {canWait(constraint) && major >= 18 && (
        <Checkbox
          className="self-end pb-1"
          label="Enforced"
          hint="Unticked, it is documentation for people and the planner."
          checked={parts.state !== 'NOT ENFORCED'}
          onChange={(event) => set({ state: event.currentTarget.checked ? '' : 'NOT ENFORCED' })}
        />
      )}
    </fieldset>
  );
}

function Action({ label, value, onValue }: { label: string; value: string; onValue: (value: string) => void }) {
  // SET NULL (a) names columns: it stays as it was written.
  const all = (referenceActions as readonly string[]).includes(value) ? referenceActions : [value, ...referenceActions];
  return (
    <Field label={label}>
      {(ids) => (
        <Select
          {...ids}
          value={value}
          onValue={onValue}
          options={all.map((each) => ({ value: each, label: each.toLowerCase() }))}
        />
      )}
    </Field>
  );
}
