/** Checks while typing: the parser's word, and the server's analysis on the source's own connection. */
import type { PostgresFailure } from '../../../shared/api/base.ts';
import { failureOf } from '../../../shared/failure.ts';
import type { Source } from '../../postgres/source.ts';
import { procedures } from '../../procedures.ts';
import { formatText } from './format-text.ts';
import { isPlannable, parseStatement } from './parse-statement.ts';

export interface LintDeps {
  readonly sources: { source(connectionId: string, database?: string): Promise<Pick<Source, 'parse'>> };
}

/** A server that takes longer is busy with something that matters more. */
const timeoutMs = 1_000;

export function lintProcedures({ sources }: LintDeps) {
  return {
    parse: procedures.lint.parse.handler(async ({ input }) => {
      const parsed = [];
      // One after another: each blocks for as long as its parsing takes, and others get their turn in between.
      for (const text of input.statements) parsed.push(await parseStatement(text));
      return parsed;
    }),

    format: procedures.lint.format.handler(({ input, signal }) => formatText(input, signal)),

    analyse: procedures.lint.analyse.handler(async ({ input, signal }) => {
      const parsed = await parseStatement(input.sql);
      if (parsed.kind !== 'parsed' || !isPlannable(parsed.tree)) return null;
      const source = await sources.source(input.connectionId, input.database ?? undefined);
      try {
        await source.parse(input.sql, input.schemas, { timeoutMs, signal });
        return null;
      } catch (thrown) {
        const failure = failureOf(thrown);
        if (failure.kind !== 'postgres') return null;
        const { kind: _, ...said } = failure;
        return aboutTheStatement(said) ? said : null;
      }
    }),
  };
}

/**
 * Classes of SQLSTATE that say something of the text: 42 (syntax, names, types), 22 (a literal that is no value of
 * its type), 0A (not supported). Not among them: rights, which the tab's session may have, and parameters without a type.
 */
const aboutTheStatement = ({ sqlstate }: PostgresFailure): boolean =>
  /^(42|22|0A)/.test(sqlstate) && !['42501', '42P18', '42P01', '42P05'].includes(sqlstate);
