/** COPY … TO STDOUT as the server wrote it: lines, or in the binary format bytes. */
import type { RowFormat } from '../postgres/result/encode/row-format.ts';

const newline = 0x0a;

export function rawFormat(binary: boolean): RowFormat {
  return {
    begin() {},
    rowStart() {},
    value: (out, _position, bytes, start, end) => out.copy(bytes, start, end),
    nothing() {},
    rowEnd: (out) => {
      if (!binary) out.byte(newline);
    },
    end() {},
    large: (out) => ({ piece: (bytes, start, end) => out.copy(bytes, start, end), end() {} }),
  };
}
