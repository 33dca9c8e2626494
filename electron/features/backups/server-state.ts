/** What a server says of backups that run on it and of its archiver. */
import type { ServerBackups } from '../../../shared/api/backups.ts';
import type { Source } from '../../postgres/source.ts';
import { archiverState, runningBackups } from './server-state.sql.ts';

const numberOf = (text: string | null | undefined): number | null => (text == null ? null : Number(text));

export async function serverState(source: Pick<Source, 'ask'>, signal?: AbortSignal): Promise<ServerBackups> {
  const asked = signal ? { signal } : {};
  const [running, [archiver]] = await Promise.all([
    source.ask(runningBackups, [], asked),
    source.ask(archiverState, [], asked),
  ]);
  return {
    running: running.map((row) => ({
      ...row,
      startedMs: numberOf(row.startedMs),
      bytes: numberOf(row.bytes),
      allBytes: numberOf(row.allBytes),
    })),
    archiver: {
      mode: archiver?.mode ?? 'off',
      walLevel: archiver?.level ?? '',
      archived: Number(archiver?.archived ?? 0),
      lastArchived: archiver?.lastArchived ?? null,
      lastArchivedMs: numberOf(archiver?.lastArchivedMs),
      failed: Number(archiver?.failed ?? 0),
      lastFailed: archiver?.lastFailed ?? null,
      lastFailedMs: numberOf(archiver?.lastFailedMs),
    },
  };
}
