/** The second home of recordings, as its tables: made and brought up to date, written in batches, read back. */
import { FailureError } from '../../../shared/failure.ts';
import { HomeLink } from '../../postgres/monitor/home-link.ts';
import type { ConnectSpec } from '../../postgres/source.ts';
import {
  createPartition,
  dailyTables,
  dayOf,
  homeSteps,
  hypertables,
  type Layout,
  partitionName,
  schema,
} from './home-schema.ts';

/** How far a recording has come; what is above each is still to be brought. */
export interface Marks {
  /** The newest minute and how many ticks it had: the last one may grow when the recorder is started again in it. */
  readonly minute: readonly [t0: number, ticks: number] | null;
  /** By name of the file's table: the highest id. */
  readonly ids: Readonly<Record<string, number>>;
  /** By family: the instant of the newest poll. */
  readonly polls: Readonly<Record<string, number>>;
}
export const noMarks: Marks = { minute: null, ids: {}, polls: {} };

export interface HomeRecording {
  readonly number: number;
  readonly name: string;
  readonly serverVersion: string;
  readonly systemIdentifier: string | null;
  readonly fromMs: number | null;
  readonly toMs: number | null;
}

const dayMs = 86_400_000;
/** Two programs that make the same tables or days wait for each other. */
const lockSql = `select pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext('${schema}'))`;
const path = `set local search_path = ${schema}, pg_catalog, pg_temp`;

export class Home {
  readonly link: HomeLink;
  readonly layout: Layout;
  readonly retentionDays: number;
  #days = new Set<number>();

  /**
   * Makes the schema where it is missing.
   * @param options.layout for tests; otherwise hypertables where TimescaleDB is installed in the database
   * @throws FailureError without a connection, the privileges, or where a newer program has made the schema
   */
  static async open(
    spec: ConnectSpec,
    { layout, signal }: { readonly layout?: Layout; readonly signal?: AbortSignal } = {},
  ): Promise<Home> {
    const link = await HomeLink.open(spec, signal);
    try {
      return new Home(link, await link.transaction(() => migrate(link, layout)));
    } catch (thrown) {
      await link.close();
      throw thrown;
    }
  }

  /** Where there is one: looking makes nothing. */
  static async look(spec: ConnectSpec): Promise<Home | null> {
    const link = await HomeLink.open(spec);
    try {
      const [made] = await link.query<{ yes: boolean }>(`select to_regclass('${schema}.about') is not null as yes`);
      if (made?.yes) return new Home(link, await link.transaction(() => readAbout(link)));
      await link.close();
      return null;
    } catch (thrown) {
      await link.close();
      throw thrown;
    }
  }

  private constructor(link: HomeLink, { layout, retentionDays }: About) {
    this.link = link;
    this.layout = layout;
    this.retentionDays = retentionDays;
  }

  /** What was recorded before this instant is not taken any more. */
  get oldestMs(): number {
    return (dayOf(Date.now()) - this.retentionDays + 1) * dayMs;
  }

  close(): Promise<void> {
    return this.link.close();
  }

  /** All or nothing, with the schema's tables by their own names. */
  transaction<T>(work: () => Promise<T>): Promise<T> {
    return this.link.transaction(async () => {
      await this.link.query(path);
      return work();
    });
  }

  /** In the transaction that writes into these days. */
  async makeDays(instants: Iterable<number>): Promise<void> {
    const days = new Set([...instants].map(dayOf).filter((day) => !this.#days.has(day)));
    if (days.size === 0 || this.layout === 'hypertables') return;
    await this.link.query(lockSql);
    for (const day of days) for (const table of dailyTables) await this.link.query(createPartition(table, day));
  }

  /** After it: the days are there, as the transaction was not taken back. */
  noteDays(instants: Iterable<number>): void {
    for (const ms of instants) this.#days.add(dayOf(ms));
  }

  /** Whole days at once; TimescaleDB does it by itself. What is small is forgotten by row. */
  async forgetOld(): Promise<void> {
    const before = new Date(this.oldestMs).toISOString();
    await this.transaction(async () => {
      if (this.layout === 'partitions') {
        const found = await this.link.query<{ name: string }>(
          `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
           where i.inhparent = any($1::regclass[]) order by 1`,
          [dailyTables.map((table) => `${schema}.${table}`)],
        );
        const oldest = dayOf(this.oldestMs);
        const old = found.filter(({ name }) => dailyTables.some((table) => isBefore(name, table, oldest)));
        for (const { name } of old) await this.link.query(`drop table ${schema}."${name}"`);
      }
      await this.link.query('delete from gap where to_at < $1', [before]);
      await this.link.query('delete from event where at < $1', [before]);
      await this.link.query(
        `delete from snapshot s where at < $1 and exists (select from snapshot l where l.recording = s.recording
         and l.kind = s.kind and l.database = s.database and l.id > s.id and l.at <= $1)`,
        [before],
      );
    });
  }

  /** The recordings that live here, by name. */
  recordings(): Promise<HomeRecording[]> {
    return this.link.query(
      `select id as number, name, server_version as "serverVersion", system_identifier as "systemIdentifier",
        (extract(epoch from from_at) * 1000)::float8 as "fromMs", (extract(epoch from to_at) * 1000)::float8 as "toMs"
       from ${schema}.recording order by name, id`,
    );
  }
}

const isBefore = (name: string, table: string, day: number): boolean =>
  /^[a-z]+_\d{8}$/.test(name) && name.startsWith(`${table}_`) && name < partitionName(table, day);

interface About {
  readonly layout: Layout;
  readonly retentionDays: number;
}

async function migrate(link: HomeLink, wanted: Layout | undefined): Promise<About> {
  await link.query(lockSql);
  const [there] = await link.query('select 1 from pg_namespace where nspname = $1', [schema]);
  const [timescale] = await link.query<{ schema: string }>(
    `select n.nspname as schema from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = 'timescaledb'`,
  );
  if (!there) await link.query(`create schema ${schema}`);
  await link.query(path);
  const [made] = await link.query<{ yes: boolean }>(`select to_regclass('${schema}.about') is not null as yes`);
  const about = made?.yes ? (await link.query<About & { version: number }>(aboutSql))[0] : undefined;
  const layout = about?.layout ?? wanted ?? (timescale ? 'hypertables' : 'partitions');
  const steps = homeSteps(layout);
  const version = about?.version ?? 0;
  if (version > steps.length) throw newer(version);
  for (const step of steps.slice(version)) await link.query(step);
  if (version < steps.length) await link.query('update about set version = $1', [steps.length]);
  const [now] = await link.query<About>(aboutSql);
  if (!now) throw newer(version);
  // The functions of TimescaleDB lie in the schema that the extension is in, public mostly.
  if (version === 0 && layout === 'hypertables')
    for (const call of hypertables(timescale?.schema ?? 'public', now.retentionDays)) await link.query(call);
  return now;
}

async function readAbout(link: HomeLink): Promise<About> {
  await link.query(path);
  const [about] = await link.query<About & { version: number }>(aboutSql);
  if (!about || about.version > homeSteps(about.layout).length) throw newer(about?.version ?? 0);
  return about;
}

const aboutSql = 'select version, layout, retention_days as "retentionDays" from about';

const newer = (version: number): FailureError =>
  new FailureError({
    kind: 'unsupported',
    needs: `second home version ${version}`,
    message: 'The schema howdah_history of this database was made by a newer Howdah. Use that one here as well.',
  });
