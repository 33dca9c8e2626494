import { Copy, RefreshCw } from 'lucide-react';
import { type ReactNode, useEffect } from 'react';
import type { ObjectDetail, ObjectRef } from '../../../shared/api/objects.ts';
import { client } from '../../client/connect.ts';
import { useCall } from '../../client/use-call.ts';
import { SqlText } from '../../editor/sql-text.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { cx } from '../../ui/class-names.ts';
import { FailureView, WaysOut } from '../../ui/failure-view.tsx';
import { DropdownMenu } from '../../ui/menu.tsx';
import { Pending } from '../../ui/states.tsx';
import { Sections } from '../../ui/tabs.tsx';
import { visibleText } from '../../ui/visible-text.ts';
import { onStructureChanged } from '../../workspace/structure/structure-changes.ts';
import { openTab } from '../../workspace/tabs.ts';
import { useRetryWhenAwake, waysOut } from '../../workspace/trouble.ts';
import { copyText } from './copy.ts';
import { withSeparators } from './counts.ts';
import { DetailTable } from './detail-table.tsx';
import { KindIcon } from './kind-icon.tsx';
import { isPartOfTable, kindWord, qualifiedName } from './object-words.ts';
import { chooseSection, useSection } from './sections.ts';
import {
  mayAlter,
  mayDrop,
  onObjectEntries,
  openAlter,
  openDrop,
  openPartitions,
  type Where,
} from './structure-entries.ts';

export interface ObjectPageProps {
  readonly connectionId: string;
  readonly database: string;
  readonly object: ObjectRef;
}

/** Everything about one object: properties, its parts, rights, dependencies, and the SQL that recreates it. */
export function ObjectPage({ connectionId, database, object }: ObjectPageProps) {
  const detail = useCall(client.objects.detail, { connectionId, database, object });
  useRetryWhenAwake(connectionId, detail);
  const section = useSection(connectionId, database, object);
  const creates = onObjectEntries({ connectionId, database }, object);
  useReadAgain({ connectionId, database }, detail.reload);
  const open = (other: ObjectRef) => openTab({ kind: 'object', connectionId, database, object: other });
  if (detail.state === 'failed' && !detail.data) {
    return (
      <div className="h-full overflow-auto p-4">
        <FailureView
          failure={detail.failure}
          actions={<WaysOut ways={waysOut(connectionId, detail.failure, detail.reload)} />}
        />
      </div>
    );
  }
  if (!detail.data) return <Pending label="Reading the catalog" />;
  const { data } = detail;
  const sections: { value: string; label: ReactNode; content: ReactNode }[] = [
    { value: 'Properties', label: 'Properties', content: <Properties detail={data} /> },
    ...data.tables.map((table) => ({
      value: table.title,
      label: <Counted title={table.title} count={table.rows.length} />,
      content: <DetailTable data={table} onOpen={open} />,
    })),
    { value: 'DDL', label: 'DDL', content: <Ddl connectionId={connectionId} database={database} object={object} /> },
  ];
  const shown = sections.some((each) => each.value === section) ? section : 'Properties';
  return (
    <div className="flex h-full min-h-0 flex-col bg-surface">
      <Heading
        detail={data}
        actions={
          <>
            {creates.length > 0 && (
              <DropdownMenu align="end" trigger={<Button small>Create…</Button>} items={creates} />
            )}
            {object.kind === 'partitionedTable' && (
              <Button small onClick={() => openPartitions({ connectionId, database }, object)}>
                Partitions…
              </Button>
            )}
            {mayAlter(object) && (
              <Button small onClick={() => openAlter({ connectionId, database }, object)}>
                Alter…
              </Button>
            )}
            {mayDrop(object) && (
              <Button small kind="quiet" onClick={() => openDrop({ connectionId, database }, object)}>
                Drop…
              </Button>
            )}
          </>
        }
      />
      {detail.state === 'failed' && <FailureView failure={detail.failure} className="mx-3 mb-2" />}
      <div className="min-h-0 flex-1">
        <Sections
          label={`About ${visibleText(object.name)}`}
          value={shown}
          onValue={(value) => chooseSection(connectionId, database, object, value)}
          sections={sections}
          end={
            <IconButton label="Read again" icon={<RefreshCw size={15} strokeWidth={1.75} />} onClick={detail.reload} />
          }
        />
      </div>
    </div>
  );
}

/** What was changed from within the program is shown as it is now. */
function useReadAgain({ connectionId, database }: Where, reload: () => void): void {
  useEffect(
    () => onStructureChanged((id, changed) => id === connectionId && changed === database && reload()),
    [connectionId, database, reload],
  );
}

function Counted({ title, count }: { title: string; count: number }) {
  return (
    <>
      {title} <span className="text-2xs text-faint tabular-nums">{count.toLocaleString('en')}</span>
    </>
  );
}

function Heading({ detail: { object, comment, properties }, actions }: { detail: ObjectDetail; actions: ReactNode }) {
  const owner = isPartOfTable(object) ? properties.find(({ name }) => name === 'Table')?.value : undefined;
  const name = object.schema === null || owner ? object.name : `${object.schema}.${object.name}`;
  return (
    <header className="flex shrink-0 items-center gap-2 px-3 pt-2.5 pb-1.5">
      <span className="text-muted">
        <KindIcon kind={object.kind} size={16} />
      </span>
      <h1 className="selectable truncate text-base font-semibold">{visibleText(name)}</h1>
      <IconButton
        label="Copy qualified name"
        icon={<Copy size={14} strokeWidth={1.75} />}
        onClick={() => copyText(qualifiedName(object), 'Name')}
      />
      <span className="shrink-0 text-xs text-muted">
        {kindWord(object)}
        {owner && ` of ${visibleText(owner)}`}
      </span>
      <span
        className="selectable min-w-0 flex-1 truncate text-right text-xs text-muted"
        title={comment ? visibleText(comment) : undefined}
      >
        {comment && visibleText(comment)}
      </span>
      {actions}
    </header>
  );
}

function Properties({ detail: { properties, comment } }: { detail: ObjectDetail }) {
  const all = comment ? [{ name: 'Comment', value: comment }, ...properties] : properties;
  return (
    <dl className="selectable grid grid-cols-[max-content_minmax(0,1fr)] gap-x-6 p-3 text-sm">
      {all.map(({ name, value }) => (
        <div key={name} className="contents">
          <dt className="border-b border-line py-1 text-muted">{name}</dt>
          <dd
            className={cx(
              'border-b border-line py-1 break-words whitespace-pre-wrap',
              // A text of several lines is a program's.
              name !== 'Comment' && isCode(value) && 'font-mono text-xs',
            )}
          >
            {withSeparators(name, lines((value ?? '').replace(/^\n/, '')))}
          </dd>
        </div>
      ))}
    </dl>
  );
}
const isCode = (value: string | null): boolean => value?.trim().includes('\n') ?? false;
/** Line breaks and tabs are what they are here; anything else that hides is shown. */
const lines = (text: string): string =>
  text
    .split('\n')
    .map((line) => visibleText(line.replaceAll('\t', '  ').replace(/\r$/, '')))
    .join('\n');

function Ddl(input: ObjectPageProps) {
  const ddl = useCall(client.objects.ddl, input);
  useReadAgain(input, ddl.reload);
  if (ddl.state === 'failed') {
    return (
      <div className="p-3">
        <FailureView
          failure={ddl.failure}
          actions={<WaysOut ways={waysOut(input.connectionId, ddl.failure, ddl.reload)} />}
        />
      </div>
    );
  }
  if (!ddl.data) return <Pending label="Writing it down" />;
  const { sql } = ddl.data;
  return (
    <div className="flex h-full flex-col">
      <div className="flex shrink-0 justify-end px-2 py-1">
        <Button small kind="quiet" icon={<Copy size={14} strokeWidth={1.75} />} onClick={() => copyText(sql, 'DDL')}>
          Copy DDL
        </Button>
      </div>
      <div className="min-h-0 flex-1">
        <SqlText text={lines(sql)} label="DDL" />
      </div>
    </div>
  );
}
