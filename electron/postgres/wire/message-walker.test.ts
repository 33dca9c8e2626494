import { expect, test } from 'vitest';
import { fc } from '../../../tests/fixtures/properties.ts';
import { MessageWalker, type RowSink } from './message-walker.ts';

function message(type: string, body: Uint8Array): Buffer {
  const header = Buffer.alloc(5);
  header.write(type, 'latin1');
  header.writeUInt32BE(4 + body.length, 1);
  return Buffer.concat([header, body]);
}
const row = (...cells: (string | null)[]): Buffer => {
  const parts: Buffer[] = [Buffer.alloc(2)];
  parts[0]?.writeUInt16BE(cells.length);
  for (const cell of cells) {
    const length = Buffer.alloc(4);
    length.writeInt32BE(cell === null ? -1 : Buffer.byteLength(cell));
    parts.push(length, Buffer.from(cell ?? ''));
  }
  return message('D', Buffer.concat(parts));
};

class Collected implements RowSink {
  sizeBytes = 0;
  readonly pieces: Buffer[] = [];
  readonly starts = new Map<number, number>();
  rows = 0;
  rowStarts(number: number, offset: number): void {
    this.starts.set(number, offset);
  }
  append(chunk: Uint8Array, from: number, to: number, completeRows: number): void {
    this.pieces.push(Buffer.from(chunk.subarray(from, to)));
    this.sizeBytes += to - from;
    this.rows = completeRows;
  }
  get bytes(): Buffer {
    return Buffer.concat(this.pieces);
  }
}

function walkerInto(sink: RowSink, limit = Number.POSITIVE_INFINITY) {
  const rest: Buffer[] = [];
  const told = { broken: '', limits: 0, firsts: 0 };
  const walker = new MessageWalker(
    {
      rest: (bytes) => rest.push(Buffer.from(bytes)),
      broken: (why) => {
        told.broken = why;
      },
    },
    'discard',
  );
  walker.rowsTo(
    sink,
    limit,
    () => told.limits++,
    () => told.firsts++,
  );
  return { walker, told, rest: () => Buffer.concat(rest) };
}

/** Pushes the bytes in pieces of these lengths, again and again. */
function pushIn(walker: MessageWalker, bytes: Buffer, lengths: readonly number[]): void {
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const length = lengths[turn % lengths.length] ?? 1;
    walker.push(bytes.subarray(at, at + length));
    at += length;
  }
}

const cell = fc.option(fc.string({ maxLength: 40 }), { nil: null });
const rowOf = fc.array(cell, { maxLength: 5 }).map((cells) => row(...cells));
const other = fc
  .tuple(fc.constantFrom('T', 'C', 'Z', 'E', '1', '2', 'S', 'A'), fc.uint8Array({ maxLength: 30 }))
  .map(([type, body]) => message(type, body));
const chunks = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 8 });

test('rows go to the sink and the rest to the parser, however the bytes are cut', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof({ weight: 3, arbitrary: rowOf }, other), { maxLength: 40 }),
      chunks,
      (messages, lengths) => {
        const sink = new Collected();
        const { walker, rest, told } = walkerInto(sink);
        pushIn(walker, Buffer.concat(messages), lengths);
        const rows = messages.filter((each) => each[0] === 0x44);
        expect(sink.bytes).toEqual(Buffer.concat(rows));
        expect(rest()).toEqual(Buffer.concat(messages.filter((each) => each[0] !== 0x44)));
        expect(sink.rows).toBe(rows.length);
        expect(told).toEqual({ broken: '', limits: 0, firsts: rows.length > 0 ? 1 : 0 });
      },
    ),
  );
});

test('every 256th row is pointed at, and rows past the limit are thrown away and told once', () => {
  fc.assert(
    fc.property(
      fc.array(rowOf, { minLength: 1, maxLength: 600 }),
      fc.integer({ min: 1, max: 600 }),
      chunks,
      (rows, limit, lengths) => {
        const sink = new Collected();
        const { walker, told, rest } = walkerInto(sink, limit);
        const end = message('C', Buffer.from('SELECT\0'));
        pushIn(
          walker,
          Buffer.concat([...rows, end]),
          lengths.map((length) => length * 20),
        );
        const kept = rows.slice(0, limit);
        expect(sink.bytes).toEqual(Buffer.concat(kept));
        expect(sink.rows).toBe(kept.length);
        expect(told.limits).toBe(rows.length > limit ? 1 : 0);
        expect(rest()).toEqual(end);
        let offset = 0;
        for (const [number, bytes] of kept.entries()) {
          if (number % 256 === 0) expect(sink.starts.get(number)).toBe(offset);
          offset += bytes.length;
        }
        expect(sink.starts.size).toBe(Math.ceil(kept.length / 256));
      },
    ),
    { numRuns: 50 },
  );
});

test('lines of COPY become rows of one column', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.string({ maxLength: 50 }).map((line) => line.replaceAll('\n', '')),
        { maxLength: 20 },
      ),
      chunks,
      (lines, lengths) => {
        const sink = new Collected();
        const { walker } = walkerInto(sink);
        pushIn(walker, Buffer.concat(lines.map((line) => message('d', Buffer.from(`${line}\n`)))), lengths);
        expect(sink.bytes).toEqual(Buffer.concat(lines.map((line) => row(line))));
        expect(sink.rows).toBe(lines.length);
      },
    ),
  );
});

test('lines past the limit are thrown away; bytes of a binary COPY are kept whole', () => {
  const sink = new Collected();
  const { walker, told } = walkerInto(sink, 2);
  for (const line of ['a\n', 'b\n', 'c\n', 'd\n']) walker.push(message('d', Buffer.from(line)));
  expect(sink.bytes).toEqual(Buffer.concat([row('a'), row('b')]));
  expect(told.limits).toBe(1);
  const binary = new Collected();
  const { walker: second } = walkerInto(binary);
  second.copyIsBinary();
  second.push(message('d', Buffer.from('x\n')));
  expect(binary.bytes).toEqual(row('x\n'));
});

test('notices past the budget are only counted', () => {
  const { walker, rest } = walkerInto(new Collected());
  const notice = message('N', Buffer.from('SNOTICE\0Mhello\0\0'));
  walker.noticeBudget = 2;
  for (let each = 0; each < 5; each++) walker.push(notice);
  expect(rest()).toEqual(Buffer.concat([notice, notice]));
  expect(walker.noticesDropped).toBe(3);
});

test('an error as long as a value is shortened to a well-formed one', () => {
  const { walker, rest } = walkerInto(new Collected());
  const error = message(
    'E',
    Buffer.concat([Buffer.from('SERROR\0C22012\0M'), Buffer.alloc(3 << 20, 'x'), Buffer.from('\0\0')]),
  );
  const after = message('Z', Buffer.from('I'));
  pushIn(walker, Buffer.concat([error, after]), [65_536]);
  const bytes = rest();
  expect(bytes.length).toBe(5 + (1 << 20) + 2 + after.length);
  expect(bytes.readUInt32BE(1)).toBe(4 + (1 << 20) + 2);
  expect(bytes.subarray(5 + (1 << 20), 5 + (1 << 20) + 2)).toEqual(Buffer.alloc(2));
  expect(bytes.subarray(-after.length)).toEqual(after);
});

test('what is not the protocol ends the reading at once', () => {
  for (const garbage of ['HTTP/1.1 400 Bad Request\r\n', 'D\0\0\0\u0002xx', 'Z\0\0\0\0']) {
    const { walker, told, rest } = walkerInto(new Collected());
    walker.push(Buffer.from(garbage, 'latin1'));
    walker.push(message('Z', Buffer.from('I')));
    expect(told.broken).toMatch(/not PostgreSQL/);
    expect(rest()).toEqual(Buffer.alloc(0));
  }
});
