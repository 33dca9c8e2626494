import { useMemo, useState } from 'react';
import type { ObjectRef } from '../../../shared/api/objects.ts';
import { client } from '../../client/connect.ts';
import { useCall } from '../../client/use-call.ts';
import { FailureView } from '../../ui/failure-view.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { Spinner } from '../../ui/states.tsx';
import { visibleText } from '../../ui/visible-text.ts';
import { fetchRows, type RowGraph } from './row-graph-model.ts';
import { labelOf, nameOf, type RowNode } from './row-node.ts';

const kinds = ['table', 'partitionedTable', 'foreignTable', 'view', 'materializedView'] as const;

/** Chooses the row that a graph begins with: a table first, where none is given, then one of its rows. */
export function RowPicker({
  graph,
  object,
  onPick,
  hint = 'The graph begins with it and grows along foreign keys, both ways.',
}: {
  graph: RowGraph;
  object: ObjectRef | null;
  onPick: (node: RowNode) => void;
  hint?: string;
}) {
  const [table, setTable] = useState<ObjectRef | null>(object);
  return (
    <div className="mx-auto flex h-full w-[560px] max-w-full flex-col gap-4 p-6">
      <div>
        <h2 className="text-base font-semibold">
          {table ? `Choose a row of ${visibleText(table.name)}` : 'Choose a table'}
        </h2>
        <p className="text-sm text-muted">{hint}</p>
      </div>
      {table ? (
        <Rows key={table.oid} graph={graph} table={table} onPick={onPick} />
      ) : (
        <Tables graph={graph} onPick={setTable} />
      )}
    </div>
  );
}

const listClass = 'min-h-0 flex-1 overflow-auto rounded-md border border-line';
const lineClass = 'block w-full truncate border-b border-line px-3 py-1.5 text-left text-sm hover:bg-hover';

function Tables({ graph, onPick }: { graph: RowGraph; onPick: (table: ObjectRef) => void }) {
  const [text, setText] = useState('');
  const found = useCall(
    client.objects.search,
    text.trim() === ''
      ? null
      : {
          connectionId: graph.connectionId,
          database: graph.database,
          text: text.trim(),
          limit: 100,
          kinds: [...kinds],
        },
  );
  const tables = (found.data ?? []).flatMap(({ node }) => (node.object ? [node.object] : []));
  return (
    <>
      <Field label="Table">
        {(ids) => (
          <TextInput
            {...ids}
            type="search"
            placeholder="Name of a table or view"
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
        )}
      </Field>
      {found.state === 'failed' && <FailureView failure={found.failure} />}
      <ul aria-label="Tables found" className={listClass}>
        {tables.map((table) => (
          <li key={table.oid}>
            <button type="button" className={lineClass} onClick={() => onPick(table)}>
              {visibleText(table.name)} <span className="text-faint">{visibleText(table.schema ?? '')}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

const offered = 50;

function Rows({ graph, table, onPick }: { graph: RowGraph; table: ObjectRef; onPick: (node: RowNode) => void }) {
  const [text, setText] = useState('');
  const search = useMemo(
    () =>
      ({ text: wanted }: { text: string }) =>
        fetchRows(graph, table.oid, '', offered, wanted),
    [graph, table.oid],
  );
  const found = useCall(search, { text });
  return (
    <>
      <Field label="Row" hint={`The first ${offered} rows with this text in any column.`}>
        {(ids) => (
          <TextInput
            {...ids}
            type="search"
            placeholder="A key, a name, any value"
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
        )}
      </Field>
      {found.state === 'failed' && <FailureView failure={found.failure} />}
      {found.state === 'pending' && <Spinner label="Looking" />}
      <ul aria-label="Rows found" className={listClass}>
        {(found.data ?? []).map((node) => (
          <li key={node.id}>
            <button type="button" className={lineClass} onClick={() => onPick(node)}>
              {visibleText(nameOf(node))}{' '}
              <span className="text-faint">{visibleText((labelOf(node) ?? '').slice(0, 80))}</span>
            </button>
          </li>
        ))}
        {found.data?.length === 0 && <li className="px-3 py-2 text-sm text-muted">No row has this text.</li>}
      </ul>
    </>
  );
}
