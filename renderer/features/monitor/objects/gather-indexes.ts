/** Reads from a recording what advice on indexes rests on, database by database. */
import { type IndexAdvice, indexAdvice } from '../../../../shared/advice/index-advice.ts';
import type { NamedRow } from '../../../../shared/health/evidence.ts';
import type { CatalogSnapshot, IndexAdviceSnapshot } from '../../../../shared/metrics/snapshots.ts';
import { client } from '../../../client/connect.ts';
import { readFamily } from '../parts/family/family-rows.ts';
import type { Stretch } from '../parts/stretch.ts';

type Options = { signal: AbortSignal };
export interface AdvisedIndexes {
  readonly advice: readonly IndexAdvice[];
  /** Databases whose structure is recorded. */
  readonly databases: readonly string[];
}

/** The content of a snapshot, where it is an object with all these members. */
export async function contentOf<Content>(
  { id, toMs }: Stretch,
  kind: string,
  database: string | null,
  members: readonly (keyof Content & string)[],
  options: Options,
): Promise<Content | null> {
  const snapshot = await client.monitor.snapshot({ id, atMs: toMs, kind, database }, options);
  const content = snapshot?.content;
  const fits = typeof content === 'object' && content !== null && members.every((each) => each in content);
  return fits ? (content as Content) : null;
}

const numbers = (rows: readonly NamedRow[], key: string, metric: string): ReadonlyMap<number, number> =>
  new Map(
    rows.flatMap((row) => {
      const value = row.value(metric);
      return value === null ? [] : [[Number(row.name(key)), value] as const];
    }),
  );

export async function gatherIndexes(stretch: Stretch, options: Options): Promise<AdvisedIndexes> {
  const [sizes, indexes, tables] = await Promise.all(
    ['relation_size', 'index', 'table'].map((family) => readFamily({ ...stretch, family }, options)),
  );
  const of = (rows: typeof sizes, database: string) =>
    (rows?.rows ?? []).filter((row) => row.name('database') === database);
  const named = [sizes, indexes, tables].flatMap((each) => each?.rows.map((row) => row.name('database')) ?? []);
  const found: IndexAdvice[] = [];
  const databases: string[] = [];
  for (const database of new Set(named)) {
    const [catalog, advice] = await Promise.all([
      contentOf<CatalogSnapshot>(stretch, 'catalog', database, ['relations', 'indexes', 'constraints'], options),
      contentOf<IndexAdviceSnapshot>(
        stretch,
        'indexAdvice',
        database,
        ['redundant', 'invalid', 'foreignKeysWithoutIndex', 'scansBefore'],
        options,
      ),
    ]);
    if (!catalog || !advice) continue;
    databases.push(database);
    const use = of(tables, database).map(
      (row) =>
        [
          Number(row.name('relid')),
          {
            scans: row.value('seq_scan') ?? 0,
            rowsRead: row.value('seq_tup_read') ?? 0,
            rows: row.value('n_live_tup'),
          },
        ] as const,
    );
    found.push(
      ...indexAdvice({
        database,
        catalog,
        advice,
        bytes: numbers(of(sizes, database), 'relid', 'bytes'),
        scans: numbers(of(indexes, database), 'indexrelid', 'idx_scan'),
        observedMs: tables?.coveredMs ?? 0,
        tables: new Map(use),
      }),
    );
  }
  return { advice: found, databases };
}
