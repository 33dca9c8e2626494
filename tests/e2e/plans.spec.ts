/** Plans as a person meets them: explained from the editor, looked at in every view, pasted, compared. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, fromPalette, sampleServer, test, writeSql } from './howdah.ts';
import { largePlan, timeToDraw } from './large-plan.ts';

const corpus = join(import.meta.dirname, '..', 'fixtures', 'plans', 'corpus');
const shots = process.env.HOWDAH_SHOTS;
const shot = async (page: Page, name: string) => {
  if (shots) await page.screenshot({ path: join(shots, `${name}.png`) });
};

async function openQuery(page: Page, sql: string): Promise<void> {
  await page
    .getByRole('region', { name: 'Connections', exact: true })
    .getByRole('button', { name: /sample/ })
    .dblclick();
  await expect(page.getByRole('contentinfo')).toContainText('No transaction');
  await writeSql(page, sql);
}

async function pastePlan(page: Page, text: string): Promise<void> {
  await fromPalette(page, 'plan from text');
  await page.getByRole('textbox', { name: 'Plan' }).fill(text);
  await page.getByRole('button', { name: 'Show the plan' }).click();
}

const grid = (page: Page) => page.getByRole('treegrid', { name: 'Plan tree' });

test('a statement is explained, analyzed, and its two plans compared', async ({ howdah, page }) => {
  await howdah.connect(page, sampleServer().url, { name: 'sample' });
  await page.reload();
  await openQuery(page, 'create temp table mine as select i, i % 7 as k from generate_series(1, 50000) i');
  await page.keyboard.press('Control+Enter');
  await expect(page.locator('#page')).toContainText('SELECT 50000');
  await writeSql(page, 'select * from mine where i = 4711');
  await page.keyboard.press('Control+e');
  // The editor's own session: the temporary table is there.
  await expect(grid(page)).toContainText('Seq Scan');
  await expect(page.locator('#page')).toContainText('Estimates only');
  await page.getByRole('button', { name: 'Analyze' }).click();
  await expect(grid(page)).toContainText('Seq Scan');
  const side = page.getByRole('complementary', { name: 'Findings and details' });
  await expect(side).toContainText('Most of what was read from mine was thrown away');
  await expect(side).toContainText('49,999');
  await shot(page, 'analyzed');

  await page.getByRole('tab', { name: /^Query/ }).click();
  await writeSql(page, 'create index on mine (i)');
  await page.keyboard.press('Control+Enter');
  await expect(page.locator('#page')).toContainText('CREATE INDEX');
  await writeSql(page, 'select * from mine where i = 42');
  await page.keyboard.press('Control+Shift+x');
  await expect(grid(page)).toContainText(/Index Scan|Bitmap/);
  await page.getByRole('tab', { name: 'History' }).click();
  await expect(page.getByText('The plan changed here')).toHaveCount(1);
  await shot(page, 'history');
  await page.getByRole('button', { name: 'Compare' }).first().click();
  await expect(page.getByText('The plan is another.')).toBeVisible();
  await expect(page.locator('#page')).toContainText(/Seq Scan became|gone/);
  await shot(page, 'compare');
});

test('ANALYZE of a write asks first, and takes it back', async ({ howdah, page }) => {
  await howdah.connect(page, sampleServer().url, { name: 'sample' });
  await page.reload();
  await openQuery(page, 'create temp table mine as select i from generate_series(1, 90) i');
  await page.keyboard.press('Control+Enter');
  await expect(page.locator('#page')).toContainText('SELECT 90');
  await writeSql(page, 'delete from mine');
  await page.keyboard.press('Control+Shift+x');
  const dialog = page.getByRole('dialog', { name: 'Run this delete and roll it back?' });
  await expect(dialog).toContainText('Numbers taken from sequences');
  await shot(page, 'confirm');
  await dialog.getByRole('button', { name: 'Run and roll back' }).click();
  await expect(grid(page)).toContainText('Delete');
  await page.getByRole('tab', { name: /^Query/ }).click();
  await writeSql(page, 'select count(*) from mine');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('grid')).toContainText('90');
});

test('a pasted plan is shown in every view, in both themes, and passes axe', async ({ howdah: _, page }) => {
  const text = readFileSync(join(corpus, 'init-plan-deep.15.txt'), 'utf8');
  await pastePlan(page, text.slice(0, 400));
  await expect(page.getByRole('alert')).toContainText(/line \d+/);
  await page.getByRole('textbox', { name: 'Plan' }).fill(text);
  await page.getByRole('button', { name: 'Show the plan' }).click();
  await expect(grid(page).getByRole('row', { name: /Seq Scan.*sale s/ })).toContainText('7.4 ms');
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
    for (const view of ['Tree', 'Diagram', 'Time', 'Statistics', 'Text', 'History']) {
      await page.getByRole('tab', { name: view, exact: true }).click();
      await expect(page.getByRole('tabpanel').filter({ visible: true }).last()).toContainText(
        view === 'Text' ? 'Execution Time' : /\w/,
      );
      await shot(page, `${view.toLowerCase()}-${theme}`);
      const { violations } = await new AxeBuilder({ page }).analyze();
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(serious.map(({ id, nodes }) => `${view} ${theme} ${id}: ${nodes[0]?.html}`)).toEqual([]);
    }
  }
  await page.getByRole('tab', { name: 'Diagram' }).click();
  await page.locator('.react-flow__node').filter({ hasText: 'sale s' }).click();
  await expect(page.getByRole('complementary', { name: 'Findings and details' })).toContainText('Time of its own');
  // The view that was chosen stays in sight when there is less room.
  const last = page.getByRole('tab', { name: 'What if' });
  await last.click();
  await page.setViewportSize({ width: 1024, height: 700 });
  await expect(last).toBeInViewport({ ratio: 0.9 });
  // There the findings stand below the plan, and of its columns those are shown that there is room for.
  await page.getByRole('tab', { name: 'Tree' }).click();
  await expect(grid(page).getByRole('columnheader', { name: 'With below' })).toBeVisible();
  await expect(grid(page).getByRole('columnheader', { name: 'Cost' })).toBeHidden();
  await expect.poll(() => grid(page).evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
  await expect(page.getByRole('separator', { name: 'Resize the findings' })).toHaveAttribute(
    'aria-orientation',
    'horizontal',
  );
});

test('a plan of 1,000 nodes is drawn', async ({ howdah: _, page }) => {
  await pastePlan(page, largePlan());
  await expect(page.locator('#page')).toContainText('1000');
  await expect(page.getByRole('tab', { name: 'Diagram', exact: true })).toBeVisible();
  // Within a second, where a machine has nothing else to do: the bench looks after that.
  const tookMs = await timeToDraw(page);
  await expect(page.locator('.react-flow__node').first()).toBeVisible();
  await shot(page, 'large');
  console.log(`1,000 nodes drawn in ${Math.round(tookMs)} ms`);
});
