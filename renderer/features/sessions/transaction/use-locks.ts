import { useEffect, useState } from 'react';
import type { SessionLocks } from '../../../../shared/api/sessions.ts';
import { client } from '../../../client/connect.ts';

const everyMs = 3_000;

/** What the session has locked, asked again and again while `wanted`; null until it is known, or where it is not. */
export function useLocks(sessionId: string | null, wanted: boolean): SessionLocks | null {
  const [locks, setLocks] = useState<SessionLocks | null>(null);
  useEffect(() => {
    setLocks(null);
    if (!sessionId || !wanted) return;
    const control = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async () => {
      const answer = await client.sessions.locks({ sessionId }, { signal: control.signal }).catch(() => null);
      if (control.signal.aborted) return;
      setLocks(answer);
      timer = setTimeout(ask, everyMs);
    };
    // A statement that has just begun has its locks in a moment.
    timer = setTimeout(ask, 200);
    return () => {
      control.abort();
      clearTimeout(timer);
    };
  }, [sessionId, wanted]);
  return locks;
}
