/** `howdah test`: the connection check as JSON, one object: the steps with their times, and what was found or what failed. */
import type { TestEvent } from '../../shared/api/connections.ts';
import { testConnection } from '../features/connections/test-connection.ts';
import { readArguments } from './command.ts';
import { targetOf } from './target.ts';

export async function testCommand(args: readonly string[]): Promise<number> {
  const { values } = readArguments(args, { url: { type: 'string' } });
  const spec = await targetOf(values.url);
  const steps = new Map<string, unknown>();
  let last: TestEvent | undefined;
  for await (const event of testConnection(async () => spec)) {
    last = event;
    if (event.kind !== 'step') continue;
    const { kind: _kind, ...step } = event;
    steps.set(event.step, step);
  }
  const outcome =
    last?.kind === 'done'
      ? { ok: true, check: last.check }
      : { ok: false, failure: last?.kind === 'failed' ? last.failure : null };
  const { ok, ...rest } = outcome;
  process.stdout.write(`${JSON.stringify({ ok, steps: [...steps.values()], ...rest }, null, 2)}\n`);
  return ok ? 0 : 1;
}
