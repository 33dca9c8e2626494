/**
 * What a line with a backslash comes to. None is ever run: a script that could make its reader run a program, read a file or
 * go elsewhere is refused by name. The two that pg_dump writes around its dumps mean nothing here, because nothing else
 * would be understood anyway.
 */
import { type FailureError, invalid } from '../../../../shared/failure.ts';

/** The command's name where the line, without its end, is one that needs nothing to be done. */
export function understoodCommand(line: string): string | null {
  const found = /^\\((?:un)?restrict) [A-Za-z0-9]+\s*$/.exec(line);
  return found ? `\\${found[1]}` : null;
}

const waysOut: Readonly<Record<string, string>> = {
  '\\connect': 'It goes to another database: put what is meant for each into a file of its own.',
  '\\c': 'It goes to another database: put what is meant for each into a file of its own.',
  '\\copy': 'Import the file that it names by itself.',
  '\\i': 'Import the file that it names by itself.',
  '\\ir': 'Import the file that it names by itself.',
  '\\.': 'It ends the rows of a COPY, and there is none.',
  '\\encoding': 'Choose the file’s encoding instead.',
};

/** @param line from the backslash on */
export function refusedCommand(line: string, number: number): FailureError {
  const name = (/^\\[^\s\\]*/.exec(line)?.[0] ?? '\\').slice(0, 40);
  const way = Object.hasOwn(waysOut, name) ? ` ${waysOut[name]}` : '';
  return invalid('file', `Line ${number}: ${name} is a command of psql, which is not run here.${way}`);
}
