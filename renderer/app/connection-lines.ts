/** The saved connections as lines of a list: nested groups, natural order, and what fits a filter; pure. */
import type { ListedConnection } from '../../shared/api/connections.ts';

export type ConnectionLine =
  | {
      readonly kind: 'group';
      /** The whole way down, joined by slashes. */
      readonly path: string;
      readonly name: string;
      readonly depth: number;
      /** Connections in it and in the groups below. */
      readonly count: number;
      readonly folded: boolean;
    }
  | { readonly kind: 'connection'; readonly connection: ListedConnection; readonly depth: number };

interface Group {
  readonly connections: ListedConnection[];
  readonly groups: Map<string, Group>;
}

const natural = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
const emptyGroup = (): Group => ({ connections: [], groups: new Map() });
const stepsOf = (group: string): string[] =>
  group
    .split('/')
    .map((step) => step.trim())
    .filter(Boolean);

/** Every word typed is somewhere in what is known of the connection; `#word` is looked for in the tags alone. */
export function fits(connection: ListedConnection, typed: string): boolean {
  const { host, database, user, environment, provider, region } = connection;
  const known = `${labelsOf(connection)}\n${[host, database, user, environment, provider, region].join('\n')}`;
  const text = known.toLowerCase();
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

const labelsOf = ({ name, group, tags }: ListedConnection): string =>
  [name, group, ...tags.map((tag) => `#${tag}`)].join('\n');

/** Where the text as typed is in a name, group or tag, that is what was meant: `db 2` is not every db with a 2 in its address. */
function filtered(connections: readonly ListedConnection[], typed: string): readonly ListedConnection[] {
  if (typed === '') return connections;
  const whole = connections.filter((each) => labelsOf(each).toLowerCase().includes(typed.toLowerCase()));
  return whole.length > 0 ? whole : connections.filter((each) => fits(each, typed));
}

/** The lines from top to bottom. In each group its connections come first, then its groups; a filter opens every group. */
export function connectionLines(
  connections: readonly ListedConnection[],
  folded: ReadonlySet<string>,
  typed = '',
): ConnectionLine[] {
  const root = emptyGroup();
  const wanted = typed.trim();
  for (const connection of filtered(connections, wanted)) {
    let place = root;
    for (const step of stepsOf(connection.group)) {
      const next = place.groups.get(step) ?? emptyGroup();
      place.groups.set(step, next);
      place = next;
    }
    place.connections.push(connection);
  }
  return linesOf(root, '', 0, wanted === '' ? folded : new Set());
}

function linesOf(group: Group, path: string, depth: number, folded: ReadonlySet<string>): ConnectionLine[] {
  const connections = [...group.connections]
    .sort((a, b) => natural.compare(a.name, b.name))
    .map((connection): ConnectionLine => ({ kind: 'connection', connection, depth }));
  const groups = [...group.groups]
    .sort(([a], [b]) => natural.compare(a, b))
    .flatMap(([name, below]) => {
      const belowPath = path === '' ? name : `${path}/${name}`;
      const isFolded = folded.has(belowPath);
      const line: ConnectionLine = {
        kind: 'group',
        path: belowPath,
        name,
        depth,
        count: countOf(below),
        folded: isFolded,
      };
      return isFolded ? [line] : [line, ...linesOf(below, belowPath, depth + 1, folded)];
    });
  return [...connections, ...groups];
}

const countOf = (group: Group): number =>
  [...group.groups.values()].reduce((sum, below) => sum + countOf(below), group.connections.length);
