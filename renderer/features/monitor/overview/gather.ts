/** Reads from a recording what its server's health is judged by. */
import type { FamilyTable, HealthEvidence } from '../../../../shared/health/evidence.ts';
import type { SettingsSnapshot } from '../../../../shared/metrics/snapshots.ts';
import { client } from '../../../client/connect.ts';
import type { TimeRange } from '../../../workspace/monitor/time-range.ts';
import { coverage } from '../activity/activity-series.ts';

const families = [
  'connections',
  'database',
  'wraparound',
  'xmin_horizon',
  'table',
  'checkpointer',
  'archiver',
  'replication',
  'slot',
  'standby',
  'sequence',
  'database_size',
  'statement_info',
] as const;

export interface HealthQuestion extends TimeRange {
  readonly id: string;
  readonly vcpus: number | null;
}

type Options = { signal: AbortSignal };
/** Fine enough to find the second at which most were blocked in the usual quarter of an hour. */
const buckets = 300;

/** A part that cannot be read is missing; the rest is judged. */
const orNull = <T>(work: Promise<T>, signal: AbortSignal): Promise<T | null> =>
  work.catch((thrown: unknown) => {
    if (signal.aborted) throw thrown;
    return null;
  });

/** Average sessions by class, and how much of the range is covered. */
async function activityOf({ id, fromMs, toMs }: HealthQuestion, options: Options) {
  const question = { id, fromMs, toMs, by: 'class' as const, filters: [], background: false, buckets: 60, top: 20 };
  const answer = await client.monitor.activity(question, options);
  const coveredMs = answer.coveredMs.reduce((sum, each) => sum + each, 0);
  return {
    covered: coverage(answer),
    byClass:
      coveredMs === 0 ? null : Object.fromEntries(answer.series.map(({ key, totalMs }) => [key, totalMs / coveredMs])),
  };
}

async function blockedOf({ id, fromMs, toMs }: HealthQuestion, options: Options) {
  const { startMs, stepMs, waiting } = await client.monitor.blocked({ id, fromMs, toMs, buckets }, options);
  let most = -1;
  let at = 0;
  waiting.forEach((each, bucket) => {
    if (each === null || each <= most) return;
    most = each;
    at = bucket;
  });
  return most < 0 ? null : { most: Math.round(most), atMs: startMs + at * stepMs };
}

async function tableOf({ id, fromMs, toMs }: HealthQuestion, family: string, options: Options) {
  const table = await client.monitor.table({ id, fromMs, toMs, family }, options);
  return table.atMs === null && table.rows.length === 0 ? null : (table satisfies FamilyTable);
}

async function settingsOf({ id, toMs }: HealthQuestion, options: Options) {
  const snapshot = await client.monitor.snapshot({ id, atMs: toMs, kind: 'settings', database: null }, options);
  const content = snapshot?.content;
  const fits =
    typeof content === 'object' && content !== null && 'settings' in content && Array.isArray(content.settings);
  return fits ? (content as unknown as SettingsSnapshot) : null;
}

export async function gatherEvidence(question: HealthQuestion, options: Options): Promise<HealthEvidence> {
  const { signal } = options;
  const [activity, blocked, settings, tables] = await Promise.all([
    orNull(activityOf(question, options), signal),
    orNull(blockedOf(question, options), signal),
    orNull(settingsOf(question, options), signal),
    Promise.all(
      families.map(async (family) => [family, await orNull(tableOf(question, family, options), signal)] as const),
    ),
  ]);
  return {
    fromMs: question.fromMs,
    toMs: question.toMs,
    covered: activity?.covered ?? 0,
    vcpus: question.vcpus,
    activity: activity?.byClass ?? null,
    blocked,
    families: Object.fromEntries(tables),
    settings,
  };
}
