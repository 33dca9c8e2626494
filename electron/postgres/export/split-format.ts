/** A format that begins a new file (or sheet) at the first row after so many bytes or rows. */
import type { ByteWriter } from '../result/encode/byte-writer.ts';
import type { RowFormat } from '../result/encode/row-format.ts';

export interface SplitLimits {
  readonly bytes: number;
  readonly rows: number;
}

/**
 * @param next turns the writer's sink to the next file; what was written before has been flushed
 */
export function splitFormat(format: RowFormat, limits: SplitLimits, next: () => void): RowFormat {
  let begunAt = 0;
  let rows = 0;
  const written = (out: ByteWriter): number => out.sent + out.at - begunAt;
  return {
    ...format,
    begin(out) {
      begunAt = out.sent + out.at;
      format.begin(out);
    },
    rowStart(out) {
      if (rows > 0 && (rows >= limits.rows || written(out) >= limits.bytes)) {
        format.end(out, rows);
        out.flush();
        next();
        begunAt = out.sent;
        rows = 0;
        format.begin(out);
      }
      format.rowStart(out, rows);
      rows++;
    },
    end: (out) => format.end(out, rows),
  };
}
