/** What a file system's error means for a file that is being written. */
import { FailureError } from '../../../../shared/failure.ts';

const meanings: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full. No file was left behind.',
  EDQUOT: 'Your disk quota is used up. No file was left behind.',
  EFBIG: 'The file is larger than this disk allows. No file was left behind.',
  EACCES: 'This folder may not be written to.',
  EPERM: 'This folder may not be written to.',
  EROFS: 'This disk is read-only.',
  ENOENT: 'The folder for this file is not there any more.',
  EIO: 'The disk reports an error while writing. No file was left behind.',
  EISDIR: 'There is a folder of this name.',
};

/** The error in words; everything else passes. */
export function fileFailure(thrown: unknown): unknown {
  const code = (thrown as NodeJS.ErrnoException).code ?? '';
  const message = meanings[code];
  if (!message) return thrown;
  return new FailureError({ kind: 'invalid', field: 'target', message: `${message} (${code})` }, { cause: thrown });
}

/** Runs it; the disk's errors come in words. */
export function clearly<T>(action: () => T): T {
  try {
    return action();
  } catch (thrown) {
    throw fileFailure(thrown);
  }
}
