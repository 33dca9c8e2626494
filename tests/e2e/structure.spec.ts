/** The structure designer, as a person meets it: a table is made, changed and dropped, with the SQL in sight all the while. */
import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import pg from 'pg';
import { expect, type Howdah, intoPalette, sampleServer, test, writeSql } from './howdah.ts';

async function openTree(howdah: Howdah, page: Page): Promise<Locator> {
  await howdah.connect(page, sampleServer().url, { name: 'sample' });
  await page
    .getByRole('region', { name: 'Connections', exact: true })
    .getByRole('button', { name: /sample/ })
    .click();
  const tree = page.getByRole('tree', { name: 'Objects' });
  await expect(tree.getByRole('treeitem', { name: /^shop/ })).toBeVisible();
  return tree;
}
async function menuOf(page: Page, item: Locator, ...names: string[]): Promise<void> {
  await item.click({ button: 'right' });
  for (const name of names) await page.getByRole('menuitem', { name, exact: true }).click();
}
/** Opens the menu of what the search finds first. */
async function menuOfFound(page: Page, text: string, ...names: string[]): Promise<void> {
  await page.getByRole('searchbox', { name: 'Search objects' }).fill(text);
  const found = page.getByRole('tree', { name: 'Objects found' }).getByRole('treeitem').first();
  await expect(found).toHaveText(new RegExp(`^${text.split('.').at(-1)}`));
  // The search stays: a field is emptied by a key, and the form that opens now takes the focus.
  await menuOf(page, found, ...names);
}
const noSeriousFinding = async (page: Page): Promise<void> => {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
};
/** A client that is not ours, as superuser. */
async function plain(database?: string): Promise<pg.Client> {
  const url = new URL(sampleServer().url);
  if (database) url.pathname = `/${database}`;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  return client;
}
const pending = (page: Page): Locator => page.getByRole('region', { name: 'Pending changes' });

test('a table is made, altered and dropped', async ({ howdah, page }) => {
  const tree = await openTree(howdah, page);
  const client = await howdah.client(page);
  await menuOf(page, tree.getByRole('treeitem', { name: /^shop/ }), 'Create', 'Create table…');
  await expect(page.getByRole('heading', { name: 'New table' })).toBeVisible();
  await page.getByRole('textbox', { name: 'Name' }).fill('parcel');
  await expect(pending(page)).toContainText('CREATE TABLE shop.parcel');
  await page.getByRole('tab', { name: /^Columns/ }).click();
  await page.getByRole('button', { name: 'Add column' }).click();
  await page.getByRole('textbox', { name: 'Name of new column' }).fill('weight');
  await page.getByRole('combobox', { name: 'Type of weight' }).fill('integer');
  await expect(pending(page)).toContainText('weight integer');
  await noSeriousFinding(page);
  await page.getByRole('button', { name: 'Create table' }).click();
  await expect(page.getByRole('heading', { name: /^New table/ })).toBeHidden();

  await menuOfFound(page, 'shop.parcel', 'Alter…');
  await expect(page.getByRole('heading', { name: 'shop.parcel' })).toBeVisible();
  await page.getByRole('combobox', { name: 'Type of weight' }).fill('bigint');
  await expect(pending(page)).toContainText('ALTER COLUMN weight TYPE bigint');
  await expect(pending(page)).toContainText('ACCESS EXCLUSIVE');
  await expect(pending(page)).toContainText('rewrites the table');
  await page.getByRole('checkbox', { name: 'weight is not null' }).check();
  // The way that lets others work: proven aside, then taken over.
  await expect(pending(page)).toContainText('VALIDATE CONSTRAINT');
  await pending(page).getByRole('checkbox', { name: 'Let others work meanwhile' }).uncheck();
  await expect(pending(page)).toContainText('SET NOT NULL');
  await expect(pending(page)).toContainText('One transaction: all 2, or none');
  await pending(page).getByRole('button', { name: 'Run 2 steps' }).click();
  await expect(pending(page)).toContainText('Nothing to do');
  await expect(page.getByRole('combobox', { name: 'Type of weight' })).toHaveValue('bigint');
  const { entries } = await client.history.search({ text: 'weight bigint', limit: 5 });
  expect(entries[0]?.text).toContain('ALTER COLUMN weight SET NOT NULL');

  await menuOfFound(page, 'shop.parcel', 'Drop…');
  await expect(page.getByRole('heading', { name: 'Drop table shop.parcel' })).toBeVisible();
  await expect(page.getByText('Nothing else uses it.')).toBeVisible();
  await expect(pending(page)).toContainText('DROP TABLE shop.parcel;');
  await noSeriousFinding(page);
  await pending(page).getByRole('button', { name: 'Drop table' }).click();
  await expect(page.getByRole('heading', { name: 'Drop table shop.parcel' })).toBeHidden();
});

test('an index is built without keeping writers out, and a step that fails leaves nothing', async ({
  howdah,
  page,
}) => {
  await openTree(howdah, page);
  await menuOfFound(page, 'shop.product', 'Create on it', 'Create index…');
  const add = page.getByRole('group', { name: 'Add an index' });
  await add.getByRole('checkbox', { name: 'name', exact: true }).check();
  await add.getByRole('checkbox', { name: 'Unique' }).check();
  await add.getByRole('checkbox', { name: 'NULLs count as equal' }).check();
  await add.getByRole('button', { name: 'Add index' }).click();
  await expect(pending(page)).toContainText(
    'CREATE UNIQUE INDEX CONCURRENTLY product_name_idx ON shop.product USING btree (name) NULLS NOT DISTINCT',
  );
  await expect(pending(page)).toContainText('By itself, outside of a transaction');
  await pending(page).getByRole('button', { name: 'Revert' }).click();
  await expect(pending(page)).toContainText('Nothing to do');
  await page.getByRole('tab', { name: /^Columns/ }).click();
  await page.getByRole('textbox', { name: 'Comment of name' }).fill('what it is called');
  await page.getByRole('combobox', { name: 'Type of name' }).fill('no_such_type');
  await pending(page).getByRole('button', { name: 'Run 2 steps' }).click();
  await expect(pending(page)).toContainText('type "no_such_type" does not exist');
  await expect(pending(page)).toContainText('Nothing was changed.');
});

test('production is asked about before a drop, and what uses the object is named', async ({ howdah, page }) => {
  await howdah.connect(page, sampleServer().url, { name: 'live', environment: 'production' });
  await page.getByRole('region', { name: 'Connections', exact: true }).getByRole('button', { name: /live/ }).click();
  await expect(page.getByRole('tree', { name: 'Objects' }).getByRole('treeitem', { name: /^shop/ })).toBeVisible();
  await menuOfFound(page, 'shop.product', 'Drop…');
  const uses = page.getByRole('region', { name: 'Uses it, and stands in the way' });
  await expect(uses).toContainText('shop.');
  await expect(pending(page).getByText('DROP TABLE shop.product;')).toBeVisible();
  await page.getByRole('checkbox', { name: /CASCADE/ }).check();
  await expect(pending(page)).toContainText('DROP TABLE shop.product CASCADE;');
  await pending(page).getByRole('button', { name: 'Drop table' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('shop.product');
  await dialog.getByRole('button', { name: 'Do not run' }).click();
  await expect(pending(page).getByRole('button', { name: 'Drop table' })).toBeEnabled();
});

test('a policy is tried as a role before it stays', async ({ howdah, page }) => {
  await openTree(howdah, page);
  await menuOfFound(page, 'shop.product', 'Create on it', 'Create policy…');
  await expect(page.getByRole('heading', { name: 'New policy' })).toBeVisible();
  await page.getByRole('textbox', { name: 'Name' }).fill('few');
  await writeSql(page, 'id <= 3', page.getByRole('group', { name: 'Rows that are seen (USING)' }));
  await expect(pending(page)).toContainText('CREATE POLICY few ON shop.product');
  await expect(pending(page)).toContainText('ACCESS EXCLUSIVE');
  await page.getByRole('combobox', { name: 'Role' }).selectOption('analyst');
  await page.getByRole('button', { name: 'Try it' }).click();
  await expect(page.getByText(/^analyst sees [\d,]+ rows?, you see [\d,]+/)).toBeVisible();
  await noSeriousFinding(page);
});

test('a view is made, altered and dropped by its form', async ({ howdah, page }) => {
  const tree = await openTree(howdah, page);
  await menuOf(page, tree.getByRole('treeitem', { name: /^shop/ }), 'Create', 'Create view…');
  await page.getByRole('textbox', { name: 'Name' }).fill('cheap');
  // The body is written in the SQL editor: it completes, and Tab goes on to the next field.
  const body = page.getByRole('group', { name: 'Query' });
  await writeSql(page, 'select id, name from shop.prod', body);
  await page.keyboard.press('Control+Space');
  await expect(page.locator('.suggest-widget .monaco-list-row').first()).toContainText('product');
  await page.keyboard.press('Escape');
  await writeSql(page, 'select id, name from shop.product where price < 5;', body);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  await expect(page.getByLabel('Rows written through it')).toBeFocused();
  await expect(pending(page)).toContainText('CREATE VIEW shop.cheap AS');
  await page.getByRole('button', { name: 'Create view' }).click();
  await expect(page.getByRole('heading', { name: 'New view' })).toBeHidden();
  await menuOfFound(page, 'shop.cheap', 'Alter…');
  await page.getByRole('textbox', { name: 'Comment', exact: true }).fill('costs little');
  await expect(pending(page)).toContainText("COMMENT ON VIEW shop.cheap IS 'costs little';");
  await pending(page).getByRole('button', { name: 'Run 1 step' }).click();
  await expect(pending(page)).toContainText('Nothing to do');
  await expect(page.getByRole('textbox', { name: 'Comment', exact: true })).toHaveValue('costs little');
  await noSeriousFinding(page);
  await menuOfFound(page, 'shop.cheap', 'Drop…');
  await pending(page).getByRole('button', { name: 'Drop view' }).click();
  await expect(page.getByRole('heading', { name: 'Drop view shop.cheap' })).toBeHidden();
});

test('a function, a domain, a sequence, a trigger, a foreign table and a user mapping are made by their forms', async ({
  howdah,
  page,
}) => {
  const oracle = await plain();
  try {
    await oracle.query(`drop schema if exists made cascade; drop server if exists made_far cascade; drop foreign data wrapper if exists made_by;
      create schema made; create foreign data wrapper made_by; create server made_far foreign data wrapper made_by;
      create table made.thing (id int); create function made.touch() returns trigger language plpgsql as 'begin return new; end';
      create materialized view made.sums as select 1 as id; create index sums_ix on made.sums (id)`);
    await openTree(howdah, page);
    const client = await howdah.client(page);
    const fromPalette = async (word: string) => {
      await intoPalette(page, `create ${word}`);
      await page.getByRole('option', { name: new RegExp(`^Create ${word}…`) }).click();
    };
    const make = async (word: string, fill: () => Promise<void>, open = fromPalette) => {
      await open(word);
      await fill();
      await pending(page)
        .getByRole('button', { name: `Create ${word}` })
        .click();
      await expect(page.getByRole('heading', { name: `New ${word}` })).toBeHidden();
    };
    const text = (label: string, value: string) => page.getByLabel(label, { exact: true }).fill(value);
    const choose = (label: string, value: string) => page.getByLabel(label, { exact: true }).selectOption(value);

    await make('function', async () => {
      const definition = "create function made.plus(a int, b int default 1) returns int language sql as 'select a + b'";
      await writeSql(page, definition, page.getByRole('group', { name: 'Definition' }));
      await choose('Owner', 'analyst');
      await text('Comment', 'adds');
      await expect(pending(page)).toContainText("COMMENT ON FUNCTION made.plus(a int, b int) IS 'adds';");
    });
    await make('domain', async () => {
      await choose('Schema', 'made');
      await text('Name', 'code');
      await text('Checks', 'CONSTRAINT long CHECK (length(value) > 2)');
      await text('Comment', 'short text');
    });
    await make('sequence', async () => {
      await choose('Schema', 'made');
      await text('Name', 'numbers');
      await text('Increment', '1o');
      await expect(pending(page)).toContainText('“1o” is not a whole number.');
      await text('Increment', '10');
    });
    await make(
      'trigger',
      async () => {
        await expect(page.getByLabel('Table or view', { exact: true })).toHaveValue('made.thing');
        await text('Name', 'touched');
        await page.getByRole('checkbox', { name: 'insert' }).uncheck();
        await page.getByRole('checkbox', { name: 'delete' }).check();
        await text('Function', 'made.touch');
        await noSeriousFinding(page);
      },
      async () => {
        await menuOfFound(page, 'made.thing', 'Open structure');
        await page.getByRole('button', { name: 'Create…' }).click();
        await page.getByRole('menuitem', { name: 'Create trigger…' }).click();
      },
    );
    await make('user mapping', async () => {
      await choose('Foreign server', 'made_far');
      await text('Options', 'user=bob\npassword=told to nobody');
    });
    await make('foreign table', async () => {
      await choose('Schema', 'made');
      await text('Name', 'items');
      await choose('Foreign server', 'made_far');
      await page.getByRole('tab', { name: /^Columns/ }).click();
      await page.getByRole('button', { name: 'More about id' }).click();
      await page.getByRole('group', { name: 'More about id' }).getByLabel('Options').fill('column_name=ident');
      await expect(pending(page)).toContainText("id bigint OPTIONS (column_name 'ident')");
      await noSeriousFinding(page);
    });
    const { rows } = await oracle.query(
      `select obj_description('made.plus'::regproc) as function, (select proowner::regrole::text from pg_proc where oid = 'made.plus'::regproc) as owner,
        obj_description('made.code'::regtype) as domain, (select increment_by::int from pg_sequences where sequencename = 'numbers') as step,
        (select pg_get_triggerdef(oid) from pg_trigger where tgname = 'touched') as trigger, (select umoptions from pg_user_mappings where srvname = 'made_far') as mapping,
        (select attfdwoptions from pg_attribute where attrelid = 'made.items'::regclass and attname = 'id') as column`,
    );
    expect(rows[0]).toEqual({
      function: 'adds',
      owner: 'analyst',
      domain: 'short text',
      step: 10,
      trigger: expect.stringContaining(
        'BEFORE DELETE OR UPDATE ON made.thing FOR EACH ROW EXECUTE FUNCTION made.touch()',
      ),
      mapping: ['user=bob', 'password=told to nobody'],
      column: ['column_name=ident'],
    });
    const { entries } = await client.history.search({ text: 'made_far', limit: 5 });
    expect(entries.map((entry) => entry.text).join('\n')).toContain("password '***'");
    // What was made is what its form shows.
    await menuOfFound(page, 'made.plus', 'Alter…');
    await expect(page.getByLabel('Comment', { exact: true })).toHaveValue('adds');
    await expect(pending(page)).toContainText('Nothing to do');
    await page.getByRole('searchbox', { name: 'Search objects' }).fill('');
    const tree = page.getByRole('tree', { name: 'Objects' });
    for (const name of [/^Foreign servers/, /^made_far/, /^User mappings/]) {
      await tree.getByRole('treeitem', { name }).click();
      await page.keyboard.press('ArrowRight');
    }
    // Beside the schema of that name.
    await expect(tree.getByRole('treeitem', { name: /^public/ })).toHaveCount(2);
    const mapping = tree.getByRole('treeitem', { name: /^public/ }).last();
    await menuOf(page, mapping, 'Alter…');
    await text('Options', 'user=ann');
    await pending(page).getByRole('button', { name: 'Run 1 step' }).click();
    await expect(pending(page)).toContainText('Nothing to do');
    const options = 'select umoptions as options from pg_user_mappings where srvname = $1';
    expect((await oracle.query(options, ['made_far'])).rows).toEqual([{ options: ['user=ann'] }]);
    await menuOf(page, mapping, 'Drop…');
    await pending(page).getByRole('button', { name: 'Drop user mapping' }).click();
    await expect(page.getByRole('heading', { name: /^Drop user mapping/ })).toBeHidden();
    expect((await oracle.query(options, ['made_far'])).rows).toEqual([]);
    // An index of a materialized view is changed in the view's form.
    await menuOfFound(page, 'made.sums_ix', 'Alter…');
    await expect(page.getByLabel('Indexes', { exact: true })).toHaveValue('sums_ix USING btree (id)');
  } finally {
    await oracle.query('drop schema made cascade; drop foreign data wrapper made_by cascade');
    await oracle.end();
  }
});

test('partitions are made, attached and detached', async ({ howdah, page }) => {
  const oracle = await plain();
  try {
    await oracle.query(`drop schema if exists parts cascade; create schema parts;
      create table parts.ev (id bigint, at date) partition by range (at);
      create table parts.ev_2026_01 partition of parts.ev for values from ('2026-01-01') to ('2026-02-01');
      create table parts.later (like parts.ev); insert into parts.later values (1, '2026-03-05')`);
    await openTree(howdah, page);
    await menuOfFound(page, 'parts.ev', 'Open structure');
    await page.getByRole('button', { name: 'Partitions…' }).click();
    const add = page.getByRole('group', { name: 'Add a partition' });
    await expect(add).toContainText("FROM ('2026-02-01') TO ('2026-03-01')");
    await add.getByRole('button', { name: 'Add partition' }).click();
    await expect(pending(page)).toContainText('CREATE TABLE parts.ev_2026_02 (LIKE parts.ev');
    await add.getByRole('radio', { name: 'Attach a table' }).click();
    await add.getByRole('combobox', { name: 'Table' }).fill('parts.later');
    await expect(add).toContainText('8.0 kB');
    await add.getByRole('button', { name: 'Attach', exact: true }).click();
    await expect(pending(page)).toContainText('ALTER TABLE parts.later VALIDATE CONSTRAINT later_holds');
    await page.getByRole('button', { name: 'Detach ev_2026_01' }).click();
    await expect(pending(page)).toContainText('DETACH PARTITION parts.ev_2026_01 CONCURRENTLY');
    await noSeriousFinding(page);
    await pending(page)
      .getByRole('button', { name: /^Run \d+ steps$/ })
      .click();
    await expect(pending(page)).toContainText('Nothing to do');
    const { rows } = await oracle.query(
      "select relid::text as name from pg_partition_tree('parts.ev') where isleaf order by 1",
    );
    expect(rows.map(({ name }) => name)).toEqual(['parts.ev_2026_02', 'parts.later']);
  } finally {
    await oracle.query('drop schema parts cascade');
    await oracle.end();
  }
});

test('a constraint and an index are changed without dropping them first', async ({ howdah, page }) => {
  const oracle = await plain();
  try {
    await oracle.query(`drop schema if exists kept cascade; create schema kept; create table kept.a (id int primary key);
      create table kept.b (id int primary key, a int constraint b_a references kept.a); create index b_ix on kept.b (a)`);
    await openTree(howdah, page);
    await menuOfFound(page, 'kept.b_ix', 'Alter…');
    await page.getByRole('button', { name: 'More about b_ix' }).click();
    await page.getByRole('textbox', { name: 'Storage parameters' }).fill('fillfactor=80');
    await expect(pending(page)).toContainText('ALTER INDEX kept.b_ix SET (fillfactor = 80)');
    await page.getByRole('textbox', { name: 'Definition of b_ix' }).fill('USING btree (a, id)');
    await expect(pending(page)).toContainText('CREATE INDEX CONCURRENTLY b_ix_new');
    await expect(pending(page)).toContainText('ALTER INDEX kept.b_ix_new RENAME TO b_ix');
    await page.getByRole('tab', { name: /^Constraints/ }).click();
    await page.getByRole('button', { name: 'More about b_a' }).click();
    await page.getByRole('combobox', { name: 'Is checked' }).selectOption('at the end of the transaction');
    await expect(pending(page)).toContainText('ALTER CONSTRAINT b_a DEFERRABLE INITIALLY DEFERRED');
    const more = page.getByRole('group', { name: 'More about b_a' });
    await more.getByRole('combobox', { name: 'When it is deleted' }).selectOption('cascade');
    await expect(pending(page)).toContainText(
      'ADD CONSTRAINT b_a_new FOREIGN KEY (a) REFERENCES kept.a(id) ON DELETE CASCADE',
    );
    await noSeriousFinding(page);
    await pending(page)
      .getByRole('button', { name: /^Run \d+ steps$/ })
      .click();
    await expect(pending(page)).toContainText('Nothing to do');
    const { rows } = await oracle.query(
      "select conname as name, pg_get_constraintdef(oid) as definition from pg_constraint where conrelid = 'kept.b'::regclass and contype = 'f' union all select 'b_ix', pg_get_indexdef('kept.b_ix'::regclass)",
    );
    expect(rows).toEqual([
      {
        name: 'b_a',
        definition: 'FOREIGN KEY (a) REFERENCES kept.a(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED',
      },
      { name: 'b_ix', definition: "CREATE INDEX b_ix ON kept.b USING btree (a, id) WITH (fillfactor='80')" },
    ]);
  } finally {
    await oracle.query('drop schema kept cascade');
    await oracle.end();
  }
});

test('a database is made, and dropped while somebody is connected to it', async ({ howdah, page }) => {
  const oracle = await plain();
  let somebody: pg.Client | undefined;
  try {
    await oracle.query('drop database if exists scratch');
    await openTree(howdah, page);
    await page.getByRole('button', { name: 'Create in this database' }).click();
    await page.getByRole('menuitem', { name: 'Create database…' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('scratch');
    await expect(pending(page)).toContainText('CREATE DATABASE scratch');
    await pending(page).getByRole('button', { name: 'Create database' }).click();
    await expect(page.getByRole('heading', { name: 'New database' })).toBeHidden();
    await page.getByRole('combobox', { name: 'Database', exact: true }).selectOption('scratch');
    await expect(page.getByRole('tree', { name: 'Objects' })).toBeVisible();
    somebody = await plain('scratch');
    const ended = new Promise<string>((resolve) => somebody?.on('error', ({ message }) => resolve(message)));
    await page.getByRole('button', { name: 'Create in this database' }).click();
    await page.getByRole('menuitem', { name: 'Drop this database…' }).click();
    await expect(page.getByText(/connected to it\. As long as that is so, the server refuses\./)).toBeVisible();
    await page.getByRole('checkbox', { name: /^End the sessions/ }).check();
    await expect(pending(page)).toContainText('DROP DATABASE scratch WITH (FORCE);');
    await pending(page).getByRole('button', { name: 'Drop database' }).click();
    await expect(page.getByRole('heading', { name: /^Drop database/ })).toBeHidden();
    expect(await ended).toMatch(/terminat/);
    const { rows } = await oracle.query("select from pg_database where datname = 'scratch'");
    expect(rows).toEqual([]);
  } finally {
    await somebody?.end().catch(() => undefined);
    await oracle.query('drop database if exists scratch with (force)');
    await oracle.end();
  }
});
