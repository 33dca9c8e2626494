/** What a person picks is objects; what is restored is items: an object's own parts come with it, and what it needs. */
import type { BackupItem } from '../../../../shared/api/backups.ts';

/** Kinds that can be picked by themselves; the rest belongs to one of them. */
export const isObject = ({ section, kind }: BackupItem): boolean =>
  section === 'before' || kind === 'publication' || kind === 'eventTrigger' || kind === 'defaultPrivileges';

const isPartOf = (item: BackupItem, object: BackupItem): boolean =>
  !isObject(item) &&
  item.needs.includes(object.id) &&
  item.schema === object.schema &&
  (item.section === 'data' || item.name === object.name || item.name.endsWith(` on ${object.name}`));

/**
 * Numbers of all items for the picked objects. Foreign keys to what was not picked are left out: they would bring the
 * other table along with all its rows.
 */
export function pickedItems(items: readonly BackupItem[], picked: ReadonlySet<number>): number[] {
  const byId = new Map(items.map((item) => [item.id, item]));
  const taken = new Set<number>();
  const take = (id: number): void => {
    const item = byId.get(id);
    if (!item || taken.has(id)) return;
    taken.add(id);
    for (const need of item.needs) take(need);
  };
  const neededBy = new Map<number, BackupItem[]>();
  for (const item of items) for (const need of item.needs) neededBy.set(need, [...(neededBy.get(need) ?? []), item]);
  for (const id of picked) {
    const object = byId.get(id);
    if (!object) continue;
    take(id);
    for (const part of neededBy.get(id) ?? []) if (part.kind !== 'foreign key' && isPartOf(part, object)) take(part.id);
  }
  for (const item of items)
    if (item.kind === 'foreign key' && item.needs.every((need) => taken.has(need))) taken.add(item.id);
  return [...taken].sort((a, b) => a - b);
}
