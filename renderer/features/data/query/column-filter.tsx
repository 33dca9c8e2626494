import { useDeferredValue, useState } from 'react';
import type { DataColumn, DataQuery, Reference } from '../../../../shared/api/data.ts';
import { and, between, type ConditionOperator, condition, oneOf } from '../../../../shared/edit/conditions.ts';
import { client } from '../../../client/connect.ts';
import { useCall } from '../../../client/use-call.ts';
import { chosenLabel, type Where } from '../../../editing/chosen-labels.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { FailureView } from '../../../ui/failure-view.tsx';
import { Select, TextInput } from '../../../ui/field.tsx';
import { Spinner } from '../../../ui/states.tsx';
import { visibleText } from '../../../ui/visible-text.ts';

type Kind = ConditionOperator | 'between';
const kinds: readonly { readonly value: Kind; readonly label: string }[] = [
  { value: 'equals', label: 'equals' },
  { value: 'notEquals', label: 'does not equal' },
  { value: 'contains', label: 'contains' },
  { value: 'notContains', label: 'does not contain' },
  { value: 'startsWith', label: 'starts with' },
  { value: 'between', label: 'lies between' },
  { value: 'less', label: 'is less than' },
  { value: 'greater', label: 'is greater than' },
  { value: 'isNull', label: 'is NULL' },
  { value: 'isNotNull', label: 'is not NULL' },
];

/** A condition on one column: by comparing, or by picking from the values that are frequent. It becomes text behind WHERE. */
export function ColumnFilter({
  where,
  column,
  reference,
  query,
  onApply,
  onClose,
}: {
  where: Where;
  column: DataColumn;
  /** A foreign key of this column alone: its values are shown with words for the rows they point at. */
  reference: Reference | undefined;
  query: DataQuery;
  onApply: (text: string) => void;
  onClose: () => void;
}) {
  const [kind, setKind] = useState<Kind>(column.category === 'S' && column.typeKind !== 'e' ? 'contains' : 'equals');
  const [value, setValue] = useState('');
  const [high, setHigh] = useState('');
  const [picked, setPicked] = useState<readonly (string | null)[]>([]);
  const takesValue = kind !== 'isNull' && kind !== 'isNotNull';
  const made =
    picked.length > 0
      ? oneOf(column, picked)
      : kind === 'between'
        ? value === '' && high === ''
          ? null
          : between(column, value, high)
        : takesValue && value === '' && !(column.category === 'S' && (kind === 'equals' || kind === 'notEquals'))
          ? null
          : condition(column, kind, value);
  const apply = (text: string) => {
    onApply(text);
    onClose();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Filter on ${visibleText(column.name)}`}
      description={visibleText(column.typeName)}
      width="small"
      footer={
        <>
          <Button disabled={made === null || query.where.trim() === ''} onClick={() => made && apply(made)}>
            Only this
          </Button>
          <Button kind="primary" disabled={made === null} onClick={() => made && apply(and(query.where, made))}>
            Filter
          </Button>
        </>
      }
    >
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (made) apply(and(query.where, made));
        }}
      >
        <div className="flex items-center gap-2">
          <div className="w-36 shrink-0">
            <Select aria-label="Condition" value={kind} options={kinds} onValue={setKind} />
          </div>
          {takesValue && (
            <TextInput
              autoFocus
              aria-label={kind === 'between' ? 'From' : 'Value'}
              value={value}
              onChange={(event) => {
                setValue(event.currentTarget.value);
                setPicked([]);
              }}
            />
          )}
          {kind === 'between' && (
            <TextInput aria-label="To" value={high} onChange={(event) => setHigh(event.currentTarget.value)} />
          )}
        </div>
        <Values where={where} column={column} reference={reference} query={query} picked={picked} onPick={setPicked} />
        {made && (
          <p className="selectable truncate rounded-md bg-sunken px-2 py-1 font-mono text-xs" title={made}>
            {visibleText(made)}
          </p>
        )}
        <button type="submit" hidden />
      </form>
    </Dialog>
  );
}

function Values({
  where,
  column,
  reference,
  query,
  picked,
  onPick,
}: {
  where: Where;
  column: DataColumn;
  reference: Reference | undefined;
  query: DataQuery;
  picked: readonly (string | null)[];
  onPick: (values: readonly (string | null)[]) => void;
}) {
  const [contains, setContains] = useState('');
  const looked = useDeferredValue(contains);
  const label = reference ? chosenLabel(where, reference) : null;
  const values = useCall(client.data.values, {
    ...where,
    query,
    column: column.number,
    contains: looked,
    ...(reference && label !== null ? { reference: { constraint: reference.constraint, label } } : {}),
  });
  const toggle = (value: string | null) =>
    onPick(picked.includes(value) ? picked.filter((other) => other !== value) : [...picked, value]);
  return (
    <section aria-label="Values" className="flex flex-col gap-1">
      <TextInput
        type="search"
        aria-label="Values that contain"
        placeholder={
          reference && label !== null
            ? `Or pick values, found by ${visibleText(reference.other.name)}.${visibleText(label)} too`
            : 'Or pick values'
        }
        value={contains}
        onChange={(event) => setContains(event.currentTarget.value)}
      />
      {values.state === 'failed' && <FailureView failure={values.failure} />}
      <div className="h-56 overflow-auto rounded-md border border-line">
        {!values.data && values.state === 'pending' && (
          <div className="p-2">
            <Spinner label="Looking at the values" />
          </div>
        )}
        {values.data?.values.map(({ value, share, rows, label: words }) => (
          <label
            key={value === null ? 'null' : `=${value}`}
            className="flex h-[26px] items-center gap-2 border-b border-line px-2 text-xs last:border-b-0 hover:bg-hover"
          >
            <input
              type="checkbox"
              className="size-3.5 accent-(--accent)"
              checked={picked.includes(value)}
              onChange={() => toggle(value)}
            />
            <span className={value === null ? 'flex-1 text-faint italic' : 'min-w-0 flex-1 truncate'}>
              {value === null ? 'NULL' : value === '' ? '(empty text)' : visibleText(value)}
              {words !== null && <span className="pl-2 text-muted">{visibleText(words)}</span>}
            </span>
            <span className="text-faint tabular-nums">
              {rows !== null ? rows.toLocaleString('en-US') : share !== null ? `${(share * 100).toFixed(1)} %` : ''}
            </span>
          </label>
        ))}
        {values.data?.values.length === 0 && <p className="p-2 text-xs text-muted">No value contains this.</p>}
      </div>
      {values.data && <p className="text-2xs text-faint">{values.data.note}</p>}
    </section>
  );
}
