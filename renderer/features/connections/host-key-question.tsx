import { useState } from 'react';
import type { Failure } from '../../../shared/api/base.ts';
import { client } from '../../client/connect.ts';
import { failureFrom } from '../../client/failure.ts';
import { Button } from '../../ui/button.tsx';
import { sshServerOf } from './ssh-server-of.ts';

export interface HostKeyQuestionProps {
  /** Names the server and the fingerprint in its message, above this. */
  readonly failure: Failure;
  readonly onTrusted: () => void;
}

/** For an SSH server that has not been seen: the button that trusts the key just shown. Nothing for other failures. */
export function HostKeyQuestion({ failure, onTrusted }: HostKeyQuestionProps) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const key = failure.kind === 'connection' && failure.reason === 'sshHostUnknown' ? failure.sshHostKey : undefined;
  if (!key) return null;
  const trust = async () => {
    setBusy(true);
    setError(undefined);
    try {
      const { host, algorithm, fingerprint } = key;
      await client.connections.trustSshHost({ ...sshServerOf(host), algorithm, fingerprint });
      onTrusted();
    } catch (thrown) {
      setError(failureFrom(thrown).message);
    }
    setBusy(false);
  };
  return (
    <div className="flex min-w-0 flex-col gap-2">
      {error && <p className="text-xs text-danger">{error}</p>}
      <div>
        <Button small busy={busy} onClick={() => void trust()}>
          Trust this key
        </Button>
      </div>
    </div>
  );
}
