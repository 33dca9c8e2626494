/** What the commands of the command line share: how they are called, and how they say what went wrong. */
import { type ParseArgsConfig, parseArgs } from 'node:util';

/** A command line that cannot be meant: told with the usage, exit 2. */
export class UsageError extends Error {}

/** Runs one command and gives the exit code. */
export type Command = (args: readonly string[]) => Promise<number>;

/**
 * The options and words of a command.
 * @throws UsageError for what the command does not know, or where the number of words is wrong
 */
export function readArguments<Options extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: Options,
  words: readonly string[] = [],
) {
  const parsed = parse(args, options);
  if (parsed.positionals.length > words.length) {
    const extra = `Unexpected "${parsed.positionals[words.length]}".`;
    throw new UsageError(words.length === 0 ? extra : `${extra} Put quotes around ${words.at(-1)}.`);
  }
  if (parsed.positionals.length < words.length) throw new UsageError(`${words[parsed.positionals.length]} is missing.`);
  return parsed;
}

function parse<Options extends NonNullable<ParseArgsConfig['options']>>(args: readonly string[], options: Options) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** @throws UsageError where it is no port */
export function readPort(text: string | undefined): number {
  if (text === undefined) return 0;
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new UsageError(`--port wants a number up to 65535, not "${text}".`);
  return port;
}

/** Resolves at the first interrupt or end of the program's terminal; a second one ends the program at once. */
export function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.once(signal, () => {
        process.once(signal, () => process.exit(130));
        resolve();
      });
    }
  });
}
