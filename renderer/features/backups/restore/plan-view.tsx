import type { RestoreChoice, RestorePlan } from '../../../../shared/api/backups.ts';
import type { CallState } from '../../../client/use-call.ts';
import { rowsWords, shownBytes, shownCount } from '../../../ui/amounts.ts';
import { FailureView } from '../../../ui/failure-view.tsx';
import { TypedName } from '../../../ui/inputs/typed-name.tsx';
import { Callout, Spinner } from '../../../ui/states.tsx';
import { visibleText } from '../../../ui/visible-text.ts';
import { kindWords } from '../backup-words.ts';
import { ExactCommand } from '../tools/tool-command.tsx';

export interface PlanViewProps {
  readonly plan: CallState<RestorePlan>;
  readonly choice: RestoreChoice;
  readonly confirm: string;
  readonly onConfirm: (text: string) => void;
}

/** What will happen, what is overwritten, and what stands in the way. */
export function PlanView({ plan, choice, confirm, onConfirm }: PlanViewProps) {
  if (plan.state === 'failed') return <FailureView failure={plan.failure} />;
  if (plan.state === 'pending') return <Spinner label="Looking at the target" />;
  const { data } = plan;
  const { target } = choice;
  const replaced = target.kind === 'existing' && target.onExisting === 'replace';
  const there = data.existing.filter(({ kind }) => kind !== 'schema' && kind !== 'extension');
  return (
    <div className="flex flex-col gap-3 text-sm">
      {data.obstacles.length > 0 && (
        <Callout tone="danger" title="It cannot begin like this">
          <ul className="list-disc pl-4">
            {data.obstacles.map((obstacle) => (
              <li key={obstacle}>{visibleText(obstacle)}</li>
            ))}
          </ul>
        </Callout>
      )}
      <p>
        {data.items === 0 ? 'All of the file’s statements' : `${shownCount(data.items)} items`}
        {data.command === null &&
          data.items > 0 &&
          ` with ${rowsWords(data.rows)} (${shownBytes(data.rawBytes)} as text)`}{' '}
        go into {target.kind === 'new' ? 'the new database ' : ''}
        <span className="font-medium">{visibleText(target.database)}</span> on PostgreSQL{' '}
        {visibleText(data.targetVersion)}, as {visibleText(data.currentRole)}.{' '}
        {target.kind === 'new'
          ? 'If anything fails, the database is dropped again.'
          : choice.errors === 'single'
            ? 'All of it in one transaction: if anything fails, nothing has changed.'
            : 'Item by item: what was done before an error stays.'}{' '}
        {data.command === null && 'The file is read through and checked first.'}
      </p>
      {data.command !== null && <ExactCommand command={data.command} title="Runs" />}
      {there.length > 0 && (
        <Callout
          tone={replaced ? 'danger' : 'warning'}
          title={
            replaced
              ? `${shownCount(there.length)} objects are dropped, with their rows and what depends on them`
              : `${shownCount(there.length)} objects are there already`
          }
        >
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and has to be reached by the keyboard for that */}
          <ul tabIndex={0} aria-label="There already" className="max-h-32 overflow-auto text-xs">
            {there.slice(0, 200).map(({ kind, name, rows }) => (
              <li key={`${kind} ${name}`}>
                {kindWords(kind)} {visibleText(name)}
                {rows > 0 && <span className="text-muted"> about {rowsWords(rows)}</span>}
              </li>
            ))}
          </ul>
        </Callout>
      )}
      {data.missingRoles.length > 0 && (
        <p className="text-muted">
          {choice.missingRoles === 'create'
            ? 'Made there, without the right to log in: '
            : `Replaced by ${data.currentRole}: `}
          {visibleText(data.missingRoles.join(', '))}.
        </p>
      )}
      {data.missingTablespaces.length > 0 && (
        <p className="text-muted">
          Tablespaces that are not there, the usual one in their place:{' '}
          {visibleText(data.missingTablespaces.join(', '))}.
        </p>
      )}
      {data.warnings.length > 0 && (
        <Callout tone="warning" title="To know">
          <ul className="list-disc pl-4 text-xs">
            {data.warnings.map((warning) => (
              <li key={warning}>{visibleText(warning)}</li>
            ))}
          </ul>
        </Callout>
      )}
      {data.confirm !== null && data.obstacles.length === 0 && (
        <TypedName name={data.confirm} to="restore into it" value={confirm} onValue={onConfirm} />
      )}
    </div>
  );
}
