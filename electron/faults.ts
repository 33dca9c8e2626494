/**
 * A mistake of ours in one place must not take every open transaction with it: it is logged and the program goes on.
 * What was at work there has failed already; sessions live in threads of their own, and the store commits or rolls back.
 */
import type { Log } from './platform.ts';

/** @returns stops listening */
export function outliveFaults(log: Log): () => void {
  const tell = (kind: string) => (thrown: unknown) => {
    const { message, stack } = thrown instanceof Error ? thrown : { message: String(thrown), stack: undefined };
    log.error(`${kind}: ${message}`, { stack });
  };
  const onException = tell('uncaught exception');
  const onRejection = tell('unhandled rejection');
  process.on('uncaughtException', onException);
  process.on('unhandledRejection', onRejection);
  return () => {
    process.off('uncaughtException', onException);
    process.off('unhandledRejection', onRejection);
  };
}
