/** Draws areas, curves and axes with uPlot; pointer, crosshair and keyboard are the overlay's (plot-overlay.tsx). */
import uPlot from 'uplot';
import { shownAmount } from '../../shared/metrics/units.ts';
import type { ChartData, TimeRange } from './chart-types.ts';
import { type Columns, columnsOf, gapsOf, valueLimits } from './columns.ts';
import { areaFill, gapFill, themeColor } from './paint.ts';
import { stepPath } from './step-path.ts';
import { axisLabels } from './time-axis.ts';

const font = '11px "Inter Variable", system-ui, sans-serif';

/** Units whose round numbers are powers of two. */
const binary: ReadonlySet<string> = new Set(['bytes', 'blocks']);
const powersOfTwo = Array.from({ length: 60 }, (_, at) => 2 ** (at - 3));

/** Where the plotting area lies in its box, in CSS pixels. */
export interface PlotArea {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface PlotInput extends ChartData {
  /** Up to when something can be known; later is no gap. */
  readonly endMs: number;
}

const sameArea = (a: PlotArea, b: PlotArea): boolean =>
  a.left === b.left && a.top === b.top && a.width === b.width && a.height === b.height;

/** What makes uPlot start anew rather than take new data. */
const shapeOf = ({ kind, series, unit }: PlotInput): string =>
  JSON.stringify([kind, unit, series.map((each) => [each.key, each.color, each.pattern, each.over, each.dashed])]);

/** One chart in one element. Tell it new data with `update`; nothing else moves it. */
export class Plot {
  readonly #host: HTMLElement;
  readonly #onArea: (area: PlotArea) => void;
  #input: PlotInput;
  #columns: Columns;
  #shape: string;
  #plot: uPlot;
  #area: PlotArea = { left: 0, top: 0, width: 0, height: 0 };

  constructor(host: HTMLElement, input: PlotInput, onArea: (area: PlotArea) => void) {
    this.#host = host;
    this.#onArea = onArea;
    this.#input = input;
    this.#columns = columnsOf(input.kind, input.buckets, input.series);
    this.#shape = shapeOf(input);
    this.#plot = this.#make();
  }

  update(input: PlotInput): void {
    this.#input = input;
    this.#columns = columnsOf(input.kind, input.buckets, input.series);
    const shape = shapeOf(input);
    if (shape !== this.#shape) {
      this.#shape = shape;
      this.restart();
    } else this.#plot.setData(this.#data());
  }

  /** After a change of theme. */
  restart(): void {
    this.#plot.destroy();
    this.#plot = this.#make();
  }

  resize(width: number, height: number): void {
    if (width > 0 && height > 0) this.#plot.setSize({ width, height });
  }

  /** The picture as drawn, without crosshair. */
  get canvas(): HTMLCanvasElement {
    return this.#plot.ctx.canvas;
  }

  destroy(): void {
    this.#plot.destroy();
  }

  #data(): uPlot.AlignedData {
    return [[...this.#columns.x], ...this.#columns.drawn.map((each) => [...each.values])];
  }

  #make(): uPlot {
    const options: uPlot.Options = {
      width: Math.max(60, this.#host.clientWidth),
      height: Math.max(40, this.#host.clientHeight),
      ms: 1,
      padding: [6, 20, 0, 0],
      legend: { show: false },
      cursor: { show: false },
      drawOrder: ['series', 'axes'] as unknown as uPlot.DrawOrderKey[],
      scales: {
        x: { time: true, range: () => [this.#input.range.fromMs, this.#input.range.toMs] },
        y: {
          range: () =>
            [...valueLimits(this.#columns.drawn, this.#input.lines ?? [], this.#input.reach)] as [number, number],
        },
      },
      axes: [this.#timeAxis(), this.#valueAxis()],
      series: [{}, ...this.#columns.drawn.map((_, at) => this.#seriesOptions(at))],
      hooks: {
        drawClear: [(plot) => this.#drawGaps(plot)],
        draw: [(plot) => this.#drawLines(plot)],
        ready: [() => this.#tellArea()],
        setSize: [() => this.#tellArea()],
      },
    };
    return new uPlot(options, this.#data(), this.#host);
  }

  #timeAxis(): uPlot.Axis {
    return {
      stroke: () => themeColor('--faint'),
      font,
      size: 24,
      gap: 4,
      space: 72,
      grid: { show: false },
      ticks: { stroke: () => themeColor('--line'), width: 1, size: 4 },
      values: (_, splits, _axis, _space, stepMs) => axisLabels(splits, stepMs),
    };
  }

  #valueAxis(): uPlot.Axis {
    return {
      stroke: () => themeColor('--faint'),
      font,
      size: (_, labels) =>
        labels === null ? 40 : Math.ceil(Math.max(...labels.map((each) => each.length)) * 6.2) + 14,
      gap: 6,
      space: 28,
      grid: { stroke: () => `color-mix(in srgb, ${themeColor('--line-strong')} 45%, transparent)`, width: 1 },
      ticks: { show: false },
      ...(binary.has(this.#input.unit.unit) ? { incrs: powersOfTwo } : {}),
      values: (_, splits) => splits.map((value) => shownAmount(value, this.#input.unit)),
    };
  }

  #seriesOptions(at: number): uPlot.Series {
    const { kind } = this.#input;
    const own = () => this.#columns.drawn[at]?.series;
    const line = kind === 'lines' || own()?.over === true;
    const paths = kind === 'lines' ? uPlot.paths.linear?.() : stepPath(!line, kind === 'bars' && !line ? 1 : 0);
    return {
      width: line ? 1.5 : 0,
      stroke: () => themeColor(own()?.color ?? '--ink'),
      points: { show: (_, __, from, to) => kind === 'lines' && to - from < 3, size: 4 },
      ...(paths ? { paths } : {}),
      ...(own()?.dashed ? { dash: [4, 4] } : {}),
      ...(line ? {} : { fill: (plot) => this.#fill(plot, at) }),
    };
  }

  #fill(plot: uPlot, at: number): CanvasRenderingContext2D['fillStyle'] {
    const series = this.#columns.drawn[at]?.series;
    return areaFill(plot.ctx, series?.color ?? '--ink', series?.pattern ?? 'plain', uPlot.pxRatio);
  }

  #drawGaps(plot: uPlot): void {
    const { buckets, series, range, endMs } = this.#input;
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.fillStyle = gapFill(ctx, uPlot.pxRatio);
    for (const gap of gapsOf(buckets, series, range, endMs)) {
      const [left, right] = this.#span(plot, gap);
      ctx.fillRect(left, bbox.top, right - left, bbox.height);
    }
    ctx.restore();
  }

  #span(plot: uPlot, { fromMs, toMs }: TimeRange): readonly [number, number] {
    return [plot.valToPos(fromMs, 'x', true), plot.valToPos(toMs, 'x', true)];
  }

  #drawLines(plot: uPlot): void {
    const { ctx, bbox, scales } = plot;
    const max = scales.y?.max ?? 0;
    for (const { value, label } of this.#input.lines ?? []) {
      const inSight = value <= max;
      const y = inSight ? plot.valToPos(value, 'y', true) : bbox.top;
      ctx.save();
      ctx.font = font.replace('11px', `${11 * uPlot.pxRatio}px`);
      ctx.fillStyle = themeColor('--danger');
      ctx.strokeStyle = themeColor('--danger');
      ctx.lineWidth = uPlot.pxRatio;
      if (inSight) {
        ctx.setLineDash([6 * uPlot.pxRatio, 3 * uPlot.pxRatio]);
        ctx.beginPath();
        ctx.moveTo(bbox.left, y);
        ctx.lineTo(bbox.left + bbox.width, y);
        ctx.stroke();
      }
      ctx.textAlign = 'right';
      ctx.textBaseline = inSight && y - bbox.top > 16 * uPlot.pxRatio ? 'bottom' : 'top';
      ctx.fillText(inSight ? label : `${label} is far above ↑`, bbox.left + bbox.width - 4, y + 2);
      ctx.restore();
    }
  }

  #tellArea(): void {
    // `over` lies exactly on the plotting area.
    const {
      offsetLeft: left,
      offsetTop: top,
      offsetWidth: width,
      offsetHeight: height,
    } = this.#plot?.over ?? {
      offsetLeft: 0,
      offsetTop: 0,
      offsetWidth: 0,
      offsetHeight: 0,
    };
    const area = { left, top, width, height };
    if (sameArea(area, this.#area)) return;
    this.#area = area;
    this.#onArea(area);
  }

  /** Where the plotting area lies now. */
  get area(): PlotArea {
    this.#tellArea();
    return this.#area;
  }
}
