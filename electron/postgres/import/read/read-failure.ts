/** What a file system's error means for a file that is being read. */
import { invalid } from '../../../../shared/failure.ts';

const meanings: Readonly<Record<string, string>> = {
  ENOENT: 'The file is not there any more. Choose it again.',
  ENOTDIR: 'The file is not there any more. Choose it again.',
  EISDIR: 'This is a folder, and a file is wanted.',
  EACCES: 'The user that Howdah runs as may not read this file.',
  EPERM: 'The user that Howdah runs as may not read this file.',
  EIO: 'The disk reports an error while reading this file. Copy it to another disk and try again.',
  ESTALE: 'The file is on a disk of the network that is not there any more.',
};

/** The error in words; everything else passes. */
export function readFailure(thrown: unknown): unknown {
  const { code = '' } = (thrown ?? {}) as NodeJS.ErrnoException;
  const message = Object.hasOwn(meanings, code) ? meanings[code] : undefined;
  return message === undefined || isOfSocket(thrown) ? thrown : invalid('file', `${message} (${code})`);
}

/** A connection may be refused with EACCES, too; that is for others to say. */
const isOfSocket = (thrown: unknown): boolean => (thrown as { syscall?: unknown }).syscall === 'connect';
