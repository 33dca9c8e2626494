/** What a restore by pg_restore will do, before it does anything; as far as an archive's own list tells. */
import type { ConnectSpec } from '../../source.ts';
import { restoreName } from '../restore/new-database.ts';
import { planOf, type RestorePlan } from '../restore/plan-restore.ts';
import type { RestoreChoice } from '../restore/request.ts';
import { BackupLink } from '../wire/backup-link.ts';
import { type ArchiveEntry, type ArchiveList, listArchive } from './archive-list.ts';

export interface PgRestorePlan extends Omit<RestorePlan, 'manifest' | 'items'> {
  readonly list: ArchiveList;
  readonly entries: readonly ArchiveEntry[];
}

/** @throws why it cannot be known */
export async function planPgRestore(
  spec: ConnectSpec,
  path: string,
  choice: RestoreChoice,
  signal?: AbortSignal,
): Promise<PgRestorePlan> {
  const list = await listArchive(path, signal);
  const { target } = choice;
  const there = target.kind === 'existing' ? { ...spec, database: target.database } : spec;
  const link = await BackupLink.open(there, restoreName, signal);
  try {
    const entries = chosenEntries(list.entries, choice);
    const owners = choice.owners ? [...new Set(entries.flatMap(({ owner }) => (owner === '' ? [] : [owner])))] : [];
    const plan = await planOf(
      link,
      {
        items: entries,
        roles: owners,
        tablespaces: [],
        warnings: [],
        versionNum: (Number.parseInt(list.serverVersion, 10) || 0) * 10_000,
        version: list.serverVersion,
        typesOnly: true,
      },
      choice,
    );
    return { ...plan, obstacles: [...plan.obstacles, ...notForPgRestore(choice)], list, entries, rows: 0, rawBytes: 0 };
  } finally {
    await link.close();
  }
}

/**
 * What was chosen, all it needs, and what is made over it (rows, indexes, keys, comments, grants) where nothing else is
 * needed for that; in the archive's order. A foreign key to a table that was not chosen is left out.
 */
export function chosenEntries(all: readonly ArchiveEntry[], choice: RestoreChoice): ArchiveEntry[] {
  const byId = new Map(all.map((entry) => [entry.id, entry]));
  const taken = new Set<number>();
  const take = (id: number): void => {
    const entry = byId.get(id);
    if (!entry || taken.has(id)) return;
    taken.add(id);
    for (const need of entry.needs) take(need);
  };
  for (const id of choice.items ?? byId.keys()) take(id);
  // A default brings its sequence along.
  for (const { id, kind, needs } of all) if (kind === 'default' && needs.some((need) => taken.has(need))) take(id);
  for (let before = -1; before !== taken.size; ) {
    before = taken.size;
    for (const { id, section, needs } of all)
      if (section !== 'before' && needs.length > 0 && needs.every((need) => taken.has(need))) taken.add(id);
  }
  return all.filter(
    ({ id, section, kind }) =>
      taken.has(id) && (choice.what === 'all' || section !== 'data') && (choice.grants || kind !== 'grants'),
  );
}

function notForPgRestore({ target, roles, tablespaces }: RestoreChoice): string[] {
  const not: string[] = [];
  if (target.kind === 'existing' && target.onExisting === 'skip')
    not.push(
      'pg_restore cannot leave single objects as they are. Pick what is to be restored, or replace what is there.',
    );
  if (Object.keys(roles).length > 0) not.push('pg_restore puts no other role in the place of one that is named.');
  if (Object.keys(tablespaces).length > 0) not.push('pg_restore puts no other tablespace in the place of one.');
  return not;
}
