/** A chart as SVG inside the page: no script, no font, nothing from outside. Gaps are drawn as gaps. */
import type { ReportChart } from './report-data.ts';
import { instant, inUnit } from './words.ts';

const width = 960;
const height = 220;
const left = 64;
const bottom = 24;
const top = 8;
const plotWidth = width - left - 8;
const plotHeight = height - top - bottom;
const shortMs = 1_800_000;

export const escapeText = (text: string): string =>
  text
    // Control characters have no place in a document, and direction marks would let a text lie about itself.
    .replaceAll(/(?![\n\t])[\p{Cc}\p{Cf}]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');

/** The colours that DBAs know, by wait class; others take turns. */
const classColours: Readonly<Record<string, string>> = {
  CPU: 'cpu',
  IO: 'io',
  Lock: 'lock',
  LWLock: 'lwlock',
  IPC: 'ipc',
  Client: 'client',
  Timeout: 'timeout',
  BufferPin: 'bufferpin',
  Extension: 'extension',
  IdleTx: 'idletx',
  Activity: 'other',
};
const stackOrder = ['CPU', 'IO', 'LWLock', 'Lock', 'BufferPin', 'IPC', 'Client', 'Timeout', 'Extension'];
const turns = ['io', 'cpu', 'timeout', 'lwlock', 'ipc', 'extension'];

const colourOf = (key: string, place: number): string => classColours[key] ?? turns[place % turns.length] ?? 'other';

export function svgChart(chart: ReportChart): string {
  const lines = chart.stacked ? chart.lines.toSorted((a, b) => rank(a.key) - rank(b.key)) : chart.lines;
  const count = lines[0]?.values.length ?? 0;
  const bases = stackBases(lines, chart.stacked, count);
  const most = Math.max(
    1e-9,
    ...lines.flatMap(({ values }, line) => values.map((value, place) => (value ?? 0) + (bases[line]?.[place] ?? 0))),
  );
  const ceiling = niceCeiling(most, chart.unit === 'bytesPerSecond' ? 1024 : 1);
  const x = (place: number): string => (left + (place / Math.max(1, count - 1)) * plotWidth).toFixed(1);
  const y = (value: number): string => (top + plotHeight * (1 - value / ceiling)).toFixed(1);
  const shapes = lines.map(({ key, label, values }, line) =>
    runs(values)
      .map(([from, to]) => {
        const places = Array.from({ length: to - from + 1 }, (_, at) => from + at);
        const base = (place: number): number => bases[line]?.[place] ?? 0;
        const upper = places.map((place) => `${x(place)},${y(base(place) + (values[place] ?? 0))}`);
        const colour = colourOf(key, line);
        const title = `<title>${escapeText(label)}</title>`;
        if (!chart.stacked) return `<polyline class="line s-${colour}" points="${upper.join(' ')}">${title}</polyline>`;
        const lower = places.toReversed().map((place) => `${x(place)},${y(base(place))}`);
        return `<polygon class="area f-${colour}" points="${[...upper, ...lower].join(' ')}">${title}</polygon>`;
      })
      .join(''),
  );
  const grid = [0, 0.25, 0.5, 0.75, 1].map((part) => {
    const at = y(ceiling * part);
    return `<line class="grid" x1="${left}" x2="${width - 8}" y1="${at}" y2="${at}"/><text class="tick" x="${left - 6}" y="${Number(at) + 4}" text-anchor="end">${escapeText(inUnit(ceiling * part, chart.unit))}</text>`;
  });
  // Minutes would say the same again and again.
  const isShort = count * chart.stepMs < shortMs;
  const times = [0, 0.25, 0.5, 0.75, 1].map((part) => {
    const at = left + plotWidth * part;
    const anchor = part === 0 ? 'start' : part === 1 ? 'end' : 'middle';
    const ms = chart.startMs + part * count * chart.stepMs;
    return `<text class="tick" x="${at}" y="${height - 6}" text-anchor="${anchor}">${isShort ? instant(ms).slice(11, 19) : instant(ms).slice(5, 16)}</text>`;
  });
  const legend = lines.map(({ key, label, values }, line) => {
    const known = values.filter((value) => value !== null);
    const mean = known.reduce((sum, value) => sum + value, 0) / Math.max(1, known.length);
    return `<li><i class="b-${colourOf(key, line)}"></i>${escapeText(label)} <b>${escapeText(inUnit(mean, chart.unit))}</b></li>`;
  });
  return `<figure><figcaption>${escapeText(chart.title)}</figcaption><svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeText(chart.title)}">${gapBands(lines, count, x)}${grid.join('')}${shapes.join('')}${times.join('')}</svg><ul class="legend">${legend.join('')}</ul></figure>`;
}

const rank = (key: string): number => {
  const place = stackOrder.indexOf(key);
  return place === -1 ? stackOrder.length + (key === 'IdleTx' ? 1 : 0) : place;
};

function stackBases(lines: ReportChart['lines'], stacked: boolean, count: number): number[][] {
  const sums = new Array<number>(count).fill(0);
  return lines.map(({ values }) => {
    const base = [...sums];
    if (stacked) for (let place = 0; place < count; place++) sums[place] = (sums[place] ?? 0) + (values[place] ?? 0);
    return base;
  });
}

/** Where values are known, from place to place. */
function runs(values: readonly (number | null)[]): [number, number][] {
  const found: [number, number][] = [];
  values.forEach((value, place) => {
    if (value === null) return;
    const last = found.at(-1);
    if (last && last[1] === place - 1) last[1] = place;
    else found.push([place, place]);
  });
  return found;
}

function gapBands(lines: ReportChart['lines'], count: number, x: (place: number) => string): string {
  const empty = Array.from({ length: count }, (_, place) =>
    lines.every(({ values }) => values[place] === null) ? 1 : null,
  );
  return runs(empty)
    .map(([from, to]) => {
      const start = Number(x(Math.max(0, from - 1)));
      const end = Number(x(Math.min(count - 1, to + 1)));
      return `<rect class="gap" x="${start}" y="${top}" width="${(end - start).toFixed(1)}" height="${plotHeight}"><title>Nothing recorded</title></rect>`;
    })
    .join('');
}

/** 1, 2, 2.5 or 5 times a power of ten, at least `value`; of bytes, in the unit that they are written in. */
function niceCeiling(value: number, base: number): number {
  const unit = base > 1 ? base ** Math.max(0, Math.floor(Math.log(value) / Math.log(base))) : 1;
  const power = unit * 10 ** Math.floor(Math.log10(value / unit));
  const step = [1, 2, 2.5, 5, 10].find((each) => each * power >= value) ?? 10;
  return step * power;
}
