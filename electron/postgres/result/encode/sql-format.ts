/** Rows as SQL by bytes: INSERT statements of one row or many, or COPY with its data. */
import { quoteIdentifier } from '../../../../shared/sql/quote.ts';
import type { ByteWriter } from './byte-writer.ts';
import { type Replacing, replaced, replacing } from './escape-bytes.ts';
import { isJsonNumber, jsonKind } from './json-format.ts';
import type { RowFormat } from './row-format.ts';
import { tsvFormat } from './tsv-format.ts';

export interface SqlTarget {
  /** As one writes it in SQL: `shop.orders`. */
  readonly table: string;
  /** An identity column takes the given values even if it is GENERATED ALWAYS. */
  readonly overriding: boolean;
  /** A statement for many rows, one a row, or COPY. Many where absent. */
  readonly style?: 'rows' | 'insert' | 'copy';
}

const rowsAStatement = 1000;
const plainLiteral: Replacing = replacing({ "'": "''" });
const escapeLiteral: Replacing = replacing({ "'": "''", '\\': '\\\\' });

/** As a number in SQL it would be an integer's zero, which has no sign. */
const isMinusZero = (bytes: Uint8Array, start: number, end: number): boolean =>
  end - start === 2 && bytes[start] === 0x2d && bytes[start + 1] === 0x30;

/** @param names distinct */
export function sqlFormat(target: SqlTarget, names: readonly string[], typeOids: readonly number[]): RowFormat {
  if (target.style === 'copy') return copyFormat(target, names);
  const together = target.style === 'insert' ? 1 : rowsAStatement;
  const list = names.map(quoteIdentifier).join(', ');
  const overriding = target.overriding ? ' OVERRIDING SYSTEM VALUE' : '';
  const into = `INSERT INTO ${quotedTable(target.table)} (${list})${overriding} VALUES${together === 1 ? ' (' : '\n  ('}`;
  const kinds = typeOids.map(jsonKind);
  return {
    begin() {},
    rowStart(out, row) {
      const first = row % together === 0;
      if (first && row > 0) out.text(';\n');
      out.text(first ? into : ',\n  (');
    },
    value(out, position, bytes, start, end) {
      if (position > 0) out.text(', ');
      const kind = kinds[position];
      if (kind === 'number' && isJsonNumber(bytes, start, end) && !isMinusZero(bytes, start, end))
        out.copy(bytes, start, end);
      else if (kind === 'boolean') out.text(bytes[start] === 0x74 ? 'true' : 'false');
      else literal(out, bytes, start, end);
    },
    nothing(out, position) {
      out.text(position > 0 ? ', NULL' : 'NULL');
    },
    rowEnd(out) {
      out.text(')');
    },
    end(out, rows) {
      if (rows > 0) out.text(';\n');
    },
    large(out, position) {
      if (position > 0) out.text(', ');
      // Whether there is a backslash in it is not known yet; with doubled ones E'' is right in any case.
      out.text("E'");
      return {
        piece: (bytes, start, end) => replaced(out, bytes, start, end, escapeLiteral),
        end: () => out.byte(0x27),
      };
    },
  };
}

/** As `quoteLiteral` of shared/sql/quote.ts, by bytes. */
function literal(out: ByteWriter, bytes: Uint8Array, start: number, end: number): void {
  let escapes = false;
  for (let at = start; at < end && !escapes; at++) escapes = bytes[at] === 0x5c;
  out.text(escapes ? "E'" : "'");
  replaced(out, bytes, start, end, escapes ? escapeLiteral : plainLiteral);
  out.byte(0x27);
}

function copyFormat({ table }: SqlTarget, names: readonly string[]): RowFormat {
  const rows = tsvFormat(null);
  return {
    ...rows,
    begin(out) {
      out.text(`COPY ${quotedTable(table)} (${names.map(quoteIdentifier).join(', ')}) FROM stdin;\n`);
    },
    end(out) {
      out.text('\\.\n');
    },
  };
}

/** The parts of a dotted name, each in quotes; a text that is no such name is one name as it stands. */
export function quotedTable(written: string): string {
  const parts: string[] = [];
  const pattern = /\s*(?:"((?:[^"]|"")+)"|([^\s".]+))\s*(\.|$)/y;
  while (pattern.lastIndex < written.length) {
    const match = pattern.exec(written);
    if (!match) return quoteIdentifier(written);
    parts.push(match[1] === undefined ? (match[2] as string) : match[1].replaceAll('""', '"'));
    if (match[3] === '' && pattern.lastIndex < written.length) return quoteIdentifier(written);
  }
  return written.trimEnd().endsWith('.') ? quoteIdentifier(written) : parts.map(quoteIdentifier).join('.');
}
