/** The catalog for completion: read in bulk on the source's own connection, kept on disk, sent in packs. */
import { join } from 'node:path';
import {
  type CatalogEvent,
  type CatalogHead,
  type CatalogSection,
  catalogSections,
} from '../../../shared/api/catalog.ts';
import { failureOf } from '../../../shared/failure.ts';
import type { Log } from '../../platform.ts';
import type { Source } from '../../postgres/source.ts';
import { procedures, stream } from '../../procedures.ts';
import { catalogPacks, catalogStamp, type StampRow } from './catalog.sql.ts';
import { readJsonKeys } from './json-keys.ts';
import { type CatalogKey, KeptCatalogs } from './kept-catalogs.ts';

type Asker = Pick<Source, 'ask' | 'facts' | 'read'>;

export interface CatalogDeps {
  readonly sources: { source(connectionId: string, database?: string): Promise<Asker> };
  readonly dataFolder: string;
  readonly log: Log;
}

/** A catalog of 20,000 tables takes a second; one on a tired server may take longer, and holds nobody up. */
const timeoutMs = 60_000;
const insufficientPrivilege = '42501';

export function createCatalog({ sources, dataFolder, log }: CatalogDeps) {
  const kept = new KeptCatalogs(join(dataFolder, 'catalogs'));

  async function* read(key: CatalogKey, known: string | null, afresh: boolean, signal?: AbortSignal) {
    const source = await sources.source(key.connectionId, key.database ?? undefined);
    const head = await headOf(source, signal);
    if (!afresh && known === head.stamp) {
      yield { kind: 'same' } satisfies CatalogEvent;
      return;
    }
    if (!afresh && (await kept.head(key))?.stamp === head.stamp) {
      yield* kept.read(key);
      return;
    }
    const lines: string[] = [];
    for await (const event of readCatalog(source, head, signal)) {
      lines.push(JSON.stringify(event));
      yield event;
    }
    await kept.write(key, lines).catch((thrown) => log.warn('the catalog was not kept', { why: String(thrown) }));
  }

  return {
    forget: (connectionId: string) => kept.forget(connectionId),
    procedures: {
      kept: procedures.catalog.kept.handler(async function* ({ input }) {
        yield* stream(kept.read(input));
      }),
      read: procedures.catalog.read.handler(async function* ({ input, signal }) {
        yield* stream(read(input, input.stamp, input.afresh ?? false, signal));
      }),
      jsonKeys: procedures.catalog.jsonKeys.handler(async ({ input, signal }) => {
        const source = await sources.source(input.connectionId, input.database ?? undefined);
        return readJsonKeys(source, input, signal);
      }),
    },
  };
}

export async function headOf(source: Pick<Asker, 'ask' | 'facts'>, signal?: AbortSignal): Promise<CatalogHead> {
  const [row] = await source.ask(catalogStamp, [], { signal });
  const { stamp, searchPath, user, database } = row as StampRow;
  return {
    kind: 'begin',
    stamp: `${stamp};${searchPath}`,
    readAtMs: Date.now(),
    versionNum: source.facts.versionNum,
    database,
    user,
    searchPath: schemasOfPath(searchPath, user),
  };
}

/** All of it, a pack at a time. What the role may not read is left out and named at the end. */
export async function* readCatalog(
  source: Pick<Asker, 'ask'>,
  head: CatalogHead,
  signal?: AbortSignal,
): AsyncGenerator<CatalogEvent> {
  yield head;
  const missing: CatalogSection[] = [];
  for (const section of catalogSections) {
    try {
      const rows = await source.ask(catalogPacks[section], [], { timeoutMs, signal });
      for (const { text } of rows) yield { kind: 'pack', section, text };
    } catch (thrown) {
      const failure = failureOf(thrown);
      if (failure.kind !== 'postgres' || failure.sqlstate !== insufficientPrivilege) throw thrown;
      missing.push(section);
    }
  }
  yield { kind: 'end', missing };
}

/** The names in a search_path as SHOW gives it: `"$user", public`. */
export function schemasOfPath(path: string, user: string): string[] {
  const names = [...path.matchAll(/"((?:[^"]|"")*)"|([^\s,"]+)/g)].map(([, quoted, plain]) =>
    quoted === undefined ? (plain ?? '').toLowerCase() : quoted.replaceAll('""', '"'),
  );
  return names.map((name) => (name === '$user' ? user : name)).filter((name) => name !== '');
}
