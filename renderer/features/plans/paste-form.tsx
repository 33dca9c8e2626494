import { ClipboardPaste } from 'lucide-react';
import { useState } from 'react';
import type { Failure } from '../../../shared/api/base.ts';
import { client } from '../../client/connect.ts';
import { failureFrom } from '../../client/failure.ts';
import { useCall } from '../../client/use-call.ts';
import { Button } from '../../ui/button.tsx';
import { FailureView } from '../../ui/failure-view.tsx';
import { Field, TextArea } from '../../ui/field.tsx';
import { toast } from '../../ui/toast.tsx';
import { PlanList } from './plan-list.tsx';

/** A plan from elsewhere: text, JSON, YAML or XML, as it was copied. Beside it, the plans that are kept. */
export function PasteForm({ onKept }: { onKept: (id: number, sql: string | null) => void }) {
  const [text, setText] = useState('');
  const [sql, setSql] = useState('');
  const [failure, setFailure] = useState<Failure | null>(null);
  const [busy, setBusy] = useState(false);
  const recent = useCall(client.plans.list, { limit: 50 });
  const keep = async () => {
    setBusy(true);
    setFailure(null);
    try {
      const kept = await client.plans.keep({ text, ...(sql.trim() ? { sql } : {}) });
      onKept(kept.id, kept.sql);
      if (kept.others > 0)
        toast(
          `The log held ${kept.others + 1} plans: the first is shown, the others are kept and stand in the list of a new Open plan tab.`,
          'info',
        );
    } catch (thrown) {
      setFailure(failureFrom(thrown));
      setBusy(false);
    }
  };
  return (
    <div className="flex h-full min-h-0">
      <form
        className="flex min-w-0 flex-1 flex-col gap-3 overflow-auto p-4"
        onSubmit={(event) => {
          event.preventDefault();
          void keep();
        }}
      >
        <h1 className="text-base font-semibold">Open a plan from text</h1>
        <Field
          label="Plan"
          hint="EXPLAIN’s answer in any format, from psql, pgAdmin, a log of auto_explain or another program. It is read on this machine only."
          className="min-h-0 flex-1 [&>textarea]:flex-1"
        >
          {(ids) => (
            <TextArea
              mono
              {...ids}
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
              className="min-h-64 resize-none"
            />
          )}
        </Field>
        <Field label="Statement (optional)" hint="With it, the plan joins the history of that statement.">
          {(ids) => <TextArea mono {...ids} value={sql} onChange={(event) => setSql(event.currentTarget.value)} />}
        </Field>
        {failure && <FailureView failure={failure} />}
        <div className="flex justify-end">
          <Button
            kind="primary"
            type="submit"
            busy={busy}
            disabled={text.trim() === ''}
            icon={<ClipboardPaste size={15} strokeWidth={1.75} />}
          >
            Show the plan
          </Button>
        </div>
      </form>
      <aside aria-label="Kept plans" className="flex w-[min(420px,40%)] shrink-0 flex-col border-l border-line">
        <h2 className="border-b border-line px-3 py-2 text-sm font-medium">Kept plans</h2>
        <div className="min-h-0 flex-1 overflow-auto">
          <PlanList
            entries={recent.data?.entries ?? []}
            onOpen={(entry) => onKept(entry.id, entry.sql)}
            onRemoved={recent.reload}
            withSql
          />
        </div>
      </aside>
    </div>
  );
}
