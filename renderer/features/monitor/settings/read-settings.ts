import { z } from 'zod';
import type { SettingsSnapshot } from '../../../../shared/metrics/snapshots.ts';
import { client } from '../../../client/connect.ts';

const content = z.object({
  settings: z.array(z.object({ name: z.string() }).loose()),
  overrides: z.array(z.unknown()),
});

export interface SettingsThen {
  /** Since when they were so. */
  readonly atMs: number;
  readonly settings: SettingsSnapshot;
}

/** The settings that held at the instant; null where none were recorded up to then. */
export async function readSettings(
  { id, atMs }: { id: string; atMs: number },
  options: { signal: AbortSignal },
): Promise<SettingsThen | null> {
  const snapshot = await client.monitor.snapshot({ id, atMs, kind: 'settings', database: null }, options);
  return snapshot && content.safeParse(snapshot.content).success
    ? { atMs: snapshot.atMs, settings: snapshot.content as SettingsSnapshot }
    : null;
}
