/**
 * The catalogs in the page, one for each database in use: first as it was kept on this machine, then as it is. A newer
 * one takes the older one's place when it is whole.
 */
import { type CatalogEvent, catalogSections } from '../../shared/api/catalog.ts';
import { Catalog } from '../../shared/complete/catalog.ts';
import { joinsSeen, type SeenJoin } from '../../shared/complete/look/seen-joins.ts';
import { Scanner } from '../../shared/sql/scan.ts';
import { client } from './connect.ts';

export interface Known {
  catalog: Catalog | null;
  /** How often names occur in what was run lately. */
  readonly uses: Map<string, number>;
  /** Texts that were run and are still to be looked through for joins; and what they had, of that catalog. */
  readonly texts: string[];
  joins: { readonly of: Catalog; readonly looked: number; readonly found: SeenJoin[] } | null;
  checkedAtMs: number;
  reading: Reading | null;
  /** Whether this machine has one was asked; once is enough, what is read later is kept from here. */
  kept: Promise<void> | null;
}
interface Reading {
  readonly done: Promise<void>;
  /** Its tables and keys, which come before the rest; null where nothing new comes. */
  readonly tables: Promise<Catalog | null>;
}
export interface Where {
  readonly connectionId: string;
  readonly database: string | null;
}

/** The catalog that a recording has: no server is asked. */
export interface RecordedWhere {
  readonly recordingId: string;
  readonly database: string | null;
}

const all = new Map<string, Known>();
/** Within this time of a look at the server none is taken again, unless something is known to have changed. */
const trustedMs = 20_000;
const recentRuns = 100;
const readOfARun = 20_000;

export function knownOf(where: Where | RecordedWhere): Known {
  const id = 'recordingId' in where ? { recording: where.recordingId } : where.connectionId;
  const key = JSON.stringify([id, where.database]);
  const known = all.get(key) ?? {
    catalog: null,
    uses: new Map(),
    texts: [],
    joins: null,
    checkedAtMs: Number.NEGATIVE_INFINITY,
    reading: null,
    kept: null,
  };
  all.set(key, known);
  return known;
}

/** What this machine has kept: needs no connection. */
export function loadKept(where: Where): Promise<void> {
  const known = knownOf(where);
  known.kept ??= readKept(where, known).catch((thrown) => {
    known.kept = null;
    throw thrown;
  });
  return known.kept;
}

async function readKept(where: Where, known: Known): Promise<void> {
  if (known.catalog) return;
  // Without a history nothing is known of use; the names are offered all the same.
  void countUses(where, known).catch(() => undefined);
  const kept = await whole(await client.catalog.kept(where));
  known.catalog ??= kept;
}

/** The catalog of a recording, once. */
export async function loadRecorded(where: RecordedWhere): Promise<void> {
  const known = knownOf(where);
  known.catalog ??= await whole(await client.memory.catalog(where));
}

/** Counts what the recorder has seen being run: which names are used, and which joins are made. */
export async function noteWorkload(known: Known, where: RecordedWhere): Promise<void> {
  if (noted.has(known)) return;
  noted.add(known);
  for (const text of await client.memory.workload(where)) noteUse(known, text);
}
const noted = new WeakSet<Known>();

/** Asks the server whether the catalog has changed, and takes the new one. `afresh`: it has. */
export const refresh = async (where: Where, afresh = false): Promise<void> => readingOf(where, afresh)?.done;

/**
 * As `refresh`, for who needs the tables and keys alone: they are there before all has come, in a catalog of which the
 * rest is still missing. Null where what is known is still right.
 */
export async function refreshTables(where: Where, afresh = false): Promise<Catalog | null> {
  const reading = readingOf(where, afresh);
  // What comes later may fail without harm to the tables.
  reading?.done.catch(() => undefined);
  return (await reading?.tables) ?? null;
}

/** Null: it was looked at just now. */
function readingOf(where: Where, afresh: boolean): Reading | null {
  const known = knownOf(where);
  if (known.reading && !afresh) return known.reading;
  if (!afresh && performance.now() - known.checkedAtMs < trustedMs) return null;
  // One that began before the change may have missed it.
  const before = known.reading;
  const tables = Promise.withResolvers<Catalog | null>();
  // Not everybody waits for these.
  tables.promise.catch(() => undefined);
  const read = async () => {
    try {
      await before?.done.catch(() => undefined);
      const stamp = known.catalog?.head.stamp ?? null;
      const catalog = await whole(await client.catalog.read({ ...where, stamp, afresh }), tables.resolve);
      known.checkedAtMs = performance.now();
      if (catalog) known.catalog = catalog;
      tables.resolve(catalog);
    } catch (thrown) {
      tables.reject(thrown);
      throw thrown;
    } finally {
      if (known.reading === reading) known.reading = null;
    }
  };
  // Begun after `reading` has its value.
  const reading: Reading = { done: Promise.resolve().then(read), tables: tables.promise };
  known.reading = reading;
  return reading;
}

/**
 * Reads the catalog of a database that is being looked at before anything needs it: what this machine has of it at once,
 * the rest when the page has nothing else to do. Completion and diagrams then have it. @returns how to call it off
 */
export function readAhead(where: Where): () => void {
  void loadKept(where).catch(() => undefined);
  const timer = setTimeout(
    () =>
      requestIdleCallback(() => {
        void loadKept(where)
          .catch(() => undefined)
          .then(() => refresh(where))
          .then(() => performance.mark(readAheadMark))
          .catch(() => undefined);
      }),
    aheadMs,
  );
  return () => clearTimeout(timer);
}
/** In the page's timeline once a catalog was read ahead: what measures waits for it. */
const readAheadMark = 'howdah:read-ahead';
/** What is asked for by hand on the same connection goes first. */
const aheadMs = 1_200;

/** The sections that tables and keys lie in come first. */
const afterTables = new Set<string>(catalogSections.slice(catalogSections.indexOf('keys') + 1));

/**
 * The packs come one by one, so that the page is never held up; null where nothing (new) came.
 * @param onTables called with what has come as soon as its tables and keys are whole
 */
async function whole(
  events: AsyncIterable<CatalogEvent>,
  onTables: (catalog: Catalog) => void = () => undefined,
): Promise<Catalog | null> {
  let catalog: Catalog | null = null;
  let complete = false;
  let hasTables = false;
  for await (const event of events) {
    if (!hasTables && catalog && event.kind === 'pack' && afterTables.has(event.section)) {
      hasTables = true;
      onTables(catalog);
    }
    if (event.kind === 'begin') catalog = new Catalog(event);
    else catalog?.take(event);
    if (event.kind === 'end') complete = true;
  }
  return complete ? catalog : null;
}

async function countUses({ connectionId }: Where, known: Known): Promise<void> {
  const { entries } = await client.history.search({ text: '', connectionId, limit: recentRuns });
  for (const { text } of entries) noteUse(known, text);
}

/** A longer text is a load of data, not a query. */
const longestLooked = 6_000;
const mostTexts = 300;
/** Looked through at one key: each takes a fraction of a millisecond. */
const textsAtOnce = 10;

/** The joins of what was run lately, as far as they have been gathered. */
export function joinsOf(known: Known): readonly SeenJoin[] {
  const { catalog, texts } = known;
  if (!catalog) return [];
  const before = known.joins?.of === catalog ? known.joins : { of: catalog, looked: 0, found: [] };
  const next = texts.slice(before.looked, before.looked + textsAtOnce);
  if (next.length === 0 && known.joins === before) return before.found;
  const all = new Map(
    [...before.found, ...next.flatMap((text) => joinsSeen(catalog, text))].map((join) => [JSON.stringify(join), join]),
  );
  known.joins = { of: catalog, looked: before.looked + next.length, found: [...all.values()] };
  return known.joins.found;
}

/** Counts the names in a text that was run. */
export function noteUse(known: Known, text: string): void {
  if (text.length <= longestLooked && known.texts.length < mostTexts && !known.texts.includes(text))
    known.texts.push(text);
  const scanner = new Scanner(text.slice(0, readOfARun));
  const seen = new Set<string>();
  while (scanner.next()) {
    if (scanner.kind === 'word') seen.add(scanner.text.slice(scanner.from, scanner.to).toLowerCase());
    else if (scanner.kind === 'quotedIdentifier') seen.add(scanner.text.slice(scanner.from + 1, scanner.to - 1));
  }
  for (const name of seen) known.uses.set(name, (known.uses.get(name) ?? 0) + 1);
}
