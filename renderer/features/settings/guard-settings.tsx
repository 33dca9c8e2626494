import { useState } from 'react';
import type { Failure } from '../../../shared/api/base.ts';
import { environments } from '../../../shared/api/connections.ts';
import type { GuardClass, GuardGrade, GuardPolicy, GuardScope } from '../../../shared/api/guard.ts';
import { client } from '../../client/connect.ts';
import { failureFrom } from '../../client/failure.ts';
import { useCall } from '../../client/use-call.ts';
import { Button } from '../../ui/button.tsx';
import { FailureView } from '../../ui/failure-view.tsx';
import { Checkbox, Field, Segmented, Select } from '../../ui/field.tsx';
import { visibleText } from '../../ui/visible-text.ts';
import { useConnections } from '../../workspace/connections.ts';
import { JournalKept } from './journal-kept.tsx';
import { Group, NumberSetting } from './settings-parts.tsx';

const classes: readonly { readonly name: GuardClass; readonly label: string; readonly hint: string }[] = [
  { name: 'write', label: 'Changing rows', hint: 'INSERT, UPDATE, DELETE, MERGE, COPY … FROM, DO, CALL' },
  {
    name: 'writeAll',
    label: 'Changing every row',
    hint: 'UPDATE or DELETE without WHERE, or with one that spares none',
  },
  { name: 'ddl', label: 'Changing what exists', hint: 'CREATE, ALTER, GRANT, COMMENT' },
  { name: 'destroy', label: 'Dropping and emptying', hint: 'DROP, TRUNCATE, DROP COLUMN' },
  { name: 'admin', label: 'The server itself', hint: 'VACUUM FULL, ALTER SYSTEM, roles, programs and files' },
];
const grades: readonly { readonly value: GuardGrade; readonly label: string }[] = [
  { value: 'silent', label: 'Run' },
  { value: 'confirm', label: 'Ask' },
  { value: 'type', label: 'Type the name' },
];
const costDefault = 1_000_000;
const environmentLabels = { development: 'Development', staging: 'Staging', production: 'Production' } as const;

/** What is asked before a statement runs, for each environment and for connections of their own. */
export function GuardSettings() {
  const policies = useCall(client.guard.policies, undefined);
  const connections = useConnections((all) => all.connections);
  const [key, setKey] = useState('environment:production');
  /** What was chosen here, ahead of the answer: the next choice builds on it. */
  const [chosen, setChosen] = useState<Readonly<Record<string, GuardPolicy>>>({});
  const [failure, setFailure] = useState<Failure | null>(null);
  if (!policies.data) return null;
  const scope = scopeOf(key);
  const connection =
    scope.kind === 'connection' ? connections.find((each) => each.id === scope.connectionId) : undefined;
  const environment = scope.kind === 'environment' ? scope.environment : (connection?.environment ?? 'development');
  const own = scope.kind === 'connection' ? policies.data.connections[scope.connectionId] : undefined;
  const ofEnvironment = chosen[`environment:${environment}`] ?? policies.data.environments[environment];
  const policy = chosen[key] ?? own ?? ofEnvironment;
  const save = (next: GuardPolicy | null) => {
    setFailure(null);
    const { [key]: _, ...others } = chosen;
    setChosen(next ? { ...others, [key]: next } : others);
    client.guard.savePolicy({ scope, policy: next }).then(policies.reload, (thrown) => {
      setChosen(others);
      setFailure(failureFrom(thrown));
    });
  };
  return (
    <Group title="Guard rails">
      {failure && <FailureView failure={failure} />}
      <div className="flex items-end gap-2">
        <Field label="For" className="w-80">
          {(ids) => (
            <Select
              {...ids}
              value={key}
              options={[
                ...environments.map((each) => ({ value: `environment:${each}`, label: environmentLabels[each] })),
                ...connections.map(({ id, name }) => ({
                  value: `connection:${id}`,
                  label: `${visibleText(name)}${policies.data?.connections[id] ? ' (its own)' : ''}`,
                })),
              ]}
              onValue={setKey}
            />
          )}
        </Field>
        <Button kind="quiet" onClick={() => save(null)} disabled={scope.kind === 'connection' && !own && !chosen[key]}>
          {scope.kind === 'connection' ? 'As its environment' : 'As at first'}
        </Button>
      </div>
      {scope.kind === 'connection' && !own && !chosen[key] && (
        <p className="text-xs text-faint">
          As {environmentLabels[environment]}; a change makes it this connection’s own.
        </p>
      )}
      <ul className="flex flex-col">
        {classes.map(({ name, label, hint }) => (
          <li
            key={name}
            className="flex items-center justify-between gap-4 border-t border-line py-1.5 first:border-t-0"
          >
            <div className="min-w-0">
              <p className="text-sm">{label}</p>
              <p className="text-xs text-faint">{hint}</p>
            </div>
            <Segmented
              label={label}
              value={policy[name]}
              options={grades}
              onValue={(grade) => save({ ...policy, [name]: grade })}
            />
          </li>
        ))}
      </ul>
      <Checkbox
        label="Explain queries first and ask about expensive ones"
        hint="The planner’s estimate, in its own unit: one is about the reading of a page in order."
        checked={policy.costAbove !== null}
        onChange={(event) => save({ ...policy, costAbove: event.currentTarget.checked ? costDefault : null })}
      />
      {policy.costAbove !== null && (
        <NumberSetting
          label="Ask above a cost of"
          unit=""
          value={policy.costAbove}
          min={0}
          max={1_000_000_000_000}
          onSave={(costAbove) => save({ ...policy, costAbove })}
        />
      )}
      <Checkbox
        label="Keep an undo journal"
        hint="Rows that statements of the editor change are kept on this machine, up to 1,000 a statement."
        checked={policy.journal}
        onChange={(event) => save({ ...policy, journal: event.currentTarget.checked })}
      />
      <JournalKept />
    </Group>
  );
}

function scopeOf(key: string): GuardScope {
  const at = key.indexOf(':');
  const value = key.slice(at + 1);
  if (key.startsWith('connection:')) return { kind: 'connection', connectionId: value };
  return { kind: 'environment', environment: environments.find((each) => each === value) ?? 'production' };
}
