/** A file that cannot be written or read, in words; the errno is the fact. */
import { FailureError, invalid } from '../../../../shared/failure.ts';

const sentences: Readonly<Record<string, (path: string) => string>> = {
  ENOSPC: (path) => `The disk is full: ${path} could not be written. Free some space, or choose another place.`,
  EDQUOT: (path) => `The quota of this disk is used up: ${path} could not be written. Choose another place.`,
  EFBIG: (path) => `${path} has grown over the largest size that is allowed here. Choose another place.`,
  EROFS: (path) => `${path} lies on a disk that is read-only. Choose another place.`,
  EACCES: (path) => `This user may not use ${path}.`,
  EPERM: (path) => `This user may not use ${path}.`,
  ENOENT: (path) => `${path} is not there.`,
  ENOTDIR: (path) => `${path} lies in something that is no folder.`,
  EISDIR: (path) => `${path} is a folder.`,
  EIO: (path) => `The disk failed at ${path}.`,
};

export function fileFailure(thrown: unknown, path: string): unknown {
  if (thrown instanceof FailureError || !(thrown instanceof Error)) return thrown;
  const code = (thrown as NodeJS.ErrnoException).code;
  const sentence = code === undefined ? undefined : sentences[code];
  return sentence ? invalid('file', sentence(path)) : thrown;
}
