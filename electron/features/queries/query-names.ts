/** Names of queries and folders: such that each can be a file on every system. */
import { invalid } from '../../../shared/failure.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const forbidden = /[\\/:*?"<>|\u0000-\u001f]/;
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

export const isName = (name: string): boolean =>
  name === name.trim() &&
  name.length > 0 &&
  name.length <= 120 &&
  !forbidden.test(name) &&
  !reserved.test(name) &&
  !name.startsWith('.') &&
  !name.endsWith('.') &&
  name.isWellFormed();

/** Throws invalid, saying what would do. */
export function checkedName(name: string): string {
  const trimmed = name.trim();
  if (isName(trimmed)) return trimmed;
  throw invalid(
    'name',
    'A name becomes a file: no \\ / : * ? " < > | in it, no dot at its ends, at most 120 characters.',
  );
}

/** "a/b" with each part a name; '' is the top. Throws invalid. */
export function checkedFolder(folder: string): string {
  const parts = folder
    .split('/')
    .map((part) => part.trim())
    .filter(Boolean);
  if (parts.length > 12 || !parts.every(isName))
    throw invalid('folder', 'A folder is written as names with slashes between them, at most 12 deep.');
  return parts.join('/');
}
