import { expect, test } from 'vitest';
import type { TreeNode } from '../../../shared/api/objects.ts';
import { type Branch, firstLineOf, linesOf } from './tree-branches.ts';

const node = (key: string, hasChildren = true): TreeNode => ({ key, label: key, hasChildren });
const done = (...nodes: TreeNode[]): Branch => ({ nodes, state: 'done' });

test('open branches are shown below their node, closed ones are not', () => {
  const branches = new Map([
    ['', done(node('a'), node('b'), node('c', false))],
    ['a', done(node('a/x', false))],
    ['b', done(node('b/y', false))],
  ]);
  const shown = linesOf(branches, new Set(['b', 'c'])).map((line) => `${line.depth}${line.key}`);
  expect(shown).toEqual(['0a', '0b', '1b/y', '0c']);
});

test('loading, empty and failed branches say so', () => {
  const failure = { kind: 'internal', message: 'no' } as const;
  const branches = new Map<string, Branch>([
    ['', done(node('a'), node('b'), node('c'))],
    ['a', { nodes: [], state: 'loading' }],
    ['b', done()],
    ['c', { nodes: [node('c/1', false)], state: 'failed', failure }],
  ]);
  const shown = linesOf(branches, new Set(['a', 'b', 'c'])).map((line) => `${line.kind} ${line.key}`);
  expect(shown).toEqual([
    'node a',
    'loading a!loading',
    'node b',
    'empty b!empty',
    'node c',
    'node c/1',
    'failed c!failed',
  ]);
});

test('who stood on a line about the branch stands on what it has become', () => {
  expect(firstLineOf('a', done(node('a/x'), node('a/y')))).toBe('a/x');
  expect(firstLineOf('a', done())).toBe('a!empty');
  expect(firstLineOf('a', { nodes: [], state: 'loading' })).toBe('a!loading');
});
