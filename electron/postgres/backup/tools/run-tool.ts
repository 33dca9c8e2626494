/** One run of a client program: an argument list, never a shell; its words as log lines; its end as a failure or none. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { FailureError } from '../../../../shared/failure.ts';
import type { OnLine } from '../progress.ts';

export interface ToolRun {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly onLine?: OnLine | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Takes what it writes to its standard output; thrown away where absent. */
  readonly onOutput?: OnLine | undefined;
  /** Takes its standard output as bytes, in its own time; where this fails, the program is stopped. */
  readonly onBytes?: ((bytes: AsyncIterable<Buffer>) => Promise<void>) | undefined;
}

/** Kept for the failure. */
const lastLines = 6;

/** Of exit codes that come without a word of the program. */
const meaning: Readonly<Record<number, string>> = {
  126: ' (it may not be executed)',
  127: ' (it, or a library that it needs, is missing)',
  3221225781: ' (a library that it needs is missing)',
};

/** Resolves when it ended well: exit 0, and nothing less. @throws its last words, or how it was ended */
export async function runTool({ program, args, env, onLine, onOutput, onBytes, signal }: ToolRun): Promise<void> {
  signal?.throwIfAborted();
  const child = spawn(program, [...args], { env: { ...env }, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
  const stop = () => void child.kill('SIGTERM');
  let untaken: { readonly thrown: unknown } | null = null;
  const taken = onBytes?.(child.stdout).catch((thrown: unknown) => {
    untaken = { thrown };
    child.kill('SIGKILL');
  });
  if (onOutput) createInterface({ input: child.stdout }).on('line', onOutput);
  else if (!taken) child.stdout.resume();
  signal?.addEventListener('abort', stop, { once: true });
  const told: string[] = [];
  /** What went wrong first; later lines may only say where. */
  const errors: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (errors.length < lastLines && /\b(error|fatal):/.test(line)) errors.push(line);
    told.push(line);
    if (told.length > lastLines) told.shift();
    onLine?.(line);
  });
  try {
    const [code, killed] = await new Promise<[number | null, string | null]>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (exit, by) => resolve([exit, by]));
    });
    await taken;
    if (signal?.aborted) throw new FailureError({ kind: 'cancelled', message: 'Cancelled.' });
    // What broke off is told by the program itself, where it ended of its own accord.
    const { thrown } = (untaken as { readonly thrown: unknown } | null) ?? {};
    if (untaken && (code === 0 || killed === 'SIGKILL')) throw thrown;
    if (code === 0) return;
    const how = killed === null ? `ended with ${code}${meaning[code ?? 0] ?? ''}` : `was ended by ${killed}`;
    throw new FailureError({
      kind: 'internal',
      message: `${program} ${how}. ${(errors.length > 0 ? errors : told).join(' ')}`.trim(),
    });
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

/**
 * As one would type it into a shell: what is secret is not among the arguments, and whoever types it is asked for the password,
 * which a run of ours has from a file.
 */
export const commandWords = (program: string, args: readonly string[]): string =>
  [program, ...args.filter((word) => word !== '--no-password')]
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(' ');
