/** Rows of texts as the bytes of a format. */
import { ByteWriter } from '../result/encode/byte-writer.ts';
import type { RowFormat } from '../result/encode/row-format.ts';

export function writtenRows(format: RowFormat, rows: readonly (readonly (string | null)[])[]): Buffer {
  const pieces: Buffer[] = [];
  const out = new ByteWriter((bytes) => void pieces.push(Buffer.from(bytes)), 65_536);
  for (const [row, fields] of rows.entries()) {
    format.rowStart(out, row);
    for (const [position, field] of fields.entries()) {
      if (field === null) {
        format.nothing(out, position);
        continue;
      }
      const bytes = Buffer.from(field);
      format.value(out, position, bytes, 0, bytes.length);
    }
    format.rowEnd(out);
  }
  out.flush();
  return Buffer.concat(pieces);
}
