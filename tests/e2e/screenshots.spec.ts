/**
 * The pictures in the README. Every run makes them (test-results/screenshots); with HOWDAH_SCREENSHOTS=keep they take
 * the place of the kept ones, so that what the README shows is what the program looks like.
 */
import { join } from 'node:path';
import { expect, openQuery, sampleServer, test, writeSql } from './howdah.ts';

const folder =
  process.env.HOWDAH_SCREENSHOTS === 'keep'
    ? join(import.meta.dirname, 'screenshots')
    : join('test-results', 'screenshots');

const sql = `-- Who bought for most, and how many orders it took
with bought as (
  select o.customer_id, count(distinct o.id) as orders, sum(l.amount) as spent
  from shop.customer_order o
  join shop.order_line l on l.order_id = o.id
  group by o.customer_id
)
select c.id, c.full_name, c.country_code, b.orders, b.spent, c.preferences, c.registered_at
from bought b
join shop.customer c on c.id = b.customer_id
order by b.spent desc
limit 2000;
`;

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the query page in the ${colorScheme} theme`, async ({ howdah, page }) => {
    await page.emulateMedia({ colorScheme });
    await howdah.connect(page, sampleServer().url, { name: 'shop', color: 'teal' });
    await howdah.connect(page, sampleServer().url, {
      name: 'orders-eu',
      color: 'red',
      environment: 'production',
      group: 'production',
      readOnly: true,
    });
    await openQuery(page, 'shop');
    await writeSql(page, sql);
    await page.keyboard.press('Control+Home');
    await page.keyboard.press('Control+Enter');
    await expect(page.getByRole('grid')).toBeVisible();
    await expect(page.getByRole('tree')).toBeVisible();
    await page.screenshot({ path: join(folder, `query-${colorScheme}.png`) });
  });
}
