import { RefreshCw } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { ObjectRef } from '../../../../shared/api/objects.ts';
import { createWord, type RelationSize, type TableModel } from '../../../../shared/api/structure.ts';
import { tableSteps } from '../../../../shared/ddl/table-steps.ts';
import { client } from '../../../client/connect.ts';
import { useCall } from '../../../client/use-call.ts';
import { counted, rowsWords, shownBytes } from '../../../ui/amounts.ts';
import { Button, IconButton } from '../../../ui/button.tsx';
import { Callout, Pending } from '../../../ui/states.tsx';
import { Sections } from '../../../ui/tabs.tsx';
import { toast } from '../../../ui/toast.tsx';
import { visibleText } from '../../../ui/visible-text.ts';
import type { StructurePlace, TableSection } from '../../../workspace/structure/structure-place.ts';
import { changeTab, closeTab, openTab } from '../../../workspace/tabs.ts';
import { changeDraft, type Draft, forgetDraft, putDraft } from '../drafts.ts';
import { PlanPane } from '../plan/plan-pane.tsx';
import { ReadingFailed } from '../reading-failed.tsx';
import { TwoPanes } from '../two-panes.tsx';
import { useDraftStart } from '../use-draft-start.ts';
import { ColumnsEditor } from './columns-editor.tsx';
import { ConstraintsEditor } from './constraints-editor.tsx';
import { emptyTable, withReference } from './edits.ts';
import { IndexesEditor } from './indexes-editor.tsx';
import { PartitionsEditor } from './partitions/partitions-editor.tsx';
import { TableForm } from './table-form.tsx';

type TablePlace = Extract<StructurePlace, { mode: 'create' | 'alter' }>;
type Section = TableSection | 'table';

/** A table that is made, or changed: what is wanted at the left, what leads there at the right. */
export function TableDesigner({ tabId, place }: { tabId: string; place: TablePlace }) {
  const { connectionId, database } = place;
  const reference = place.mode === 'alter' ? place.reference : undefined;
  /** Once it is known: an index that is replaced is another object, and its table is not. */
  const [table, setTable] = useState<ObjectRef | null>(null);
  const read = useCall(
    client.structure.table,
    place.mode === 'alter' ? { connectionId, database, object: table ?? place.object } : null,
  );
  const choices = useCall(client.structure.choices, { connectionId, database });
  const { draft, reread } = useDraftStart<TableModel, { model: TableModel }>(tabId, read, {
    fresh:
      place.mode === 'create'
        ? () => {
            const other = place.create === 'partitionedTable' || place.create === 'foreignTable';
            const empty = emptyTable(other ? place.create : 'table', place.schema);
            return place.create === 'foreignTable' && place.table ? { ...empty, server: place.table } : empty;
          }
        : null,
    model: ({ model }) => model,
    ...(reference ? { first: (model) => withReference(model, reference) } : {}),
  });
  // Once it is in the draft it is one change among others, and is not added again when the table is read anew.
  useEffect(() => {
    if (draft && place.mode === 'alter' && place.reference) {
      const { reference: _, ...rest } = place;
      changeTab(tabId, { place: rest });
    }
  }, [draft, place, tabId]);
  const failure = read.state === 'failed' ? read.failure : choices.state === 'failed' ? choices.failure : null;
  if (failure && !draft) {
    return <ReadingFailed failure={failure} onAgain={read.state === 'failed' ? read.reload : choices.reload} />;
  }
  if (!draft || !choices.data) return <Pending label="Reading the catalog" />;
  const versionNum = choices.data.versionNum;
  return (
    <Designing
      tabId={tabId}
      place={place}
      draft={draft}
      lists={choices.data}
      major={Math.floor(versionNum / 10_000)}
      size={read.data?.size ?? null}
      partitions={read.data?.partitions ?? 0}
      parent={read.data?.parent ?? null}
      onReread={() => {
        if (read.data) setTable(read.data.table);
        reread();
      }}
    />
  );
}

interface DesigningProps {
  readonly tabId: string;
  readonly place: TablePlace;
  readonly draft: Draft<TableModel>;
  readonly lists: NonNullable<Awaited<ReturnType<typeof client.structure.choices>>>;
  readonly major: number;
  readonly size: RelationSize | null;
  readonly partitions: number;
  /** What it is a partition of. */
  readonly parent: ObjectRef | null;
  readonly onReread: () => void;
}
function Designing({ tabId, place, draft, lists, major, size, partitions, parent, onReread }: DesigningProps) {
  const { before, after, start, safely } = draft;
  const asked = place.mode === 'alter' ? place.section : undefined;
  const [section, setSection] = useState<Section>(asked ?? (before === null ? 'table' : 'columns'));
  const change = tableSteps(before, after, { major });
  const onChange = (edit: (table: TableModel) => TableModel) => changeDraft(tabId, edit);
  const part = { before, table: after, onChange, choices: lists, major };
  const word = createWord(after.kind).toLowerCase();
  const sections = [
    {
      value: 'table',
      label: 'Table',
      content: <TableForm before={before} table={after} onChange={onChange} lists={lists} />,
    },
    {
      value: 'columns',
      label: <Counted title="Columns" count={after.columns.length} />,
      content: <ColumnsEditor {...part} />,
    },
    {
      value: 'constraints',
      label: <Counted title="Constraints" count={after.constraints.length} />,
      content: <ConstraintsEditor {...part} />,
    },
    ...(after.kind === 'foreignTable'
      ? []
      : [
          {
            value: 'indexes',
            label: <Counted title="Indexes" count={after.indexes.length} />,
            content: <IndexesEditor {...part} />,
          },
        ]),
    ...(after.kind === 'partitionedTable'
      ? [
          {
            value: 'partitions',
            label: <Counted title="Partitions" count={after.partitions.length} />,
            content: <PartitionsEditor {...part} place={place} />,
          },
        ]
      : []),
  ];
  const untouched = before === null && JSON.stringify(start) === JSON.stringify(after);
  return (
    <TwoPanes
      label="Resize the pending changes"
      first={
        <div className="flex h-full min-h-0 flex-col">
          <header className="flex h-9 shrink-0 items-center gap-2 px-3">
            <h1 className="selectable truncate text-sm font-semibold">
              {before === null
                ? `New ${word}${after.name === '' ? '' : ` ${visibleText(after.name)}`}`
                : visibleText(`${before.schema}.${before.name}`)}
            </h1>
            <span className="shrink-0 text-xs text-muted">
              {before === null
                ? place.database
                : after.kind === 'foreignTable'
                  ? 'Foreign table'
                  : sizeWords(size, partitions)}
            </span>
            {before !== null && (
              <span className="ml-auto">
                <IconButton label="Read again" icon={<RefreshCw size={15} strokeWidth={1.75} />} onClick={onReread} />
              </span>
            )}
          </header>
          {before?.partitionOf && (
            <Callout tone="info" className="mx-3 mb-2 shrink-0">
              <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
                <span className="min-w-0 flex-1">
                  A partition of {visibleText(before.partitionOf.parent)}: what it has from there is changed there.
                </span>
                {parent && (
                  <Button small onClick={() => openPartitions(place, parent)}>
                    Its partitions…
                  </Button>
                )}
              </span>
            </Callout>
          )}
          <div className="min-h-0 flex-1">
            <Sections
              label="Parts of the table"
              value={section}
              onValue={(value) => setSection(value as Section)}
              sections={sections}
            />
          </div>
        </div>
      }
      second={
        <PlanPane
          tabId={tabId}
          connectionId={place.connectionId}
          database={place.database}
          change={untouched ? { steps: [], problems: [] } : change}
          size={before === null ? null : size}
          safely={safely}
          onSafely={(now) => putDraft(tabId, { ...draft, safely: now })}
          onDone={() => (before === null ? void finish(tabId, `The ${word} was created.`) : onReread())}
          onRevert={before === null ? undefined : () => putDraft(tabId, { ...draft, after: start })}
          empty={
            before === null
              ? `Give the ${word} a name and columns; the SQL appears here.`
              : 'Change something at the left; the SQL appears here.'
          }
          runLabel={before === null ? `Create ${word}` : undefined}
        />
      }
    />
  );
}

const openPartitions = ({ connectionId, database }: TablePlace, object: ObjectRef) =>
  openTab({ kind: 'structure', mode: 'alter', connectionId, database, object, section: 'partitions' });

/** What was made is in the tree now. */
async function finish(tabId: string, words: string): Promise<void> {
  forgetDraft(tabId);
  await closeTab(tabId);
  toast(words, 'success');
}

function Counted({ title, count }: { title: string; count: number }) {
  return (
    <>
      {title} <span className="text-2xs text-faint tabular-nums">{count}</span>
    </>
  );
}
function sizeWords(size: RelationSize | null, partitions: number): string {
  if (!size) return '';
  const rows = size.rows === null ? [] : [`about ${rowsWords(Math.round(size.rows))}`];
  const parts = partitions > 0 ? [counted(partitions, 'partition')] : [];
  return [shownBytes(size.totalBytes), ...rows, ...parts].join(' · ');
}
