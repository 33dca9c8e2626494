/** Backups: made, read back, drilled and restored, by hand or by a schedule. */
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { admin, failure, fileToken, id, instantMs, operator, viewer } from './base.ts';
import { backupForm, dumpTool, foundTools } from './dump-tool.ts';

export const backupChoice = z.object({
  /** Only these, with what they need; the whole database where absent. */
  schemas: z.array(z.string().max(63)).max(1000).optional(),
  /** `schema.table`: the definition is kept, the rows not. */
  withoutRowsOf: z.array(z.string().max(130)).max(1000).optional(),
  rows: z.enum(['all', 'none']),
  jobs: z.number().int().min(1).max(16),
  /** Of zstd. */
  level: z.number().int().min(1).max(19),
  /** By PostgreSQL's own programs; the built-in backup where absent. */
  tool: dumpTool.optional(),
});
export type BackupChoice = z.infer<typeof backupChoice>;

export const drillResult = z.object({
  atMs: instantMs,
  serverVersion: z.string(),
  /** What it was compared with: the snapshot by name, number and checksum, or a dump by its rows. */
  against: z.enum(['snapshot', 'dump']).default('snapshot'),
  items: z.number().int(),
  rows: z.number().int(),
  restoreMs: z.number(),
  compareMs: z.number(),
  /** None: it is the snapshot again. */
  differences: z.array(z.string()),
  /** What was compared and what was not, in sentences. */
  notes: z.array(z.string()).default([]),
  /** Why it could not be restored at all. */
  failure: failure.nullable(),
});
export type DrillResult = z.infer<typeof drillResult>;
/** It was tried, and is not what was backed up. */
export const drillFailed = (drill: DrillResult | null): boolean =>
  drill !== null && (drill.failure !== null || drill.differences.length > 0);

export const backup = z.object({
  id,
  /** Null for a file from elsewhere. */
  connectionId: id.nullable(),
  connectionName: z.string(),
  database: z.string(),
  serverVersion: z.string(),
  fileName: z.string(),
  atMs: instantMs,
  /** `gone`: it was good, and the file is not there any more. */
  state: z.enum(['running', 'good', 'failed', 'cancelled', 'damaged', 'gone']),
  failure: failure.nullable(),
  sizeBytes: z.number(),
  rawBytes: z.number(),
  items: z.number().int(),
  rows: z.number().int(),
  tookMs: z.number(),
  whole: z.boolean(),
  warnings: z.array(z.string()),
  /** When every byte was last held against the manifest. */
  verifiedMs: instantMs.nullable(),
  drill: drillResult.nullable(),
  scheduleId: id.nullable(),
  form: backupForm.default('howdah'),
  /** What was run, where a client program made it. */
  command: z.string().default(''),
});
export type Backup = z.infer<typeof backup>;

/** Work under way, or just ended. */
export const backupJob = z.object({
  id,
  kind: z.enum(['backup', 'verify', 'restore', 'drill']),
  /** The backup it makes or reads. */
  backupId: id,
  title: z.string(),
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  failure: failure.nullable(),
  startedMs: instantMs,
  endedMs: instantMs.nullable(),
  step: z.enum(['connecting', 'reading', 'copying', 'making', 'verifying', 'finishing']),
  done: z.number().int(),
  all: z.number().int(),
  bytes: z.number(),
  allBytes: z.number().nullable(),
  now: z.array(z.string()),
  /** The last lines of its log. */
  lines: z.array(z.string()),
  /** One sentence about how it ended. */
  summary: z.string(),
});
export type BackupJob = z.infer<typeof backupJob>;

export const backupItem = z.object({
  id: z.number().int(),
  kind: z.string(),
  schema: z.string().nullable(),
  name: z.string(),
  section: z.enum(['before', 'data', 'after']),
  rows: z.number().int().nullable(),
  bytes: z.number(),
  needs: z.array(z.number().int()),
});
export type BackupItem = z.infer<typeof backupItem>;

export const restoreTarget = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('new'), database: z.string().min(1).max(63) }),
  z.object({
    kind: z.literal('existing'),
    database: z.string().min(1).max(63),
    onExisting: z.enum(['refuse', 'skip', 'replace']),
  }),
]);
export const restoreChoice = z.object({
  target: restoreTarget,
  /** Numbers of items; what they need comes along. Everything where absent. */
  items: z.array(z.number().int()).max(1_000_000).optional(),
  what: z.enum(['all', 'structure']),
  errors: z.enum(['single', 'stop', 'continue']),
  owners: z.boolean(),
  grants: z.boolean(),
  missingRoles: z.enum(['create', 'current']),
  roles: z.record(z.string(), z.string()),
  tablespaces: z.record(z.string(), z.string()),
  jobs: z.number().int().min(1).max(16),
});
export type RestoreChoice = z.infer<typeof restoreChoice>;

export const restorePlan = z.object({
  items: z.number().int(),
  rows: z.number().int(),
  rawBytes: z.number(),
  targetVersion: z.string(),
  currentRole: z.string(),
  existing: z.array(z.object({ kind: z.string(), name: z.string(), rows: z.number() })),
  missingRoles: z.array(z.string()),
  missingTablespaces: z.array(z.string()),
  /** It cannot begin while there is one. */
  obstacles: z.array(z.string()),
  warnings: z.array(z.string()),
  /** What has to be typed before it may begin; null where nothing is overwritten. */
  confirm: z.string().nullable(),
  /** What will be run, where a client program restores it. */
  command: z.string().nullable(),
});
export type RestorePlan = z.infer<typeof restorePlan>;

export const backupSurvey = z.object({
  databases: z.array(z.string()),
  database: z.string(),
  serverVersion: z.string(),
  sizeBytes: z.number(),
  schemas: z.array(z.object({ name: z.string(), tables: z.number().int(), bytes: z.number() })),
});
export type BackupSurvey = z.infer<typeof backupSurvey>;

export const keepRules = z.object({
  last: z.number().int().min(0).max(1000),
  days: z.number().int().min(0).max(1000),
  weeks: z.number().int().min(0).max(520),
  months: z.number().int().min(0).max(240),
});
export type KeepRules = z.infer<typeof keepRules>;

export const backupSchedule = z.object({
  id,
  name: z.string().min(1).max(80),
  connectionId: id,
  database: z.string().min(1).max(63),
  /** Five fields. */
  cron: z.string().min(1).max(120),
  choice: backupChoice,
  /** By which backups of this schedule stay; those that none of the rules keeps are removed. */
  keep: keepRules,
  enabled: z.boolean(),
  /** Restored and compared after each backup. */
  drill: z.boolean(),
  notify: z.enum(['failures', 'all', 'none']),
  /** Told of by POST with JSON; null where none. */
  webhook: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .nullable(),
  /** By the mail server of the settings, at the same times. */
  email: z.boolean().default(false),
});
export type BackupSchedule = z.infer<typeof backupSchedule>;

export const scheduleNow = backupSchedule.extend({
  connectionName: z.string(),
  nextMs: instantMs.nullable(),
  lastMs: instantMs.nullable(),
  /** How the last one ended. `drillFailed`: it was made, and its drill did not give back what was backed up. */
  lastState: z.enum(['good', 'drillFailed', 'failed', 'cancelled', 'damaged', 'gone', 'running']).nullable(),
});
export type ScheduleNow = z.infer<typeof scheduleNow>;

const instantOrNull = instantMs.nullable();
export const serverBackups = z.object({
  /** Sessions that back up or restore now, by what they call themselves. */
  running: z.array(
    z.object({
      pid: z.number().int(),
      application: z.string(),
      user: z.string(),
      database: z.string().nullable(),
      startedMs: instantOrNull,
      doing: z.string(),
      bytes: z.number().nullable(),
      allBytes: z.number().nullable(),
    }),
  ),
  archiver: z.object({
    /** off, on, always. */
    mode: z.string(),
    walLevel: z.string(),
    archived: z.number(),
    lastArchived: z.string().nullable(),
    lastArchivedMs: instantOrNull,
    failed: z.number(),
    lastFailed: z.string().nullable(),
    lastFailedMs: instantOrNull,
  }),
});
export type ServerBackups = z.infer<typeof serverBackups>;

const one = z.object({ id });
export const backups = {
  list: viewer.output(z.object({ backups: z.array(backup), folder: z.string(), mayChooseFolder: z.boolean() })),
  /** All jobs at first, then each as it changes; `list`: the list of backups or schedules has. */
  follow: viewer.output(
    eventIterator(
      z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('job'), job: backupJob }),
        z.object({ kind: z.literal('list') }),
      ]),
    ),
  ),
  survey: viewer.input(z.object({ connectionId: id, database: z.string().max(63).nullable() })).output(backupSurvey),
  /** What runs on a server of all this, ours and others', and its WAL archiving. */
  onServer: viewer.input(z.object({ connectionId: id })).output(serverBackups),
  /** PostgreSQL's client programs on this machine, and what would be run for a choice. */
  tools: viewer
    .input(z.object({ connectionId: id, database: z.string().max(63), choice: backupChoice }))
    .output(foundTools),
  start: operator
    .input(z.object({ connectionId: id, database: z.string().min(1).max(63), choice: backupChoice }))
    .output(z.object({ jobId: id })),
  cancel: operator.input(z.object({ jobId: id })).output(z.void()),
  contents: viewer.input(one).output(
    z.object({
      items: z.array(backupItem),
      roles: z.array(z.string()),
      tablespaces: z.array(z.string()),
      warnings: z.array(z.string()),
      startedAt: z.string(),
      host: z.string(),
    }),
  ),
  verify: operator.input(one).output(z.object({ jobId: id })),
  /** Into a PostgreSQL of its own on this machine. */
  drill: operator.input(one).output(z.object({ jobId: id })),
  plan: viewer.input(z.object({ id, connectionId: id, choice: restoreChoice })).output(restorePlan),
  /** `confirm`: what the plan asks to be typed. */
  restore: operator
    .input(z.object({ id, connectionId: id, choice: restoreChoice, confirm: z.string().max(100) }))
    .output(z.object({ jobId: id })),
  /** Deletes the file of one of ours; a file from elsewhere is only forgotten. */
  remove: admin.input(one).output(z.void()),
  /** A file from elsewhere joins the list. */
  open: operator.input(z.object({ fileToken })).output(backup),
  saveCopy: operator
    .input(z.object({ id, fileToken, form: z.enum(['archive', 'sql']) }))
    .output(z.object({ sizeBytes: z.number() })),
  /** New backups go there; the host's own dialog. */
  chooseFolder: admin.output(z.object({ chosen: z.boolean() })),
  schedules: viewer.output(z.array(scheduleNow)),
  /** The next moments of a cron pattern; throws invalid where it is none. */
  moments: viewer.input(z.object({ cron: z.string().max(120) })).output(z.array(instantMs)),
  saveSchedule: admin.input(backupSchedule.omit({ id: true }).extend({ id: id.nullable() })).output(z.object({ id })),
  removeSchedule: admin.input(one).output(z.void()),
  /** Now, beside its times. */
  runSchedule: operator.input(one).output(z.object({ jobId: id })),
};
