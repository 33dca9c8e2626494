import { useMemo } from 'react';
import { client } from '../../../client/connect.ts';
import { useCall } from '../../../client/use-call.ts';
import { shownCount } from '../../../ui/amounts.ts';
import { visibleText } from '../../../ui/visible-text.ts';
import { useRecordings } from '../../../workspace/monitor/recordings.ts';
import type { StructurePlace } from '../../../workspace/structure/structure-place.ts';
import { textsNaming } from './naming.ts';

const shownAtMost = 20;

/** Statements of the recording's last day that name the object: they would fail without it. Nothing where none was made. */
export function RecordedUses({ place }: { place: Extract<StructurePlace, { mode: 'drop' }> }) {
  const { connectionId, database, object } = place;
  const recordingId = useRecordings(
    ({ recordings }) => recordings.find((each) => each.connectionId === connectionId)?.id ?? null,
  );
  const workload = useCall(client.memory.workload, recordingId === null ? null : { recordingId, database });
  const texts = useMemo(() => textsNaming(workload.data ?? [], object.name), [workload.data, object.name]);
  if (!workload.data) return null;
  const title = 'Recorded statements that name it';
  return (
    <section aria-label={title}>
      <h2 className="pb-1 text-xs font-semibold text-muted">
        {title} <span className="ml-0.5 font-normal tabular-nums">{shownCount(texts.length)}</span>
      </h2>
      {texts.length === 0 ? (
        <p className="text-sm text-muted">None of those that took the most time on the last recorded day.</p>
      ) : (
        <ul className="max-h-60 overflow-auto rounded-md border border-line">
          {texts.slice(0, shownAtMost).map((text) => (
            <li
              key={text}
              className="selectable truncate border-b border-line px-2 py-1.5 font-mono text-xs last:border-b-0"
              title={visibleText(text.slice(0, 2000))}
            >
              {visibleText(text.replace(/\s+/g, ' ').slice(0, 300))}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
