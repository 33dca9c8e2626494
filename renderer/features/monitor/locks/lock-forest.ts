/** The blocking forest as lines of a tree, and what cancelling one of its sessions would free. Pure. */
import type { LockNode } from '../../../../shared/api/monitor.ts';

export interface ForestLine {
  readonly node: LockNode;
  readonly depth: number;
  readonly expandable: boolean;
  readonly expanded: boolean;
}

/** Children by parent, the longest blocked first; null for the roots. */
function childrenByParent(nodes: readonly LockNode[]): ReadonlyMap<string | null, readonly LockNode[]> {
  const ids = new Set(nodes.map((node) => node.id));
  const children = new Map<string | null, LockNode[]>();
  for (const node of nodes) {
    // A parent that is not there cannot hide its children.
    const parent = node.parentId !== null && ids.has(node.parentId) ? node.parentId : null;
    const list = children.get(parent);
    if (list) list.push(node);
    else children.set(parent, [node]);
  }
  for (const list of children.values()) {
    list.sort((a, b) => b.blockedSeconds - a.blockedSeconds || (a.waitingSinceMs ?? 0) - (b.waitingSinceMs ?? 0));
  }
  return children;
}

/** The open part of the forest, in order. @param folded ids whose children are not shown */
export function forestLines(nodes: readonly LockNode[], folded: ReadonlySet<string>): readonly ForestLine[] {
  const children = childrenByParent(nodes);
  const lines: ForestLine[] = [];
  const add = (parent: string | null, depth: number) => {
    for (const node of children.get(parent) ?? []) {
      const expandable = (children.get(node.id)?.length ?? 0) > 0;
      const expanded = expandable && !folded.has(node.id);
      lines.push({ node, depth, expandable, expanded });
      if (expanded) add(node.id, depth + 1);
    }
  };
  add(null, 0);
  return lines;
}

/** Sessions that wait below a node, each once, and how long they have waited so far. */
export function freedBy(nodes: readonly LockNode[], id: string, atMs: number): { sessions: number; seconds: number } {
  const children = childrenByParent(nodes);
  const pids = new Map<number, number>();
  const visit = (parent: string) => {
    for (const node of children.get(parent) ?? []) {
      if (node.kind === 'session' && node.pid !== null) {
        const seconds = node.waitingSinceMs === null ? 0 : Math.max(0, (atMs - node.waitingSinceMs) / 1000);
        pids.set(node.pid, Math.max(pids.get(node.pid) ?? 0, seconds));
      }
      visit(node.id);
    }
  };
  visit(id);
  return { sessions: pids.size, seconds: [...pids.values()].reduce((sum, each) => sum + each, 0) };
}

/** Sessions that wait for AccessExclusive and, queued before others, hold these up: DDL behind a long transaction. */
export function ddlQueues(nodes: readonly LockNode[]): readonly LockNode[] {
  const blocking = new Set(nodes.map((node) => node.parentId));
  return nodes.filter(
    (node) =>
      node.kind === 'session' &&
      node.granted === false &&
      node.mode?.startsWith('AccessExclusive') === true &&
      blocking.has(node.id),
  );
}

export const rootsOf = (nodes: readonly LockNode[]): readonly LockNode[] => childrenByParent(nodes).get(null) ?? [];
