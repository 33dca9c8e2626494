/**
 * What completion knows of a database, packed: a few hundred texts of many lines instead of 300,000 objects. The page
 * parses it (shared/complete/catalog.ts); the fields of each section's lines are listed there.
 */
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { id, instantMs, operator, viewer } from './base.ts';

/** In the order in which they are read: what tables and keys need first, and a short one behind them. */
export const catalogSections = [
  'schemas',
  'types',
  'columnTypes',
  'relations',
  'keys',
  'roles',
  'settings',
  'extensions',
  'functions',
] as const;
export type CatalogSection = (typeof catalogSections)[number];

export const catalogEvent = z.discriminatedUnion('kind', [
  /** What the page has is still right: nothing follows. */
  z.object({ kind: z.literal('same') }),
  z.object({
    kind: z.literal('begin'),
    /** Changes whenever the catalog has; passed back with the next `read`. */
    stamp: z.string(),
    readAtMs: instantMs,
    versionNum: z.number().int(),
    database: z.string(),
    user: z.string(),
    searchPath: z.array(z.string()),
  }),
  z.object({ kind: z.literal('pack'), section: z.enum(catalogSections), text: z.string() }),
  /** `missing`: what this role may not read. */
  z.object({ kind: z.literal('end'), missing: z.array(z.enum(catalogSections)) }),
]);
export type CatalogEvent = z.infer<typeof catalogEvent>;
export type CatalogHead = Extract<CatalogEvent, { kind: 'begin' }>;

const inDatabase = z.object({ connectionId: id, database: z.string().max(200).nullable() });

export const catalog = {
  /** As it was last read, from this machine: needs no connection. Ends at once where it was never read. */
  kept: viewer.input(inDatabase).output(eventIterator(catalogEvent)),
  /**
   * As it is now, asked on the source's own connection (made where there is none), never on a tab's session.
   * `stamp`: of what the page has, if anything. `afresh`: something is known to have changed, do not probe.
   */
  read: viewer
    .input(inDatabase.extend({ stamp: z.string().nullable(), afresh: z.boolean().optional() }))
    .output(eventIterator(catalogEvent)),
  /**
   * The keys in a JSON column's values, under a path, the most frequent first: of a few hundred rows, on a connection of
   * the source's own. Empty where these rows cannot be read in a second.
   */
  jsonKeys: operator
    .input(
      inDatabase.extend({
        schema: z.string().max(200),
        table: z.string().max(200),
        column: z.string().max(200),
        /** Keys, and places in arrays, that lead to the object. */
        under: z.array(z.string().max(1_000)).max(50),
      }),
    )
    .output(z.array(z.object({ key: z.string(), type: z.string(), share: z.number() }))),
};
