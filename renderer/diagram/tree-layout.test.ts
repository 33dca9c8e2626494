import { expect, it } from 'vitest';
import { fc } from '../../tests/fixtures/properties.ts';
import { type TreeNode, treeLayout } from './tree-layout.ts';

const size = { width: 100, height: 40, gapX: 10, gapY: 20 };

/** Each number chooses the parent among the nodes before. */
function treeOf(parents: readonly number[]): TreeNode {
  const nodes = [0, ...parents].map((_, id) => ({ id, children: [] as TreeNode[] }));
  for (const [at, number] of parents.entries()) {
    const child = nodes[at + 1];
    if (child) nodes[number % (at + 1)]?.children.push(child);
  }
  return nodes[0] as TreeNode;
}

it('never lets two nodes overlap, and centres a parent over its children', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(50), { maxLength: 60 }), (parents) => {
      const root = treeOf(parents);
      const points = treeLayout(root, size);
      const levels = Map.groupBy(points.values(), ({ y }) => y);
      for (const level of levels.values()) {
        const xs = level.map(({ x }) => x).sort((a, b) => a - b);
        for (const [at, x] of xs.entries()) if (at > 0) expect(x - (xs[at - 1] ?? 0)).toBeGreaterThanOrEqual(110);
      }
      const check = (node: TreeNode): void => {
        const ends = [node.children[0], node.children.at(-1)].map((child) => child && points.get(child.id)?.x);
        if (node.children.length > 0)
          expect(points.get(node.id)?.x).toBeCloseTo(((ends[0] ?? 0) + (ends[1] ?? 0)) / 2, 6);
        for (const child of node.children) check(child);
      };
      check(root);
    }),
  );
});
