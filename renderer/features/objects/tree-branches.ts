/** What has been loaded of a tree, what is open in it, and the lines that gives. Pure; the store is tree-store.ts. */
import type { Failure } from '../../../shared/api/base.ts';
import type { TreeNode } from '../../../shared/api/objects.ts';

export interface Branch {
  readonly nodes: readonly TreeNode[];
  readonly state: 'loading' | 'done' | 'failed';
  readonly failure?: Failure;
}
/** Branches by the key of their node; the root's is ''. */
export type Branches = ReadonlyMap<string, Branch>;

export type Line =
  | {
      readonly kind: 'node';
      readonly key: string;
      readonly depth: number;
      readonly node: TreeNode;
      readonly expanded: boolean;
      readonly busy: boolean;
    }
  | {
      readonly kind: 'failed';
      readonly key: string;
      readonly depth: number;
      readonly of: string;
      readonly failure: Failure;
    }
  | { readonly kind: 'loading'; readonly key: string; readonly depth: number; readonly of: string }
  | { readonly kind: 'empty'; readonly key: string; readonly depth: number; readonly of: string };

/** The lines to be shown, top to bottom. */
export function linesOf(branches: Branches, expanded: ReadonlySet<string>): Line[] {
  const lines: Line[] = [];
  const walk = (of: string, depth: number): void => {
    const branch = branches.get(of);
    for (const node of branch?.nodes ?? []) {
      const open = node.hasChildren && expanded.has(node.key);
      const below = open ? branches.get(node.key) : undefined;
      lines.push({ kind: 'node', key: node.key, depth, node, expanded: open, busy: below?.state === 'loading' });
      if (open) walk(node.key, depth + 1);
    }
    if (branch?.state === 'failed' && branch.failure)
      lines.push({ kind: 'failed', key: `${of}!failed`, depth, of, failure: branch.failure });
    else if (branch?.state === 'loading' && branch.nodes.length === 0 && of !== '')
      lines.push({ kind: 'loading', key: `${of}!loading`, depth, of });
    else if (branch?.state === 'done' && branch.nodes.length === 0 && of !== '')
      lines.push({ kind: 'empty', key: `${of}!empty`, depth, of });
  };
  walk('', 0);
  return lines;
}

/** The first line of an open branch: who stood on “Loading…” stands on what it has become. */
export const firstLineOf = (key: string, { nodes, state }: Branch): string =>
  nodes[0]?.key ?? `${key}!${state === 'done' ? 'empty' : state}`;
