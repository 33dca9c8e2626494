import type { RestoreChoice } from '../../../../shared/api/backups.ts';
import type { BackupForm } from '../../../../shared/api/dump-tool.ts';
import { Checkbox, Field, Select, TextInput } from '../../../ui/field.tsx';
import { visibleText } from '../../../ui/visible-text.ts';

export interface RestoreOptionsProps {
  readonly choice: RestoreChoice;
  readonly onChoice: (choice: RestoreChoice) => void;
  /** That the backup names. */
  readonly roles: readonly string[];
  readonly tablespaces: readonly string[];
  readonly form: BackupForm;
}

/** What happens at an error, and whose things they are afterwards. */
export function RestoreOptions({ choice, onChoice, roles, tablespaces, form }: RestoreOptionsProps) {
  const set = (change: Partial<RestoreChoice>) => onChoice({ ...choice, ...change });
  return (
    <div className="flex flex-col gap-4">
      <div className="grid grid-cols-2 gap-3">
        <Field
          label="At an error"
          hint={
            choice.errors === 'single'
              ? 'Nothing of it stays'
              : choice.errors === 'stop'
                ? 'What was done before the error stays, in a database that was there'
                : 'Everything that works is done; the rest is listed'
          }
        >
          {(ids) => (
            <Select
              {...ids}
              value={choice.errors}
              options={[
                { value: 'single', label: 'Undo everything' },
                { value: 'stop', label: 'Stop there' },
                { value: 'continue', label: 'Go on, and report' },
              ]}
              onValue={(errors) => set({ errors })}
            />
          )}
        </Field>
        {form !== 'plain' && (
          <Field label="Roles that are not there" hint="New ones may not log in and belong to nothing">
            {(ids) => (
              <Select
                {...ids}
                value={choice.missingRoles}
                options={[
                  { value: 'create', label: 'Make them' },
                  { value: 'current', label: 'Take the role of this connection' },
                ]}
                onValue={(missingRoles) => set({ missingRoles })}
              />
            )}
          </Field>
        )}
      </div>
      {form !== 'plain' && (
        <div className="flex flex-wrap gap-5">
          <Checkbox
            label="Definitions only, no rows"
            checked={choice.what === 'structure'}
            onChange={(event) => set({ what: event.currentTarget.checked ? 'structure' : 'all' })}
          />
          <Checkbox
            label="Owners"
            checked={choice.owners}
            onChange={(event) => set({ owners: event.currentTarget.checked })}
          />
          <Checkbox
            label="Grants"
            checked={choice.grants}
            onChange={(event) => set({ grants: event.currentTarget.checked })}
          />
        </div>
      )}
      <Renames what="roles" names={roles} to={choice.roles} onTo={(renamed) => set({ roles: renamed })} />
      <Renames
        what="tablespaces"
        names={tablespaces}
        to={choice.tablespaces}
        onTo={(renamed) => set({ tablespaces: renamed })}
      />
    </div>
  );
}

interface RenamesProps {
  readonly what: string;
  readonly names: readonly string[];
  readonly to: Readonly<Record<string, string>>;
  readonly onTo: (to: Record<string, string>) => void;
}

/** For each name of the backup the one that takes its place on the target. */
function Renames({ what, names, to, onTo }: RenamesProps) {
  if (names.length === 0) return null;
  const rename = (name: string, wanted: string) => {
    const { [name]: _, ...others } = to;
    onTo(wanted === '' ? others : { ...others, [name]: wanted });
  };
  return (
    <fieldset className="max-h-48 overflow-auto rounded-md border border-line p-2">
      <legend className="px-1 text-xs text-muted">Other {what} in their place</legend>
      <div className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)] items-center gap-x-3 gap-y-1">
        {names.map((name) => (
          <RenameLine key={name} name={name} to={to[name] ?? ''} onTo={(wanted) => rename(name, wanted)} />
        ))}
      </div>
    </fieldset>
  );
}

function RenameLine({ name, to, onTo }: { name: string; to: string; onTo: (to: string) => void }) {
  return (
    <>
      <span className="truncate font-mono text-xs">{visibleText(name)}</span>
      <TextInput
        aria-label={`In the place of ${name}`}
        placeholder="the same"
        mono
        value={to}
        onChange={(event) => onTo(event.currentTarget.value)}
      />
    </>
  );
}
