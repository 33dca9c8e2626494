import { FlaskConical } from 'lucide-react';
import { useState } from 'react';
import type { Failure } from '../../../../shared/api/base.ts';
import type { KeptPlan, WhatIf } from '../../../../shared/api/plans.ts';
import { client } from '../../../client/connect.ts';
import { failureFrom } from '../../../client/failure.ts';
import { shownBytes } from '../../../ui/amounts.ts';
import { Button } from '../../../ui/button.tsx';
import { FailureView } from '../../../ui/failure-view.tsx';
import { Field, TextArea } from '../../../ui/field.tsx';
import { Callout } from '../../../ui/states.tsx';
import { visibleText } from '../../../ui/visible-text.ts';
import { useConnection } from '../../../workspace/connections.ts';
import { planModel } from '../plan-model.ts';
import { CompareView } from './compare-view.tsx';

/** A statement a line, or with semicolons between them. */
const statementsOf = (text: string): string[] =>
  text
    .split(';')
    .map((each) => each.trim())
    .filter((each) => each !== '');

const cost = (kept: KeptPlan): string => (kept.totalCost ?? 0).toLocaleString('en', { maximumFractionDigits: 0 });

/** The statement planned with indexes that are not there: nothing is made on the server, and nothing is run. */
export function WhatIfView({ kept, onShow }: { kept: KeptPlan; onShow: (id: number, sql: string | null) => void }) {
  const connection = useConnection(kept.connectionId);
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [found, setFound] = useState<WhatIf | null>(null);
  const { sql } = kept;
  const why = !sql
    ? 'This plan came without its statement.'
    : connection
      ? null
      : 'The connection that it was planned on is not there any more: explain the statement on another one.';
  const ask = async () => {
    if (!sql || !connection) return;
    setBusy(true);
    setFailure(null);
    try {
      const { database } = kept;
      setFound(
        await client.plans.whatIf({
          connectionId: connection.id,
          sql,
          indexes: statementsOf(text),
          ...(database ? { database } : {}),
        }),
      );
    } catch (thrown) {
      setFound(null);
      setFailure(failureFrom(thrown));
    }
    setBusy(false);
  };
  return (
    <div className="flex h-full flex-col overflow-auto">
      <form
        className="flex shrink-0 flex-col gap-2 border-b border-line p-3"
        onSubmit={(event) => {
          event.preventDefault();
          void ask();
        }}
      >
        <Field
          label="Indexes that might be"
          hint={
            why ??
            'CREATE INDEX statements. They are made nowhere: the statement is planned as if they were there, by HypoPG where the server has it, else by a local PostgreSQL 18 with the statistics of this server.'
          }
        >
          {(ids) => (
            <TextArea
              mono
              {...ids}
              value={text}
              placeholder="CREATE INDEX ON shop.customer_order (customer_id)"
              disabled={why !== null}
              onChange={(event) => setText(event.currentTarget.value)}
            />
          )}
        </Field>
        <div className="flex justify-end">
          <Button
            kind="primary"
            type="submit"
            busy={busy}
            disabled={why !== null || statementsOf(text).length === 0}
            icon={<FlaskConical size={15} strokeWidth={1.75} />}
          >
            Plan with them
          </Button>
        </div>
      </form>
      {failure && <FailureView failure={failure} className="m-3 shrink-0" />}
      {found && <Answer found={found} onShow={onShow} />}
    </div>
  );
}

function Answer({ found, onShow }: { found: WhatIf; onShow: (id: number, sql: string | null) => void }) {
  const { before, after, indexes, notes } = found;
  return (
    <section aria-label="With the indexes" className="min-h-0 flex-1">
      <Callout tone="info" className="m-3 mb-0">
        {notes.map((note) => (
          <p key={note}>{visibleText(note)}</p>
        ))}
        <p>Costs and sizes are the planner’s estimates, not times.</p>
      </Callout>
      <div className="flex items-center gap-4 px-4 pt-3 text-sm">
        <span>
          Cost <b className="tabular-nums">{cost(before)}</b> without, <b className="tabular-nums">{cost(after)}</b>{' '}
          with
        </span>
        <Button small onClick={() => onShow(after.id, after.sql)}>
          Open the plan with them
        </Button>
      </div>
      <ul aria-label="Indexes" className="px-4 pt-2 text-xs">
        {indexes.map(({ sql, used, sizeBytes }) => (
          <li key={sql} className="flex items-center gap-3 py-0.5">
            <span className={used ? 'text-success' : 'text-warning'}>{used ? 'used' : 'not used'}</span>
            <code className="truncate font-mono">{visibleText(sql)}</code>
            {sizeBytes !== null && <span className="text-muted">about {shownBytes(sizeBytes)}</span>}
          </li>
        ))}
      </ul>
      <CompareView before={before} model={planModel(after.text)} onSelect={() => undefined} />
    </section>
  );
}
