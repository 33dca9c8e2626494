/** Rows into a Parquet file, a group of them at a time: so many are in memory, however many there are. */
import { ByteWriter as ParquetBytes, ParquetWriter } from 'hyparquet-writer';
import { ByteWriter } from '../../result/encode/byte-writer.ts';
import { distinctNames, renamingNotes } from '../../result/encode/column-names.ts';
import type { Encoder } from '../../result/encode/export-encoder.ts';
import { RowEncoder } from '../../result/encode/row-encoder.ts';
import type { RowFormat } from '../../result/encode/row-format.ts';
import type { EncodedColumn } from '../encoded-column.ts';
import type { ByteSink } from '../output/byte-sink.ts';
import { ColumnPages } from './column-pages.ts';
import { parquetColumn } from './parquet-types.ts';

/** A group is written when it has so many rows, or so many bytes of values. */
const groupRows = 122_880;
const groupBytes = 64 * 1024 * 1024;

export function parquetRows(columns: readonly EncodedColumn[], sink: ByteSink): Encoder {
  const distinct = distinctNames(columns.map(({ name }) => name));
  const made = columns.map((column, at) => parquetColumn(distinct.names[at] as string, column));
  const pages = made.map(({ element }) => new ColumnPages(element));
  const file = new SinkBytes(sink);
  // The library writes the head and the foot of the file; of the values between it would make objects.
  const writer = new ParquetWriter({
    writer: file,
    schema: [{ name: 'root', num_children: made.length }, ...made.map(({ element }) => element)],
    createdBy: 'howdah',
  });
  let held = { rows: 0, bytes: 0 };
  const flush = (): void => {
    const rows = held.rows;
    held = { rows: 0, bytes: 0 };
    if (rows === 0 || pages.length === 0) return;
    const begin = file.offset;
    const chunks = pages.map((column) => column.write(file, rows));
    const plain = chunks.reduce((sum, { meta_data }) => sum + (meta_data?.total_uncompressed_size ?? 0n), 0n);
    writer.row_groups.push({
      columns: chunks,
      total_byte_size: plain,
      num_rows: BigInt(rows),
      total_compressed_size: BigInt(file.offset - begin),
    });
    writer.num_rows += BigInt(rows);
    file.send();
  };
  const add = (position: number, bytes: Uint8Array, start: number, end: number): void => {
    const column = pages[position];
    if (!column) return;
    held.bytes += end - start;
    made[position]?.write(column, bytes, start, end);
  };
  const format: RowFormat = {
    begin() {},
    rowStart() {},
    value: (_out, position, bytes, start, end) => add(position, bytes, start, end),
    nothing: (_out, position) => pages[position]?.nothing(),
    rowEnd() {
      held.rows++;
      if (held.rows >= groupRows || held.bytes >= groupBytes) flush();
    },
    end() {
      flush();
      void writer.finish();
      file.send();
      sink.end();
    },
    large(_out, position) {
      const pieces: Buffer[] = [];
      return {
        piece: (bytes, start, end) => void pieces.push(Buffer.from(bytes.subarray(start, end))),
        end() {
          const value = Buffer.concat(pieces);
          add(position, value, 0, value.length);
        },
      };
    },
  };
  const rows = new RowEncoder(format, new ByteWriter(() => {}, 0));
  return {
    push: (chunk) => rows.push(chunk),
    finish: () => rows.finish(),
    get rows() {
      return rows.rows;
    },
    get sentBytes() {
      return file.offset;
    },
    notes: [...renamingNotes(distinct), ...textNotes(columns)],
  };
}

function textNotes(columns: readonly EncodedColumn[]): string[] {
  const texts = columns.filter(({ typeOid, numeric }) => typeOid === 1700 && (numeric?.precision ?? 99) > 38);
  if (texts.length === 0) return [];
  const names = texts.map(({ name }) => `"${name}"`).join(', ');
  return [`${names}: numbers of any length are written as texts, with all their digits.`];
}

/** The library's buffer, emptied into our sink whenever it has grown. */
class SinkBytes extends ParquetBytes {
  readonly #sink: ByteSink;

  constructor(sink: ByteSink) {
    super(1024 * 1024);
    this.#sink = sink;
  }

  override ensure(size: number): void {
    if (this.index >= 1024 * 1024) this.send();
    super.ensure(size);
  }

  /** Between two values at most: the library goes back to nothing that it has written. */
  send(): void {
    if (this.index === 0) return;
    this.#sink.write(new Uint8Array(this.buffer, 0, this.index));
    this.index = 0;
  }
}
