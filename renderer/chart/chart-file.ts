/** A chart as a file: its numbers as CSV, its picture as PNG. */
import type { Buckets, ChartSeries } from './chart-types.ts';
import { areaFill, themeColor } from './paint.ts';

/** A spreadsheet would take a field that begins so for a formula: a quote before it makes it text. */
const field = (text: string): string => {
  const safe = /^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/** One line a bucket: its start (ISO, UTC), the milliseconds known of it, and each series; empty where not known. */
export function chartCsv(buckets: Buckets, series: readonly ChartSeries[]): string {
  const lines = [['time', 'covered_ms', ...series.map((each) => each.label)].map(field).join(',')];
  for (let at = 0; at < buckets.buckets; at++) {
    const covered = buckets.coveredMs?.[at];
    const cells = series.map((each) => (each.values[at] == null ? '' : String(each.values[at])));
    const time = new Date(buckets.startMs + at * buckets.stepMs).toISOString();
    lines.push([time, covered === undefined ? '' : String(Math.round(covered)), ...cells].join(','));
  }
  return `${lines.join('\n')}\n`;
}

/** The drawn chart on the theme's surface, with its title and the names of its series. */
export async function chartPng(
  drawn: HTMLCanvasElement,
  title: string,
  series: readonly ChartSeries[],
): Promise<Blob | null> {
  const ratio = window.devicePixelRatio || 1;
  const head = 28 * ratio;
  const foot = 24 * ratio;
  const canvas = document.createElement('canvas');
  canvas.width = drawn.width;
  canvas.height = drawn.height + head + foot;
  const context = canvas.getContext('2d');
  if (!context) return null;
  context.fillStyle = themeColor('--surface');
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(drawn, 0, head);
  context.textBaseline = 'middle';
  context.fillStyle = themeColor('--ink');
  context.font = `600 ${13 * ratio}px "Inter Variable", system-ui, sans-serif`;
  context.fillText(title, 10 * ratio, head / 2);
  context.font = `${11 * ratio}px "Inter Variable", system-ui, sans-serif`;
  let left = 10 * ratio;
  const middle = canvas.height - foot / 2;
  for (const each of series) {
    context.fillStyle = areaFill(context, each.color, each.pattern ?? 'plain', ratio);
    context.fillRect(left, middle - 5 * ratio, 10 * ratio, 10 * ratio);
    context.fillStyle = themeColor('--muted');
    context.fillText(each.label, left + 14 * ratio, middle);
    left += 14 * ratio + context.measureText(each.label).width + 14 * ratio;
    if (left > canvas.width) break;
  }
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
}
