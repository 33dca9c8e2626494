import { FlaskConical } from 'lucide-react';
import type { KeptPlan, WhatIf } from '../../../../shared/api/plans.ts';
import { client } from '../../../client/connect.ts';
import { failureFrom } from '../../../client/failure.ts';
import { shownBytes } from '../../../ui/amounts.ts';
import { Button } from '../../../ui/button.tsx';
import { cx } from '../../../ui/class-names.ts';
import { FailureView } from '../../../ui/failure-view.tsx';
import { Field, Select, TextArea } from '../../../ui/field.tsx';
import { Callout } from '../../../ui/states.tsx';
import { visibleText } from '../../../ui/visible-text.ts';
import { useConnections } from '../../../workspace/connections.ts';
import { useRecordings } from '../../../workspace/monitor/recordings.ts';
import { planModel } from '../plan-model.ts';
import { CompareView } from './compare-view.tsx';
import { changeWhatIf, usePlanLook } from './plan-looks.ts';

/** With semicolons between them. */
const statementsOf = (text: string): string[] =>
  text
    .split(';')
    .map((each) => each.trim())
    .filter((each) => each !== '');

/** Whatever has tables: live or recorded. */
function usePlaces() {
  const connections = useConnections((all) => all.connections);
  const recordings = useRecordings((all) => all.recordings);
  return [
    ...connections.map(({ id, name }) => ({ kind: 'connectionId', id, value: `c:${id}`, label: name }) as const),
    ...recordings.map(
      ({ id, name }) => ({ kind: 'recordingId', id, value: `r:${id}`, label: `${name} (recording)` }) as const,
    ),
  ];
}

const cost = (kept: KeptPlan): string => (kept.totalCost ?? 0).toLocaleString('en', { maximumFractionDigits: 0 });

/** The statement planned with other indexes than there are: nothing is changed on the server, and nothing is run. */
export function WhatIfView({ kept, onShow }: { kept: KeptPlan; onShow: (id: number, sql: string | null) => void }) {
  const places = usePlaces();
  const own = kept.recordingId === null ? `c:${kept.connectionId}` : `r:${kept.recordingId}`;
  const { place: other, text, busy, failure, found } = usePlanLook(kept.id).whatIf;
  const chosen = other ?? own;
  const place = places.find(({ value }) => value === chosen);
  const { sql } = kept;
  const ask = async () => {
    if (!sql || !place) return;
    changeWhatIf(kept.id, { busy: true, failure: null });
    const database = chosen === own && kept.database ? { database: kept.database } : {};
    const where = { [place.kind]: place.id, ...database };
    try {
      const answer = await client.plans.whatIf({ ...where, sql, indexes: statementsOf(text) });
      changeWhatIf(kept.id, { busy: false, found: answer });
    } catch (thrown) {
      changeWhatIf(kept.id, { busy: false, found: null, failure: failureFrom(thrown) });
    }
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
            sql
              ? 'CREATE INDEX and DROP INDEX statements, with semicolons between them. Nothing is changed: the statement is planned as if it were, by HypoPG where the server has it, else by a local PostgreSQL 18 with the statistics of the server or the recording.'
              : 'This plan came without its statement: what is to be planned anew is not known.'
          }
        >
          {(ids) => (
            <TextArea
              mono
              {...ids}
              value={text}
              placeholder="CREATE INDEX ON shop.customer_order (customer_id)"
              disabled={!sql}
              onChange={(event) => changeWhatIf(kept.id, { text: event.currentTarget.value })}
            />
          )}
        </Field>
        <div className="flex flex-wrap items-end justify-end gap-2">
          <span className="flex min-w-0 items-center gap-2 text-sm">
            <span aria-hidden className="shrink-0 text-muted">
              With the tables of
            </span>
            <Select
              aria-label="With the tables of"
              value={place ? chosen : ''}
              options={[...(place ? [] : [{ value: '', label: 'Choose a connection or a recording' }]), ...places]}
              onValue={(value) => changeWhatIf(kept.id, { place: value })}
              className="max-w-72 min-w-40"
            />
          </span>
          <Button
            kind="primary"
            type="submit"
            busy={busy}
            disabled={!sql || !place || statementsOf(text).length === 0}
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

function gain(before: KeptPlan, after: KeptPlan): string {
  const [was, is] = [before.totalCost ?? 0, after.totalCost ?? 0];
  const share = Math.abs(was - is) / Math.max(was, 1e-9);
  if (share < 0.005) return 'no difference';
  const percent = share.toLocaleString('en', { style: 'percent', maximumFractionDigits: share < 0.1 ? 1 : 0 });
  return `${percent} ${is < was ? 'less' : 'more'}`;
}

const words = {
  create: { used: 'used', unused: 'not used' },
  drop: { used: 'was used', unused: 'was not used' },
} as const;

function Answer({ found, onShow }: { found: WhatIf; onShow: (id: number, sql: string | null) => void }) {
  const { before, after, indexes, notes } = found;
  return (
    <section aria-label="With the indexes" className="min-h-0 flex-1">
      <div className="flex items-center gap-4 px-4 pt-3 text-sm">
        <span>
          Cost <b className="tabular-nums">{cost(before)}</b> as it is, <b className="tabular-nums">{cost(after)}</b>{' '}
          with them: <b>{gain(before, after)}</b>
        </span>
        <Button small onClick={() => onShow(after.id, after.sql)}>
          Open the plan with them
        </Button>
      </div>
      <ul aria-label="Indexes" className="px-4 pt-2 text-xs">
        {indexes.map(({ sql, change, used, sizeBytes }) => (
          <li key={sql} className="flex items-center gap-3 py-0.5">
            <span className={cx('shrink-0', used === (change === 'create') ? 'text-success' : 'text-warning')}>
              {words[change][used ? 'used' : 'unused']}
            </span>
            <code className="truncate font-mono">{visibleText(sql)}</code>
            {sizeBytes !== null && (
              <span className="shrink-0 text-muted">
                about {shownBytes(sizeBytes)}
                {change === 'drop' && ' freed'}
              </span>
            )}
          </li>
        ))}
      </ul>
      <Callout tone="info" className="mx-3 mt-3 mb-1">
        {notes.map((note) => (
          <p key={note}>{visibleText(note)}</p>
        ))}
        <p>Costs and sizes are the planner’s estimates, not times.</p>
      </Callout>
      <CompareView before={before} model={planModel(after.text)} onSelect={() => undefined} />
    </section>
  );
}
