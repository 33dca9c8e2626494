/** The SQL editor alone on a page: typing, marks, folding, find, a big text, both themes. */
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { type HarnessPage, serveHarness } from './harness/harness-page.ts';

let served: HarnessPage;
test.use({ viewport: { width: 1280, height: 800 } });
test.beforeAll(async () => {
  served = await serveHarness('editor');
});
test.afterAll(() => served.stop());

const problems: string[] = [];
const box = (page: Page) => page.getByRole('textbox', { name: 'SQL' });
const text = (page: Page) => page.evaluate(() => window.editorHarness.text);

async function open(page: Page, query = '') {
  problems.length = 0;
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`${message.text()} ${message.location().url}`);
  });
  await page.goto(`${served.url}${query}`);
  await expect(page.locator('.view-line').first()).toBeVisible();
  await page.evaluate(() => window.editorHarness.editor?.focus());
  await expect(box(page)).toBeFocused();
}
test.afterEach(() => expect(problems).toEqual([]));

async function expectAccessible(page: Page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(grave.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)).toEqual([]);
}

/** The class Monaco gives to the colour of a piece of text. */
const colourOf = (page: Page, shown: string) =>
  page
    .locator('.view-line span > span', { hasText: new RegExp(`^${shown}$`) })
    .first()
    .evaluate((element) => getComputedStyle(element).color);

for (const theme of ['light', 'dark']) {
  test(`looks as it should, ${theme}`, async ({ page }) => {
    await open(page, `?theme=${theme}&caret=1100`);
    await page.keyboard.press('ArrowRight');
    await expect(page.locator('.statement-bar').first()).toBeAttached();
    // One body, two languages: the keyword inside the dollar quotes has the colour of one outside. Colours come late.
    const colours = async () =>
      new Set(await Promise.all(['with', 'declare', 'values'].map((word) => colourOf(page, word))));
    await expect.poll(async () => (await colours()).size).toBe(1);
    await page.screenshot({ path: `out/shots/editor-${theme}.png` });
    await expectAccessible(page);
    await page.goto(`${served.url}?viewer&theme=${theme}`);
    await expect(page.getByRole('region', { name: 'Definition' })).toContainText('create or replace function');
    await page.screenshot({ path: `out/shots/editor-viewer-${theme}.png` });
    await expectAccessible(page);
  });
}

test('reports what is typed, and runs by keyboard', async ({ page }) => {
  await open(page, '?text=empty');
  await page.keyboard.type("select 'a' from t(1");
  // Quotes and brackets close themselves.
  await expect.poll(() => text(page)).toBe("select 'a' from t(1)");
  await expect.poll(() => page.evaluate(() => window.editorHarness.caret)).toBe(19);
  await page.keyboard.press('Control+Enter');
  await page.keyboard.press('Control+Shift+Enter');
  await expect.poll(() => page.evaluate(() => window.editorHarness.runs)).toEqual(['statement', 'all']);
  await expect.poll(() => text(page)).toBe("select 'a' from t(1)");
  await page.keyboard.press('Control+/');
  await expect.poll(() => text(page)).toBe("-- select 'a' from t(1)");
  await page.keyboard.press('Control+z');
  await expect.poll(() => text(page)).toBe("select 'a' from t(1)");
  await page.keyboard.press('Control+a');
  expect(await page.evaluate(() => window.editorHarness.editor?.selection())).toEqual({ from: 0, to: 20 });
});

test('marks the statement at the caret, by itself where it shares a line', async ({ page }) => {
  await open(page, '?text=empty');
  await page.keyboard.type('select 1;\nselect 2; select 3;\n');
  await page.keyboard.press('Control+Home');
  await expect(page.locator('.statement-bar')).toHaveCount(1);
  await expect(page.locator('.statement-text')).toHaveCount(0);
  await page.keyboard.press('ArrowDown');
  await expect(page.locator('.statement-text')).toHaveCount(1);
  await page.evaluate(() => window.editorHarness.run({ from: 0, to: 9 }));
  await expect(page.locator('.running-bar')).toHaveCount(1);
  await expect(page.locator('.statement-bar')).toHaveCount(0);
});

test('shows an error at its place, as text, until the text changes', async ({ page }) => {
  await open(page, '?text=empty');
  await page.keyboard.type('select nix');
  const message = 'column "nix" <img src=x onerror=alert(1)> does not exist';
  await page.evaluate((said) => window.editorHarness.fail({ from: 7, to: 10 }, said), message);
  await expect(page.locator('.squiggly-error')).toHaveCount(1);
  await page
    .locator('.view-line')
    .first()
    .hover({ position: { x: 72, y: 8 } });
  await expect(page.locator('.monaco-hover:visible')).toContainText(message);
  await expect(page.locator('.monaco-hover img')).toHaveCount(0);
  await page.screenshot({ path: 'out/shots/editor-error.png' });
  await page.keyboard.type('x');
  await expect(page.locator('.squiggly-error')).toHaveCount(0);
});

test('finds and replaces', async ({ page }) => {
  await open(page, '?text=empty');
  await page.keyboard.type('alpha beta alpha');
  await page.keyboard.press('Control+h');
  await expect(page.getByRole('dialog', { name: /Find/ })).toBeVisible();
  await page.getByRole('textbox', { name: 'Find', exact: true }).fill('alpha');
  await page.getByRole('textbox', { name: 'Replace' }).fill('gamma');
  await page.screenshot({ path: 'out/shots/editor-find.png' });
  await page.keyboard.press('Control+Alt+Enter');
  await expect.poll(() => text(page)).toBe('gamma beta gamma');
});

test('folds bodies, brackets and comments', async ({ page }) => {
  await open(page);
  await page.evaluate(() => {
    const at = window.editorHarness.text.indexOf('if affected');
    window.editorHarness.editor?.reveal({ from: at, to: at });
  });
  const before = await page.locator('.view-line').count();
  await page.keyboard.press('Control+Shift+BracketLeft');
  await expect(page.locator('.view-line', { hasText: 'raise exception' })).toHaveCount(0);
  await expect.poll(() => page.locator('.view-line').count()).toBeLessThanOrEqual(before);
});

test('makes one kind of line break of several, and says so at once', async ({ page }) => {
  await open(page, '?text=mixed');
  const shown = await text(page);
  expect(new Set(shown.match(/\r\n|\n|\r/g)).size).toBe(1);
  expect(shown.startsWith('select 1;')).toBe(true);
});

test('reports what is typed in five megabytes', async ({ page }) => {
  await open(page, '?text=big');
  await page.keyboard.press('Control+End');
  await page.keyboard.type('a'.repeat(60));
  await expect.poll(() => page.evaluate(() => window.editorHarness.text.endsWith('a'.repeat(60)))).toBe(true);
  // Pressing a modifier reports the text before any shortcut is acted on.
  await page.keyboard.type('zz');
  await page.keyboard.down('Control');
  expect(await page.evaluate(() => window.editorHarness.text.endsWith('zz'))).toBe(true);
  await page.keyboard.up('Control');
});

test('follows the theme and the size while it is open', async ({ page }) => {
  await open(page);
  const background = () =>
    page
      .locator('.monaco-editor')
      .first()
      .evaluate((element) => getComputedStyle(element).backgroundColor);
  const light = await background();
  await page.evaluate(() => {
    document.documentElement.dataset.theme = 'dark';
  });
  await expect.poll(background).not.toBe(light);
});
