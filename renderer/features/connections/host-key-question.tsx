import { useState } from 'react';
import type { Failure } from '../../../shared/api/base.ts';
import type { ConnectionDraft } from '../../../shared/api/connections.ts';
import { client } from '../../client/connect.ts';
import { failureFrom } from '../../client/failure.ts';
import { Button } from '../../ui/button.tsx';

export interface HostKeyQuestionProps {
  readonly failure: Failure;
  readonly ssh: ConnectionDraft['ssh'];
  readonly onTrusted: () => void;
}

/** For an SSH server that has not been seen: its fingerprint, and the button that trusts it. Nothing for other failures. */
export function HostKeyQuestion({ failure, ssh, onTrusted }: HostKeyQuestionProps) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const key = failure.kind === 'connection' && failure.reason === 'sshHostUnknown' ? failure.sshHostKey : undefined;
  if (!key || !ssh) return null;
  const trust = async () => {
    setBusy(true);
    setError(undefined);
    try {
      const { algorithm, fingerprint } = key;
      await client.connections.trustSshHost({ host: ssh.host.trim(), port: ssh.port, algorithm, fingerprint });
      onTrusted();
    } catch (thrown) {
      setError(failureFrom(thrown).message);
    }
    setBusy(false);
  };
  return (
    <div className="flex min-w-0 flex-col gap-2 text-ink">
      <dl className="selectable grid grid-cols-[max-content_1fr] gap-x-3 gap-y-0.5 text-xs">
        <dt className="text-muted">Server</dt>
        <dd className="break-all">{key.host}</dd>
        <dt className="text-muted">Key</dt>
        <dd>{key.algorithm}</dd>
        <dt className="text-muted">Fingerprint</dt>
        <dd className="font-mono break-all">{key.fingerprint}</dd>
      </dl>
      {error && <p className="text-xs text-danger">{error}</p>}
      <div>
        <Button small busy={busy} onClick={() => void trust()}>
          Trust this key
        </Button>
      </div>
    </div>
  );
}
