/** What is asked of a restore. */
import type { ArchiveItem, Manifest } from '../archive/manifest.ts';

export interface RestoreChoice {
  readonly target: /** A database that is not there yet; it is dropped again where the restore fails. */
    | { readonly kind: 'new'; readonly database: string }
    | {
        readonly kind: 'existing';
        readonly database: string;
        /** Of things with the same kind and name: refuse to begin, leave them as they are, or drop them first. */
        readonly onExisting: 'refuse' | 'skip' | 'replace';
      };
  /** Items by number, with what they need; everything where absent. */
  readonly items?: readonly number[] | undefined;
  readonly what: 'all' | 'structure';
  /**
   * single: one transaction, all or nothing. stop and continue: each item by itself; what was done before a failure
   * stays. A new database is all or nothing in any case, but for `continue`.
   */
  readonly errors: 'single' | 'stop' | 'continue';
  readonly owners: boolean;
  readonly grants: boolean;
  /** Of roles that the target has not: make them (without the right to log in), or take the restoring role. */
  readonly missingRoles: 'create' | 'current';
  readonly roles: Readonly<Record<string, string>>;
  /** Of tablespaces; those that the target has not become its usual one. */
  readonly tablespaces: Readonly<Record<string, string>>;
  /** Connections at once; one where all is one transaction. */
  readonly jobs: number;
}

/** What was chosen and all it needs, in the archive's order. */
export function chosenItems(
  { items }: Manifest,
  choice: Pick<RestoreChoice, 'items' | 'what' | 'grants'>,
): ArchiveItem[] {
  const byId = new Map(items.map((item) => [item.id, item]));
  const taken = new Set<number>();
  const take = (id: number): void => {
    const item = byId.get(id);
    if (!item || taken.has(id)) return;
    taken.add(id);
    for (const need of item.needs) take(need);
  };
  for (const id of choice.items ?? byId.keys()) take(id);
  return items.filter(
    (item) =>
      taken.has(item.id) &&
      (choice.what === 'all' || (item.section !== 'data' && item.kind !== 'rows of a materialized view')) &&
      (choice.grants || item.kind !== 'grants'),
  );
}

/** What is taken where nothing else was said; the target is always said. */
export const nothingSpecial: Omit<RestoreChoice, 'target'> = {
  what: 'all',
  errors: 'single',
  owners: true,
  grants: true,
  missingRoles: 'create',
  roles: {},
  tablespaces: {},
  jobs: 2,
};
