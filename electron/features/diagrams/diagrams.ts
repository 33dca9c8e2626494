/** Layouts of diagrams, keys drawn by hand and whether the data keep to them, and structures out of files. */
import { readFile, stat } from 'node:fs/promises';
import { invalid } from '../../../shared/failure.ts';
import type { ChosenFiles } from '../../platform.ts';
import type { Source } from '../../postgres/source.ts';
import { procedures } from '../../procedures.ts';
import type { DiagramStore } from '../../store/diagrams.ts';
import { checkKey } from './check-key.ts';
import { readSql } from './sql/read-sql.ts';

export interface DiagramNeeds {
  readonly store: DiagramStore;
  readonly files: ChosenFiles;
  readonly sources: { source(connectionId: string, database?: string): Promise<Pick<Source, 'read'>> };
}

/** A dump's structure is a few megabytes; with its rows it may be more, and these are passed over. */
const mostBytes = 200_000_000;

export function diagramProcedures({ store, files, sources }: DiagramNeeds) {
  const { diagrams } = procedures;
  return {
    layouts: diagrams.layouts.handler(({ input }) => store.layouts(input.source)),
    layout: diagrams.layout.handler(({ input }) => store.layout(input.id)),
    save: diagrams.save.handler(({ input }) => store.save(input)),
    remove: diagrams.remove.handler(({ input }) => store.remove(input.id)),
    virtualKeys: diagrams.virtualKeys.handler(({ input }) => store.keys(input.source)),
    saveVirtualKeys: diagrams.saveVirtualKeys.handler(({ input }) => store.saveKeys(input.source, input.keys)),
    checkKey: diagrams.checkKey.handler(async ({ input, signal }) =>
      checkKey(await sources.source(input.connectionId, input.database), input, signal),
    ),
    readSql: diagrams.readSql.handler(async ({ input }) => {
      const path = files.path(input.fileToken);
      if ((await stat(path)).size > mostBytes)
        throw invalid('fileToken', 'The file is over 200 MB. Dump the structure alone: pg_dump --schema-only.');
      const { graph, passedOver, unread } = await readSql(await readFile(path, 'utf8'));
      if (graph.tables.length === 0)
        throw invalid('fileToken', 'No CREATE TABLE was found in this file that PostgreSQL could read.');
      return { scriptId: store.saveFile(input.name, graph), tables: graph.tables.length, passedOver, unread };
    }),
    file: diagrams.file.handler(({ input }) => store.file(input.scriptId)),
  };
}
