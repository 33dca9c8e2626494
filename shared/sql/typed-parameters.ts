/** Statements as pg_stat_statements writes them, made into ones that PostgreSQL's grammar takes. */
import { Scanner } from './scan.ts';

/** Types whose constants are written `type 'text'`: there `$1` is no grammar. */
export const literalTypes: ReadonlySet<string> = new Set([
  'date',
  'time',
  'timetz',
  'timestamp',
  'timestamptz',
  'interval',
  'numeric',
  'bit',
  'json',
  'jsonb',
]);

/** `interval $1` becomes `$1::interval`; everything else stays as it is. */
export function withCastParameters(sql: string): string {
  const scanner = new Scanner(sql);
  let written = '';
  let done = 0;
  let before: { readonly from: number; readonly word: string } | null = null;
  while (scanner.next()) {
    const { kind, from, to } = scanner;
    if (kind === 'param' && before) {
      written += `${sql.slice(done, before.from)}${sql.slice(from, to)}::${before.word}`;
      done = to;
    }
    if (kind === 'comment') continue;
    const word = kind === 'word' ? sql.slice(from, to).toLowerCase() : '';
    before = literalTypes.has(word) ? { from, word } : null;
  }
  return written + sql.slice(done);
}
