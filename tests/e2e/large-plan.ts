/** A plan of 1,000 nodes, and how long its diagram takes. */
import type { Page } from '@playwright/test';

/** A join tree with partitions for leaves. */
export function largePlan(): string {
  const lines: string[] = [];
  const node = (depth: number, words: string) =>
    lines.push(
      `${depth === 0 ? '' : `${' '.repeat(depth * 6 - 4)}->  `}${words}  (cost=0.00..9.00 rows=10 width=4) (actual time=0.010..0.${String(900 - depth).padStart(3, '0')} rows=10 loops=1)`,
    );
  let left = 1_000;
  const visit = (depth: number): void => {
    if (left < 8 || depth > 7) {
      const members = Math.min(left - 1, 7);
      node(depth, 'Append');
      left -= 1 + members;
      for (let at = 0; at < members; at++) node(depth + 1, `Seq Scan on part_${left}_${at}`);
      return;
    }
    left--;
    node(depth, 'Nested Loop');
    visit(depth + 1);
    visit(depth + 1);
  };
  visit(0);
  while (left-- > 0) node(1, `Seq Scan on rest_${left}`);
  return lines.slice(0, 1_000).join('\n');
}

/** From the press of Diagram until nodes are on the screen, in milliseconds. */
export function timeToDraw(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const tab = [...document.querySelectorAll<HTMLElement>('[role=tab]')].find(
      (each) => each.textContent === 'Diagram',
    );
    const startedAt = performance.now();
    tab?.dispatchEvent(new MouseEvent('mousedown', { bubbles: true, button: 0 }));
    while (!document.querySelector('.react-flow__node')) await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    return performance.now() - startedAt;
  });
}
