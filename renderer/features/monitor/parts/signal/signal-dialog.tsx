/** Asks before a statement is cancelled or a session ended: what is rolled back, who is freed; then says what came of it. */
import { useState } from 'react';
import type { Failure } from '../../../../../shared/api/base.ts';
import type { SignalResult } from '../../../../../shared/api/signals.ts';
import { shownAmount } from '../../../../../shared/metrics/units.ts';
import { client } from '../../../../client/connect.ts';
import { failureFrom } from '../../../../client/failure.ts';
import { useCall } from '../../../../client/use-call.ts';
import { Button } from '../../../../ui/button.tsx';
import { Dialog } from '../../../../ui/dialog.tsx';
import { FailureView } from '../../../../ui/failure-view.tsx';
import { Callout, Spinner } from '../../../../ui/states.tsx';
import { visibleText } from '../../../../ui/visible-text.ts';
import { oneLine } from '../words.ts';
import { consequences } from './signal-words.ts';

export interface SignalTarget {
  readonly connectionId: string;
  readonly pid: number;
  readonly backendStartMs: number | null;
  readonly how: 'cancel' | 'terminate';
}

const duration = (ms: number) => shownAmount(ms, { unit: 'ms' });

export function SignalDialog({ target, onClose }: { target: SignalTarget; onClose: (signalled: boolean) => void }) {
  const { connectionId, pid, backendStartMs, how } = target;
  const preview = useCall(client.signals.preview, { connectionId, pid, backendStartMs });
  const [busy, setBusy] = useState(false);
  const [result, setResult] = useState<SignalResult | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const send = async () => {
    setBusy(true);
    setFailure(null);
    try {
      setResult(await client.signals.send(target));
    } catch (thrown) {
      setFailure(failureFrom(thrown));
    }
    setBusy(false);
  };
  const verb = how === 'cancel' ? 'Cancel statement' : 'Terminate session';
  const gone = preview.data?.there === false;
  return (
    <Dialog
      open
      onClose={() => onClose(result !== null)}
      keepOpen={busy}
      title={how === 'cancel' ? `Cancel the statement of session ${pid}?` : `Terminate session ${pid}?`}
      footer={
        <>
          <Button onClick={() => onClose(result !== null)}>{result || gone ? 'Close' : 'Leave it alone'}</Button>
          {!result && !gone && (
            <Button kind="danger" busy={busy} disabled={preview.data === undefined} onClick={() => void send()}>
              {verb}
            </Button>
          )}
        </>
      }
    >
      <div className="flex flex-col gap-3 text-sm">
        {preview.state === 'pending' && !preview.data && <Spinner label="Asking the server" />}
        {preview.state === 'failed' && <FailureView failure={preview.failure} />}
        {preview.data && !gone && (
          <>
            <p className="selectable max-h-24 overflow-auto rounded-md bg-sunken px-2 py-1.5 font-mono text-xs break-words whitespace-pre-wrap">
              {preview.data.query ? oneLine(preview.data.query) : visibleText(preview.data.backendType)}
            </p>
            {!result && (
              <ul className="flex list-disc flex-col gap-1 pl-5">
                {consequences(preview.data, how).map((line) => (
                  <li key={line}>{line}</li>
                ))}
              </ul>
            )}
          </>
        )}
        {gone && !result && <Callout tone="info">The session has ended by itself.</Callout>}
        {result && <Outcome result={result} how={how} />}
        {failure && <FailureView failure={failure} />}
      </div>
    </Dialog>
  );
}

function Outcome({ result, how }: { result: SignalResult; how: SignalTarget['how'] }) {
  const took = duration(result.tookMs);
  if (result.outcome === 'done') {
    return (
      <Callout tone="success">
        {how === 'cancel' ? `The statement was cancelled (${took}).` : `The session has ended (${took}).`}
      </Callout>
    );
  }
  if (result.outcome === 'gone') return <Callout tone="info">The session had ended before.</Callout>;
  return (
    <Callout tone="warning">
      The server took the signal, but the session goes on after {took}. It reacts at its next check for interrupts; a
      rollback or a system call can take long.
      {how === 'cancel' ? ' If it does not, terminate the session.' : ''}
    </Callout>
  );
}
