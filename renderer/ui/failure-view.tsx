/** A failure of the closed set, where it happened: what, why, where, and the way out. */
import type { ReactNode } from 'react';
import type { Failure } from '../../shared/api/base.ts';
import { Button } from './button.tsx';
import { Callout } from './states.tsx';

const titles: Record<Failure['kind'], string> = {
  postgres: 'The server refused',
  connection: 'No connection',
  unsupported: 'Not possible here',
  invalid: 'Not valid',
  cancelled: 'Cancelled',
  outcomeUnknown: 'Outcome unknown',
  internal: 'Something went wrong in Howdah',
};

/** One line for a list or a status bar. */
export function failureLine(failure: Failure): string {
  return failure.kind === 'postgres'
    ? `${failure.severity}: ${failure.message} (${failure.sqlstate})`
    : failure.message;
}

function facts(failure: Failure): [string, string][] {
  if (failure.kind === 'postgres') {
    const object = [failure.schema, failure.table, failure.column].filter(Boolean).join('.');
    const all: [string, string | undefined][] = [
      ['Detail', failure.detail],
      ['Hint', failure.hint],
      ['Object', object],
      ['Type', failure.dataType],
      ['Constraint', failure.constraint],
      ['Where', failure.where],
      ['Inner query', failure.internalQuery],
    ];
    return all.filter((fact): fact is [string, string] => Boolean(fact[1]));
  }
  if (failure.kind === 'connection' && failure.wayOut) return [['What helps', failure.wayOut]];
  if (failure.kind === 'unsupported') return [['Needs', failure.needs]];
  if (failure.kind === 'outcomeUnknown') {
    const ask = failure.xid
      ? [['Find out with', `select pg_xact_status('${failure.xid.replace(/\D/g, '')}')`] as [string, string]]
      : [];
    return [
      [
        'What this means',
        'The link broke while COMMIT was under way: it may have happened. Look before you repeat it.',
      ],
      ...ask,
    ];
  }
  return [];
}

function titleOf(failure: Failure, invalid: string): string {
  if (failure.kind === 'postgres') return `${failure.severity} ${failure.sqlstate}`;
  return failure.kind === 'invalid' ? invalid : titles[failure.kind];
}

/** @param where said behind the title: "line 3, column 7"; @param title instead of the kind's own; @param invalid that of what was refused as it was given; @param hint the way out */
export function FailureView({
  failure,
  where,
  title: ownTitle,
  invalid = titles.invalid,
  hint,
  actions,
  className,
}: {
  failure: Failure;
  where?: string;
  title?: string;
  invalid?: string;
  hint?: string;
  actions?: ReactNode;
  className?: string;
}) {
  const title = ownTitle ?? titleOf(failure, invalid);
  const more = facts(failure);
  return (
    <Callout
      tone={failure.kind === 'cancelled' ? 'info' : 'danger'}
      title={where ? `${title}, ${where}` : title}
      actions={actions}
      className={className}
    >
      <p className="whitespace-pre-wrap">{failure.message}</p>
      {hint && <p className="mt-1 text-xs text-muted">{hint}</p>}
      {more.length > 0 && (
        <dl className="mt-1.5 grid grid-cols-[max-content_1fr] gap-x-3 gap-y-0.5 text-xs">
          {more.map(([name, value]) => (
            <div key={name} className="contents">
              <dt className="text-muted">{name}</dt>
              <dd className="break-words whitespace-pre-wrap">{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </Callout>
  );
}

/** Buttons under a failure, for its `actions`. */
export function WaysOut({
  ways,
}: {
  ways: readonly { readonly label: string; readonly primary: boolean; readonly run: () => void }[];
}) {
  return ways.map(({ label, primary, run }) => (
    <Button key={label} small kind={primary ? 'primary' : 'plain'} onClick={run}>
      {label}
    </Button>
  ));
}
