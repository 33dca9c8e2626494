/**
 * What a person writes after WHERE and ORDER BY. PostgreSQL's own parser has to find one condition (or one list of
 * orders) in it and nothing else, so that no text can end the clause and begin another.
 */
import { FailureError } from '../../../shared/failure.ts';
import { type ParseNode, postgresParser } from '../../postgres/parser/postgres-parser.ts';

export type WrittenField = 'where' | 'orderBy';

const frames: Readonly<
  Record<WrittenField, { readonly before: string; readonly after: string; readonly clause: string }>
> = {
  where: { before: 'select from t where (\n', after: '\n)', clause: 'whereClause' },
  orderBy: { before: 'select from t order by\n', after: '\n', clause: 'sortClause' },
};
/** Of a SelectStmt; `fromClause` is the frame's own. */
const harmless = new Set(['fromClause', 'limitOption', 'op']);

export const refusedText = (field: WrittenField, message: string, at?: number): FailureError =>
  new FailureError({ kind: 'invalid', field, message, ...(at === undefined ? {} : { at, certainTo: 0 }) });

/** Throws invalid with the place of what is wrong; empty text is fine. */
export async function checkWritten(field: WrittenField, text: string): Promise<void> {
  if (text.trim() === '') return;
  if (text.includes('\0') || !text.isWellFormed()) throw refusedText(field, 'This is not valid text.');
  const { before, after, clause } = frames[field];
  const framed = `${before}${text}${after}`;
  const outcome = (await postgresParser()).parse(framed);
  if (outcome.kind === 'crashed') throw refusedText(field, 'This is nested too deeply to be read.');
  if (outcome.kind === 'rejected') {
    const at = outcome.atByte === null ? undefined : Buffer.from(framed).toString('utf8', 0, outcome.atByte).length;
    throw refusedText(field, outcome.message, at === undefined ? undefined : within(at - before.length, text));
  }
  const [statement, ...others] = outcome.statements;
  const select = statement?.node.SelectStmt as ParseNode | undefined;
  const clauses = Object.keys(select ?? {}).filter((name) => !harmless.has(name));
  if (others.length > 0 || !select || select.op !== 'SETOP_NONE' || clauses.join() !== clause)
    throw refusedText(
      field,
      field === 'where' ? 'This is not one condition.' : 'This is not a list of columns to order by.',
    );
  if (JSON.stringify(select).includes('"ParamRef"'))
    throw refusedText(field, 'Parameters ($1) have no values here.', text.indexOf('$'));
}

const within = (at: number, text: string) => Math.max(0, Math.min(at, text.length));

/** Where each written text stands in a statement, for finding the place of the server's complaint in it. */
export interface Written {
  readonly field: WrittenField;
  readonly text: string;
  /** UTF-16 offset in the statement. */
  readonly from: number;
}

/** The server's failure, turned to the text it is about where its position lies in one; else as it is. */
export function aboutWritten(thrown: unknown, statement: string, written: readonly Written[]): unknown {
  if (!(thrown instanceof FailureError) || thrown.failure.kind !== 'postgres' || !thrown.failure.position)
    return thrown;
  const { position, message, hint } = thrown.failure;
  const at = [...statement].slice(0, position - 1).join('').length;
  const found = written.find(({ from, text }) => at >= from && at <= from + text.length);
  if (!found) return thrown;
  return refusedText(found.field, hint ? `${message}. ${hint}` : message, within(at - found.from, found.text));
}
