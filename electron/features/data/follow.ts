/** Being told of changes by NOTIFY: on a connection that only listens. */
import { FailureError } from '../../../shared/failure.ts';
import { relationNamed } from '../../../shared/sql/relation-named.ts';
import { Listener } from '../../postgres/listener.ts';
import type { ConnectSpec } from '../../postgres/source.ts';

export interface FollowEvent {
  readonly kind: 'listening' | 'notified';
}

/** What comes within this time is told once. */
const togetherMs = 200;

/**
 * A payload that names another relation is of that one; everything else may be of this. Ends with the signal; throws
 * connection where the line is lost, since what is sent from then on is not heard.
 */
export async function* follow(
  spec: ConnectSpec,
  channel: string,
  relation: string,
  signal?: AbortSignal,
): AsyncGenerator<FollowEvent> {
  let heard = false;
  let lost = false;
  let wake: () => void = () => undefined;
  const listener = await Listener.open(
    spec,
    channel,
    {
      notified: (payload) => {
        void concerns(payload).then((does) => {
          heard ||= does;
          if (does) wake();
        });
      },
      lost: () => {
        lost = true;
        wake();
      },
    },
    signal,
  );
  const concerns = async (payload: string): Promise<boolean> => {
    const named = relationNamed(payload);
    if (named === null || named === relation) return true;
    return !(await listener.knows(named).catch(() => false));
  };
  const woken = () => wake();
  signal?.addEventListener('abort', woken);
  try {
    yield { kind: 'listening' };
    while (!signal?.aborted) {
      if (lost)
        throw new FailureError({
          kind: 'connection',
          reason: 'lost',
          message: 'The connection that listened for NOTIFY is gone.',
        });
      if (heard) {
        heard = false;
        yield { kind: 'notified' };
        await new Promise((done) => setTimeout(done, togetherMs));
      } else {
        await new Promise<void>((done) => {
          wake = done;
        });
      }
    }
  } finally {
    signal?.removeEventListener('abort', woken);
    await listener.close();
  }
}
