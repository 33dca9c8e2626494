/** What is said while the first reading of very many objects goes on: it is done a little at a time. */
import type { ReadingSoFar } from '../../../../shared/api/recordings.ts';
import { client } from '../../../client/connect.ts';
import { useCall } from '../../../client/use-call.ts';
import { EmptyState } from '../../../ui/states.tsx';
import { visibleText } from '../../../ui/visible-text.ts';
import type { MonitorView } from '../frame/monitor-view.ts';
import { ageAt, counted } from './words.ts';

/** The first reading of very many objects may take so long on a slow machine. */
const firstReadingMs = 3_600_000;
const askEveryMs = 2_000;

const askReading = ({ id }: { id: string; round: number }, options: { signal: AbortSignal }) =>
  client.recordings.reading({ id }, options);

/** When recording began, where it may still be reading things for the first time. */
const begun = ({ live, atMs, span }: MonitorView): number | null =>
  live && span.fromMs !== null && atMs - span.fromMs < firstReadingMs ? span.fromMs : null;

/** How far the collector's first reading has come; null where none goes on. */
export function useFirstReading(view: MonitorView, collector: string): ReadingSoFar | null {
  const wanted = begun(view) === null ? null : { id: view.id, round: Math.floor(view.atMs / askEveryMs) };
  const { data } = useCall(askReading, wanted);
  return (wanted && data?.find((each) => each.collector === collector)) ?? null;
}

/** "34 % of the tables of shop", or "3,400 tables of shop" where nobody knows of how many. */
export const soFar = ({ read, of, database }: ReadingSoFar, one: string): string =>
  `${of ? `${Math.floor((100 * read) / of)} % of the ${one}s` : counted(read, one)} of ${visibleText(database)}`;

/** In place of what rests on the structure of the databases, while none is known. */
export function NoStructure({ view }: { view: MonitorView }) {
  const sinceMs = begun(view);
  if (sinceMs === null)
    return (
      <EmptyState title="The structure of this time is not recorded">
        Tables and indexes are read soon after recording begins and once an hour. Without them nothing can be said of
        indexes. Look at a later instant.
      </EmptyState>
    );
  return (
    <EmptyState title="The structure is being read for the first time">
      Recording began {ageAt(sinceMs, view.atMs)} ago. Tables, indexes and constraints are read a little at a time, so
      that the server does not notice: within seconds on most, in some minutes where it is busy or has thousands of
      tables.
    </EmptyState>
  );
}

/** In place of what rests on the tables' counters, while none is known. */
export function NoTables({ view }: { view: MonitorView }) {
  const reading = useFirstReading(view, 'table');
  const sinceMs = begun(view);
  if (sinceMs === null)
    return (
      <EmptyState title="No table is known of this time">
        Tables are read when recording begins and every five minutes.
      </EmptyState>
    );
  return (
    <EmptyState title="The tables are being read for the first time">
      {reading && (
        <>
          <b className="text-ink">{soFar(reading, 'table')}</b> have been read.{' '}
        </>
      )}
      Recording began {ageAt(sinceMs, view.atMs)} ago. Most servers are read within seconds; thousands of tables are
      read a little at a time, so that the server does not notice, and are told when all are known: ten thousand after
      about a quarter of an hour.
    </EmptyState>
  );
}
