import type { Backup } from '../../../shared/api/backups.ts';
import { rowsWords, shownCount, shownDuration } from '../../ui/amounts.ts';
import { FailureView } from '../../ui/failure-view.tsx';
import { Callout } from '../../ui/states.tsx';
import { visibleText } from '../../ui/visible-text.ts';
import { shownMoment } from './backup-words.ts';

const asIn = {
  snapshot: { title: 'equal to the snapshot', compared: 'compared' },
  dump: { title: 'with the rows of the dump', compared: 'compared table by table' },
} as const;

/** How the last drill of a backup went, or what one would do. */
export function DrillResult({ backup: { drill, state, form } }: { backup: Backup }) {
  if (!drill) {
    if (state !== 'good') return null;
    return (
      <p className="text-xs text-muted">
        Never restored for a try. A restore drill puts it into a PostgreSQL of its own on this machine,{' '}
        {form === 'howdah'
          ? 'compares objects, rows and checksums with the snapshot,'
          : 'compares the rows of each table with those of the dump,'}{' '}
        and measures the time.
      </p>
    );
  }
  if (drill.failure)
    return (
      <FailureView title={`The drill of ${shownMoment(drill.atMs)} could not restore it`} failure={drill.failure} />
    );
  if (drill.differences.length > 0)
    return (
      <Callout tone="danger" title={`The drill of ${shownMoment(drill.atMs)} found differences`}>
        <ul className="list-disc pl-4 text-xs">
          {drill.differences.map((difference) => (
            <li key={difference}>{visibleText(difference)}</li>
          ))}
        </ul>
        <DrillNotes notes={drill.notes} />
      </Callout>
    );
  return (
    <Callout tone="success" title={`Restored in ${shownDuration(drill.restoreMs)}, ${asIn[drill.against].title}`}>
      <span className="text-xs text-muted">
        {shownMoment(drill.atMs)}, PostgreSQL {visibleText(drill.serverVersion)}: {shownCount(drill.items)} items,{' '}
        {rowsWords(drill.rows)}; {asIn[drill.against].compared} in {shownDuration(drill.compareMs)}.
      </span>
      <DrillNotes notes={drill.notes} />
    </Callout>
  );
}

/** What was compared, and what was not. */
const DrillNotes = ({ notes }: { notes: readonly string[] }) =>
  notes.map((note) => (
    <p key={note} className="mt-1 text-xs text-muted">
      {visibleText(note)}
    </p>
  ));
