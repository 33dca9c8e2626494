/** A chart of a monitoring page: with the source's cursor, range and zoom, and saving. */
import { useCallback } from 'react';
import type { ChartFile } from '../../../chart/chart-types.ts';
import { TimeChart, type TimeChartProps } from '../../../chart/time-chart.tsx';
import { failureFrom } from '../../../client/failure.ts';
import { saveFile } from '../../../client/save-file.ts';
import { toast } from '../../../ui/toast.tsx';
import { knownUntil } from './known-until.ts';
import type { MonitorView } from './monitor-view.ts';

export type MonitorChartProps = Omit<
  TimeChartProps,
  'cursor' | 'range' | 'endMs' | 'onZoom' | 'onSave' | 'heightPx'
> & {
  readonly view: MonitorView;
  readonly heightPx?: number;
  /** How often it is read: until the next reading is overdue nothing is missing. */
  readonly everyMs?: number;
};

export function MonitorChart({ view, heightPx = 160, everyMs = 0, ...chart }: MonitorChartProps) {
  const { name } = view.recording;
  const save = useCallback(
    async (file: ChartFile) => {
      try {
        const saved = await saveFile({
          suggestedName: `${name} ${file.name}.${file.kind}`.replace(/[^\p{L}\p{N}. _-]+/gu, '-').toLowerCase(),
          kind: { name: file.kind.toUpperCase(), extension: file.kind },
          content: file.content,
        });
        if (saved) toast(`Saved as ${saved}.`, 'success');
      } catch (thrown) {
        toast(failureFrom(thrown).message, 'danger');
      }
    },
    [name],
  );
  return (
    <TimeChart
      events={view.events}
      {...chart}
      heightPx={heightPx}
      cursor={view.cursor}
      range={view.range}
      endMs={knownUntil(chart.buckets, view.span.toMs ?? view.range.toMs, everyMs)}
      onZoom={view.zoom}
      onSave={(file) => void save(file)}
    />
  );
}
