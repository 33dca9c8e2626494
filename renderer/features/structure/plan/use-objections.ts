import { longestChecked, mostStatements } from '../../../../shared/api/lint.ts';
import type { Step } from '../../../../shared/ddl/step.ts';
import { client } from '../../../client/connect.ts';
import { useCall } from '../../../client/use-call.ts';

/**
 * What PostgreSQL's own parser has against statements, by their text: parts of them are typed by hand, and a slip is better
 * seen beside the step than when the run has begun.
 */
export function useObjections(steps: readonly Step[]): ReadonlyMap<string, string> {
  const statements = steps
    .map(({ sql }) => sql)
    .filter((sql) => sql.length <= longestChecked)
    .slice(0, mostStatements);
  const answer = useCall(client.lint.parse, statements.length > 0 ? { statements } : null);
  const found = new Map<string, string>();
  // Of what was typed meanwhile nothing is known yet.
  if (answer.state !== 'done') return found;
  for (const [at, sql] of statements.entries()) {
    const parsed = answer.data[at];
    if (parsed?.kind === 'rejected') found.set(sql, parsed.message);
  }
  return found;
}
