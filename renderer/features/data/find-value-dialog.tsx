import { useState } from 'react';
import type { Failure } from '../../../shared/api/base.ts';
import type { FindEvent } from '../../../shared/api/data.ts';
import { client } from '../../client/connect.ts';
import { useStream } from '../../client/use-stream.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FailureView } from '../../ui/failure-view.tsx';
import { Segmented, TextInput } from '../../ui/field.tsx';
import { ProgressBar } from '../../ui/states.tsx';
import { visibleText } from '../../ui/visible-text.ts';
import { openData } from './open-data.ts';

type Hit = Extract<FindEvent, { kind: 'hit' }>;
interface Looking {
  readonly text: string;
  readonly how: 'equals' | 'contains';
}

/** Looks for a value in all tables, and opens where it is. */
export function FindValueDialog({
  connectionId,
  database,
  value,
  onClose,
}: {
  connectionId: string;
  database: string;
  value: string;
  onClose: () => void;
}) {
  const [text, setText] = useState(value);
  const [how, setHow] = useState<'equals' | 'contains'>('equals');
  const [looking, setLooking] = useState<(Looking & { round: number }) | null>(null);
  const [hits, setHits] = useState<readonly Hit[]>([]);
  const [skipped, setSkipped] = useState<readonly { name: string; why: string }[]>([]);
  const [progress, setProgress] = useState<{ done: number; of: number; table: string } | null>(null);
  const failure: Failure | null = useStream(
    (input, options) => client.data.find({ connectionId, database, text: input.text, how: input.how }, options),
    looking,
    (event) => {
      if (event.kind === 'progress') setProgress(event);
      else if (event.kind === 'hit') setHits((now) => [...now, event]);
      else setSkipped((now) => [...now, { name: `${event.schema}.${event.name}`, why: event.failure.message }]);
    },
  );
  const running = looking !== null && !failure && (progress === null || progress.done < progress.of);
  const start = () => {
    if (text === '') return;
    setHits([]);
    setSkipped([]);
    setProgress(null);
    setLooking((now) => ({ text, how, round: (now?.round ?? 0) + 1 }));
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title="Find a value in all tables"
      description="Every table you may read, in columns that could hold the value; at most ten seconds and 100 rows a table."
      footer={
        running ? (
          <Button onClick={() => setLooking(null)}>Stop</Button>
        ) : (
          <Button kind="primary" disabled={text === ''} onClick={start}>
            Find
          </Button>
        )
      }
    >
      <form
        className="flex items-center gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          start();
        }}
      >
        <TextInput
          autoFocus
          aria-label="Value to find"
          value={text}
          maxLength={1000}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Segmented
          label="How it is compared"
          value={how}
          options={[
            { value: 'equals', label: 'equals' },
            { value: 'contains', label: 'contains' },
          ]}
          onValue={setHow}
        />
      </form>
      {looking && progress && (
        <div className="mt-3 flex flex-col gap-1">
          <ProgressBar label="Tables looked at" fraction={progress.of === 0 ? 1 : progress.done / progress.of} />
          <p role="status" className="truncate text-xs text-muted">
            {running
              ? `${progress.done} of ${progress.of} tables: ${visibleText(progress.table)}`
              : `${progress.of} tables looked at, found in ${hits.length} ${hits.length === 1 ? 'column' : 'columns'}.`}
          </p>
        </div>
      )}
      {failure && <FailureView failure={failure} className="mt-3" />}
      <ul aria-label="Found in" className="mt-3 flex flex-col">
        {hits.map((hit) => (
          <li key={`${hit.oid} ${hit.column}`} className="border-b border-line last:border-b-0">
            <button
              type="button"
              className="flex h-7 w-full items-center gap-3 rounded-sm px-1 text-left text-xs hover:bg-hover"
              onClick={() => {
                openData({ connectionId, database }, { ...hit, kind: hit.relationKind }, hit.where);
                onClose();
              }}
            >
              <span className="shrink-0 font-medium">{visibleText(`${hit.schema}.${hit.name}`)}</span>
              <span className="shrink-0 text-muted">{visibleText(hit.column)}</span>
              <span className="min-w-0 flex-1 truncate text-faint">{visibleText(hit.sample)}</span>
              <span className="shrink-0 tabular-nums">
                {hit.rows.toLocaleString('en-US')}
                {hit.more && '+'} {hit.rows === 1 ? 'row' : 'rows'}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {skipped.length > 0 && (
        <details className="mt-2 text-xs text-muted">
          <summary>{skipped.length} tables were left out</summary>
          <ul className="mt-1 flex flex-col gap-0.5">
            {skipped.map(({ name, why }) => (
              <li key={name}>
                {visibleText(name)}: {visibleText(why)}
              </li>
            ))}
          </ul>
        </details>
      )}
    </Dialog>
  );
}
