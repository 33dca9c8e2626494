/**
 * Some polls of one metric family, packed column by column: a curve of one metric reads that metric's bytes only.
 * Rows lie by key and then by poll, so that what changes little lies together. The numbers of a column are written in
 * the cheapest way that gives them back: whole numbers as few bytes, times to the thousandth, the rest as they are.
 */
import { ByteReader, ByteWriter, signedOf } from './bytes.ts';
import { DamagedError } from './packed.ts';

export interface Poll {
  readonly atMs: number;
  /** What of the time before `atMs` the rows stand for. */
  readonly coveredMs: number;
  /** Bits, in the order of `deltaFlags`. */
  readonly flags: number;
  /** Keys that have no row here do not exist, rather than being unchanged. */
  readonly complete: boolean;
}

export interface BlockHead {
  readonly polls: readonly Poll[];
  /** Numbers of the file's key dictionary, ascending. */
  readonly keys: Float64Array;
  /** One entry a row: places in `keys` and `polls`, and the row's own flags. */
  readonly rowKey: Uint32Array;
  readonly rowPoll: Uint32Array;
  readonly rowFlags: Uint8Array;
}
export interface FamilyBlock extends BlockHead {
  /** One value a row, NaN where it is not known; null: the block does not have this column. */
  readonly columns: readonly (Float64Array | null)[];
}

/** A row before it is packed. */
export interface BlockRow {
  readonly key: number;
  readonly poll: number;
  readonly flags: number;
  readonly values: readonly (number | null)[];
}

const most = 20_000_000;

export function blockOf(polls: readonly Poll[], rows: readonly BlockRow[], columns: number): FamilyBlock {
  const ordered = rows.toSorted((a, b) => a.key - b.key || a.poll - b.poll);
  const keys: number[] = [];
  const rowKey = new Uint32Array(ordered.length);
  const rowPoll = new Uint32Array(ordered.length);
  const rowFlags = new Uint8Array(ordered.length);
  const values = Array.from({ length: columns }, () => new Float64Array(ordered.length));
  ordered.forEach((row, place) => {
    if (keys.at(-1) !== row.key) keys.push(row.key);
    rowKey[place] = keys.length - 1;
    rowPoll[place] = row.poll;
    rowFlags[place] = row.flags;
    for (let column = 0; column < columns; column++) {
      const value = row.values[column];
      // NaN and the infinities come from servers, too; a recording keeps numbers.
      (values[column] as Float64Array)[place] = value == null || !Number.isFinite(value) ? Number.NaN : value + 0;
    }
  });
  return { polls, keys: Float64Array.from(keys), rowKey, rowPoll, rowFlags, columns: values };
}

export function encodeHead({ polls, keys, rowKey, rowPoll, rowFlags }: BlockHead): Uint8Array {
  const out = new ByteWriter();
  out.byte(1);
  out.unsigned(polls.length);
  let at = 0;
  for (const poll of polls) {
    out.signed(Math.round(poll.atMs) - at);
    at = Math.round(poll.atMs);
  }
  for (const poll of polls) out.unsigned(Math.max(0, Math.round(poll.coveredMs)));
  for (const poll of polls) out.byte(poll.flags);
  for (const poll of polls) out.byte(poll.complete ? 1 : 0);
  out.unsigned(keys.length);
  let key = 0;
  for (const each of keys) {
    out.unsigned(each - key);
    key = each;
  }
  const counts = new Uint32Array(keys.length);
  for (const each of rowKey) counts[each] = (counts[each] ?? 0) + 1;
  for (const rows of counts) out.unsigned(rows);
  let before = -1;
  for (let row = 0; row < rowPoll.length; row++) {
    if (row === 0 || rowKey[row] !== rowKey[row - 1]) before = -1;
    const poll = rowPoll[row] ?? 0;
    out.unsigned(poll - before - 1);
    before = poll;
  }
  const flagged = [...rowFlags.keys()].filter((row) => rowFlags[row] !== 0);
  out.unsigned(flagged.length);
  for (const row of flagged) {
    out.unsigned(row);
    out.byte(rowFlags[row] ?? 0);
  }
  return out.take();
}

/** @throws DamagedError */
export function decodeHead(bytes: Uint8Array): BlockHead {
  try {
    return readHead(new ByteReader(bytes));
  } catch (thrown) {
    throw new DamagedError(thrown);
  }
}

function readHead(reader: ByteReader): BlockHead {
  if (reader.byte() !== 1) throw new DamagedError();
  const count = (): number => {
    const value = reader.unsigned();
    if (value > most) throw new DamagedError();
    return value;
  };
  const polls = readPolls(reader, count());
  const keys = reader.unsignedInto(new Float64Array(count()));
  for (let each = 1; each < keys.length; each++) keys[each] = (keys[each] as number) + (keys[each - 1] as number);
  const counts = reader.unsignedInto(new Float64Array(keys.length));
  let rows = 0;
  for (const own of counts) rows += own;
  if (rows > most) throw new DamagedError();
  const rowKey = new Uint32Array(rows);
  // Polls that were left out since the key's row before.
  const rowPoll = reader.unsignedInto(new Uint32Array(rows));
  const rowFlags = new Uint8Array(rows);
  let row = 0;
  for (let of = 0; of < counts.length; of++) {
    let poll = -1;
    for (const end = row + (counts[of] as number); row < end; row++) {
      poll += (rowPoll[row] as number) + 1;
      rowKey[row] = of;
      rowPoll[row] = poll;
    }
  }
  for (let left = count(); left > 0; left--) rowFlags[reader.unsigned()] = reader.byte();
  return { polls, keys, rowKey, rowPoll, rowFlags };
}

function readPolls(reader: ByteReader, length: number): Poll[] {
  const steps = reader.unsignedInto(new Float64Array(length));
  const covered = reader.unsignedInto(new Float64Array(length));
  const flags = reader.bytes(length);
  const complete = reader.bytes(length);
  const polls: Poll[] = [];
  let atMs = 0;
  for (let place = 0; place < length; place++) {
    atMs += signedOf(steps[place] as number);
    polls.push({
      atMs,
      coveredMs: covered[place] as number,
      flags: flags[place] as number,
      complete: complete[place] === 1,
    });
  }
  return polls;
}

const asWhole = 1;
const asThousandths = 2;
const asFloats = 3;
/** One value for all rows. */
const asOne = 4;
/** Whole numbers that are all multiples of one: session time of ticks a second apart, sizes in blocks. */
const asMultiples = 5;

/** Null where every value is NaN: such a column is not kept. */
export function encodeColumn(values: Float64Array): Uint8Array | null {
  let whole = true;
  let thousandths = true;
  let known = 0;
  let one = true;
  const first = values[0];
  for (const value of values) {
    if (!Object.is(value, first)) one = false;
    if (Number.isNaN(value)) continue;
    known++;
    if (!Number.isInteger(value) || Math.abs(value) > 2 ** 51) whole = false;
    if (Math.abs(value) > 2 ** 40 || Math.round(value * 1000) / 1000 !== value) thousandths = false;
  }
  if (known === 0) return null;
  const out = new ByteWriter();
  if (one && first !== undefined) {
    out.byte(asOne);
    out.float(first);
    return out.take();
  }
  const divisor = whole ? commonDivisor(values) : 1;
  const mode = whole ? (divisor > 1 ? asMultiples : asWhole) : thousandths ? asThousandths : asFloats;
  out.byte(mode);
  if (mode === asMultiples) out.unsigned(divisor);
  for (const value of values) {
    if (mode === asFloats) out.float(value);
    // 0: not known; what is known moves up by one.
    else if (Number.isNaN(value)) out.unsigned(0);
    else {
      const number = mode === asThousandths ? Math.round(value * 1000) : value / divisor;
      out.unsigned(number < 0 ? -number * 2 : number * 2 + 1);
    }
  }
  return out.take();
}

function commonDivisor(values: Float64Array): number {
  let divisor = 0;
  for (const value of values) {
    let [a, b] = [divisor, Math.abs(value)];
    if (Number.isNaN(b)) continue;
    while (b !== 0) [a, b] = [b, a % b];
    divisor = a;
    if (divisor === 1) break;
  }
  return Math.max(1, divisor);
}

/** @throws DamagedError */
export function decodeColumn(bytes: Uint8Array, rows: number): Float64Array {
  try {
    const reader = new ByteReader(bytes);
    const mode = reader.byte();
    const values = new Float64Array(rows);
    if (mode === asOne) return values.fill(reader.float());
    const scale = mode === asMultiples ? reader.unsigned() : 1;
    if (mode === asFloats) {
      for (let row = 0; row < rows; row++) values[row] = reader.float();
      return values;
    }
    reader.unsignedInto(values);
    const thousandths = mode === asThousandths;
    for (let row = 0; row < rows; row++) {
      const code = values[row] as number;
      // Halves of a double: what is shifted would lose the upper bits of large numbers.
      const half = code / 2;
      const odd = half !== Math.floor(half);
      const number = odd ? half - 0.5 : -half;
      values[row] = code === 0 ? Number.NaN : thousandths ? number / 1000 : number * scale;
    }
    return values;
  } catch (thrown) {
    throw new DamagedError(thrown);
  }
}
