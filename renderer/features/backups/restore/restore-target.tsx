import { useEffect } from 'react';
import type { RestoreChoice } from '../../../../shared/api/backups.ts';
import type { BackupForm } from '../../../../shared/api/dump-tool.ts';
import { Field, Segmented, Select, TextInput } from '../../../ui/field.tsx';
import { visibleText } from '../../../ui/visible-text.ts';
import { useSurvey } from '../backup-dialog.tsx';
import { DatabaseChoice } from '../database-choice.tsx';

export interface RestoreTargetProps {
  readonly form: BackupForm;
  readonly connectionId: string;
  readonly onConnection: (id: string) => void;
  readonly choice: RestoreChoice;
  readonly onChoice: (choice: RestoreChoice) => void;
}

const existingWords = {
  refuse: 'Do not begin',
  skip: 'Leave them as they are',
  replace: 'Drop them first, and what depends on them',
} as const;

/** What can be done: a dump's own text does as it says, and pg_restore leaves nothing by itself. */
const existingWays = {
  all: ['refuse', 'skip', 'replace'],
  noSkip: ['refuse', 'replace'],
  none: ['refuse'],
} as const;

/** Which server, and there a database made for it or one that is there. */
export function RestoreTarget({ form, connectionId, onConnection, choice, onChoice }: RestoreTargetProps) {
  const survey = useSurvey(connectionId, '');
  const { target } = choice;
  const names = survey.data?.databases ?? [];
  const usual = survey.data?.database ?? names[0] ?? '';
  // Chosen before the server had answered.
  const unnamed = target.kind === 'existing' && target.database === '' && usual !== '';
  useEffect(() => {
    if (unnamed) onChoice({ ...choice, target: { ...choice.target, database: usual } });
  }, [unnamed, usual, choice, onChoice]);
  return (
    <div className="flex flex-col gap-4">
      <DatabaseChoice
        withDatabase={false}
        connectionId={connectionId}
        onConnection={onConnection}
        database=""
        onDatabase={() => {}}
        survey={survey}
      />
      <Segmented
        label="Into"
        value={target.kind}
        options={[
          { value: 'new', label: 'A new database' },
          { value: 'existing', label: 'A database that is there' },
        ]}
        onValue={(kind) =>
          onChoice({
            ...choice,
            target: kind === 'new' ? { kind, database: 'restored' } : { kind, database: usual, onExisting: 'refuse' },
          })
        }
      />
      {target.kind === 'new' ? (
        <Field
          label="Name of the new database"
          hint="With the encoding and locale of the old one. It is dropped again if the restore fails or is cancelled."
        >
          {(ids) => (
            <TextInput
              {...ids}
              maxLength={63}
              className="max-w-80"
              value={target.database}
              onChange={(event) =>
                onChoice({ ...choice, target: { kind: 'new', database: event.currentTarget.value } })
              }
            />
          )}
        </Field>
      ) : (
        <div className="grid grid-cols-2 gap-3">
          <Field label="Database">
            {(ids) => (
              <Select
                {...ids}
                value={target.database}
                options={(names.includes(target.database) ? names : [target.database, ...names]).map((name) => ({
                  value: name,
                  label: visibleText(name),
                }))}
                onValue={(database) => onChoice({ ...choice, target: { ...target, database } })}
              />
            )}
          </Field>
          <Field label="Objects of the same name there">
            {(ids) => (
              <Select
                {...ids}
                value={target.onExisting}
                options={existingWays[form === 'howdah' ? 'all' : form === 'plain' ? 'none' : 'noSkip'].map(
                  (value) => ({
                    value,
                    label: existingWords[value],
                  }),
                )}
                onValue={(onExisting) => onChoice({ ...choice, target: { ...target, onExisting } })}
              />
            )}
          </Field>
        </div>
      )}
    </div>
  );
}
