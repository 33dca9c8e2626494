import { childrenOf } from '../../electron/features/objects/tree/tree.ts';
import type { TreeNode } from '../../shared/api/objects.ts';
import type { PgSource } from './pg-source.ts';

/** Every node of the tree, folders and objects. */
export async function wholeTree(asker: PgSource): Promise<TreeNode[]> {
  const all: TreeNode[] = [];
  const descend = async (key?: string): Promise<void> => {
    let after: string | undefined;
    do {
      const page = await childrenOf(asker, {
        ...(key === undefined ? {} : { key }),
        ...(after === undefined ? {} : { after }),
        limit: 50,
      });
      for (const node of page.nodes) {
        all.push(node);
        if (node.hasChildren) await descend(node.key);
      }
      after = page.next ?? undefined;
    } while (after !== undefined);
  };
  await descend();
  return all;
}
