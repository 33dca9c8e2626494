/** Rows into a Parquet file, a group of them at a time: so many are in memory, however many there are. */
import { ByteWriter as ParquetBytes, ParquetWriter } from 'hyparquet-writer';
import { ByteWriter } from '../../result/encode/byte-writer.ts';
import { distinctNames, renamingNotes } from '../../result/encode/column-names.ts';
import type { Encoder } from '../../result/encode/export-encoder.ts';
import { RowEncoder } from '../../result/encode/row-encoder.ts';
import type { RowFormat } from '../../result/encode/row-format.ts';
import type { EncodedColumn } from '../encoded-column.ts';
import type { ByteSink } from '../output/byte-sink.ts';
import { parquetColumn } from './parquet-types.ts';

/** A group is written when it has so many rows, or so many bytes of values. */
const groupRows = 50_000;
const groupBytes = 16 * 1024 * 1024;

type Values = (string | number | bigint | boolean | Uint8Array | null)[];

export function parquetRows(columns: readonly EncodedColumn[], sink: ByteSink): Encoder {
  const distinct = distinctNames(columns.map(({ name }) => name));
  const made = columns.map((column, at) => parquetColumn(distinct.names[at] as string, column));
  const file = new SinkBytes(sink);
  const writer = new ParquetWriter({
    writer: file,
    schema: [{ name: 'root', num_children: made.length }, ...made.map(({ element }) => element)],
    createdBy: 'howdah',
  });
  let group: Values[] = made.map(() => []);
  let bytesHeld = 0;
  const flush = (): void => {
    const data = made.map(({ element }, at) => ({
      name: element.name,
      data: group[at] as Values,
      // Least and greatest help readers to pass over groups; of texts they cost more than they save.
      statistics: element.type !== 'BYTE_ARRAY',
    }));
    if (made.length > 0 && (group[0]?.length ?? 0) > 0)
      void writer.write({ columnData: data, rowGroupSize: groupRows * 2 });
    group = made.map(() => []);
    bytesHeld = 0;
    file.send();
  };
  const add = (position: number, value: Values[number]): void => void group[position]?.push(value);
  const format: RowFormat = {
    begin() {},
    rowStart() {},
    value(_out, position, bytes, start, end) {
      bytesHeld += 16 + end - start;
      add(position, made[position]?.read(bytes, start, end) ?? null);
    },
    nothing: (_out, position) => add(position, null),
    rowEnd() {
      if (bytesHeld >= groupBytes || (group[0]?.length ?? 0) >= groupRows) flush();
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
          bytesHeld += value.length;
          add(position, made[position]?.read(value, 0, value.length) ?? null);
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
