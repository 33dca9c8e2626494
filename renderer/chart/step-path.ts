/** The path of values that hold for a whole step, up to its very end also before a gap. */
import type uPlot from 'uplot';

/** @param filled down to 0; else the line on top only @param spacePx left free at the right of each step: bars */
export const stepPath =
  (filled: boolean, spacePx: number): uPlot.Series.PathBuilder =>
  (plot, seriesIndex) => {
    const x = plot.data[0];
    const values = plot.data[seriesIndex] ?? [];
    const path = new Path2D();
    const ground = plot.valToPos(0, 'y', true);
    const left = (at: number) => plot.valToPos(x[at] ?? 0, 'x', true);
    const top = (at: number) => plot.valToPos(values[at] ?? 0, 'y', true);
    let open = false;
    // The last value only ends the one before (columns.ts).
    for (let at = 0; at < x.length - 1; at++) {
      // A line along the axis says nothing, and hides the axis.
      if (values[at] == null || (!filled && values[at] === 0)) {
        open = false;
        continue;
      }
      const right = Math.max(left(at) + 1, left(at + 1) - spacePx);
      if (!open) path.moveTo(left(at), filled ? ground : top(at));
      path.lineTo(left(at), top(at));
      path.lineTo(right, top(at));
      open = spacePx === 0 && values[at + 1] != null && at < x.length - 2;
      if (!open && filled) {
        path.lineTo(right, ground);
        path.closePath();
      }
    }
    return filled ? { fill: path, stroke: null } : { stroke: path, fill: null };
  };
