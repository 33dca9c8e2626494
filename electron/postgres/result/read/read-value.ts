/** A piece of one value by byte offsets, so that a value of any size can be looked at. */
import { isUtf8 } from 'node:buffer';
import { invalid } from '../../../../shared/failure.ts';
import { type RowFile, rowHeadBytes } from './data-row.ts';
import { type RowReader, withReader } from './row-reader.ts';
import { wholeCharacters } from './utf8.ts';

export interface ValueRequest {
  readonly row: number;
  readonly column: number;
  readonly offsetBytes: number;
  readonly lengthBytes: number;
  readonly base64: boolean;
}

export interface ValuePiece {
  readonly isNull: boolean;
  readonly sizeBytes: number;
  readonly text: string;
  readonly nextOffsetBytes: number | null;
  readonly invalidText: boolean;
}

/** `row` is the file's own row number. As text, a piece ends at a character's end; `base64` gives the bytes as they are. */
export async function readValue(file: RowFile, request: ValueRequest): Promise<ValuePiece> {
  if (request.row >= file.rowCount) throw invalid('row', `The result has ${file.rowCount} rows.`);
  return withReader(file, async (reader) => {
    reader.readAhead = 4096;
    const { offset, length } = locateField(reader, request.row, request.column);
    if (length < 0) return { isNull: true, sizeBytes: 0, text: '', nextOffsetBytes: null, invalidText: false };
    const from = Math.min(request.offsetBytes, length);
    const wanted = Math.min(request.lengthBytes, length - from);
    if (wanted === 0) return { isNull: false, sizeBytes: length, text: '', nextOffsetBytes: null, invalidText: false };
    await reader.preload(offset + from, wanted);
    const ended = from + wanted === length;
    const whole = ended || request.base64 ? wanted : wholeCharacters(reader.bytes, 0, wanted);
    // A piece shorter than one character is given as it is, so that asking always moves on.
    const taken = reader.bytes.subarray(0, whole === 0 ? wanted : whole);
    return {
      isNull: false,
      sizeBytes: length,
      text: request.base64 ? taken.toString('base64') : taken.toString('utf8'),
      nextOffsetBytes: from + taken.length < length ? from + taken.length : null,
      invalidText: !request.base64 && !isUtf8(taken),
    };
  });
}

function locateField(reader: RowReader, row: number, column: number): { offset: number; length: number } {
  const start = reader.locate(row);
  if (column >= reader.columnCount(start)) throw invalid('column', 'The result has no such column.');
  let offset = start + rowHeadBytes;
  for (let passed = 0; ; passed++) {
    const length = reader.int32(offset);
    offset += 4;
    if (passed === column) return { offset, length };
    offset += Math.max(0, length);
  }
}
