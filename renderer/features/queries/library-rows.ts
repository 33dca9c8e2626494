/** The lines of the tree of saved queries: folders before queries, each by name; pure. */
import type { SavedQuery } from '../../../shared/api/queries.ts';
import type { TemplateGroup } from '../../../shared/templates/template.ts';

export type LibraryItem =
  | { readonly kind: 'folder'; readonly group: string }
  | { readonly kind: 'query'; readonly query: SavedQuery }
  | { readonly kind: 'templates' }
  | { readonly kind: 'templateGroup'; readonly name: string }
  | { readonly kind: 'template'; readonly name: string; readonly about: string; readonly sql: string };

export interface LibraryRow {
  readonly key: string;
  readonly depth: number;
  readonly label: string;
  readonly expandable: boolean;
  readonly expanded: boolean;
  /** How many are in it. */
  readonly count: number | null;
  readonly item: LibraryItem;
}

const byName = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/** @param closed keys of what is folded; while one searches, nothing is */
export function libraryRows(
  queries: readonly SavedQuery[],
  templates: readonly TemplateGroup[],
  closed: ReadonlySet<string>,
  searching: boolean,
): LibraryRow[] {
  const isOpen = (key: string): boolean => searching || !closed.has(key);
  return [...folderRows(queries, '', 0, isOpen), ...templateRows(templates, isOpen)];
}

function folderRows(
  queries: readonly SavedQuery[],
  parent: string,
  depth: number,
  isOpen: (key: string) => boolean,
): LibraryRow[] {
  const inside = (group: string) => parent === '' || group === parent || group.startsWith(`${parent}/`);
  const children = new Set<string>();
  for (const { group } of queries) {
    if (group === parent || !inside(group)) continue;
    const rest = parent === '' ? group : group.slice(parent.length + 1);
    children.add(rest.split('/')[0] ?? '');
  }
  const folders = [...children].sort(byName.compare).flatMap((name) => {
    const group = parent === '' ? name : `${parent}/${name}`;
    const key = `folder ${group}`;
    const expanded = isOpen(key);
    const count = queries.filter((each) => each.group === group || each.group.startsWith(`${group}/`)).length;
    const row: LibraryRow = {
      key,
      depth,
      label: name,
      expandable: true,
      expanded,
      count,
      item: { kind: 'folder', group },
    };
    return [row, ...(expanded ? folderRows(queries, group, depth + 1, isOpen) : [])];
  });
  const own = queries
    .filter(({ group }) => group === parent)
    .toSorted((a, b) => byName.compare(a.name, b.name))
    .map((query): LibraryRow => {
      const item = { kind: 'query', query } as const;
      return {
        key: `query ${query.id}`,
        depth,
        label: query.name,
        expandable: false,
        expanded: false,
        count: null,
        item,
      };
    });
  return [...folders, ...own];
}

function templateRows(groups: readonly TemplateGroup[], isOpen: (key: string) => boolean): LibraryRow[] {
  const all = groups.reduce((sum, { templates }) => sum + templates.length, 0);
  if (all === 0) return [];
  const key = 'templates';
  const expanded = isOpen(key);
  const root: LibraryRow = {
    key,
    depth: 0,
    label: 'Templates',
    expandable: true,
    expanded,
    count: all,
    item: { kind: 'templates' },
  };
  if (!expanded) return [root];
  const rows = groups.flatMap(({ name, templates }) => {
    const groupKey = `templates ${name}`;
    const open = isOpen(groupKey);
    const item = { kind: 'templateGroup', name } as const;
    const row: LibraryRow = {
      key: groupKey,
      depth: 1,
      label: name,
      expandable: true,
      expanded: open,
      count: templates.length,
      item,
    };
    const leaves = templates.map(
      (each): LibraryRow => ({
        key: `template ${each.name}`,
        depth: 2,
        label: each.name,
        expandable: false,
        expanded: false,
        count: null,
        item: { kind: 'template', name: each.name, about: each.about, sql: each.sql },
      }),
    );
    return [row, ...(open ? leaves : [])];
  });
  return [root, ...rows];
}

/** Templates of which every word is in the name, what they are about, or their text. */
export function matchingTemplates(groups: readonly TemplateGroup[], text: string): TemplateGroup[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...groups];
  return groups.flatMap((group) => {
    const templates = group.templates.filter(({ name, about, sql }) => {
      const all = `${group.name} ${name} ${about} ${sql}`.toLowerCase();
      return words.every((word) => all.includes(word));
    });
    return templates.length > 0 ? [{ ...group, templates }] : [];
  });
}

/** All folders there are, with those above them: to choose one. */
export const foldersOf = (queries: readonly SavedQuery[]): string[] => {
  const all = new Set<string>();
  for (const { group } of queries) {
    const parts = group.split('/').filter(Boolean);
    for (let depth = 1; depth <= parts.length; depth++) all.add(parts.slice(0, depth).join('/'));
  }
  return [...all].sort(byName.compare);
};
