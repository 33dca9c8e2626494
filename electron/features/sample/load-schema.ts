/**
 * Loads the sample database from resources/sample. The scripts are PostgreSQL's own SQL with one addition, so that the
 * same text serves majors 13 to 18: a line that ends in `-- since 15` or `-- before 15`, or the lines between
 * `-- since 14` and `-- end since`, are for those versions only.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** Anything that runs SQL: our plain client, a test's oracle. */
export interface SqlRunner {
  query(sql: string): Promise<unknown>;
}

export interface LoadOptions {
  /** `few`: about a hundred rows a table, a second. `all`: a million tracking events, see the progress. */
  readonly rows: 'few' | 'all';
  /** Loads the largest table meanwhile, on the second core. */
  readonly second?: SqlRunner;
  /** `fraction` is of the whole, 0 to 1. */
  readonly onStep?: (step: string, fraction: number) => void;
  /** Where resources/ is; the checkout's where not given. */
  readonly resourcesFolder?: string;
}

interface Part {
  readonly file: string;
  readonly step: string;
  /** Seconds it took where this was measured, all rows. */
  readonly weight: number;
}
const structure: readonly Part[] = [
  { file: '01-server.sql', step: 'Roles and extensions', weight: 0.2 },
  { file: '10-shop.sql', step: 'Tables of the shop', weight: 0.3 },
  { file: '11-logistics.sql', step: 'Tables of logistics', weight: 0.1 },
  { file: '12-finance.sql', step: 'Tables of the books', weight: 0.1 },
  { file: '13-every-type.sql', step: 'One column of every type', weight: 0.1 },
  { file: '20-seed-words.sql', step: 'Names and places', weight: 0.1 },
];
const content: readonly Part[] = [
  { file: '21-seed-shop.sql', step: 'Products, customers and orders', weight: 5.5 },
  { file: '22-seed-logistics.sql', step: 'Warehouses, stock and parcels', weight: 2.5 },
  { file: '23-seed-finance.sql', step: 'Invoices, payments and postings', weight: 1.5 },
];
const finish: readonly Part[] = [
  { file: '30-keys-and-indexes.sql', step: 'Keys and indexes', weight: 6 },
  { file: '31-routines.sql', step: 'Functions, procedures and triggers', weight: 0.1 },
  { file: '32-views.sql', step: 'Views', weight: 2.5 },
  { file: '33-rights.sql', step: 'Rights, policies and publications', weight: 0.1 },
];
const findings: Part = { file: '34-findings.sql', step: 'Mistakes to be found', weight: 1.5 };
const trackingWeight = 10;
const vacuumWeight = 2.5;
const trackingRows = { all: 1_000_000, few: 1_000 } as const;
const chunkRows = 50_000;

// What a person's settings may not change in the rows.
const fixedSettings = {
  client_min_messages: 'error',
  timezone: 'UTC',
  datestyle: 'ISO, MDY',
  intervalstyle: 'postgres',
  lc_monetary: 'C',
  bytea_output: 'hex',
  search_path: 'public',
  statement_timeout: '0',
  maintenance_work_mem: '256MB',
};

/**
 * Makes the sample's schemas and rows in an empty database, as superuser. Not atomic: a failure leaves what was made,
 * so load into a database that is thrown away or renamed afterwards.
 */
export async function loadSampleSchema(client: SqlRunner, options: LoadOptions): Promise<void> {
  const major = await majorOf(client);
  const folder = path.join(options.resourcesFolder ?? checkoutResources(), 'sample');
  const progress = makeProgress(options.onStep);
  const run = async ({ file, step, weight }: Part) => {
    progress.begin(step);
    await client.query(forVersion(await readFile(path.join(folder, file), 'utf8'), major));
    progress.done(weight);
  };
  const runAll = async (parts: readonly Part[]) => {
    for (const part of parts) await run(part);
  };

  await prepare(client, options.rows);
  if (options.second) await prepare(options.second, options.rows);
  await runAll(structure);
  const tracking = () => loadTracking(options.second ?? client, trackingRows[options.rows], progress.done);
  if (options.second) await both(runAll(content), tracking());
  else {
    await runAll(content);
    await tracking();
  }
  await runAll(finish);
  if (options.rows === 'all') {
    progress.begin('Statistics for the planner');
    await client.query('vacuum (analyze)');
    progress.done(vacuumWeight);
  }
  await run(findings);
  await leaveInvalidIndex(client);
  await client.query(
    Object.keys(fixedSettings)
      .map((name) => `reset ${name};`)
      .join(' '),
  );
}

const prepare = (client: SqlRunner, rows: 'few' | 'all') =>
  client.query(
    `set sample.rows = '${rows}'; ${Object.entries(fixedSettings)
      .map(([name, value]) => `set ${name} = ${name === 'datestyle' ? value : `'${value}'`};`)
      .join(' ')}`,
  );

async function loadTracking(client: SqlRunner, rows: number, done: (weight: number) => void): Promise<void> {
  for (let first = 1; first <= rows; first += chunkRows) {
    const last = Math.min(rows, first + chunkRows - 1);
    await client.query(`select seed.tracking_events(${first}, ${last})`);
    done((trackingWeight * (last - first + 1)) / rows);
  }
}

/** Both to their end, so that no statement still runs when the first failure is thrown. */
async function both(one: Promise<void>, other: Promise<void>): Promise<void> {
  for (const outcome of await Promise.allSettled([one, other])) {
    if (outcome.status === 'rejected') throw outcome.reason;
  }
}

/** A unique index begun CONCURRENTLY over duplicates fails, and stays behind as invalid: that is what it is for. */
async function leaveInvalidIndex(client: SqlRunner): Promise<void> {
  const sql = 'create unique index concurrently newsletter_click_once on shop.newsletter_click (campaign, clicked_at)';
  let failed = false;
  await client.query(sql).catch(() => {
    failed = true;
  });
  if (!failed) throw new Error('The index over duplicates was made, though it should have failed.');
}

/** The lines of a script that are for servers of this major version. Line numbers stay as they are. */
export function forVersion(script: string, major: number): string {
  const fits = (word: string, version: string) => (word === 'since' ? major >= +version : major < +version);
  let inside = true;
  return script
    .split('\n')
    .map((line) => {
      if (/^-- end (since|before)$/.test(line)) {
        inside = true;
        return '';
      }
      const [, code, word, version] = /^(.*?)\s*-- (since|before) (\d+)$/.exec(line) ?? [];
      if (word === undefined || version === undefined) return inside ? line : '';
      if (code !== '') return inside && fits(word, version) ? code : '';
      inside = fits(word, version);
      return '';
    })
    .join('\n');
}

function makeProgress(onStep: LoadOptions['onStep']) {
  const parts = [...structure, ...content, ...finish, findings];
  const whole = parts.reduce((sum, { weight }) => sum + weight, 0) + trackingWeight + vacuumWeight;
  let done = 0;
  let step = '';
  return {
    begin(next: string) {
      step = next;
      onStep?.(step, Math.min(1, done / whole));
    },
    done(weight: number) {
      done += weight;
      onStep?.(step, Math.min(1, done / whole));
    },
  };
}

/** pg's result or a list of rows: both are runners. */
async function majorOf(client: SqlRunner): Promise<number> {
  const answer = await client.query(`select current_setting('server_version_num')::int / 10000 as major`);
  const rows = (Array.isArray(answer) ? answer : (answer as { rows: unknown[] }).rows) as { major: number }[];
  const major = rows[0]?.major;
  if (typeof major !== 'number') throw new Error('The server did not tell its version.');
  return major;
}

const checkoutResources = () => path.resolve(import.meta.dirname, '../../../resources');
