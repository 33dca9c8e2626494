import { useEffect } from 'react';
import { client } from '../../client/connect.ts';
import { useCall } from '../../client/use-call.ts';
import { Pending } from '../../ui/states.tsx';
import { type StructurePlace, structureTitle } from '../../workspace/structure/structure-place.ts';
import { changeTab } from '../../workspace/tabs.ts';
import { useDraft } from './drafts.ts';
import { DropPage } from './drop/drop-page.tsx';
import { FormPage } from './form/form-page.tsx';
import { ReadingFailed } from './reading-failed.tsx';
import { TableDesigner } from './table/table-designer.tsx';

/** Something new, something changed, or its end. */
export function StructurePage({ tabId, place }: { tabId: string; place: StructurePlace }) {
  if (place.mode === 'drop') return <DropPage key={tabId} tabId={tabId} place={place} />;
  if (place.mode === 'alter' && isPart(place.object.kind)) return <PartPage key={tabId} tabId={tabId} place={place} />;
  const kind = place.mode === 'create' ? place.create : place.object.kind;
  if (!isTable(kind)) return <FormPage key={tabId} tabId={tabId} place={place} />;
  return <TableDesigner key={tabId} tabId={tabId} place={place} />;
}

const isTable = (kind: string): boolean => ['table', 'partitionedTable', 'foreignTable'].includes(kind);
const isPart = (kind: string): boolean => ['column', 'constraint', 'index'].includes(kind);

/** Parts are changed with what they are of: a table in its designer; a view, type or domain in its form. */
function PartPage({ tabId, place }: { tabId: string; place: Extract<StructurePlace, { mode: 'alter' }> }) {
  const { connectionId, database, object } = place;
  const whole = useCall(client.structure.whole, { connectionId, database, object });
  const draft = useDraft(tabId);
  const form = whole.data && !isTable(whole.data.kind) ? whole.data : null;
  useEffect(() => {
    if (!form) return;
    const there = { ...place, object: form };
    changeTab(tabId, { place: there, title: structureTitle(there) });
  }, [form, place, tabId]);
  if (form || whole.state === 'pending') return <Pending label="Reading the catalog" />;
  // Of a part that was replaced by the designer's own steps the designer still has the table.
  if (whole.state === 'failed' && !draft) return <ReadingFailed failure={whole.failure} onAgain={whole.reload} />;
  return <TableDesigner tabId={tabId} place={place} />;
}
