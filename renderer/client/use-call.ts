import { useCallback, useEffect, useRef, useState } from 'react';
import type { Failure } from '../../shared/api/base.ts';
import { failureFrom } from './failure.ts';

export type CallState<Output> =
  | { readonly state: 'pending'; readonly data?: Output }
  | { readonly state: 'failed'; readonly failure: Failure; readonly data?: Output }
  | { readonly state: 'done'; readonly data: Output };

type Procedure<Input, Output> = (input: Input, options: { signal: AbortSignal }) => Promise<Output>;

/**
 * Calls a procedure when the component appears and whenever its input changes (by value); a call that is no longer
 * wanted is aborted. While a newer answer is on its way the older `data` stays.
 * @param input `null` holds the call back
 */
export function useCall<Input, Output>(
  call: Procedure<Input, Output>,
  input: Input | null,
): CallState<Output> & { reload: () => void } {
  const [answer, setAnswer] = useState<CallState<Output>>({ state: 'pending' });
  const [round, setRound] = useState(0);
  const key = JSON.stringify(input);
  const latest = useRef({ call, input });
  latest.current = { call, input };
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the input's value; round asks again
  useEffect(() => {
    const wanted = latest.current.input;
    if (wanted === null) return;
    const control = new AbortController();
    setAnswer((before) => ({ state: 'pending', data: before.data }));
    latest.current.call(wanted, { signal: control.signal }).then(
      (data) => !control.signal.aborted && setAnswer({ state: 'done', data }),
      (thrown) =>
        !control.signal.aborted &&
        setAnswer((before) => ({ state: 'failed', failure: failureFrom(thrown), data: before.data })),
    );
    return () => control.abort();
  }, [key, round]);
  const reload = useCallback(() => setRound((now) => now + 1), []);
  return { ...answer, reload };
}
