import { useState } from 'react';
import type { DiagramKey, DiagramTable } from '../../../../shared/api/diagrams.ts';
import { virtualKey } from '../../../../shared/diagram/suggest-keys.ts';
import { failureFrom } from '../../../client/failure.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Field, Select } from '../../../ui/field.tsx';
import { visibleText } from '../../../ui/visible-text.ts';
import { setVirtualKeys } from '../diagram-actions.ts';
import type { DiagramModel } from '../diagram-model.ts';
import { KeyCheck } from './key-check.tsx';
import type { ColumnPair, KeyStart } from './key-start.ts';

export interface KeyDialogProps {
  readonly model: DiagramModel;
  readonly start: KeyStart;
  /** Opens the designer with it; null without a server. */
  readonly onDeclare: ((key: DiagramKey) => void) | null;
  readonly onClose: () => void;
}

/** A key that the database does not declare: a table and columns, and what they refer to. */
export function KeyDialog({ model, start, onDeclare, onClose }: KeyDialogProps) {
  const first = start.from;
  const { shown, virtualKeys, source, selected } = model.store.getState();
  const byId = new Map(shown.tables.map((table) => [table.id, table]));
  const other = [...selected].find((id) => id !== first);
  const [from, setFrom] = useState(byId.has(first) ? first : (shown.tables[0]?.id ?? ''));
  const [to, setTo] = useState(start.to ?? other ?? shown.tables.find(({ id }) => id !== first)?.id ?? '');
  const [pairs, setPairs] = useState<readonly ColumnPair[]>(start.pairs ?? [{ from: '', to: '' }]);
  const [error, setError] = useState<string>();
  const [fromTable, toTable] = [byId.get(from), byId.get(to)];
  const filled = pairs.every((pair) => pair.from !== '' && pair.to !== '');
  const key = virtualKey(
    from,
    pairs.map((pair) => pair.from),
    to,
    pairs.map((pair) => pair.to),
  );
  const add = async () => {
    try {
      await setVirtualKeys(model, [...virtualKeys.filter(({ id }) => id !== key.id), key]);
      onClose();
    } catch (thrown) {
      setError(failureFrom(thrown).message);
    }
  };
  const change = (at: number, edit: Partial<ColumnPair>) =>
    setPairs(pairs.map((pair, number) => (number === at ? { ...pair, ...edit } : pair)));
  const tables = shown.tables.map(({ id }) => ({ value: id, label: visibleText(id) }));
  return (
    <Dialog
      open
      onClose={onClose}
      title="Draw a key"
      description={`Added, it is kept here for every layout of this database, and not written to the server.${
        onDeclare ? ' Declared, the designer shows what adding it to the database takes.' : ''
      }`}
      footerStart={
        fromTable &&
        toTable &&
        filled && <KeyCheck key={key.id} source={source} keyChecked={key} from={fromTable} to={toTable} />
      }
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          {onDeclare && (
            <Button
              disabled={!filled}
              onClick={() => {
                onClose();
                onDeclare(key);
              }}
            >
              Declare in the database…
            </Button>
          )}
          <Button kind="primary" disabled={!filled} onClick={() => void add()}>
            Add
          </Button>
        </>
      }
    >
      <div className="grid grid-cols-2 gap-3">
        <Field label="Table">
          {(ids) => (
            <Select
              {...ids}
              value={from}
              options={tables}
              onValue={(id) => {
                setFrom(id);
                setPairs([{ from: '', to: '' }]);
              }}
            />
          )}
        </Field>
        <Field label="Refers to" error={error}>
          {(ids) => (
            <Select
              {...ids}
              value={to}
              options={tables}
              onValue={(id) => {
                setTo(id);
                setPairs(pairs.map((pair) => ({ ...pair, to: '' })));
              }}
            />
          )}
        </Field>
        {pairs.map((pair, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a pair is its place
          <div key={at} className="contents">
            <ColumnSelect
              label={`Column ${at + 1}`}
              table={fromTable}
              value={pair.from}
              onValue={(column) => change(at, { from: column })}
            />
            <ColumnSelect
              label={`Column ${at + 1} referred to`}
              table={toTable}
              value={pair.to}
              onValue={(column) => change(at, { to: column })}
            />
          </div>
        ))}
      </div>
      <Button small kind="quiet" className="mt-2" onClick={() => setPairs([...pairs, { from: '', to: '' }])}>
        Add a column
      </Button>
    </Dialog>
  );
}

function ColumnSelect({
  label,
  table,
  value,
  onValue,
}: {
  label: string;
  table: DiagramTable | undefined;
  value: string;
  onValue: (column: string) => void;
}) {
  const columns = (table?.columns ?? []).map(({ name, type }) => ({
    value: name,
    label: visibleText(`${name}  ${type}`),
  }));
  return (
    <Field label={label}>
      {(ids) => (
        <Select
          {...ids}
          value={value}
          options={[{ value: '', label: 'Choose a column' }, ...columns]}
          onValue={onValue}
        />
      )}
    </Field>
  );
}
