/** The step-by-step test of a connection, as a stream of events that ends with `done` or `failed`. */
import type { TestEvent } from '../../../shared/api/connections.ts';
import { failureOf } from '../../../shared/failure.ts';
import { type Connected, connectClient } from '../../postgres/connect/client.ts';
import { connectFailure } from '../../postgres/connect/failures.ts';
import type { ConnectSpec } from '../../postgres/source.ts';
import { checkServer } from './check-server.ts';

/** Never throws: what goes wrong is the last event. Leaving the iteration ends the attempt. */
export async function* testConnection(
  makeSpec: () => Promise<ConnectSpec>,
  caller?: AbortSignal,
): AsyncGenerator<TestEvent, void, void> {
  const left = new AbortController();
  const signal = caller ? AbortSignal.any([caller, left.signal]) : left.signal;
  const events: TestEvent[] = [];
  let wake = () => {};
  const say = (event: TestEvent) => {
    events.push(event);
    wake();
  };
  const work = attempt(makeSpec, signal, say).catch((thrown) => say({ kind: 'failed', failure: failureOf(thrown) }));
  try {
    for (;;) {
      const event = events.shift();
      if (event) {
        yield event;
        if (event.kind !== 'step') return;
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve;
          if (events.length > 0) resolve();
        });
      }
    }
  } finally {
    left.abort();
    await work;
  }
}

async function attempt(makeSpec: () => Promise<ConnectSpec>, signal: AbortSignal, say: (event: TestEvent) => void) {
  const spec = await makeSpec();
  const applicationName = 'Howdah (connection test)';
  const connected = await connectClient(spec, {
    signal,
    applicationName,
    onStep: (event) => say({ kind: 'step', ...event }),
  });
  const stop = () => connected.transport.close();
  signal.addEventListener('abort', stop, { once: true });
  try {
    say({ kind: 'step', step: 'query', state: 'running' });
    const from = performance.now();
    const check = await checked(spec, connected, say, from);
    say({
      kind: 'step',
      step: 'query',
      state: 'done',
      tookMs: check.roundTripsMs.all[0],
      note: `PostgreSQL ${check.version}`,
    });
    say({ kind: 'done', check });
  } finally {
    signal.removeEventListener('abort', stop);
    // Not waited for: the answer is there, and a server that has gone would not say goodbye.
    void connected.client.end().catch(() => {});
  }
}

async function checked(spec: ConnectSpec, connected: Connected, say: (event: TestEvent) => void, from: number) {
  try {
    return await checkServer(connected);
  } catch (thrown) {
    say({ kind: 'step', step: 'query', state: 'failed', tookMs: performance.now() - from });
    throw connectFailure(thrown, { ...spec, step: 'auth' });
  }
}
