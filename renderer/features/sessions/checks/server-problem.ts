/** What the server said of a statement, as a problem at its place in the text. */
import type { PostgresFailure } from '../../../../shared/api/base.ts';
import type { Problem } from '../../../../shared/lint/problem.ts';
import { Scanner } from '../../../../shared/sql/scan.ts';

export function serverProblem(sql: string, failure: PostgresFailure): Problem {
  const { from, to } = rangeAt(sql, failure.position);
  const more = [failure.detail, failure.hint].filter((text): text is string => text !== undefined && text !== '');
  return {
    rule: 'type',
    severity: 'error',
    from,
    to,
    message: failure.message.charAt(0).toUpperCase() + failure.message.slice(1),
    explanation: more.length > 0 ? more.join(' ') : 'The server says so without having run it.',
    fixes: [],
  };
}

/** The token at the server's position (a count of characters from 1); the first word where it gives none. */
function rangeAt(sql: string, position: number | undefined): { from: number; to: number } {
  const at = position === undefined ? 0 : unitsOf(sql, position - 1);
  const scanner = new Scanner(sql);
  while (scanner.next())
    if (scanner.kind !== 'comment' && scanner.to > at)
      return { from: scanner.from, to: Math.min(scanner.to, scanner.from + 200) };
  return { from: Math.max(0, sql.length - 1), to: sql.length };
}

/** Characters beyond U+FFFF are two code units. */
function unitsOf(text: string, characters: number): number {
  let units = 0;
  for (let count = 0; count < characters && units < text.length; count++)
    units += (text.codePointAt(units) ?? 0) > 0xffff ? 2 : 1;
  return units;
}
