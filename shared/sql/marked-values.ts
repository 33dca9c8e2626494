/** Statements whose values were taken out (`?`, see without-literals.ts), made into ones that PostgreSQL's grammar takes. */
import { precedesValue } from './keywords.ts';
import { Scanner } from './scan.ts';
import { literalTypes } from './typed-parameters.ts';

/**
 * `$1`, `$2`… in place of each mark, after the parameters that are there. A `?` behind a value is an operator of JSON and
 * stays. A list of values was one mark when it was taken out and is one parameter now.
 */
export function withParametersForMarks(sql: string): string {
  const scanner = new Scanner(sql);
  let number = highestParameter(sql);
  let written = '';
  let done = 0;
  let afterValue = false;
  while (scanner.next()) {
    const { kind, from, to } = scanner;
    if (kind === 'comment') continue;
    const text = sql.slice(from, to);
    // Of longer operators only `@?` ends so; any other has swallowed the mark of a value: `a=?`.
    const isMark = text === '?' ? !afterValue : text.endsWith('?') && text !== '@?';
    if (kind === 'operator' && isMark) {
      written += `${sql.slice(done, to - 1)}$${++number}`;
      done = to;
      afterValue = true;
    } else afterValue = isValue(kind, text);
  }
  return written + sql.slice(done);
}

function isValue(kind: Scanner['kind'], text: string): boolean {
  if (kind === 'word') return !precedesValue(text) && !literalTypes.has(text.toLowerCase());
  if (kind === 'punctuation') return text === ')' || text === ']';
  return kind !== 'operator' && kind !== 'other';
}

function highestParameter(sql: string): number {
  const scanner = new Scanner(sql);
  let highest = 0;
  while (scanner.next())
    if (scanner.kind === 'param') highest = Math.max(highest, Number(sql.slice(scanner.from + 1, scanner.to)) || 0);
  return highest;
}
