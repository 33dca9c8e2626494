/** The server's ErrorResponse and NoticeResponse as data of the contract. */
import type { DatabaseError } from 'pg';
import type { PostgresFailure } from '../../../shared/api/base.ts';
import type { Notice, TextRange } from '../../../shared/api/sessions.ts';
import { FailureError } from '../../../shared/failure.ts';

/** A message can be as long as a value; the page gets so many characters of each field. */
const maxFieldLength = 100_000;
const kept = (text: string | undefined): string | undefined =>
  text === undefined || text.length <= maxFieldLength ? text : `${text.slice(0, maxFieldLength)}…`;
const numberOf = (text: string | undefined): number | undefined => {
  const number = text === undefined ? Number.NaN : Number(text);
  return Number.isSafeInteger(number) ? number : undefined;
};

/** A hostile server may send anything as code. */
const sqlstateOf = (code: string | undefined): string => (code && /^[0-9A-Z]{5}$/.test(code) ? code : 'XX000');

export function postgresFailure(error: DatabaseError): PostgresFailure {
  return {
    severity: kept(error.severity) ?? 'ERROR',
    sqlstate: sqlstateOf(error.code),
    message: kept(error.message) ?? '',
    detail: kept(error.detail),
    hint: kept(error.hint),
    position: numberOf(error.position),
    internalPosition: numberOf(error.internalPosition),
    internalQuery: kept(error.internalQuery),
    where: kept(error.where),
    schema: kept(error.schema),
    table: kept(error.table),
    column: kept(error.column),
    dataType: kept(error.dataType),
    constraint: kept(error.constraint),
  };
}

export const postgresError = (error: DatabaseError): FailureError =>
  new FailureError({ kind: 'postgres', ...postgresFailure(error) }, { cause: error });

/** pg's NoticeMessage; its fields are those of an error. */
export type NoticeFields = Pick<DatabaseError, 'severity' | 'code' | 'detail' | 'hint' | 'where'> & {
  readonly message: string | undefined;
};

export const noticeOf = (notice: NoticeFields): Notice => ({
  severity: kept(notice.severity) ?? 'NOTICE',
  sqlstate: sqlstateOf(notice.code),
  message: kept(notice.message) ?? '',
  detail: kept(notice.detail),
  hint: kept(notice.hint),
  where: kept(notice.where),
});

/**
 * The place of an error in the editor's text.
 * @param position PostgreSQL's: code points, the first is 1; bytes, where the database has no encoding
 * @param text the statement as sent, which lies in the editor's text from `from` (UTF-16 code units) on
 */
export function placeOf(position: number, text: string, from: number, inBytes = false): TextRange {
  let at = 0;
  for (let counted = 1; counted < position && at < text.length; ) {
    const point = String.fromCodePoint(text.codePointAt(at) ?? 0);
    counted += inBytes ? Buffer.byteLength(point) : 1;
    at += point.length;
  }
  const token = /[\w$\u0080-\uffff]+|"(?:[^"]|"")*"|[^\s\w]|\s/uy;
  token.lastIndex = at;
  const length = token.exec(text)?.[0].length ?? 0;
  return { from: from + at, to: from + at + length };
}
