/** What a role sees of a table: the steps are run, the role is taken, the rows are read, and all of it is rolled back. */
import type { Failure } from '../../../shared/api/base.ts';
import type { RunStep } from '../../../shared/api/structure.ts';
import { FailureError } from '../../../shared/failure.ts';
import { identifier, qualified } from '../../../shared/sql/quote.ts';
import type { OpenResults } from '../../postgres/result/open-results.ts';
import type { Session } from '../../postgres/source.ts';

/** So many rows are counted at most, so that a big table costs no more than a small one. */
export const mostCounted = 10_000;
const shownRows = 20;
/** Its locks are held until the end: neither may last. */
const lockMs = 1_000;
const statementMs = 10_000;

interface Asked {
  readonly steps: readonly RunStep[];
  readonly role: string;
  readonly schema: string;
  readonly table: string;
}

/** Throws what the server said; nothing is changed in any case. */
export async function actAs(session: Session, results: OpenResults, { steps, role, schema, table }: Asked) {
  const from = qualified(schema, table);
  const count = `SELECT count(*) FROM (SELECT 1 FROM ${from} LIMIT ${mostCounted}) counted`;
  const texts = [
    'BEGIN',
    ...steps.map(({ sql }) => sql),
    count,
    `SET LOCAL ROLE ${identifier(role)}`,
    count,
    `SELECT * FROM ${from} LIMIT ${shownRows}`,
  ];
  const at = steps.length + 1;
  const found = new Map<number, string>();
  let columns: string[] = [];
  let failure: Failure | null = null;
  const statements = texts.map((text) => ({ text, range: { from: 0, to: text.length } }));
  try {
    const run = session.run({ statements, rowLimit: null, stopOnError: true, timeouts: { statementMs, lockMs } });
    for await (const event of run) {
      if (event.kind === 'result') {
        found.set(event.statement, event.resultId);
        columns = event.columns.map(({ name }) => name);
      }
      if (event.kind === 'failed') failure ??= event.failure;
    }
    if (!session.state.lost && session.state.transaction !== 'idle') {
      const text = 'ROLLBACK';
      const undo = [{ text, range: { from: 0, to: text.length } }];
      for await (const _ of session.run({ statements: undo, rowLimit: null, stopOnError: true }));
    }
    if (failure) throw new FailureError(failure);
    const rowsOf = async (statement: number) =>
      await results.rows({ resultId: found.get(statement) ?? '' }, 0, shownRows, 2_000);
    const [all, visible, rows] = [await rowsOf(at), await rowsOf(at + 2), await rowsOf(at + 3)];
    return {
      all: Number(all.rows[0]?.[0] ?? 0),
      visible: Number(visible.rows[0]?.[0] ?? 0),
      columns,
      rows: rows.rows.map((row) => [...row]),
    };
  } finally {
    await Promise.all([...found.values()].map((id) => results.closeResult(id)));
  }
}
