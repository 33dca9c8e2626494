/** What a recording is of: for lists, and for whoever opens a file they were given. */
import type { RecordingFile } from '../file/recording-file.ts';

export function info(file: RecordingFile, _input: Record<string, never>) {
  const ends = file.span();
  return {
    name: file.meta('name') ?? '',
    connectionId: file.meta('connectionId'),
    serverVersion: file.meta('serverVersion') ?? '',
    systemIdentifier: file.meta('systemIdentifier'),
    everyMs: Number(file.meta('everyMs') ?? 1000),
    fromMs: ends?.fromMs ?? null,
    toMs: ends?.toMs ?? null,
    /** A redacted copy holds fingerprints in place of texts. */
    redacted: file.meta('redacted') === '1',
    damage: file.damage,
  };
}
