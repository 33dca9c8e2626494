/** The object tree, search over it, and the pages and DDL of single objects. */

import type { Asker } from '../../postgres/ddl/asker.ts';
import { ddlOfObject } from '../../postgres/ddl/ddl.ts';
import { procedures } from '../../procedures.ts';
import { detailOfObject } from './detail/detail.ts';
import { forgetSearch, searchObjects, warmSearch } from './search/search.ts';
import { childrenOf } from './tree/tree.ts';
import { listDatabases } from './tree/tree-counts.sql.ts';

export interface ObjectsNeeds {
  readonly sources: {
    /** The source for asking about one database; the connection's own where none is named. Connects when needed. */
    source(connectionId: string, database?: string): Promise<Asker> | Asker;
  };
}

export function objectProcedures({ sources }: ObjectsNeeds) {
  const { objects } = procedures;
  const asker = ({ connectionId, database }: { connectionId: string; database: string }) =>
    sources.source(connectionId, database);
  return {
    databases: objects.databases.handler(async ({ input, signal }) => {
      const source = await sources.source(input.connectionId);
      return source.ask(listDatabases, [input.withSizes ?? false], { signal });
    }),
    children: objects.children.handler(async ({ input, signal }) => {
      const source = await asker(input);
      const page = await childrenOf(source, input, signal);
      if (input.key === undefined) warmSearch(source);
      return page;
    }),
    search: objects.search.handler(async ({ input }) => searchObjects(await asker(input), input)),
    refresh: objects.refresh.handler(async ({ input }) => forgetSearch(await asker(input))),
    detail: objects.detail.handler(async ({ input, signal }) =>
      detailOfObject(await asker(input), input.object, signal),
    ),
    ddl: objects.ddl.handler(async ({ input, signal }) => ({
      sql: await ddlOfObject(await asker(input), input.object, signal),
    })),
  };
}
