/** Comments on the columns of a view: a line each, the column's name before its comment. */
import type { FormValues } from '../../api/structure.ts';
import { identifier, quoteLiteral } from '../../sql/quote.ts';
import { type Step, step } from '../step.ts';
import { type FormField, lines } from './form.ts';

export const columnCommentsField: FormField = {
  name: 'columnComments',
  label: 'Comments on columns',
  input: 'lines',
  hint: 'One a line: a column, then its comment; \\n in it begins a new line.',
  placeholder: 'id what it is known by',
};

interface ColumnComment {
  /** As SQL. */
  readonly column: string;
  readonly comment: string;
}

function commentOf(line: string): ColumnComment | null {
  const found = /^(?:"((?:[^"]|"")+)"|([^\s"]+))\s+(.+)$/.exec(line);
  if (!found) return null;
  const column = found[1]?.replaceAll('""', '"') ?? found[2]?.toLowerCase() ?? '';
  const comment = (found[3] ?? '').replace(/\\([\\n])/g, (_, mark) => (mark === 'n' ? '\n' : mark));
  return { column: identifier(column), comment };
}

/** What is wrong with the lines; null where nothing is. */
export function columnCommentsProblem(values: FormValues): string | null {
  const all = lines(values, 'columnComments');
  const bare = all.find((line) => commentOf(line) === null);
  if (bare !== undefined) return `“${bare}” has no comment: write it behind the column's name, or take the line out.`;
  const names = all.map((line) => commentOf(line)?.column);
  const doubled = names.find((name, place) => names.indexOf(name) !== place);
  return doubled === undefined ? null : `The column ${doubled} is there twice.`;
}

/** @param before null where the view is made within the same steps: it has no comments yet */
export function columnCommentSteps(relation: string, before: FormValues | null, after: FormValues): Step[] {
  const commentsOf = (values: FormValues) => lines(values, 'columnComments').flatMap((line) => commentOf(line) ?? []);
  const [was, now] = [before ? commentsOf(before) : [], commentsOf(after)];
  const extra = before ? { lock: 'ShareUpdateExclusiveLock' as const, on: relation } : {};
  const put = (column: string, comment: string) => step(`COMMENT ON COLUMN ${relation}.${column} IS ${comment}`, extra);
  return [
    ...was.filter(({ column }) => !now.some((each) => each.column === column)).map(({ column }) => put(column, 'NULL')),
    ...now
      .filter(({ column, comment }) => !was.some((each) => each.column === column && each.comment === comment))
      .map(({ column, comment }) => put(column, quoteLiteral(comment))),
  ];
}
