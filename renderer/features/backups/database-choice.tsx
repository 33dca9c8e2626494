import type { BackupSurvey } from '../../../shared/api/backups.ts';
import type { CallState } from '../../client/use-call.ts';
import { FailureView } from '../../ui/failure-view.tsx';
import { Field, Select } from '../../ui/field.tsx';
import { Spinner } from '../../ui/states.tsx';
import { visibleText } from '../../ui/visible-text.ts';
import { useConnections } from '../../workspace/connections.ts';

export interface DatabaseChoiceProps {
  readonly connectionId: string;
  readonly onConnection: (id: string) => void;
  readonly database: string;
  readonly onDatabase: (name: string) => void;
  /** What the server of the connection says. */
  readonly survey: CallState<BackupSurvey>;
  /** Absent: the connection alone is asked for. */
  readonly withDatabase?: boolean;
}

/** A connection, and one of the databases of its server. */
export function DatabaseChoice({
  connectionId,
  onConnection,
  database,
  onDatabase,
  survey,
  withDatabase = true,
}: DatabaseChoiceProps) {
  const connections = useConnections((all) => all.connections);
  const names = survey.data?.databases ?? [];
  return (
    <div className="flex flex-col gap-3">
      <div className="grid grid-cols-2 gap-3">
        <Field label="Connection">
          {(ids) => (
            <Select
              {...ids}
              value={connectionId}
              onValue={onConnection}
              options={[
                ...(connectionId === '' ? [{ value: '', label: 'Choose a connection' }] : []),
                ...connections.map(({ id, name }) => ({ value: id, label: visibleText(name) })),
              ]}
            />
          )}
        </Field>
        {withDatabase && (
          <Field label="Database">
            {(ids) => (
              <Select
                {...ids}
                value={database}
                disabled={names.length === 0}
                onValue={onDatabase}
                options={(names.includes(database) ? names : [database, ...names]).map((name) => ({
                  value: name,
                  label: visibleText(name),
                }))}
              />
            )}
          </Field>
        )}
      </div>
      {connectionId !== '' && survey.state === 'pending' && <Spinner label="Asking the server" />}
      {survey.state === 'failed' && <FailureView failure={survey.failure} />}
    </div>
  );
}
