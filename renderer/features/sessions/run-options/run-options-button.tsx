import { SlidersHorizontal } from 'lucide-react';
import { useState } from 'react';
import { shownCount } from '../../../ui/amounts.ts';
import { cx } from '../../../ui/class-names.ts';
import { Field, TextInput } from '../../../ui/field.tsx';
import { Popover } from '../../../ui/popover.tsx';
import type { RunOptions } from '../../../workspace/run-options.ts';
import { useSettings } from '../../../workspace/settings.ts';
import { parseDuration, writtenDuration } from './duration-text.ts';
import { KeepChoiceFields } from './keep-choice-fields.tsx';

/** What differs from the usual, in a few words; empty where nothing does. */
export function optionWords({ statementMs, lockMs, rowLimit }: RunOptions): string[] {
  return [
    ...(statementMs === null ? [] : [statementMs === 0 ? 'no timeout' : `timeout ${writtenDuration(statementMs)}`]),
    ...(lockMs === null ? [] : [lockMs === 0 ? 'no lock timeout' : `lock ${writtenDuration(lockMs)}`]),
    ...(rowLimit === null ? [] : [`${shownCount(rowLimit)} rows`]),
  ];
}

/** Timeouts and the row limit of this tab. */
export function RunOptionsButton({
  connectionId,
  options,
  onOptions,
}: {
  connectionId: string | null;
  options: RunOptions;
  onOptions: (options: RunOptions) => void;
}) {
  const words = optionWords(options);
  const usualLimit = useSettings((settings) => settings.rowLimit);
  return (
    <Popover
      label="How this tab runs"
      align="start"
      trigger={
        <button
          type="button"
          aria-label={words.length === 0 ? 'Timeouts and row limit' : `Timeouts and row limit: ${words.join(', ')}`}
          title="Timeouts and row limit of this tab"
          className={cx(
            'inline-flex h-7 shrink-0 items-center gap-1.5 rounded-md px-1.5 text-xs hover:bg-hover',
            words.length === 0 ? 'text-muted hover:text-ink' : 'bg-accent-soft font-medium text-accent',
          )}
        >
          <SlidersHorizontal size={15} strokeWidth={1.75} aria-hidden />
          {words.join(' · ')}
        </button>
      }
    >
      <div className="flex w-72 flex-col gap-3">
        <DurationField
          label="Statement timeout"
          hint="The server stops a statement that takes longer. Empty: as the settings or the server have it; 0: none."
          ms={options.statementMs}
          onMs={(statementMs) => onOptions({ ...options, statementMs })}
        />
        <DurationField
          label="Lock timeout"
          hint="How long a statement waits for a lock."
          ms={options.lockMs}
          onMs={(lockMs) => onOptions({ ...options, lockMs })}
        />
        <LimitField
          limit={options.rowLimit}
          usual={usualLimit}
          onLimit={(rowLimit) => onOptions({ ...options, rowLimit })}
        />
        {connectionId && <KeepChoiceFields connectionId={connectionId} />}
      </div>
    </Popover>
  );
}

function DurationField({
  label,
  hint,
  ms,
  onMs,
}: {
  label: string;
  hint: string;
  ms: number | null;
  onMs: (ms: number | null) => void;
}) {
  const [typed, setTyped] = useState(writtenDuration(ms));
  const parsed = parseDuration(typed);
  return (
    <Field label={label} hint={hint} error={parsed === undefined ? 'A time such as 30 s, 250 ms or 5 min.' : undefined}>
      {(ids) => (
        <TextInput
          {...ids}
          value={typed}
          placeholder="as the server has it"
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            const now = parseDuration(event.currentTarget.value);
            if (now !== undefined) onMs(now);
          }}
        />
      )}
    </Field>
  );
}

function LimitField({
  limit,
  usual,
  onLimit,
}: {
  limit: number | null;
  usual: number;
  onLimit: (limit: number | null) => void;
}) {
  const [typed, setTyped] = useState(limit === null ? '' : String(limit));
  const parsed = parseLimit(typed);
  return (
    <Field
      label="Row limit"
      hint={`Empty: ${shownCount(usual)}, as in the settings.`}
      error={parsed === undefined ? 'A whole number from 1 to 100,000,000.' : undefined}
    >
      {(ids) => (
        <TextInput
          {...ids}
          inputMode="numeric"
          value={typed}
          placeholder={shownCount(usual)}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            const now = parseLimit(event.currentTarget.value);
            if (now !== undefined) onLimit(now);
          }}
        />
      )}
    </Field>
  );
}

function parseLimit(text: string): number | null | undefined {
  const digits = text.replaceAll(/[,_\s]/g, '');
  if (digits === '') return null;
  const limit = Number(digits);
  return Number.isInteger(limit) && limit >= 1 && limit <= 100_000_000 ? limit : undefined;
}
