import { Check, CircleMinus, CircleX, LoaderCircle } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ServerCheck } from '../../../shared/api/connections.ts';
import { shownDuration } from '../../ui/amounts.ts';
import { cx } from '../../ui/class-names.ts';
import { FailureView } from '../../ui/failure-view.tsx';
import { Callout } from '../../ui/states.tsx';
import { visibleText } from '../../ui/visible-text.ts';
import type { ConnectionTest, TestStep } from './use-connection-test.ts';

const stepWords: Record<TestStep['step'], string> = {
  resolve: 'Resolve name',
  ssh: 'SSH tunnel',
  tcp: 'Connect',
  tls: 'TLS',
  auth: 'Log in',
  query: 'First query',
};
const order: readonly TestStep['step'][] = ['resolve', 'ssh', 'tcp', 'tls', 'auth', 'query'];

/** Each step of the test with its time, then what was learned about the server. */
export function TestPanel({ test, actions }: { test: ConnectionTest; actions?: ReactNode }) {
  if (test.state === 'idle') {
    return (
      <p className="text-xs text-faint">
        Test shows every step with its time: name, tunnel, connection, TLS, log-in, first query.
      </p>
    );
  }
  return (
    <div className="flex flex-col gap-3" aria-live="polite">
      <ol className="flex flex-col">
        {order.map((step) => (
          <StepRow key={step} step={step} said={test.steps.find((each) => each.step === step)} />
        ))}
      </ol>
      {test.failure && <FailureView failure={test.failure} actions={actions} />}
      {test.check && <ServerFactsView check={test.check} />}
    </div>
  );
}

function StepRow({ step, said }: { step: TestStep['step']; said: TestStep | undefined }) {
  const state = said?.state;
  return (
    <li
      className={cx('flex min-h-6 items-start gap-2 py-0.5 text-sm', !state || state === 'skipped' ? 'text-faint' : '')}
    >
      <span className="mt-px flex size-4 shrink-0 items-center justify-center">
        <StepIcon state={state} />
      </span>
      <span className="min-w-0 flex-1">
        <span>{stepWords[step]}</span>
        {said?.note && (
          <span className="selectable block text-xs break-words text-faint">{visibleText(said.note)}</span>
        )}
      </span>
      <span className="shrink-0 text-xs text-muted tabular-nums">
        {said?.tookMs !== undefined && state !== 'skipped' ? shownDuration(said.tookMs) : ''}
      </span>
    </li>
  );
}

function StepIcon({ state }: { state: TestStep['state'] | undefined }) {
  const shape = { size: 14, strokeWidth: 2 } as const;
  if (state === 'running') return <LoaderCircle {...shape} className="animate-spin text-muted" aria-label="running" />;
  if (state === 'done') return <Check {...shape} className="text-success" aria-label="done" />;
  if (state === 'failed') return <CircleX {...shape} className="text-danger" aria-label="failed" />;
  if (state === 'skipped') return <CircleMinus {...shape} aria-label="skipped" />;
  return <span className="size-1.5 rounded-full bg-line-strong" aria-hidden />;
}

function ServerFactsView({ check }: { check: ServerCheck }) {
  const { min, median, p95 } = check.roundTripsMs;
  const mode = [check.standby && 'standby', check.readOnly && 'read-only'].filter(Boolean).join(', ');
  const facts: [string, string][] = [
    ['Server', `PostgreSQL ${check.version}`],
    ['Database', check.database],
    ['Role', check.role],
    ['Powers', check.powers.length > 0 ? check.powers.join(', ') : 'none beyond its grants'],
    ['Mode', mode || 'read and write'],
    ['Transport', check.tls.summary],
    ...(check.tls.cipher ? [['Cipher', check.tls.cipher] as [string, string]] : []),
    ['Round trip', `${shownDuration(median)} median, ${shownDuration(min)} min, ${shownDuration(p95)} p95`],
    ['Statistics', statementsWords(check)],
  ];
  return (
    <>
      <dl className="selectable grid grid-cols-[max-content_1fr] gap-x-3 gap-y-1 border-t border-line pt-3 text-xs">
        {facts.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-muted">{name}</dt>
            <dd className="min-w-0 break-words">{visibleText(value)}</dd>
          </div>
        ))}
      </dl>
      {check.notes.map((note) => (
        <Callout key={note} tone="warning">
          {note}
        </Callout>
      ))}
      {check.pgStatStatements.enableSql && (
        <div className="flex flex-col gap-1">
          <p className="text-xs text-muted">To collect statement statistics, as a superuser:</p>
          <pre className="selectable rounded-md bg-sunken p-2 font-mono text-2xs whitespace-pre-wrap">
            {check.pgStatStatements.enableSql}
          </pre>
        </div>
      )}
    </>
  );
}

const statementsWords = ({ pgStatStatements }: ServerCheck): string =>
  pgStatStatements.available ? `pg_stat_statements ${pgStatStatements.version ?? ''}` : 'pg_stat_statements is not on';
