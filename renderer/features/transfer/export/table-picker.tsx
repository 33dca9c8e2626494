import { useMemo, useState } from 'react';
import type { TableName } from '../../../../shared/api/import-plan.ts';
import { client } from '../../../client/connect.ts';
import { useCall } from '../../../client/use-call.ts';
import { shownBytes, shownCount } from '../../../ui/amounts.ts';
import { Button } from '../../../ui/button.tsx';
import { FailureView } from '../../../ui/failure-view.tsx';
import { TextInput } from '../../../ui/field.tsx';
import { EmptyState, Spinner } from '../../../ui/states.tsx';
import { visibleText } from '../../../ui/visible-text.ts';

/** More lines are not made at once; the filter finds the rest. */
const mostLines = 300;

interface Picked {
  readonly tables: readonly TableName[];
  readonly onTables: (tables: readonly TableName[]) => void;
}
interface Where {
  readonly connectionId: string;
  readonly database?: string;
  readonly schema: string | null;
}

const keyOf = ({ schema, name }: TableName): string => JSON.stringify([schema, name]);

/** The tables of a schema or database with a mark each. */
export function TablePicker({ where, tables, onTables }: Picked & { where: Where }) {
  const { connectionId, database, schema } = where;
  const call = useCall(client.transfer.tables, {
    connectionId,
    ...(database === undefined ? {} : { database }),
    ...(schema === null ? {} : { schema }),
  });
  const [filter, setFilter] = useState('');
  const all = call.data ?? [];
  const shown = useMemo(() => {
    const wanted = filter.trim().toLowerCase();
    return all.filter(({ schema, name }) => `${schema}.${name}`.toLowerCase().includes(wanted));
  }, [all, filter]);
  const picked = useMemo(() => new Set(tables.map(keyOf)), [tables]);
  if (call.state === 'pending') return <Spinner label="Reading the list of tables" />;
  if (call.state === 'failed') return <FailureView failure={call.failure} />;
  if (all.length === 0)
    return <EmptyState title="No tables">There is no table or view here with rows to export.</EmptyState>;
  const put = (table: TableName, on: boolean) => {
    const { schema, name } = table;
    const others = tables.filter((each) => keyOf(each) !== keyOf(table));
    onTables(on ? [...others, { schema, name }] : others);
  };
  const wanted = shown.map(({ schema, name }) => ({ schema, name }));
  const addShown = () => onTables([...tables, ...wanted.filter((table) => !picked.has(keyOf(table)))]);
  const dropShown = () => {
    const drop = new Set(wanted.map(keyOf));
    onTables(tables.filter((table) => !drop.has(keyOf(table))));
  };
  return (
    <div className="flex flex-col gap-1.5">
      <div className="flex items-center gap-2">
        <TextInput
          type="search"
          aria-label="Filter tables"
          placeholder="Filter tables"
          value={filter}
          onChange={(event) => setFilter(event.currentTarget.value)}
        />
        <Button small onClick={addShown}>
          All
        </Button>
        <Button small onClick={dropShown}>
          None
        </Button>
      </div>
      <ul
        aria-label="Tables"
        className="h-44 overflow-auto rounded-md border border-line-strong bg-surface py-1 text-sm"
      >
        {shown.slice(0, mostLines).map((table) => (
          <li key={keyOf(table)}>
            <label className="flex h-[26px] items-center gap-2 px-2 hover:bg-hover">
              <input
                type="checkbox"
                className="size-3.5 accent-(--accent)"
                checked={picked.has(keyOf(table))}
                onChange={(event) => put(table, event.currentTarget.checked)}
              />
              <span className="min-w-0 flex-1 truncate">
                {schema === null ? visibleText(`${table.schema}.${table.name}`) : visibleText(table.name)}
              </span>
              <span className="text-xs text-faint tabular-nums">{amounts(table)}</span>
            </label>
          </li>
        ))}
        {shown.length > mostLines && (
          <li className="px-2 py-1 text-xs text-faint">
            {shownCount(shown.length - mostLines)} more: type a part of the name above.
          </li>
        )}
      </ul>
      <p role="status" className="text-xs text-muted">
        {shownCount(tables.length)} of {shownCount(all.length)} chosen; all are read in one snapshot.
      </p>
    </div>
  );
}

function amounts({ kind, rows, bytes }: { kind: string; rows: number | null; bytes: number | null }): string {
  if (kind === 'view') return 'view';
  if (kind === 'foreignTable') return 'foreign';
  const parts = [...(rows === null ? [] : [`~${shownCount(Math.round(rows))} rows`])];
  return [...parts, ...(bytes === null ? [] : [shownBytes(bytes)])].join(', ');
}
