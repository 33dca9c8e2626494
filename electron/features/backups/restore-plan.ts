/** What a restore will do, for a backup of any form, as the page is told of it. */
import type { RestoreChoice, RestorePlan } from '../../../shared/api/backups.ts';
import type { Connection } from '../../../shared/api/connections.ts';
import { type RestorePlan as Plan, planRestore } from '../../postgres/backup/restore/plan-restore.ts';
import { planScript } from '../../postgres/backup/restore/run-script-restore.ts';
import { planPgRestore } from '../../postgres/backup/tools/plan-pg-restore.ts';
import { restoreCommand } from '../../postgres/backup/tools/run-pg-restore.ts';
import type { ConnectSpec } from '../../postgres/source.ts';
import type { KeptBackup } from '../../store/backups.ts';

interface Planned {
  readonly plan: Omit<Plan, 'manifest' | 'items'>;
  readonly items: number;
  readonly command: string | null;
}

async function planOfForm(
  { form }: KeptBackup,
  spec: ConnectSpec,
  path: string,
  choice: RestoreChoice,
  signal?: AbortSignal,
): Promise<Planned> {
  if (form === 'plain') return { plan: await planScript(spec, choice, signal), items: 0, command: null };
  if (form === 'howdah') {
    const plan = await planRestore(spec, path, choice, signal);
    return { plan, items: plan.items.length, command: null };
  }
  const plan = await planPgRestore(spec, path, choice, signal);
  return { plan, items: plan.entries.length, command: restoreCommand(plan, { spec, path, choice }, form) };
}

/** @throws why it cannot be known */
export async function plannedRestore(
  kept: KeptBackup,
  path: string,
  { connection, spec }: { readonly connection: Connection; readonly spec: ConnectSpec },
  choice: RestoreChoice,
  signal?: AbortSignal,
): Promise<RestorePlan> {
  const { plan, items, command } = await planOfForm(kept, spec, path, choice, signal);
  // A dump's own text may drop what is there.
  const overwrites =
    choice.target.kind === 'existing' &&
    (choice.target.onExisting === 'replace' || kept.form === 'plain' || connection.environment === 'production');
  return {
    items,
    command,
    rows: plan.rows,
    rawBytes: plan.rawBytes,
    targetVersion: plan.targetVersion,
    currentRole: plan.currentRole,
    existing: plan.existing.map(({ kind, name, rows }) => ({ kind, name, rows })),
    missingRoles: [...plan.missingRoles],
    missingTablespaces: [...plan.missingTablespaces],
    obstacles: connection.readOnly
      ? [`The connection ${connection.name} is read-only.`, ...plan.obstacles]
      : [...plan.obstacles],
    warnings: [...plan.warnings],
    confirm: overwrites ? choice.target.database : null,
  };
}
