/** Charts alone on a page: `?theme=dark`. What they report is kept in `window.chartHarness`. */
import '@fontsource-variable/inter';
import '../../../renderer/app/theme.css';
import { useMemo, useState } from 'react';
import { createRoot } from 'react-dom/client';
import type { ChartFile, ChartSeries, TimeRange } from '../../../renderer/chart/chart-types.ts';
import { TimeChart } from '../../../renderer/chart/time-chart.tsx';
import { seriesColor, waitClasses } from '../../../renderer/chart/wait-classes.ts';
import { cursorOf } from '../../../renderer/workspace/monitor/time-view.ts';

declare global {
  interface Window {
    chartHarness: { readonly zooms: TimeRange[]; readonly files: { name: string; kind: string; text: string }[] };
  }
}

const query = new URLSearchParams(location.search);
document.documentElement.dataset.theme = query.get('theme') ?? 'light';
window.chartHarness = { zooms: [], files: [] };

const count = 300;
const startMs = new Date(2026, 10, 20, 23, 0).getTime();
const stepMs = 15_000;
const gap = (at: number) => at >= 120 && at < 140;
const coveredMs = Array.from({ length: count }, (_, at) => (gap(at) ? 0 : stepMs));
const wave = (at: number, speed: number, size: number, floor = 0) =>
  gap(at) ? null : Math.max(0, floor + size * (1 + Math.sin(at / speed) + 0.4 * Math.sin(at / 2.7 / speed)));

const classes: ChartSeries[] = waitClasses.slice(0, 11).map((each, at) => ({
  ...each,
  values: Array.from({ length: count }, (_, bucket) => wave(bucket, 9 + at * 3, at === 0 ? 1.6 : 0.5 / (at + 0.5))),
}));
const curves: ChartSeries[] = ['shop.orders', 'shop.order_lines', 'a<b>\u202ename'].map((label, at) => ({
  key: label,
  label,
  ...seriesColor(at),
  values: Array.from({ length: count }, (_, bucket) => wave(bucket, 20 + at * 7, 40_000_000 / (at + 1))),
}));

function Harness() {
  const [range, setRange] = useState<TimeRange>({ fromMs: startMs, toMs: startMs + count * stepMs });
  const cursor = cursorOf('harness');
  const buckets = useMemo(() => ({ startMs, stepMs, buckets: count, coveredMs }), []);
  const shared = {
    buckets,
    range,
    cursor,
    heightPx: 220,
    onZoom: (zoomed: TimeRange) => {
      window.chartHarness.zooms.push(zoomed);
      setRange(zoomed);
    },
    onSave: (file: ChartFile) =>
      void file.content
        .text()
        .then((text) => window.chartHarness.files.push({ name: file.name, kind: file.kind, text })),
  };
  return (
    <main className="flex h-full flex-col gap-4 overflow-auto bg-surface p-4">
      <h1 className="sr-only">Charts</h1>
      <TimeChart
        {...shared}
        kind="stack"
        label="Average active sessions"
        note="Made up"
        series={classes}
        unit={{ unit: 'sessions' }}
        lines={[{ value: 8, label: '8 vCPU' }]}
        events={[{ atMs: startMs + 60 * stepMs, label: 'work_mem: 4MB became 64MB' }]}
      />
      <TimeChart {...shared} kind="lines" label="Written" series={curves} unit={{ unit: 'bytes', perSecond: true }} />
      <TimeChart
        {...shared}
        kind="bars"
        label="Blocked"
        series={classes.slice(3, 4)}
        unit={{ unit: 'sessions' }}
        heightPx={90}
      />
      <TimeChart {...shared} kind="lines" label="Empty" series={[]} unit={{ unit: 'count' }} heightPx={90} />
    </main>
  );
}

createRoot(document.getElementById('root') as HTMLElement).render(<Harness />);
