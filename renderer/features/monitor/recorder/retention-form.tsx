/** How long what is recorded is kept, and how large the file may become. */
import { useState } from 'react';
import type { Retention } from '../../../../shared/api/recordings.ts';
import { client } from '../../../client/connect.ts';
import { failureFrom } from '../../../client/failure.ts';
import { Button } from '../../../ui/button.tsx';
import { Field, TextInput } from '../../../ui/field.tsx';
import { toast } from '../../../ui/toast.tsx';

const megabyte = 1_000_000;
interface Limit {
  readonly key: keyof Retention;
  readonly label: string;
  readonly hint: string;
  readonly least: number;
  readonly most: number;
  /** What one of the shown unit is in the kept one. */
  readonly scale: number;
}
const limits: readonly Limit[] = [
  {
    key: 'rawDays',
    label: 'Every sample, days',
    hint: 'Sessions, locks and single samples.',
    least: 0.01,
    most: 3650,
    scale: 1,
  },
  {
    key: 'minuteDays',
    label: 'By the minute, days',
    hint: 'Sums of a minute: curves and shares.',
    least: 0.1,
    most: 3650,
    scale: 1,
  },
  {
    key: 'hourDays',
    label: 'By the hour, days',
    hint: 'Sums of an hour: growth over years.',
    least: 1,
    most: 36_500,
    scale: 1,
  },
  {
    key: 'maxBytes',
    label: 'Largest file, MB',
    hint: 'Above it the oldest and finest goes first.',
    least: 10,
    most: 10_000_000,
    scale: megabyte,
  },
];

export function RetentionForm({ id, retention, onSaved }: { id: string; retention: Retention; onSaved: () => void }) {
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>(() =>
    Object.fromEntries(limits.map(({ key, scale }) => [key, String(retention[key] / scale)])),
  );
  const [busy, setBusy] = useState(false);
  const amountOf = ({ key }: Limit) => Number((typed[key] ?? '').replace(',', '.'));
  const wrong = (limit: Limit): string | undefined => {
    const value = amountOf(limit);
    const fits = (typed[limit.key] ?? '').trim() !== '' && value >= limit.least && value <= limit.most;
    return fits ? undefined : `A number from ${limit.least} to ${limit.most.toLocaleString('en')}.`;
  };
  const changed = limits.some((limit) => amountOf(limit) * limit.scale !== retention[limit.key]);
  const save = async () => {
    setBusy(true);
    const wanted: Retention = { ...retention };
    for (const limit of limits) wanted[limit.key] = amountOf(limit) * limit.scale;
    try {
      await client.recordings.setRetention({ id, retention: wanted });
      toast('Kept for so long from now on.', 'success');
      onSaved();
    } catch (thrown) {
      toast(failureFrom(thrown).message, 'danger');
    }
    setBusy(false);
  };
  return (
    <form
      aria-label="How long it is kept"
      className="flex max-w-md flex-col gap-3 p-4"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      {limits.map((limit) => (
        <Field key={limit.key} label={limit.label} hint={limit.hint} error={wrong(limit)}>
          {(ids) => (
            <TextInput
              {...ids}
              inputMode="decimal"
              value={typed[limit.key] ?? ''}
              onChange={(event) => {
                const { value } = event.currentTarget;
                setTyped((now) => ({ ...now, [limit.key]: value }));
              }}
              className="w-40!"
            />
          )}
        </Field>
      ))}
      <p className="text-xs text-muted">Shortening deletes what is older, for good, within the next hour.</p>
      <div>
        <Button kind="primary" type="submit" busy={busy} disabled={!changed || limits.some((limit) => wrong(limit))}>
          Keep for so long
        </Button>
      </div>
    </form>
  );
}
