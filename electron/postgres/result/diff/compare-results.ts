/**
 * Compares two results cell by cell and writes what differs as a result file of its own, so that it is shown, sorted,
 * filtered, copied and exported as any other. Its first column says what a row is (removed, added, or a changed row
 * before and after), its second names the columns that differ.
 *
 * Rows are matched by the hash of their keys and told apart by the hash of their values: some 30 bytes of memory a row,
 * and each file is read twice in its order. A changed row is read again and its cells are compared as they are, so that
 * what is shown never rests on a hash. Rows come in the right result's order; what was removed comes where it stood.
 */
import { rmSync } from 'node:fs';
import type { Column } from '../../../../shared/api/sessions.ts';
import { FailureError } from '../../../../shared/failure.ts';
import type { RowFile } from '../read/data-row.ts';
import { RowReader } from '../read/row-reader.ts';
import { type Aborted, scanRows, throwIfAborted } from '../read/scan-rows.ts';
import { detectKeys } from './detect-keys.ts';
import { DiffFile } from './diff-file.ts';
import { type MatchedColumn, matchedColumns } from './matched-columns.ts';
import { fieldsOf, sameField } from './row-hash.ts';
import { KeyTable, readSide, type Side } from './side.ts';

export interface ComparedRows {
  readonly file: RowFile;
  readonly columns: readonly Column[];
}

export interface CompareRequest {
  readonly left: ComparedRows;
  readonly right: ComparedRows;
  /** Column numbers of the left; `detect` finds some; null: the n-th row with the n-th. */
  readonly keys: readonly number[] | 'detect' | null;
  /** Rows that are the same are written too. */
  readonly withSame: boolean;
  /** Of the file to be written. */
  readonly path: string;
}

export interface Compared {
  readonly columns: readonly Column[];
  readonly rows: number;
  readonly bytes: number;
  readonly index: Float64Array<ArrayBuffer>;
  readonly counts: {
    readonly added: number;
    readonly removed: number;
    readonly changed: number;
    readonly same: number;
  };
  /** The left's columns that the rows were matched by; null: by their position. */
  readonly keys: readonly number[] | null;
  /** What the person should know, in sentences. */
  readonly notes: readonly string[];
}

/** So many rows of both together: about 1 GB of hashes. */
const mostRows = 30_000_000;

/** Throws unsupported over 30 million rows, and invalid where the results have no column in common. */
export function compareResults(request: CompareRequest, aborted: Aborted): Compared {
  const { left, right } = request;
  if (left.file.rowCount + right.file.rowCount > mostRows) throw tooMany;
  const matched = matchedColumns(left.columns, right.columns);
  const both = matched.filter((column) => column.left >= 0 && column.right >= 0);
  if (both.length === 0) throw nothingInCommon;
  const keys = keysOf(request, matched, aborted);
  const notes = notesOn(left.columns, right.columns, matched);
  const pairing = pair(request, both, keys, aborted);
  if (keys && pairing.repeats)
    notes.push('Several rows have the same key: the first is compared with the first, the second with the second.');
  if (request.keys === 'detect' && !keys) notes.push('No columns tell the rows apart: they are compared by position.');
  const file = new DiffFile(request.path);
  try {
    const writer = new DiffWriter(request, matched, file);
    const counts = writer.write(pairing, aborted);
    const index = file.finish();
    const columns = diffColumns(left.columns, right.columns, matched);
    const keyColumns = keys?.map(({ left: at }) => at) ?? null;
    return { columns, rows: file.rows, bytes: file.bytes, index, counts, keys: keyColumns, notes };
  } catch (thrown) {
    rmSync(request.path, { force: true });
    throw thrown;
  } finally {
    file.close();
  }
}

function keysOf(
  { left, right, keys }: CompareRequest,
  matched: readonly MatchedColumn[],
  aborted: Aborted,
): readonly MatchedColumn[] | null {
  if (keys === null) return null;
  const files = { left: left.file, right: right.file };
  const found = keys === 'detect' ? detectKeys(files, left.columns, matched, aborted) : [...keys];
  if (!found || found.length === 0) return null;
  return found.map((at) => {
    const column = matched[at];
    if (!column || column.left < 0 || column.right < 0) throw keyNotInBoth;
    return column;
  });
}

interface Pairing {
  /** For each row of the right: the row of the left that it is, or -1. */
  readonly leftOf: Int32Array;
  /** 1: a row of the left that has one on the right. */
  readonly matched: Uint8Array;
  readonly left: Side;
  readonly right: Side;
  readonly repeats: boolean;
}

function pair(
  { left, right }: CompareRequest,
  both: readonly MatchedColumn[],
  keys: readonly MatchedColumn[] | null,
  aborted: Aborted,
): Pairing {
  const columnsOf = (side: 'left' | 'right', count: number) => ({
    count,
    keys: (keys ?? []).map((column) => column[side]),
    compared: both.map((column) => column[side]),
  });
  const leftSide = readSide(left.file, columnsOf('left', left.columns.length), aborted);
  const rightSide = readSide(right.file, columnsOf('right', right.columns.length), aborted);
  const leftOf = new Int32Array(right.file.rowCount);
  const matched = new Uint8Array(left.file.rowCount);
  const table = keys ? new KeyTable(leftSide) : null;
  for (let row = 0; row < leftOf.length; row++) {
    if ((row & 0xfffff) === 0) throwIfAborted(aborted);
    const byPosition = row < matched.length ? row : -1;
    const other = table ? table.take(rightSide.keyHigh[row] as number, rightSide.keyLow[row] as number) : byPosition;
    leftOf[row] = other;
    if (other >= 0) matched[other] = 1;
  }
  return { leftOf, matched, left: leftSide, right: rightSide, repeats: table?.repeats ?? false };
}

/** Goes through the right's rows and puts what the left had between them. */
class DiffWriter {
  readonly #request: CompareRequest;
  readonly #matched: readonly MatchedColumn[];
  readonly #names: readonly string[];
  readonly #file: DiffFile;
  readonly #leftFields: Int32Array;
  readonly #rightFields: Int32Array;
  readonly #counts = { added: 0, removed: 0, changed: 0, same: 0 };

  constructor(request: CompareRequest, matched: readonly MatchedColumn[], file: DiffFile) {
    this.#request = request;
    this.#matched = matched;
    const { left, right } = request;
    this.#names = matched.map((column) => (left.columns[column.left] ?? right.columns[column.right])?.name ?? '');
    this.#file = file;
    this.#leftFields = new Int32Array(left.columns.length);
    this.#rightFields = new Int32Array(right.columns.length);
  }

  write({ leftOf, matched, left, right }: Pairing, aborted: Aborted): Compared['counts'] {
    const { left: before, right: after, withSame } = this.#request;
    const reader = new RowReader(before.file);
    let passed = 0;
    const removedUpTo = (end: number): void => {
      for (; passed < end; passed++) if (matched[passed] === 0) this.#removed(reader, passed);
    };
    try {
      scanRows(after.file, 0, after.file.rowCount, aborted, (bytes, at, row) => {
        const other = leftOf[row] as number;
        if (other > passed) removedUpTo(other);
        fieldsOf(bytes, at, this.#rightFields);
        if (other < 0) this.#added(bytes);
        else if (left.rowHigh[other] !== right.rowHigh[row] || left.rowLow[other] !== right.rowLow[row])
          this.#changed(reader, other, bytes);
        else {
          this.#counts.same++;
          if (withSame) this.#file.row(['same', '', ...this.#rightCells(bytes)]);
        }
        return true;
      });
      removedUpTo(matched.length);
    } finally {
      reader.close();
    }
    return this.#counts;
  }

  #removed(reader: RowReader, row: number): void {
    this.#counts.removed++;
    this.#readLeft(reader, row);
    this.#file.row(['removed', '', ...this.#leftCells(reader.bytes)]);
  }

  #added(bytes: Uint8Array): void {
    this.#counts.added++;
    this.#file.row(['added', '', ...this.#rightCells(bytes)]);
  }

  #changed(reader: RowReader, row: number, bytes: Uint8Array): void {
    this.#readLeft(reader, row);
    const differing = this.#matched.flatMap((column, at) => {
      if (column.left < 0 || column.right < 0) return [];
      const leftAt = this.#leftFields[column.left] as number;
      const rightAt = this.#rightFields[column.right] as number;
      return sameField(reader.bytes, leftAt, bytes, rightAt) ? [] : [this.#names[at] as string];
    });
    this.#counts.changed++;
    const names = differing.join(', ');
    this.#file.row(['before', names, ...this.#leftCells(reader.bytes)]);
    this.#file.row(['after', names, ...this.#rightCells(bytes)]);
  }

  #readLeft(reader: RowReader, row: number): void {
    const at = reader.wholeRow(reader.locate(row));
    fieldsOf(reader.bytes, at, this.#leftFields);
  }

  #leftCells(bytes: Uint8Array) {
    return this.#matched.map(({ left }) => (left < 0 ? null : { bytes, at: this.#leftFields[left] as number }));
  }

  #rightCells(bytes: Uint8Array) {
    return this.#matched.map(({ right }) => (right < 0 ? null : { bytes, at: this.#rightFields[right] as number }));
  }
}

const textColumn = (name: string): Column => ({
  name,
  typeOid: 25,
  typeName: 'text',
  category: 'S',
  tableOid: 0,
  attributeNumber: 0,
});

function diffColumns(left: readonly Column[], right: readonly Column[], matched: readonly MatchedColumn[]): Column[] {
  const columns = matched.map((column) => {
    const [ours, theirs] = [left[column.left], right[column.right]];
    // Of two types only the text form fits both.
    if (ours && theirs && ours.typeOid !== theirs.typeOid) return textColumn(ours.name);
    return ours ?? theirs ?? textColumn('');
  });
  return [textColumn('change'), textColumn('differs in'), ...columns];
}

function notesOn(left: readonly Column[], right: readonly Column[], matched: readonly MatchedColumn[]): string[] {
  const names = (side: 'left' | 'right', columns: readonly Column[]) => {
    const other = side === 'left' ? 'right' : 'left';
    return matched.flatMap((column) => (column[other] < 0 ? [columns[column[side]]?.name ?? ''] : [])).join(', ');
  };
  const gone = names('left', left);
  const fresh = names('right', right);
  return [
    ...(gone ? [`Only the first result has: ${gone}. They are shown and not compared.`] : []),
    ...(fresh ? [`Only the second result has: ${fresh}. They are shown and not compared.`] : []),
  ];
}

const tooMany = new FailureError({
  kind: 'unsupported',
  needs: 'fewer rows',
  message: 'Together the results have more than 30 million rows. Compare them in parts, with a WHERE.',
});
const nothingInCommon = new FailureError({
  kind: 'invalid',
  field: 'right',
  message: 'The two results have no column of the same name, so there is nothing to compare.',
});
const keyNotInBoth = new FailureError({
  kind: 'invalid',
  field: 'keys',
  message: 'A key has to be a column of both results.',
});
