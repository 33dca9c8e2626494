import { useEffect, useRef, useState } from 'react';

export type Loaded<Data> =
  | { readonly state: 'pending' }
  | { readonly state: 'failed'; readonly thrown: unknown }
  | { readonly state: 'done'; readonly data: Data };

/** What `load` gives for `key`; the answer to an earlier key is never shown for a later one. */
export function useLoaded<Data>(key: string, load: (signal: AbortSignal) => Promise<Data>): Loaded<Data> {
  const [answer, setAnswer] = useState<{ key: string; loaded: Loaded<Data> } | null>(null);
  const latest = useRef(load);
  latest.current = load;
  useEffect(() => {
    const control = new AbortController();
    const settle = (loaded: Loaded<Data>) => !control.signal.aborted && setAnswer({ key, loaded });
    latest.current(control.signal).then(
      (data) => settle({ state: 'done', data }),
      (thrown) => settle({ state: 'failed', thrown }),
    );
    return () => control.abort();
  }, [key]);
  return answer?.key === key ? answer.loaded : { state: 'pending' };
}

export const wordsOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));
