/** The database `sample`: made under another name and renamed when it is whole, so a half-loaded one is never opened. */
import { randomBytes } from 'node:crypto';
import { connectPlain, type PlainClient, type PlainTarget } from '../../postgres/plain-client.ts';
import { type LoadOptions, loadSampleSchema } from './load-schema.ts';

type Target = Omit<PlainTarget, 'applicationName'>;
const unfinished = 'sample_loading';
/** The sample's services log in with the server's password; what they may do is another matter. */
const services = ['storefront', 'warehouse_app', 'analyst'];

/** Does nothing where the database is there. */
export async function loadSampleDatabase(target: Target, options: Omit<LoadOptions, 'second'>): Promise<void> {
  await withClient({ ...target, database: 'postgres' }, async (admin) => {
    const [found] = await admin.query("select from pg_catalog.pg_database where datname = 'sample'");
    if (found) return;
    await dropUnfinished(target, admin);
    await admin.query(`create database ${unfinished} template template0`);
    await withClient({ ...target, database: unfinished }, (client) =>
      withClient({ ...target, database: unfinished }, async (second) => {
        await loadSampleSchema(client, { ...options, second });
        await moveToTablespace(client);
      }),
    );
    await letServicesIn(admin, target.password);
    await admin.query("comment on database sample_loading is 'A shop, its logistics and its books. Made by Howdah.'");
    await admin.query(
      'select pg_catalog.pg_terminate_backend(pid) from pg_catalog.pg_stat_activity where datname = $1',
      [unfinished],
    );
    await admin.query(`alter database ${unfinished} rename to sample`);
  });
  await withClient(target, (client) => client.query('select pg_stat_statements_reset()'));
}

/** A database with a subscription cannot be dropped, not even by force. */
async function dropUnfinished(target: Target, admin: PlainClient): Promise<void> {
  const [found] = await admin.query('select from pg_catalog.pg_database where datname = $1', [unfinished]);
  if (!found) return;
  await withClient({ ...target, database: unfinished }, (client) =>
    client.query('drop subscription if exists warehouse_feed'),
  );
  await admin.query(`drop database ${unfinished} with (force)`);
}

/** Its port can differ from start to start; its password is new each time. Utility statements are not recorded. */
export async function pointForeignServerAt(target: Target): Promise<void> {
  const password = randomBytes(18).toString('base64url');
  await withClient(target, async (client) => {
    await quietly(client, [
      `alter role sample_remote password '${password}'`,
      `alter server sample_itself options (set port '${target.port}')`,
      `alter user mapping for postgres server sample_itself options (set password '${password}')`,
    ]);
  });
}

const letServicesIn = (admin: PlainClient, password: string) =>
  // Our own password: base64url, nothing to quote.
  quietly(
    admin,
    services.map((role) => `alter role ${role} password '${password}'`),
  );

/** Runs statements that carry a password, without leaving it in pg_stat_statements or in the server's log. */
async function quietly(client: PlainClient, statements: readonly string[]): Promise<void> {
  const silence =
    "set pg_stat_statements.track = 'none'; set log_min_duration_statement = -1; set log_min_error_statement = 'panic'";
  await client.query(`begin; ${silence.replaceAll('set ', 'set local ')}; ${statements.join('; ')}; commit`);
}

/** A tablespace inside the cluster, so that there is one to look at. */
async function moveToTablespace(client: PlainClient): Promise<void> {
  const [found] = await client.query("select from pg_catalog.pg_tablespace where spcname = 'archive'");
  if (!found) {
    await client.query('set allow_in_place_tablespaces = on');
    await client.query("create tablespace archive location ''");
    await client.query("comment on tablespace archive is 'Slow and large, if it were real.'");
  }
  await client.query('alter table shop.customer_backup_20240312 set tablespace archive');
}

async function withClient<T>(target: Target, action: (client: PlainClient) => Promise<T>): Promise<T> {
  const client = await connectPlain({ ...target, applicationName: 'howdah-sample' });
  try {
    return await action(client);
  } finally {
    await client.close();
  }
}
