/** Howdah's own load on the server: how long its questions took, as seen from here, which is never less than there. */
import type { CollectorCost } from '../../../shared/api/recordings.ts';
import { activeSessions } from '../../recorder/collect/activity/activity.sql.ts';
import { allCollectors } from '../../recorder/collect/collectors.ts';
import type { OpenRecordings } from '../../recorder/open/open-recordings.ts';

const newestMajor = 18;

export async function costOf(
  recordings: OpenRecordings,
  { id, fromMs, toMs }: { readonly id: string; readonly fromMs: number; readonly toMs: number },
  signal: AbortSignal | undefined,
): Promise<{ collectors: CollectorCost[]; shareOfCore: number }> {
  const info = await recordings.ask(id, 'info', {}, signal);
  const found = await recordings.ask(id, 'collectors', { fromMs, toMs }, signal);
  const major = Number.parseInt(info.serverVersion, 10) || newestMajor;
  const about = new Map(
    allCollectors().map(({ id: name, label, everyMs, sql }) => [name, { label, everyMs, sql: sql(major) }]),
  );
  about.set('activity', { label: 'Sessions', everyMs: info.everyMs, sql: activeSessions.text(major) });
  const collectors = found.collectors.map((each) => ({
    ...(about.get(each.collector) ?? { label: each.collector, everyMs: 0, sql: '' }),
    ...each,
    meanMs: each.runs > 0 ? each.totalMs / each.runs : 0,
  }));
  const totalMs = collectors.reduce((sum, each) => sum + each.totalMs, 0);
  return {
    collectors: collectors.sort((a, b) => b.totalMs - a.totalMs),
    shareOfCore: found.coveredMs > 0 ? totalMs / found.coveredMs : 0,
  };
}
