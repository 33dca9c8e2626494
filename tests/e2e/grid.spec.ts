/** The grid alone, on ten million made-up rows: what a person does with mouse and keyboard, and what they see. */
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Locator, type Page, test } from '@playwright/test';
import { type HarnessPage, serveHarness } from './harness/harness-page.ts';

const cellAt = (page: Page, row: number, column: number) =>
  page.locator(`[role=row][aria-rowindex="${row + 1}"]:visible [role=gridcell][aria-colindex="${column}"]:visible`);
const grid = (page: Page) => page.getByRole('grid', { name: 'Result 1' });
const calls = (page: Page, name: string) =>
  page.evaluate((wanted) => window.harness.calls.filter((call) => call.name === wanted).map((call) => call.data), name);
const lastCall = async (page: Page, name: string) => (await calls(page, name)).at(-1);
/** The number of the row that stands first in sight. */
const firstRow = (page: Page) => page.evaluate(() => Math.floor(window.harness.state.getState().top / 26));

let served: HarnessPage;
test.use({ viewport: { width: 1280, height: 800 } });
test.beforeAll(async () => {
  served = await serveHarness('grid');
});
test.afterAll(() => served.stop());

const problems: string[] = [];
async function open(page: Page, query = '') {
  problems.length = 0;
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  await page.goto(`${served.url}${query}`);
  await grid(page).focus();
}
test.afterEach(() => expect(problems).toEqual([]));

async function expectAccessible(page: Page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(grave.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)).toEqual([]);
}

test.describe('places', () => {
  test('jumps anywhere in ten million rows by keyboard', async ({ page }) => {
    await open(page);
    await expect(cellAt(page, 1, 1)).toHaveText('1');
    await page.keyboard.press('Control+End');
    await expect(cellAt(page, 10_000_000, 12)).toBeVisible();
    await expect(cellAt(page, 10_000_000, 12)).toHaveAttribute('aria-selected', 'true');
    await page.keyboard.press('Home');
    await expect(cellAt(page, 10_000_000, 1)).toHaveText('10000000');
    await page.keyboard.press('Control+g');
    await page.getByRole('textbox', { name: 'Row number' }).fill('5,000,000');
    await page.keyboard.press('Enter');
    await expect(cellAt(page, 5_000_000, 1)).toHaveText('5000000');
    await expect(grid(page)).toBeFocused();
    await page.keyboard.press('PageDown');
    await page.keyboard.press('ArrowUp');
    const row = await page.evaluate(() => window.harness.state.getState().selection.active.row);
    await expect(cellAt(page, row + 1, 1)).toHaveText(String(row + 1));
    await page.keyboard.press('Control+Home');
    await expect(cellAt(page, 1, 1)).toHaveText('1');
  });

  test('refuses a row that is not there', async ({ page }) => {
    await open(page, '?rows=500');
    await page.keyboard.press('Control+g');
    await expect(page.getByRole('textbox', { name: 'Row number' })).toBeFocused();
    await page.keyboard.type('501');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('alert')).toHaveText('There is no such row: rows are 1 to 500.');
    await page.keyboard.press('Escape');
    await expect(grid(page)).toBeFocused();
  });

  test('scrolls row by row with the wheel and by proportion with the bar', async ({ page }) => {
    await open(page);
    await page.mouse.move(600, 300);
    await page.mouse.wheel(0, 260);
    await expect.poll(() => firstRow(page)).toBe(10);
    await expect(cellAt(page, 11, 1)).toHaveText('11');
    await grid(page).evaluate((bar) => {
      bar.scrollTop = (bar.scrollHeight - bar.clientHeight) / 2;
    });
    await expect.poll(() => firstRow(page)).toBeGreaterThan(4_990_000);
    const row = await firstRow(page);
    expect(row).toBeLessThan(5_010_000);
    await expect(cellAt(page, row + 2, 1)).toHaveText(String(row + 2));
    await grid(page).evaluate((bar) => {
      bar.scrollTop = bar.scrollHeight;
    });
    await expect(cellAt(page, 10_000_000, 1)).toHaveText('10000000');
    const last = await firstRow(page);
    await page.mouse.wheel(0, -52);
    await expect.poll(() => firstRow(page)).toBe(last - 2);
    await expect(cellAt(page, last, 1)).toHaveText(String(last));
  });

  test('a key right after a jump is not undone by the scrolling that the jump causes', async ({ page }) => {
    await open(page);
    await grid(page).evaluate(async (element) => {
      const press = (key: string, ctrlKey: boolean) =>
        element.dispatchEvent(new KeyboardEvent('keydown', { key, ctrlKey, bubbles: true, cancelable: true }));
      press('End', true);
      // Drawn now; that the native bars were moved is told with the next frame.
      await new Promise((done) => requestAnimationFrame(done));
      press('Home', false);
    });
    await expect(cellAt(page, 10_000_000, 1)).toBeVisible();
  });

  test('shows the last of 2^31 rows', async ({ page }) => {
    await open(page, '?rows=2147483648');
    await page.keyboard.press('Control+End');
    await page.keyboard.press('Home');
    await expect(cellAt(page, 2_147_483_648, 1)).toHaveText('2147483648');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('PageUp');
    await expect(grid(page)).toHaveAttribute('aria-activedescendant', /\d-0$/);
  });

  test('reaches the last of 1,664 columns', async ({ page }) => {
    await open(page, '?data=wide&rows=1000');
    await page.keyboard.press('Control+ArrowRight');
    await expect(cellAt(page, 1, 1664)).toHaveText('r1 c1664');
    await expect(page.getByRole('columnheader', { name: 'column_1664' })).toBeVisible();
    await page.keyboard.press('ArrowLeft');
    await expect(cellAt(page, 1, 1663)).toHaveText('1662');
    await expect(grid(page)).toHaveAttribute('aria-colcount', '1664');
  });

  test('a cell that is half in sight takes the header with it', async ({ page }) => {
    await open(page, '?data=wide&rows=1000');
    const box = async (locator: Locator) => (await locator.boundingBox()) ?? { x: -1, width: 0 };
    const right = (await box(grid(page))).x + (await box(grid(page))).width;
    const half = await page.getByRole('columnheader').evaluateAll((headers, edge) => {
      const found = headers.find((header) => header.getBoundingClientRect().right > edge);
      return Number(found?.getAttribute('aria-colindex'));
    }, right);
    expect(half).toBeGreaterThan(1);
    // As a screen reader or a click of a tool does.
    await cellAt(page, 1, half).evaluate((cell) => cell.scrollIntoView({ inline: 'end', block: 'nearest' }));
    const header = page.locator(`[role=columnheader][aria-colindex="${half}"]:visible`);
    await expect.poll(async () => (await box(header)).x - (await box(cellAt(page, 1, half))).x).toBe(0);
    await cellAt(page, 1, half).click();
    await expect(grid(page)).toHaveAttribute('aria-activedescendant', new RegExp(`-${half - 1}$`));
    await expect.poll(async () => (await box(header)).x - (await box(cellAt(page, 1, half))).x).toBe(0);
  });

  test('announces the active cell', async ({ page }) => {
    await open(page);
    await expect(cellAt(page, 1, 1)).toBeVisible();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    const announced = async () => {
      const id = await grid(page).getAttribute('aria-activedescendant');
      return page
        .locator(`[id="${id}"]`)
        .getAttribute('aria-label', { timeout: 1000 })
        .catch(() => null);
    };
    await expect.poll(announced).toMatch(/^customer_email: .*@example\.com$/);
  });
});

test.describe('selection and copying', () => {
  test('selects by dragging and copies that range', async ({ page }) => {
    await open(page);
    await expect(cellAt(page, 1, 1)).toHaveText('1');
    const from = await cellAt(page, 3, 2).boundingBox();
    const to = await cellAt(page, 6, 4).boundingBox();
    if (!from || !to) throw new Error('no cells');
    await page.mouse.move(from.x + 20, from.y + 10);
    await page.mouse.down();
    await page.mouse.move(to.x + 20, to.y + 10, { steps: 4 });
    await page.mouse.up();
    await page.keyboard.press('Control+c');
    const range = { fromRow: 2, toRow: 5, columns: [1, 2, 3] };
    await expect.poll(() => lastCall(page, 'copy')).toEqual({ ranges: [range], format: 'tsv', header: false });
    await expect(page.getByRole('status', { name: 'Selection' })).toContainText('12 cells');
    await expect(page.getByRole('status', { name: 'Selection' })).toContainText('Sum1250.75');
    await expect.poll(() => lastCall(page, 'aggregate')).toEqual([range]);
  });

  test('extends with Shift, adds with Ctrl, and never counts a cell twice', async ({ page }) => {
    await open(page);
    await cellAt(page, 2, 1).click();
    await cellAt(page, 4, 2).click({ modifiers: ['Shift'] });
    await cellAt(page, 6, 3).click({ modifiers: ['Control'] });
    await cellAt(page, 3, 2).click({ modifiers: ['Control'] });
    await page.keyboard.press('Control+Shift+c');
    await expect.poll(() => calls(page, 'copy')).toHaveLength(1);
    const copied = (await lastCall(page, 'copy')) as {
      ranges: { fromRow: number; toRow: number; columns: number[] }[];
    };
    const cells = copied.ranges.reduce(
      (sum, range) => sum + (range.toRow - range.fromRow + 1) * range.columns.length,
      0,
    );
    expect(cells).toBe(6);
    await expect(cellAt(page, 3, 2)).toHaveAttribute('aria-selected', 'false');
    await expect(cellAt(page, 6, 3)).toHaveAttribute('aria-selected', 'true');
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Escape');
    await expect(page.getByRole('status', { name: 'Selection' })).toHaveText('');
  });

  test('selects rows, columns and everything without listing them', async ({ page }) => {
    await open(page);
    await page.locator('.hg-row-number:visible', { hasText: /^3$/ }).click();
    await page.locator('.hg-row-number:visible', { hasText: /^5$/ }).click({ modifiers: ['Shift'] });
    await page.keyboard.press('Control+c');
    const all = Array.from({ length: 12 }, (_, at) => at);
    await expect.poll(() => lastCall(page, 'copy')).toMatchObject({ ranges: [{ fromRow: 2, toRow: 4, columns: all }] });
    await page.getByRole('columnheader', { name: 'status' }).click();
    await page.keyboard.press('Control+c');
    await expect
      .poll(() => lastCall(page, 'copy'))
      .toMatchObject({ ranges: [{ fromRow: 0, toRow: 9_999_999, columns: [2] }] });
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Control+c');
    await expect
      .poll(() => lastCall(page, 'copy'))
      .toMatchObject({ ranges: [{ fromRow: 0, toRow: 9_999_999, columns: all }] });
    await expect(page.getByRole('status', { name: 'Selection' })).toContainText('120,000,000 cells');
  });

  test('scrolls while a selection is dragged beyond the edge', async ({ page }) => {
    await open(page);
    await expect(cellAt(page, 1, 1)).toHaveText('1');
    const from = await cellAt(page, 5, 2).boundingBox();
    if (!from) throw new Error('no cell');
    await page.mouse.move(from.x + 20, from.y + 10);
    await page.mouse.down();
    await page.mouse.move(from.x + 20, 796, { steps: 3 });
    await expect.poll(() => firstRow(page)).toBeGreaterThan(20);
    await page.mouse.up();
    await page.keyboard.press('Control+c');
    await expect.poll(() => lastCall(page, 'copy')).toMatchObject({ ranges: [{ fromRow: 4, columns: [1] }] });
  });

  test('copies in other formats from the menu', async ({ page }) => {
    await open(page);
    await cellAt(page, 4, 4).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Copy as' }).hover();
    await page.getByRole('menuitem', { name: 'SQL INSERT' }).click();
    await expect
      .poll(() => lastCall(page, 'copy'))
      .toEqual({
        ranges: [{ fromRow: 3, toRow: 3, columns: [3] }],
        format: 'insert',
        header: false,
      });
  });
});

test.describe('columns', () => {
  const width = async (page: Page, name: string) =>
    (await page.getByRole('columnheader', { name }).boundingBox())?.width ?? 0;

  test('are resized by dragging, fitted by a double click, resized and moved by keyboard', async ({ page }) => {
    await open(page);
    await expect(cellAt(page, 1, 1)).toHaveText('1');
    const fitted = await width(page, 'customer_email');
    const box = await page.getByRole('columnheader', { name: 'customer_email' }).boundingBox();
    if (!box) throw new Error('no header');
    await page.mouse.move(box.x + box.width - 2, box.y + 10);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width + 98, box.y + 10, { steps: 3 });
    await page.mouse.up();
    await expect.poll(() => width(page, 'customer_email')).toBe(fitted + 100);
    await page.mouse.dblclick(box.x + box.width + 98, box.y + 10);
    await expect.poll(() => width(page, 'customer_email')).toBeLessThan(fitted + 40);
    await cellAt(page, 1, 2).click();
    const before = await width(page, 'customer_email');
    await page.keyboard.press('Alt+Shift+ArrowRight');
    await expect.poll(() => width(page, 'customer_email')).toBe(before + 16);
    await page.keyboard.press('Alt+ArrowRight');
    await expect(page.getByRole('columnheader', { name: 'customer_email' })).toHaveAttribute('aria-colindex', '3');
    await expect(cellAt(page, 1, 3)).toHaveText(/@example\.com/);
  });

  test('are moved by dragging, hidden and shown again, and copied in the order shown', async ({ page }) => {
    await open(page);
    await expect(cellAt(page, 1, 1)).toHaveText('1');
    const status = await page.getByRole('columnheader', { name: 'status' }).boundingBox();
    const id = await page.getByRole('columnheader', { name: 'id bigint' }).boundingBox();
    if (!status || !id) throw new Error('no headers');
    await page.mouse.move(status.x + 20, status.y + 10);
    await page.mouse.down();
    await page.mouse.move(id.x + 10, id.y + 10, { steps: 6 });
    await page.mouse.up();
    await expect(page.getByRole('columnheader', { name: 'status' })).toHaveAttribute('aria-colindex', '1');
    await page.keyboard.press('Alt+ArrowDown');
    await page.getByRole('menuitem', { name: 'Hide column' }).click();
    await expect(page.getByRole('columnheader', { name: 'status' })).toHaveCount(0);
    await expect(grid(page)).toHaveAttribute('aria-colcount', '11');
    await grid(page).focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Control+c');
    await expect
      .poll(() => lastCall(page, 'copy'))
      .toMatchObject({ ranges: [{ columns: [0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11] }] });
    await page.keyboard.press('Alt+ArrowDown');
    await page.getByRole('menuitem', { name: 'Show hidden' }).hover();
    await page.getByRole('menuitem', { name: 'status' }).click();
    await expect(page.getByRole('columnheader', { name: 'status' })).toHaveAttribute('aria-colindex', '1');
  });

  test('sort and filter the fetched rows, and say so', async ({ page }) => {
    await open(page);
    const header = page.getByRole('columnheader', { name: 'total' });
    await header.hover();
    await header.getByRole('button', { name: 'Sort by total' }).click();
    await expect(header).toHaveAttribute('aria-sort', 'ascending');
    await header.getByRole('button', { name: 'Sort by total' }).click();
    await expect(header).toHaveAttribute('aria-sort', 'descending');
    await expect(cellAt(page, 1, 1)).toHaveText('10000000');
    const bar = page.getByRole('region', { name: 'Sort and filter of the fetched rows' });
    await expect(bar).toContainText('of the fetched rows');
    await bar.getByRole('button', { name: 'No sort on total' }).click();
    await expect(bar).toHaveCount(0);
    await expect(cellAt(page, 1, 1)).toHaveText('1');

    await header.click();
    await page.keyboard.press('Alt+ArrowDown');
    await page.getByRole('menuitem', { name: 'Filter…' }).click();
    await expect(page.getByRole('textbox', { name: 'Value to compare with' })).toBeFocused();
    await page.getByRole('combobox', { name: 'Condition' }).selectOption('greater');
    await page.getByRole('textbox', { name: 'Value to compare with' }).fill('impossible');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('alert')).toHaveText('The filter has no meaning for this column');
    await page.keyboard.press('Alt+ArrowDown');
    await page.getByRole('menuitem', { name: 'Filter…' }).click();
    await page.getByRole('textbox', { name: 'Value to compare with' }).fill('5');
    await page.keyboard.press('Enter');
    await expect(page.getByText('No fetched row passes the filter')).toBeVisible();
    await expect
      .poll(() => lastCall(page, 'order'))
      .toEqual({
        sort: [],
        filters: [{ column: 3, operator: 'equals', value: '5' }],
      });
    await page.getByRole('button', { name: 'Clear the filter' }).click();
    await expect(cellAt(page, 1, 1)).toHaveText('1');
  });
});

test('finds text in the fetched rows', async ({ page }) => {
  await open(page);
  await page.keyboard.press('Control+f');
  await expect(page.getByRole('textbox', { name: 'Text to find' })).toBeFocused();
  await page.keyboard.type('2026-02-18');
  await page.keyboard.press('Enter');
  await expect(page.getByText(/^Row \d+$/)).toBeVisible();
  const first = await page.evaluate(() => window.harness.state.getState().selection.active);
  await expect(cellAt(page, first.row + 1, 6)).toHaveText(/^2026-02-18/);
  await page.keyboard.press('F3');
  await expect
    .poll(() => page.evaluate(() => window.harness.state.getState().selection.active.row))
    .toBeGreaterThan(first.row);
  await page.keyboard.press('Shift+F3');
  await expect.poll(() => page.evaluate(() => window.harness.state.getState().selection.active.row)).toBe(first.row);
  await page.getByRole('textbox', { name: 'Text to find' }).fill('no such thing anywhere');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Not found in the fetched rows')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(grid(page)).toBeFocused();
});

test('renders hostile values and names as text, and tells NULL, empty and blanks apart', async ({ page }) => {
  await open(page, '?data=hostile');
  await expect(cellAt(page, 1, 1)).toHaveText('NULL');
  await expect(cellAt(page, 1, 1)).toHaveClass(/hg-null/);
  await expect(cellAt(page, 3, 1)).toHaveText('NULL');
  await expect(cellAt(page, 3, 1)).not.toHaveClass(/hg-null/);
  await expect(cellAt(page, 2, 1)).toHaveText('');
  await expect(cellAt(page, 4, 1)).toHaveText('·');
  await expect(cellAt(page, 6, 1)).toHaveText('two↵lines');
  await expect(cellAt(page, 10, 1)).toHaveText('abcU+202Efdp.exe');
  await expect(cellAt(page, 13, 1)).toHaveText('<img src=x onerror="window.pwned=1">');
  await expect(cellAt(page, 18, 1)).toContainText('9.8 kB');
  await expect(cellAt(page, 19, 1)).toHaveText('↵ a mark typed by hand');
  await expect(cellAt(page, 19, 1).locator('.hg-mark')).toHaveCount(0);
  await expect(page.getByRole('columnheader', { name: 'value' })).toHaveCount(2);
  await expect(page.getByRole('columnheader', { name: '__proto__' })).toBeVisible();
  await page.keyboard.press('End');
  await expect(page.getByRole('columnheader', { name: 'abc<U+202E>fdp' })).toHaveCount(1);
  await expect(page.getByRole('columnheader', { name: 'a "quoted" name<U+000A>in two lines' })).toHaveCount(1);
  await page.keyboard.press('Alt+ArrowDown');
  await page.getByRole('menuitem', { name: 'Hide column' }).waitFor();
  await page.keyboard.press('Escape');
  await grid(page).focus();
  await page.keyboard.press(' ');
  await expect(page.getByRole('region', { name: 'Result 1, record' })).toContainText('__proto__');
  expect(
    await page.evaluate(() => ['pwned' in window, document.querySelectorAll('img, script:not([src])').length]),
  ).toEqual([false, 0]);
});

test.describe('states', () => {
  test('empty, waiting, cut and failed results say what they are', async ({ page }) => {
    await open(page, '?data=empty');
    await expect(page.getByText('No rows', { exact: true })).toBeVisible();
    await expect(page.getByRole('columnheader', { name: 'customer_email' })).toBeVisible();
    await page.keyboard.press('Control+End');
    await open(page, '?data=empty&progress=streaming');
    await expect(page.getByText('Waiting for the first row')).toBeVisible();
    await expect(grid(page)).toHaveAttribute('aria-busy', 'true');
    await open(page, '?progress=cut&rows=500');
    await expect(page.getByText(/^Rows are missing/)).toBeVisible();
    await open(page, '?failure=The%20connection%20was%20lost');
    await expect(page.getByRole('alert')).toContainText('The connection was lost');
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect.poll(() => calls(page, 'retry')).toHaveLength(1);
  });

  test('shows placeholders while a window loads, and why it cannot', async ({ page }) => {
    await open(page, '?held');
    await page.keyboard.press('Control+End');
    await expect(cellAt(page, 10_000_000, 12)).toHaveClass(/hg-waiting/);
    await page.evaluate(() => window.harness.release());
    await expect(cellAt(page, 10_000_000, 12)).not.toHaveClass(/hg-waiting/);
    await open(page, '?data=failing');
    await page.keyboard.press('Control+End');
    await expect(cellAt(page, 10_000_000, 12)).toHaveText('not loaded');
    await expect(page.getByText('The result file could not be read')).toBeVisible();
    await page.evaluate(() => window.harness.fetches.push(...Array(30).fill(0)));
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect(cellAt(page, 10_000_000, 1).or(cellAt(page, 10_000_000, 12))).not.toHaveText('not loaded');
  });

  test('takes in rows that arrive while it is looked at', async ({ page }) => {
    await open(page, '?rows=1');
    await expect(cellAt(page, 1, 1)).toHaveText('1');
    // Columns fit the first forty rows, not only those that came first.
    const widths = () => page.evaluate(() => window.harness.state.getState().layout.widths);
    const first = await widths();
    await page.evaluate(() => window.harness.grow(100_000));
    await expect.poll(async () => (await widths()).some((width, at) => width > (first[at] ?? 0))).toBe(true);
    expect((await widths()).every((width, at) => width >= (first[at] ?? 0))).toBe(true);
    await page.keyboard.press('Control+End');
    await page.keyboard.press('Home');
    await expect(cellAt(page, 100_000, 1)).toHaveText('100000');
    await expect(grid(page)).toHaveAttribute('aria-rowcount', '100001');
    // The bar is dragged and rows arrive before the page has heard of the drag: the drag counts.
    await grid(page).evaluate((bar) => {
      bar.scrollTop = 26_000;
      window.harness.grow(100_200);
    });
    await expect.poll(() => firstRow(page)).toBe(1000);
  });
});

test.describe('one value and one row', () => {
  test('JSON keeps every digit and both of two equal keys, and opens lazily', async ({ page }) => {
    await open(page, '?data=values');
    await page.keyboard.press('Enter');
    const viewer = page.getByRole('region', { name: 'Value of details, row 1' });
    await expect(viewer).toContainText('12345678901234567890.10');
    await expect(viewer.getByText('"id"')).toHaveCount(2);
    await viewer.getByRole('button', { name: '"lines"' }).waitFor();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await viewer.getByRole('button', { name: 'Copy the value' }).click();
    await expect(viewer.getByRole('button', { name: 'Copied' })).toBeVisible();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('12345678901234567890.10');
    await viewer.getByRole('button', { name: '200 more, after 200' }).click();
    await expect(viewer.getByRole('button', { name: '399: ' })).toHaveCount(1);
    await grid(page).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect(page.getByText('Not valid JSON at character 6')).toBeVisible();
  });

  test('draws a picture only of a picture’s bytes, and any bytes as hex', async ({ page }) => {
    await open(page, '?data=values');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('img', { name: 'What the value holds' })).toHaveAttribute(
      'src',
      /^data:image\/png;base64,/,
    );
    await expect(page.getByText('PNG, 10 × 10, 78 bytes')).toBeVisible();
    await page.getByRole('radio', { name: 'Hex' }).click();
    await expect(page.getByText('00000000', { exact: true })).toBeVisible();
    await expect(page.getByRole('region', { name: 'Bytes of the value' })).toContainText('89 50 4e 47 0d 0a 1a 0a');
    await grid(page).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('region', { name: 'Bytes of the value' })).toContainText('00 ff 10 20 30 40');
    await expect(page.getByRole('radio', { name: 'Image' })).toHaveCount(0);
  });

  test('reads a value of 600 MB part by part', async ({ page }) => {
    await open(page, '?data=values');
    await page.keyboard.press('Control+ArrowRight');
    await page.keyboard.press('Enter');
    await expect(page.getByText('bytes 1 to 131,072 of 629,145,600 (600 MB)')).toBeVisible();
    await page.getByRole('button', { name: 'Next part' }).click();
    await expect(page.getByText('bytes 131,073 to 262,144 of 629,145,600 (600 MB)')).toBeVisible();
    await expect(page.getByRole('region', { name: 'Text of the value' })).toContainText('00000000131085');
    await page.getByRole('button', { name: 'Previous part' }).click();
    await expect(page.getByRole('region', { name: 'Text of the value' })).toContainText('00000000000015');
    await expect(page.getByRole('radio', { name: 'JSON' })).toHaveCount(0);
  });

  test('shows a row on its side and follows the cursor', async ({ page }) => {
    await open(page);
    await page.keyboard.press(' ');
    const record = page.getByRole('region', { name: 'Result 1, record' });
    await expect(record).toContainText('Row 1 of 10,000,000');
    await page.keyboard.press('ArrowDown');
    await expect(record).toContainText('Row 2 of 10,000,000');
    await record.getByRole('button', { name: 'Next row' }).click();
    await expect(record.getByRole('row', { name: /^id bigint/ })).toContainText('3');
    await record.getByRole('textbox', { name: 'Show columns whose name contains' }).fill('email');
    await expect(record.getByRole('row')).toHaveCount(1);
    await record.getByRole('button', { name: 'Show the value of customer_email' }).click();
    await expect(page.getByRole('region', { name: 'Value of customer_email, row 3' })).toContainText('@example.com');
  });
});

test.describe('figures', () => {
  test('the heap grows by at most 50 MB while ten million rows pass', async ({ page }) => {
    test.setTimeout(600_000);
    await open(page);
    await expect(cellAt(page, 1, 1)).toHaveText('1');
    const devtools = await page.context().newCDPSession(page);
    const heapMb = async () => {
      await devtools.send('HeapProfiler.collectGarbage');
      return (await devtools.send('Runtime.getHeapUsage')).usedSize / 2 ** 20;
    };
    const before = await heapMb();
    await page.evaluate(async () => {
      const bar = document.querySelector('[role=grid]');
      if (!bar) return;
      for (let step = 0; step < 300; step++) {
        bar.scrollTop = ((bar.scrollHeight - bar.clientHeight) * step) / 299;
        const { cache, state } = window.harness;
        const until = performance.now() + 2000;
        do await new Promise((done) => requestAnimationFrame(done));
        while (!cache.row(Math.floor(state.getState().top / 26)) && performance.now() < until);
      }
    });
    const fetched = await page.evaluate(() => window.harness.fetches.length);
    expect(fetched).toBeGreaterThan(250);
    const after = await heapMb();
    console.log(`heap ${before.toFixed(1)} -> ${after.toFixed(1)} MB, ${fetched} windows fetched`);
    expect(after - before).toBeLessThan(50);
  });
});

for (const theme of ['light', 'dark']) {
  test(`passes axe and looks right, ${theme}`, async ({ page }, info) => {
    await open(page, `?theme=${theme}`);
    await cellAt(page, 3, 2).click();
    await cellAt(page, 9, 4).click({ modifiers: ['Shift'] });
    await expect(page.getByRole('status', { name: 'Selection' })).toContainText('Sum');
    await expectAccessible(page);
    await page.screenshot({ path: info.outputPath(`grid-${theme}.png`) });
    await page.keyboard.press('Control+f');
    await expect(page.getByRole('textbox', { name: 'Text to find' })).toBeFocused();
    await page.keyboard.type('a');
    await page.keyboard.press('Escape');
    await expect(grid(page)).toBeFocused();
    await page.keyboard.press('Alt+ArrowDown');
    await page.getByRole('menuitemcheckbox', { name: 'Sort ascending' }).click();
    await grid(page).focus();
    await page.keyboard.press(' ');
    await expect(page.getByRole('region', { name: 'Result 1, record' })).toBeVisible();
    await expectAccessible(page);
    await page.screenshot({ path: info.outputPath(`record-${theme}.png`) });
    await open(page, `?theme=${theme}&data=values`);
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'Value of details, row 1' }).waitFor();
    await expectAccessible(page);
    await page.screenshot({ path: info.outputPath(`value-${theme}.png`) });
    await open(page, `?theme=${theme}&data=hostile`);
    await expectAccessible(page);
    await page.screenshot({ path: info.outputPath(`hostile-${theme}.png`) });
  });
}
