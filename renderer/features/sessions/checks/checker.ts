/**
 * Checks one tab's text piece by piece: what has not changed is not parsed again, and the page gets its turn every few
 * milliseconds. A long text is looked at around the caret only.
 */
import { longestChecked, mostStatements, type ParsedStatement } from '../../../../shared/api/lint.ts';
import type { Catalog } from '../../../../shared/complete/catalog.ts';
import { ScriptCheck } from '../../../../shared/lint/check.ts';
import { type Piece, piecesOf } from '../../../../shared/lint/pieces.ts';
import type { Problem } from '../../../../shared/lint/problem.ts';
import { withPlaceholders } from '../../../../shared/sql/placeholders.ts';
import type { Where } from '../../../client/catalogs.ts';
import { client } from '../../../client/connect.ts';
import { serverProblem } from './server-problem.ts';

/** A longer text is split by the backend, and checked so far from the caret. */
const longText = 200_000;
const around = 60_000;
const turnMs = 8;
/** Statements that the server is asked about in one look, those nearest to the caret first. */
const mostAsked = 12;
const nothing: ParsedStatement = { kind: 'unknown' };

export interface Look {
  readonly text: string;
  readonly caret: number;
  readonly catalog: Catalog | null;
  readonly off: ReadonlySet<string>;
  readonly sessionNames: ReadonlySet<string>;
  /** Null: the server is not to be asked. */
  readonly server: Where | null;
  readonly signal: AbortSignal;
}

interface Asked extends Piece {
  readonly sql: string;
  readonly schemas: readonly string[];
}

export class Checker {
  private parsed = new Map<string, ParsedStatement>();
  private said = new Map<string, Problem | null>();
  private saidOf: Catalog | null = null;

  /** Gives the problems as they become known: first ours, then with the server's. Stops without a word when aborted. */
  async *look(look: Look): AsyncGenerator<readonly Problem[], void, void> {
    const { text, signal } = look;
    const { pieces, whole } = await piecesNear(look);
    if (signal.aborted) return;
    await this.parse(text, pieces);
    if (signal.aborted) return;
    const found: Problem[] = [];
    const asked: Asked[] = [];
    const names = whole ? look.sessionNames : new Set([...look.sessionNames, '*']);
    const check = new ScriptCheck({ catalog: look.catalog, off: look.off, around: names });
    let turnEnds = performance.now() + turnMs;
    for (const piece of pieces) {
      const sql = text.slice(piece.from, piece.to);
      const { problems, asksServer, schemas } = check.next(sql, this.parsed.get(sql) ?? nothing);
      for (const problem of problems) found.push(moved(problem, piece.from));
      if (asksServer) asked.push({ ...piece, sql, schemas });
      if (performance.now() < turnEnds) continue;
      await nextTurn();
      if (signal.aborted) return;
      turnEnds = performance.now() + turnMs;
    }
    yield found;
    if (look.server) yield* this.ask(look, asked, found);
  }

  /** Keeps what is in the text now, and forgets the rest. */
  private async parse(text: string, pieces: readonly Piece[]): Promise<void> {
    const kept = new Map<string, ParsedStatement>();
    const wanted: string[] = [];
    for (const { from, to } of pieces) {
      const sql = text.slice(from, to);
      const known = this.parsed.get(sql);
      if (known) kept.set(sql, known);
      else if (sql.length <= longestChecked && !kept.has(sql)) {
        kept.set(sql, nothing);
        wanted.push(sql);
      }
    }
    for (const statements of batches(wanted)) {
      const answers = await client.lint.parse({ statements: statements.map((sql) => withPlaceholders(sql).sql) });
      for (const [index, sql] of statements.entries()) kept.set(sql, answers[index] ?? nothing);
    }
    this.parsed = kept;
  }

  private async *ask(look: Look, asked: readonly Asked[], found: readonly Problem[]) {
    const { server, catalog, signal, caret, off } = look;
    if (!server || off.has('type')) return;
    // What is there has changed: so may have the answers.
    if (this.saidOf !== catalog) this.said.clear();
    this.saidOf = catalog;
    const distance = ({ from, to }: Piece): number => (caret < from ? from - caret : Math.max(0, caret - to));
    const nearest = asked.toSorted((a, b) => distance(a) - distance(b)).slice(0, mostAsked);
    const keyOf = ({ sql, schemas }: Asked): string => `${schemas.join('\n')}\n\n${sql}`;
    const news = nearest.filter((each) => !this.said.has(keyOf(each)));
    for (const each of news) {
      const { sql, exact } = withPlaceholders(each.sql);
      if (!exact) continue;
      const failure = await client.lint
        .analyse({ ...server, sql, schemas: [...each.schemas] }, { signal })
        .catch(() => undefined);
      if (signal.aborted || failure === undefined) return;
      this.said.set(keyOf(each), failure && serverProblem(each.sql, failure));
    }
    const more = asked.flatMap((each) => {
      const problem = this.said.get(keyOf(each));
      return problem ? [moved(problem, each.from)] : [];
    });
    if (more.length > 0) yield [...found, ...more].sort((a, b) => a.from - b.from);
  }
}

async function piecesNear({ text, caret }: Look): Promise<{ pieces: readonly Piece[]; whole: boolean }> {
  if (text.length <= longText) return { pieces: piecesOf(text), whole: true };
  // What cannot be split for certain says so when it is run.
  const all = await client.sessions.split({ text }).catch(() => []);
  const near = all.filter(({ from, to }) => to > caret - around && from < caret + around);
  return { pieces: near, whole: false };
}

function* batches(wanted: readonly string[]): Generator<string[]> {
  let batch: string[] = [];
  let length = 0;
  for (const sql of wanted) {
    if (batch.length === mostStatements || (length > 0 && length + sql.length > longestChecked)) {
      yield batch;
      batch = [];
      length = 0;
    }
    batch.push(sql);
    length += sql.length;
  }
  if (batch.length > 0) yield batch;
}

const moved = (problem: Problem, by: number): Problem => ({
  ...problem,
  from: problem.from + by,
  to: problem.to + by,
  fixes: problem.fixes.map((fix) => ({
    ...fix,
    edits: fix.edits.map((edit) => ({ ...edit, from: edit.from + by, to: edit.to + by })),
  })),
});

const nextTurn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
