import { type FormEvent, useId, useState } from 'react';
import type { Failure } from '../../../../shared/api/base.ts';
import { failureFrom } from '../../../client/failure.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { FailureView } from '../../../ui/failure-view.tsx';
import { Checkbox, Field, Segmented, Select } from '../../../ui/field.tsx';
import { visibleText } from '../../../ui/visible-text.ts';
import { type Comparable, compare } from './compare.ts';

/** Asks which two results are compared, and what makes two rows the same one. */
export function CompareDialog({
  tabId,
  choices,
  firstId,
  onClose,
}: {
  tabId: string;
  /** At least two. */
  choices: readonly Comparable[];
  /** The result in front. */
  firstId: string;
  onClose: () => void;
}) {
  const other = choices.find(({ result }) => result.resultId !== firstId)?.result.resultId ?? firstId;
  const [leftId, setLeftId] = useState(other);
  const [rightId, setRightId] = useState(firstId);
  const [match, setMatch] = useState<'detect' | 'columns' | 'position'>('detect');
  const [keys, setKeys] = useState<readonly number[]>([]);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const form = useId();
  const left = choices.find(({ result }) => result.resultId === leftId);
  const right = choices.find(({ result }) => result.resultId === rightId);
  const rightNames = new Set(right?.result.columns.map(({ name }) => name));
  const columns = (left?.result.columns ?? []).flatMap(({ name }, at) => (rightNames.has(name) ? [{ name, at }] : []));
  const options = choices.map(({ result, label }) => ({ value: result.resultId, label: visibleText(label) }));
  const may = left !== undefined && leftId !== rightId && (match !== 'columns' || keys.length > 0);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!left || !right || !may) return;
    setBusy(true);
    const title = `${wordsOf(left)} ↔ ${wordsOf(right)}`;
    const chosen = match === 'columns' ? [...keys] : match === 'detect' ? 'detect' : null;
    try {
      await compare(tabId, { left: left.result, rightId, title, keys: chosen, withSame: false });
      onClose();
    } catch (thrown) {
      setFailure(failureFrom(thrown));
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title="Compare two results"
      description="Cell by cell, over all rows that were fetched."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form={form} busy={busy} disabled={!may}>
            Compare
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={(event) => void submit(event)} className="flex flex-col gap-3">
        <Field label="Before">
          {(ids) => <Select {...ids} value={leftId} options={options} onValue={(id) => [setLeftId(id), setKeys([])]} />}
        </Field>
        <Field label="After" error={leftId === rightId ? 'Choose another result than the first.' : undefined}>
          {(ids) => <Select {...ids} value={rightId} options={options} onValue={setRightId} />}
        </Field>
        <div className="flex flex-col gap-1">
          <span className="text-xs font-medium text-muted">Rows are the same one by</span>
          <div>
            <Segmented
              label="Rows are the same one by"
              value={match}
              options={[
                { value: 'detect', label: 'Their key, found by itself' },
                { value: 'columns', label: 'Chosen columns' },
                { value: 'position', label: 'Their position' },
              ]}
              onValue={setMatch}
            />
          </div>
        </div>
        {match === 'columns' && (
          <fieldset className="grid max-h-40 grid-cols-2 gap-1 overflow-auto rounded-md border border-line p-2">
            <legend className="px-1 text-xs text-muted">Key columns</legend>
            {columns.map(({ name, at }) => (
              <Checkbox
                key={at}
                label={visibleText(name)}
                checked={keys.includes(at)}
                onChange={(event) =>
                  setKeys(event.currentTarget.checked ? [...keys, at] : keys.filter((each) => each !== at))
                }
              />
            ))}
          </fieldset>
        )}
        {failure && <FailureView failure={failure} />}
      </form>
    </Dialog>
  );
}

/** "Result 1", "pinned". */
const wordsOf = ({ label }: Comparable): string => label.split(' · ')[0] ?? label;
