import { useState } from 'react';
import type { Failure } from '../../../../shared/api/base.ts';
import type { DiagramKey, DiagramSource, DiagramTable } from '../../../../shared/api/diagrams.ts';
import { client } from '../../../client/connect.ts';
import { failureFrom } from '../../../client/failure.ts';
import { shownCount } from '../../../ui/amounts.ts';
import { Button } from '../../../ui/button.tsx';
import { failureLine } from '../../../ui/failure-view.tsx';
import { visibleText } from '../../../ui/visible-text.ts';

type Checked = Awaited<ReturnType<typeof client.diagrams.checkKey>>;

/** Asks the data whether they keep to a key; only on request, as it reads both tables. */
export function KeyCheck({
  source,
  keyChecked,
  from,
  to,
}: {
  source: DiagramSource | null;
  keyChecked: DiagramKey;
  from: DiagramTable;
  to: DiagramTable;
}) {
  const [checked, setChecked] = useState<Checked | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [busy, setBusy] = useState(false);
  if (!source || !('connectionId' in source)) return null;
  const check = async () => {
    setBusy(true);
    setFailure(null);
    try {
      const { fromColumns, toColumns } = keyChecked;
      const [a, b] = [from, to].map(({ schema, name }) => ({ schema, name }));
      if (a && b) setChecked(await client.diagrams.checkKey({ ...source, from: a, fromColumns, to: b, toColumns }));
    } catch (thrown) {
      setFailure(failureFrom(thrown));
    } finally {
      setBusy(false);
    }
  };
  return (
    <span className="flex min-w-0 flex-wrap items-center gap-2 text-xs">
      <Button small busy={busy} onClick={() => void check()}>
        Check on the data
      </Button>
      <span role="status" className="min-w-0 text-muted">
        {failure ? <span className="text-danger">{failureLine(failure)}</span> : checked && words(checked)}
      </span>
    </span>
  );
}

function words({ rows, orphans, examples, unique }: Checked): string {
  const said =
    orphans === 0
      ? `All ${shownCount(rows)} rows with a value have their counterpart.`
      : `${shownCount(orphans)} of ${shownCount(rows)} rows have no counterpart: ${examples.map(visibleText).join('; ')}.`;
  return unique ? said : `${said} The columns referred to are not unique.`;
}
