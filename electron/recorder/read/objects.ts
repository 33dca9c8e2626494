/** How many objects of each kind a server had, from the recorded structure of its databases. */
import type { CatalogSnapshot, ServerSnapshot } from '../../../shared/metrics/snapshots.ts';
import type { RecordingFile } from '../file/recording-file.ts';

/** @returns counts by pg_class.relkind (`i`: indexes), and of databases whose structure is known */
export function objects(
  file: RecordingFile,
  { atMs }: { atMs: number },
): { databases: number; kinds: { kind: string; count: number }[] } {
  const server = file.snapshot('server', null, atMs)?.content as Partial<ServerSnapshot> | undefined;
  const counts = new Map<string, number>();
  let databases = 0;
  for (const { name } of server?.databases ?? []) {
    const found = file.snapshot('catalog', name, atMs);
    // What is known only from later is not yet there.
    if (!found || found.atMs > atMs) continue;
    const { relations, indexes } = found.content as CatalogSnapshot;
    databases++;
    for (const { kind } of relations) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    counts.set('i', (counts.get('i') ?? 0) + indexes.length);
  }
  return { databases, kinds: [...counts].map(([kind, count]) => ({ kind, count })) };
}
