/** `howdah backup …`: back a database up, and everything one does with what came of it. */
import { type Command, UsageError } from '../command.ts';

const commands: Readonly<Record<string, () => Promise<Command>>> = {
  run: async () => (await import('./run.ts')).runCommand,
  list: async () => (await import('./list.ts')).listCommand,
  verify: async () => (await import('./list.ts')).verifyCommand,
  sql: async () => (await import('./list.ts')).sqlCommand,
  tools: async () => (await import('./tools.ts')).toolsCommand,
  drill: async () => (await import('./drill.ts')).drillCommand,
  restore: async () => (await import('./restore.ts')).restoreCommand,
};

export const backupCommand: Command = async ([name = '', ...rest]) => {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) throw new UsageError(`backup wants one of ${Object.keys(commands).join(', ')}.`);
  return (await command())(rest);
};
