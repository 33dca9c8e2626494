/** What every monitoring page is given: the source, the shared stretch of time, the instant, and the ways out. */
import type { Recording } from '../../../../shared/api/recordings.ts';
import type { ChartEvent } from '../../../chart/chart-types.ts';
import type { MonitorPage, MonitorSource } from '../../../workspace/monitor/pages.ts';
import type { Span, SteppedRange, TimeRange } from '../../../workspace/monitor/time-range.ts';
import type { SourceCursor } from '../../../workspace/monitor/time-view.ts';

export interface RecordedGap extends TimeRange {
  readonly reason: string;
  readonly message: string;
}

export interface MonitorView {
  /** What procedures of `monitor` are asked with. */
  readonly id: string;
  readonly source: MonitorSource;
  readonly recording: Recording;
  readonly span: Span & { readonly gaps: readonly RecordedGap[] };
  /** In whole steps: ask with it, and give it to charts. */
  readonly range: SteppedRange;
  /** Where all screens look: the pinned instant, else the newest of the range. */
  readonly atMs: number;
  readonly pinned: boolean;
  /** It is being recorded, and the newest is looked at. */
  readonly live: boolean;
  readonly cursor: SourceCursor;
  /** Processors of the server; null where nobody has said. */
  readonly vcpus: number | null;
  /** What happened in the range and is marked on every chart: changed settings and structure, restarts, resets… */
  readonly events: readonly ChartEvent[];
  readonly zoom: (range: TimeRange) => void;
  readonly pin: (atMs: number | null) => void;
  /** Goes to another page of the same source, in the same tab. */
  readonly go: (page: MonitorPage, focus?: string) => void;
}

/** For a query tab of a recording from elsewhere: it completes from what the recording has. */
export const recordedIn = ({ source }: MonitorView): { readonly recordingId?: string } =>
  source.connectionId === null && source.recordingId !== null ? { recordingId: source.recordingId } : {};
