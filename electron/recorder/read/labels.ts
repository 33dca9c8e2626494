/** What a key is called on the screen. */
import type { Dimension } from '../../../shared/api/monitor.ts';
import type { RecordingFile } from '../file/recording-file.ts';

const nothing: Partial<Record<Dimension, string>> = {
  query: '(no statement)',
  database: '(no database)',
  user: '(no user)',
  application: '(no name)',
  client: '(local)',
  blocker: '(not blocked)',
};

export function labelOf(file: RecordingFile, by: Dimension, key: string): string {
  if (key === '') return nothing[by] ?? '(unknown)';
  if (by === 'blocker') return key === '0' ? 'prepared transaction' : key;
  if (by !== 'query') return key;
  return oneLine(file.text(key)?.text) ?? (key.startsWith('h:') ? 'statement without a known text' : `query ${key}`);
}

const labelCharacters = 300;

export const oneLine = (text: string | undefined): string | null =>
  text === undefined ? null : text.replaceAll(/\s+/g, ' ').trim().slice(0, labelCharacters);
