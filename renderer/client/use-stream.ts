import { useEffect, useRef, useState } from 'react';
import type { Failure } from '../../shared/api/base.ts';
import { failureFrom } from './failure.ts';

type StreamProcedure<Input, Event> = (input: Input, options: { signal: AbortSignal }) => Promise<AsyncIterable<Event>>;

/**
 * Listens to a stream while the component is shown. Leaving ends the stream on the other side too.
 * @param input `null` holds it back
 * @returns a failure, if the stream broke
 */
export function useStream<Input, Event>(
  call: StreamProcedure<Input, Event>,
  input: Input | null,
  onEvent: (event: Event) => void,
): Failure | null {
  const [failure, setFailure] = useState<Failure | null>(null);
  const latest = useRef({ call, input, onEvent });
  latest.current = { call, input, onEvent };
  const key = JSON.stringify(input);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the input's value
  useEffect(() => {
    const wanted = latest.current.input;
    if (wanted === null) return;
    const control = new AbortController();
    setFailure(null);
    const listen = async () => {
      for await (const event of await latest.current.call(wanted, { signal: control.signal })) {
        if (control.signal.aborted) return;
        latest.current.onEvent(event);
      }
    };
    listen().catch((thrown) => !control.signal.aborted && setFailure(failureFrom(thrown)));
    return () => control.abort();
  }, [key]);
  return failure;
}
