import { describe, expect, it } from 'vitest';
import { inOrder } from './order.ts';

const node = (key: string, rank: number, ...needs: string[]) => ({ key, rank, needs: new Set(needs) });
const keys = (nodes: readonly { key: string }[]) => nodes.map(({ key }) => key).join(' ');

describe('an order in which everything can be made', () => {
  it('goes by rank, and keeps the order given among equals', () => {
    expect(keys(inOrder([node('c', 2), node('a', 1), node('b', 1)]).nodes)).toBe('a b c');
  });
  it('puts what is needed first, whatever its rank: a view of a grouped table needs its key, the key needs the rows', () => {
    const nodes = [
      node('view', 0, 'key'),
      node('table', 0),
      node('key', 30, 'rows'),
      node('rows', 20, 'table'),
      node('other', 0),
    ];
    const { nodes: ordered, forced } = inOrder(nodes);
    expect(keys(ordered)).toBe('table other rows key view');
    expect(forced).toEqual([]);
  });
  it('leaves needs of what is not there, and of oneself, out', () => {
    expect(keys(inOrder([node('a', 0, 'nobody', 'a'), node('b', 0, 'a')]).nodes)).toBe('a b');
  });
  it('says what it had to put first where two need each other, and not what only waits behind them', () => {
    const { nodes, forced } = inOrder([node('behind', 0, 'x'), node('x', 0, 'y'), node('y', 0, 'x')]);
    expect(nodes).toHaveLength(3);
    expect(forced).toHaveLength(1);
    expect(['x', 'y']).toContain(forced[0]?.key);
  });
  it('orders a hundred thousand', () => {
    const count = 100_000;
    const chain = Array.from({ length: count }, (_, at) => node(String(at), 0, ...(at > 0 ? [String(at - 1)] : [])));
    expect(inOrder([...chain].reverse()).nodes.at(-1)?.key).toBe(String(count - 1));
  });
});
