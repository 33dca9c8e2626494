/** The services of the sample's workload, and the trouble each of them makes. */
import type { Actor, Stage } from './stage.ts';

const customers = 30_000;
const products = 4_000;
const any = (below: number): number => 1 + Math.floor(Math.random() * below);
/** One of many; the first far more often than the last. */
const popular = (below: number): number => 1 + Math.floor(below * Math.random() ** 3);
const chance = (share: number): boolean => Math.random() < share;
const words = ['walnut', 'kettle', 'brass lamp', 'rug', 'tea', 'folding', '茶碗', 'classic tent', 'knife'];
const oneOf = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)] as T;

async function transaction(stage: Stage, action: () => Promise<void>): Promise<void> {
  await stage.client.query('begin');
  try {
    await action();
    await stage.client.query('commit');
  } catch (thrown) {
    if (!stage.client.lost) await stage.client.query('rollback').catch(() => undefined);
    throw thrown;
  }
}

const checkout: Actor = {
  name: 'checkout-api',
  user: 'storefront',
  async play(stage) {
    const { client } = stage;
    const me = popular(customers);
    await client.query("select set_config('app.customer_id', $1, false)", [String(me)]);
    await client.query('select id, name, price from shop.find_products($1)', [oneOf(words)]);
    await stage.pause(90);
    const product = popular(products);
    await client.query('select * from shop.product where id = $1', [product]);
    await client.query('select variant, extra_price from shop.product_variant where product_id = $1', [product]);
    await client.query('select avg(stars), count(*) from shop.review where product_id = $1', [product]);
    await stage.pause(130);
    await client.query(
      `insert into shop.cart_item (customer_id, product_id) values ($1, $2)
       on conflict (customer_id, product_id) do update set quantity = least(cart_item.quantity + 1, 9)`,
      [me, product],
    );
    if (chance(0.3)) {
      await transaction(stage, async () => {
        await client.query('call shop.place_order($1, $2)', [me, [product, popular(products)]]);
        await client.query('update shop.customer set loyalty_points = loyalty_points + 5 where id = $1', [me]);
      });
    }
    await client.query(
      'select id, status, total from shop.customer_order where customer_id = $1 order by placed_at desc limit 5',
      [me],
    );
    // A customer who does not exist, a quantity that cannot be.
    if (chance(0.02)) await stage.attempt('insert into shop.cart_item values ($1, $2, 1)', [99_999_999, product]);
    if (chance(0.01)) await stage.attempt('select colour from shop.product where id = $1', [product]);
    await stage.pause(170);
  },
};

const warehouse: Actor = {
  name: 'warehouse-worker',
  user: 'warehouse_app',
  async play(stage) {
    const { client } = stage;
    const product = popular(products);
    await client.query('select * from logistics.stock_level where product_id = $1', [product]);
    await transaction(stage, async () => {
      await client.query(
        'update logistics.stock_level set on_hand = on_hand + $2, counted_on = current_date where warehouse_id = $1 and product_id = $3',
        [any(12), any(5), product],
      );
      await stage.pause(8);
      await client.query('insert into logistics.sensor_buffer (sensor, value) values ($1, $2)', [
        any(40),
        Math.random() * 30,
      ]);
    });
    await client.query(`update logistics.parcel set state = 'in transit' where id = $1 and state <> 'delivered'`, [
      any(100_000),
    ]);
    await client.query('select code, state, carrier, city from logistics.where_is_it where customer_id = $1', [
      popular(customers),
    ]);
    await stage.pause(150);
    if (chance(0.02)) {
      await stage.attempt(
        'update logistics.stock_level set reserved = on_hand + 1 where warehouse_id = 1 and product_id = $1',
        [product],
      );
    }
  },
};

const reporting: Actor = {
  name: 'reporting',
  user: 'analyst',
  async play(stage) {
    const { client } = stage;
    await client.query('select channel, sum(amount) from finance.monthly_sales where month >= $1 group by 1', [
      '2026-06-01',
    ]);
    await stage.pause(1_500);
    await client.query(
      'select city, count(*) from logistics.warehouse w join logistics.shipment s on s.warehouse_id = w.id where s.created_at > $1 group by 1',
      ['2026-10-20'],
    );
    await stage.pause(2_000);
    // Sorts more than its memory holds.
    await client.query("set work_mem = '256kB'");
    await client.query(
      'select order_id, amount from shop.order_line order by amount desc, order_id offset 150000 limit 1',
    );
    await client.query('reset work_mem');
    await stage.pause(3_000);
    // Slow, though it costs the machine little.
    await client.query('select country_code, count(*), pg_sleep(0.12) from shop.customer group by country_code');
    await client.query('select pg_sleep(2), max(rate) from finance.exchange_rate');
    await stage.pause(4_000);
  },
};

const billing: Actor = {
  name: 'billing-batch',
  user: 'postgres',
  async play(stage) {
    const { client } = stage;
    await transaction(stage, async () => {
      await client.query('update finance.invoice set paid = true where id = $1', [any(60_000)]);
      await client.query(
        "insert into finance.payment (invoice_id, received_at, amount, method) select id, now(), $2, 'transfer' from finance.invoice where id = $1",
        [any(60_000), any(500)],
      );
      // Waits for the bank with its transaction open.
      await stage.pause(7_000);
    });
    await stage.pause(2_000);
    if (chance(0.15)) await client.query('refresh materialized view concurrently finance.monthly_sales');
    await stage.pause(2_000);
  },
};

/** Holds a row, then a table, for some seconds; the other editors queue up behind it. */
const priceSync: Actor = {
  name: 'price-sync',
  user: 'postgres',
  async play(stage) {
    await transaction(stage, async () => {
      await stage.client.query('update shop.product set price = price + 0.01 where id = 1');
      await stage.pause(4_500);
    });
    await stage.pause(3_000);
    await transaction(stage, async () => {
      await stage.client.query('lock table shop.promotion in access exclusive mode');
      await stage.pause(3_500);
    });
    await stage.pause(4_000);
  },
};
const catalogEditor = (name: string): Actor => ({
  name,
  user: 'postgres',
  async play(stage) {
    const { client } = stage;
    await client.query('update shop.product set updated_at = clock_timestamp() where id = 1');
    await stage.pause(300);
    await client.query('select name, discount from shop.promotion where runs @> now()');
    await stage.pause(700);
  },
});

/** Two of these take the same rows in opposite order, and now and then meet. */
const loyalty = (first: number, second: number): Actor => ({
  name: 'loyalty-job',
  user: 'postgres',
  async play(stage) {
    await stage.client.query('begin');
    await stage.attempt('update shop.customer set loyalty_points = loyalty_points + 1 where id = $1', [first]);
    await stage.pause(900);
    await stage.attempt('update shop.customer set loyalty_points = loyalty_points + 1 where id = $1', [second]);
    await stage.client.query('commit');
    await stage.pause(20_000);
  },
});

export const actors: readonly Actor[] = [
  checkout,
  checkout,
  warehouse,
  reporting,
  billing,
  priceSync,
  catalogEditor('catalog-editor'),
  catalogEditor('catalog-editor'),
  catalogEditor('stock-import'),
  loyalty(customers, customers - 1),
  loyalty(customers - 1, customers),
];
