/**
 * The catalogs in the page, one for each database in use: first as it was kept on this machine, then as it is. A newer
 * one takes the older one's place when it is whole.
 */
import type { CatalogEvent } from '../../shared/api/catalog.ts';
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
  reading: Promise<void> | null;
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
  };
  all.set(key, known);
  return known;
}

/** What this machine has kept: needs no connection. */
export async function loadKept(where: Where): Promise<void> {
  const known = knownOf(where);
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
export async function refresh(where: Where, afresh = false): Promise<void> {
  const known = knownOf(where);
  if (known.reading && !afresh) return known.reading;
  if (!afresh && performance.now() - known.checkedAtMs < trustedMs) return;
  // One that began before the change may have missed it.
  const before = known.reading;
  const reading = (async () => {
    await before?.catch(() => undefined);
    const stamp = known.catalog?.head.stamp ?? null;
    const read = await whole(await client.catalog.read({ ...where, stamp, afresh }));
    known.checkedAtMs = performance.now();
    if (read) known.catalog = read;
  })();
  known.reading = reading;
  try {
    await reading;
  } finally {
    if (known.reading === reading) known.reading = null;
  }
}

/**
 * Reads the catalog of a database that is being looked at before anything needs it, when the page has nothing else to
 * do: completion and diagrams then have it at once. @returns how to call it off
 */
export function readAhead(where: Where, also: () => void = () => undefined): () => void {
  const timer = setTimeout(
    () =>
      requestIdleCallback(() => {
        also();
        void loadKept(where)
          .catch(() => undefined)
          .then(() => refresh(where))
          .catch(() => undefined);
      }),
    aheadMs,
  );
  return () => clearTimeout(timer);
}
/** What is asked for by hand on the same connection goes first. */
const aheadMs = 1_200;

/** The packs come one by one, so that the page is never held up; null where nothing (new) came. */
async function whole(events: AsyncIterable<CatalogEvent>): Promise<Catalog | null> {
  let catalog: Catalog | null = null;
  let complete = false;
  for await (const event of events) {
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
