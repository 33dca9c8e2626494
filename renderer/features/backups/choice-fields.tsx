import type { BackupChoice, BackupSurvey } from '../../../shared/api/backups.ts';
import { shownBytes } from '../../ui/amounts.ts';
import { Checkbox, Field, Segmented, Select } from '../../ui/field.tsx';
import { visibleText } from '../../ui/visible-text.ts';
import { ToolFields } from './tools/tool-fields.tsx';

export interface ChoiceFieldsProps {
  readonly choice: BackupChoice;
  readonly onChoice: (choice: BackupChoice) => void;
  readonly survey: BackupSurvey | undefined;
}

const levels = [
  { value: '1', label: 'Fast' },
  { value: '6', label: 'Smaller (slower)' },
  { value: '15', label: 'Smallest (much slower)' },
] as const;

/** What of a database goes into a backup, and how. */
export function ChoiceFields({ choice, onChoice, survey }: ChoiceFieldsProps) {
  const schemas = survey?.schemas ?? [];
  const some = choice.schemas !== undefined;
  const toggle = (name: string, on: boolean) =>
    onChoice({
      ...choice,
      schemas: on ? [...(choice.schemas ?? []), name] : choice.schemas?.filter((one) => one !== name),
    });
  // All databases at once, or what belongs to none of them.
  if (choice.tool?.program === 'pg_dumpall') return <ToolFields choice={choice} onChoice={onChoice} />;
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-end gap-4">
        <Segmented
          label="What"
          value={some ? 'some' : 'all'}
          options={[
            { value: 'all', label: 'Whole database' },
            { value: 'some', label: 'Some schemas' },
          ]}
          onValue={(value) => {
            const { schemas: _, ...rest } = choice;
            onChoice(value === 'all' ? rest : { ...rest, schemas: schemas.map(({ name }) => name) });
          }}
        />
        <Checkbox
          className="pb-1"
          label="Definitions only, no rows"
          checked={choice.rows === 'none'}
          onChange={(event) => onChoice({ ...choice, rows: event.currentTarget.checked ? 'none' : 'all' })}
        />
      </div>
      {some && (
        <fieldset className="max-h-44 overflow-auto rounded-md border border-line p-2">
          <legend className="px-1 text-xs text-muted">
            {choice.tool
              ? 'Schemas; pg_dump adds nothing that they need of others'
              : 'Schemas, with what they need of others'}
          </legend>
          {schemas.map(({ name, tables, bytes }) => (
            <Checkbox
              key={name}
              className="h-6"
              label={`${visibleText(name)} (${tables} tables, ${shownBytes(bytes)})`}
              checked={choice.schemas?.includes(name) ?? false}
              onChange={(event) => toggle(name, event.currentTarget.checked)}
            />
          ))}
        </fieldset>
      )}
      <ToolFields choice={choice} onChoice={onChoice} />
      {!choice.tool && <OwnFields choice={choice} onChoice={onChoice} />}
    </div>
  );
}

/** Of Howdah's own format. */
function OwnFields({ choice, onChoice }: Omit<ChoiceFieldsProps, 'survey'>) {
  return (
    <div className="grid grid-cols-2 gap-3">
      <Field label="Compression" hint="Zstandard, block by block">
        {(ids) => (
          <Select
            {...ids}
            value={String(choice.level) as '1'}
            options={
              levels.some(({ value }) => value === String(choice.level))
                ? levels
                : [...levels, { value: String(choice.level) as '1', label: `Level ${choice.level}` }]
            }
            onValue={(level) => onChoice({ ...choice, level: Number(level) })}
          />
        )}
      </Field>
      <Field label="Connections at once" hint="All of them see the same snapshot">
        {(ids) => (
          <Select
            {...ids}
            value={String(choice.jobs)}
            options={['1', '2', '4', '8'].map((value) => ({ value, label: value }))}
            onValue={(jobs) => onChoice({ ...choice, jobs: Number(jobs) })}
          />
        )}
      </Field>
    </div>
  );
}
