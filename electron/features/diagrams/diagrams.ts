/** Layouts of diagrams, keys drawn by hand, and whether the data keep to them. */
import type { Source } from '../../postgres/source.ts';
import { procedures } from '../../procedures.ts';
import type { DiagramStore } from '../../store/diagrams.ts';
import { checkKey } from './check-key.ts';

export interface DiagramNeeds {
  readonly store: DiagramStore;
  readonly sources: { source(connectionId: string, database?: string): Promise<Pick<Source, 'read'>> };
}

export function diagramProcedures({ store, sources }: DiagramNeeds) {
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
  };
}
