import { Plus } from 'lucide-react';
import { useState } from 'react';
import type { PartitionModel, TableModel } from '../../../../../shared/api/structure.ts';
import { type PartitionKey, writeBound } from '../../../../../shared/ddl/partition-bound.ts';
import { identifier } from '../../../../../shared/sql/quote.ts';
import { client } from '../../../../client/connect.ts';
import { useCall } from '../../../../client/use-call.ts';
import { rowsWords, shownBytes } from '../../../../ui/amounts.ts';
import { Button } from '../../../../ui/button.tsx';
import { Checkbox, Field, Segmented, TextInput } from '../../../../ui/field.tsx';
import { ListedInput } from '../../../../ui/inputs/listed-input.tsx';
import { newPartition } from '../edits.ts';
import { draftBound, emptyDraft, firstDraft, suggestedName } from './partition-draft.ts';

export interface Place {
  readonly connectionId: string;
  readonly database: string;
}
interface Props {
  readonly place: Place;
  readonly table: TableModel;
  readonly by: PartitionKey;
  readonly tables: readonly string[];
  readonly hasDefault: boolean;
  readonly onAdd: (made: PartitionModel) => void;
}

/** Asks for the bounds in the way of the strategy; a range goes on where the last one ended. */
export function NewPartition({ place, table, by, tables, hasDefault, onAdd }: Props) {
  const [attaches, setAttaches] = useState(false);
  const [draft, setDraft] = useState(() => firstDraft(by, table.partitions, todayFor(table, by)));
  const [ownName, setOwnName] = useState('');
  const [attached, setAttached] = useState('');
  const [partitionBy, setPartitionBy] = useState('');
  const known = attaches && tables.includes(attached.trim());
  const size = useCall(client.structure.size, known ? { ...place, table: attached.trim() } : null);
  const bound = draftBound(by, draft);
  const name = ownName === '' ? (bound === null ? '' : suggestedName(table.name, bound)) : ownName;
  const target = attaches ? namesOf(attached) : { schema: table.schema, name };
  const ready = bound !== null && target !== null && target.name !== '' && (!attaches || known);
  const set = (change: Partial<typeof draft>) => setDraft((now) => ({ ...now, ...change }));
  const add = () => {
    if (!bound || !target) return;
    const heapBytes = attaches ? (size.data?.heapBytes ?? 0) : 0;
    const made = newPartition({
      ...target,
      bound: writeBound(bound),
      state: attaches ? 'attached' : 'new',
      partitionBy: attaches ? null : partitionBy.trim() || null,
      heapBytes,
    });
    onAdd(made);
    setOwnName('');
    setAttached('');
    setDraft(bound.kind === 'default' ? emptyDraft(by) : firstDraft(by, [...table.partitions, made], null));
  };
  return (
    <fieldset className="flex min-w-0 flex-col gap-3 rounded-md border border-line p-3">
      <legend className="px-1 text-xs font-semibold text-muted">Add a partition</legend>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Segmented
          label="Add a partition"
          value={attaches ? 'attach' : 'make'}
          onValue={(value) => setAttaches(value === 'attach')}
          options={[
            { value: 'make', label: 'Make a new one' },
            { value: 'attach', label: 'Attach a table' },
          ]}
        />
        {by.strategy !== 'hash' && (!hasDefault || draft.isDefault) && (
          <Checkbox
            label="All rows that no other holds (DEFAULT)"
            checked={draft.isDefault}
            onChange={(event) => set({ isDefault: event.currentTarget.checked })}
          />
        )}
      </div>
      <div className="flex flex-wrap items-start gap-3">
        {attaches ? (
          <Field
            label="Table"
            className="min-w-56 flex-1"
            hint={
              size.data
                ? `${shownBytes(size.data.heapBytes)}${size.data.rows === null ? '' : `, about ${rowsWords(Math.round(size.data.rows))}`}`
                : 'It needs the same columns.'
            }
            error={attached.trim() !== '' && !known ? 'There is no table of that name.' : undefined}
          >
            {(ids) => (
              <ListedInput
                {...ids}
                mono
                placeholder="schema.table"
                value={attached}
                onChange={(event) => setAttached(event.currentTarget.value)}
                offered={tables}
              />
            )}
          </Field>
        ) : (
          <Field label="Name" className="min-w-56 flex-1">
            {(ids) => (
              <TextInput
                {...ids}
                placeholder={name || `${table.name}_…`}
                value={ownName}
                onChange={(event) => setOwnName(event.currentTarget.value)}
              />
            )}
          </Field>
        )}
        {!draft.isDefault && <Bounds by={by} draft={draft} set={set} />}
        {!attaches && (
          <Field label="Partitioned itself by" className="w-44">
            {(ids) => (
              <TextInput
                {...ids}
                mono
                placeholder="HASH (id)"
                value={partitionBy}
                onChange={(event) => setPartitionBy(event.currentTarget.value)}
              />
            )}
          </Field>
        )}
      </div>
      <div className="flex items-center gap-3">
        <Button small icon={<Plus size={14} strokeWidth={1.75} />} disabled={!ready} onClick={add}>
          {attaches ? 'Attach' : 'Add partition'}
        </Button>
        <code className="selectable min-w-0 truncate text-xs text-muted">{bound && writeBound(bound)}</code>
      </div>
    </fieldset>
  );
}

/** Today, where the key is one column of days or instants. */
const todayFor = ({ columns }: TableModel, { parts }: PartitionKey): Date | null =>
  columns.some(({ name, type }) => identifier(name) === parts[0] && /^(date|timestamp)/.test(type)) ? new Date() : null;

type Draft = ReturnType<typeof emptyDraft>;
function Bounds({ by, draft, set }: { by: PartitionKey; draft: Draft; set: (change: Partial<Draft>) => void }) {
  const one = (label: string, value: string, placeholder: string, onValue: (value: string) => void) => (
    <Field label={label} className="w-44" key={label}>
      {(ids) => (
        <TextInput
          {...ids}
          mono
          placeholder={placeholder}
          value={value}
          onChange={(event) => onValue(event.currentTarget.value)}
        />
      )}
    </Field>
  );
  if (by.strategy === 'list') return one('Values', draft.values, "'north', 'south'", (values) => set({ values }));
  if (by.strategy === 'hash')
    return (
      <>
        {one('Modulus', draft.modulus, '4', (modulus) => set({ modulus }))}
        {one('Remainder', draft.remainder, '0', (remainder) => set({ remainder }))}
      </>
    );
  return (
    <>
      {by.parts.map((part, at) => {
        const of = by.parts.length > 1 ? ` (${part})` : '';
        const put = (list: readonly string[], value: string) =>
          list.map((each, place) => (place === at ? value : each));
        return [
          one(`From${of}`, draft.from[at] ?? '', "'2026-01-01'", (value) => set({ from: put(draft.from, value) })),
          one(`Up to, without${of}`, draft.to[at] ?? '', "'2026-02-01'", (value) => set({ to: put(draft.to, value) })),
        ];
      })}
    </>
  );
}

/** `schema."Na.me"` as names; null where it is not of two parts. */
function namesOf(text: string): { schema: string; name: string } | null {
  const found = /^("(?:[^"]|"")+"|[^".\s]+)\.("(?:[^"]|"")+"|[^".\s]+)$/.exec(text.trim());
  const plain = (part: string) => (part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part);
  return found ? { schema: plain(found[1] ?? ''), name: plain(found[2] ?? '') } : null;
}
