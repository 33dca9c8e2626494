import type { StructurePlace } from '../../workspace/structure/structure-place.ts';
import { DropPage } from './drop/drop-page.tsx';
import { FormPage } from './form/form-page.tsx';
import { TableDesigner } from './table/table-designer.tsx';

/** Something new, something changed, or its end. */
export function StructurePage({ tabId, place }: { tabId: string; place: StructurePlace }) {
  if (place.mode === 'drop') return <DropPage key={tabId} tabId={tabId} place={place} />;
  const kind = place.mode === 'create' ? place.create : place.object.kind;
  if (!isTable(kind)) return <FormPage key={tabId} tabId={tabId} place={place} />;
  return <TableDesigner key={tabId} tabId={tabId} place={place} />;
}

/** Parts of a table are changed with it. */
const isTable = (kind: string): boolean =>
  ['table', 'partitionedTable', 'foreignTable', 'column', 'constraint', 'index'].includes(kind);
