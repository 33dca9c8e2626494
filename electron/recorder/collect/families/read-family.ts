/** From the rows of a question to what a recording keeps of a family. */
import type { MetricFamily } from '../../../../shared/metrics/metric.ts';
import {
  FamilyGrowth,
  type Growth,
  type GrowthRules,
  type Reading,
  type ReadRow,
} from '../../../../shared/metrics/rate.ts';
import type { Moment } from '../../../postgres/monitor/monitor-link.ts';
import type { Query } from '../../../postgres/query.ts';
import type { Collecting, Collector } from '../collector.ts';
import { allPages, inSteps, somePages } from '../in-steps.ts';
import { eventsOf } from './family-events.ts';
import { MarkedRows } from './marked-rows.ts';
import type { MarkRow, PagedRow } from './relation.sql.ts';
import type { FamilyRow } from './server.sql.ts';

export interface FamilyOptions extends GrowthRules {
  /** Its counters have no reset instant of their own: what the server did to all of them has to be asked for. */
  readonly asksForCrash?: boolean;
  readonly since?: number;
  /** How often it is asked while it answers with nothing. */
  readonly idleEveryMs?: number;
  /** Tells for less whether there is anything to ask for: no row, no question. */
  readonly gate?: Query<FamilyRow>;
  /** It may take long: on the second connection, and out of the allowance. */
  readonly bulk?: boolean;
  /** The first time it waits for no allowance: it tells too much to be told after ten minutes. */
  readonly atOnce?: boolean;
  readonly timeoutMs?: number;
}

export interface RelationOptions extends FamilyOptions {
  readonly pageSize?: number;
  /** What costs less to ask and tells which rows have changed, and how these are asked for, by their oids. */
  /** Of gauges: what is told before all that is read over some hours. */
  readonly largest?: Query<PagedRow>;
  readonly marks?: { readonly question: Query<MarkRow>; readonly some: Query<PagedRow> };
}

/** Asked at least so often, a question is planned once and kept by the server. */
const oftenMs = 60_000;
/** Marks are a few bytes each. */
const marksPage = 4_000;

export const readRow = (family: MetricFamily, row: FamilyRow, scope = ''): ReadRow => ({
  key: family.key.map((part) => String(row[part] ?? '')),
  values: family.metrics.map(({ name }) => textOf(row[name])),
  marker: row.reset ?? null,
  scope,
});

/** Some questions are decoded on the way. */
const textOf = (value: unknown): string | null => (value === null || value === undefined ? null : String(value));

/** A family that one question answers for the whole server. */
export function serverFamily(family: MetricFamily, question: Query<FamilyRow>, options: FamilyOptions = {}): Collector {
  const growth = new FamilyGrowth(family, options);
  const since = options.since ?? family.since;
  const prepared = family.everyMs <= oftenMs ? [] : undefined;
  return {
    ...about(family),
    ...(since ? { since } : {}),
    ...(options.idleEveryMs ? { idleEveryMs: options.idleEveryMs } : {}),
    sql: (major) => [...(options.gate ? [options.gate] : []), question].map((each) => each.text(major)).join(';\n\n'),
    forget: () => growth.forget(),
    async run(collecting) {
      const { timeoutMs } = options;
      const crash = options.asksForCrash ? await collecting.crash() : undefined;
      const ask = async (link: Collecting['link']) => {
        if (options.gate) {
          const answer = await link.ask(options.gate, { prepared, signal: collecting.signal });
          if (answer.rows.length === 0) return answer;
        }
        return link.ask(question, { timeoutMs, prepared, signal: collecting.signal });
      };
      const free = options.atOnce && collecting.isFirst ? 1 : 0;
      const { moment, rows } = options.bulk ? await inBulk(collecting, ask, null, free) : await ask(collecting.link);
      const [first] = rows;
      const reading: Reading = {
        ...readingAt(collecting, moment),
        rows: rows.map((row) => readRow(family, row)),
        scopes: [''],
        whole: true,
        crash,
        familyReset: first && 'familyReset' in first ? first.familyReset : undefined,
      };
      tell(collecting, family, growth.read(reading));
      return rows.length;
    },
  };
}

async function inBulk<T>(
  collecting: Collecting,
  ask: (link: Collecting['link']) => Promise<T>,
  database: string | null,
  freeSteps: number,
): Promise<T> {
  const answers: T[] = [];
  const step = async (link: Collecting['link']) => {
    answers.push(await ask(link));
    return false;
  };
  await inSteps(collecting, database, true, step, freeSteps);
  return answers[0] as T;
}

/** A family that each database is asked for, a page at a time. */
export function relationFamily(
  family: MetricFamily,
  question: Query<PagedRow> | Query<FamilyRow>,
  options: RelationOptions,
): Collector {
  const growth = new FamilyGrowth(family, options);
  const marked = new Map<string, MarkedRows>();
  let isNew = true;
  return {
    ...about(family),
    sql: (major) =>
      [...(options.marks ? [options.marks.question] : []), question].map((q) => q.text(major)).join(';\n\n'),
    forget: () => {
      growth.forget();
      marked.clear();
      isNew = true;
    },
    async run(collecting) {
      if (isNew && options.largest) await tellLargest(collecting, options.largest);
      isNew = false;
      const crash = options.asksForCrash ? await collecting.crash() : undefined;
      const databases = await collecting.databases();
      // What is read over an hour is told when it has been read.
      let moment = options.bulk ? null : await collecting.link.moment();
      const rows: ReadRow[] = [];
      const scopes: string[] = [];
      let problem: unknown;
      for (const database of databases) {
        try {
          for (const row of await rowsOf(collecting, database)) rows.push(row);
          scopes.push(database);
        } catch (thrown) {
          // Another database's trouble is its own; the recorder's own database decides whether this run failed.
          problem ??= thrown;
        }
        collecting.signal.throwIfAborted();
      }
      if (scopes.length === 0 && problem) throw problem;
      moment ??= await collecting.link.moment();
      const reading = {
        ...readingAt(collecting, moment),
        rows,
        scopes,
        whole: scopes.length === databases.length,
        crash,
      };
      tell(collecting, family, growth.read(reading));
      return rows.length;
    },
  };

  async function tellLargest(collecting: Collecting, largest: Query<PagedRow>): Promise<void> {
    const [database = ''] = await collecting.databases();
    const began = performance.now();
    const { rows, moment } = await collecting.link.ask(largest, { signal: collecting.signal });
    collecting.allowance.spend(performance.now() - began - collecting.link.leastMs, collecting.id);
    if (rows.length === 0) return;
    const found = rows.map((row) => readRow(family, row, database));
    tell(collecting, family, growth.read({ ...readingAt(collecting, moment), rows: found, scopes: [], whole: false }));
  }

  async function rowsOf(collecting: Collecting, database: string): Promise<ReadRow[]> {
    const { pageSize: size, bulk = false, timeoutMs, marks } = options;
    const { signal } = collecting;
    const read = (row: FamilyRow) => readRow(family, row, database);
    if (!size) {
      const ask = (link: Collecting['link']) => link.ask(question, { signal, timeoutMs });
      const { rows } = bulk ? await inBulk(collecting, ask, database, 1) : await collecting.near(database, ask);
      return rows.map(read);
    }
    const paged = question as Query<PagedRow>;
    const all = (tell?: (rows: number, last: PagedRow) => void) =>
      allPages(collecting, database, paged, { size, bulk: tell !== undefined, endOf, tell });
    if (!marks) return (await all(bulk ? (far) => collecting.reading(database, far, null) : undefined)).map(read);
    const known = marked.get(database) ?? new MarkedRows();
    // Later on most are read by their marks; everything, once an hour, must not take long: it is of one instant.
    const { isNew } = known;
    marked.set(database, known);
    const found = await allPages<MarkRow>(collecting, database, marks.question, {
      size: marksPage,
      bulk: isNew,
      endOf,
    });
    const now = found.map(({ pageOid: id, mark }) => ({ id, mark }));
    // Marks are of tables and their indexes, in one order with what is read.
    const passed = (_rows: number, { pageOid }: PagedRow) => {
      const next = now.findIndex(({ id }) => Number(id) > Number(pageOid));
      collecting.reading(database, next < 0 ? now.length : next, now.length);
    };
    if (isNew && now.length > size) collecting.reading(database, 0, now.length);
    const changed = known.changed(now);
    const rows = changed
      ? await somePages(collecting, database, marks.some, changed, size)
      : await all(isNew ? passed : undefined);
    return known.take(
      now,
      rows.map((row) => [row.pageOid, read(row)]),
      changed === null,
    );
  }
}

function tell(collecting: Collecting, family: MetricFamily, growth: Growth): void {
  collecting.family({ family: family.id, ...growth });
  for (const event of eventsOf(family, growth)) collecting.event(event);
}

const endOf = ({ pageOid }: PagedRow): string => pageOid;

const about = (family: MetricFamily) => ({
  id: family.id,
  label: family.label,
  everyMs: family.everyMs,
});

export const readingAt = (collecting: Collecting, moment: Moment) => ({
  atMs: collecting.place(moment.atMs),
  serverStart: moment.startedUs,
});
