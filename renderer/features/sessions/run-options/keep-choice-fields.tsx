import { useEffect, useRef, useState } from 'react';
import type { KeepChoice } from '../../../../shared/api/result-cache.ts';
import { client } from '../../../client/connect.ts';
import { failureFrom } from '../../../client/failure.ts';
import { useCall } from '../../../client/use-call.ts';
import { Checkbox, Field, TextInput } from '../../../ui/field.tsx';
import { toast } from '../../../ui/toast.tsx';
import { parseDuration, writtenDuration } from './duration-text.ts';

/** Whether results of the connection's queries are kept, and for how long; saved as it is changed. */
export function KeepChoiceFields({ connectionId }: { connectionId: string }) {
  const asked = useCall(client.resultCache.choice, { connectionId });
  const [changed, setChanged] = useState<KeepChoice | null>(null);
  const choice = changed ?? asked.data;
  if (!choice) return null;
  const save = (change: Partial<KeepChoice>) => {
    const next = { ...choice, ...change };
    setChanged(next);
    client.resultCache
      .save({ connectionId, choice: next })
      .catch((thrown) => toast(failureFrom(thrown).message, 'danger'));
  };
  return (
    <fieldset className="flex flex-col gap-3 border-t border-line pt-3">
      <legend className="sr-only">All tabs of this connection</legend>
      <span aria-hidden className="text-xs text-faint">
        All tabs of this connection
      </span>
      <Checkbox
        label="Keep results of queries"
        hint="The same query shows its kept result at once, unless Howdah has written to a table it reads. What others write is not seen before it is too old."
        checked={choice.on}
        onChange={(event) => save({ on: event.currentTarget.checked })}
      />
      {choice.on && (
        <>
          <AgeField ms={choice.maxAgeMs} onMs={(maxAgeMs) => save({ maxAgeMs })} />
          <Checkbox
            label="Also of queries with now() and the like"
            checked={choice.withClock}
            onChange={(event) => save({ withClock: event.currentTarget.checked })}
          />
          <ChannelField channel={choice.channel} onChannel={(channel) => save({ channel })} />
        </>
      )}
    </fieldset>
  );
}

function AgeField({ ms, onMs }: { ms: number; onMs: (ms: number) => void }) {
  const [typed, setTyped] = useState(writtenDuration(ms));
  const parsed = parseDuration(typed) ?? 0;
  const fits = parsed >= 1000 && parsed <= 604_800_000;
  return (
    <Field label="Not older than" error={fits ? undefined : 'A time from 1 s to 168 h, such as 5 min.'}>
      {(ids) => (
        <TextInput
          {...ids}
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            const now = parseDuration(event.currentTarget.value) ?? 0;
            if (now >= 1000 && now <= 604_800_000) onMs(now);
          }}
        />
      )}
    </Field>
  );
}

/** Saved when it is left: each change makes another connection. */
function ChannelField({ channel, onChannel }: { channel: string; onChannel: (channel: string) => void }) {
  const [typed, setTyped] = useState(channel);
  useEffect(() => setTyped(channel), [channel]);
  const fits = new TextEncoder().encode(typed.trim()).length <= 63;
  const save = () => fits && typed.trim() !== channel && onChannel(typed.trim());
  const latest = useRef(save);
  latest.current = save;
  // Escape closes the panel without leaving the field.
  useEffect(() => () => void latest.current(), []);
  return (
    <Field
      label="Channel that tells of changes"
      hint="NOTIFY with a table’s name drops what reads it; with anything else, all. Empty: none."
      error={fits ? undefined : 'At most 63 bytes.'}
    >
      {(ids) => (
        <TextInput
          {...ids}
          mono
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onBlur={save}
          onKeyDown={(event) => event.key === 'Enter' && save()}
        />
      )}
    </Field>
  );
}
