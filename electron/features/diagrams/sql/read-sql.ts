/** The structure in a file of SQL: read by PostgreSQL's own parser, run nowhere. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DiagramGraph } from '../../../../shared/api/diagrams.ts';
import { splitSql } from '../../../../shared/sql/split.ts';
import { postgresParser } from '../../../postgres/parser/postgres-parser.ts';
import { StatementGraph } from './graph-of-statements.ts';

export interface ReadSql {
  readonly graph: DiagramGraph;
  readonly passedOver: number;
  readonly unread: { line: number; message: string }[];
}

const mostUnread = 50;
/** A longer statement makes no table. */
const longestStatement = 400_000;
const turnMs = 10;

export async function readSql(text: string): Promise<ReadSql> {
  const clean = withoutData(text.replaceAll('\0', ''));
  const graph = new StatementGraph();
  const unread: ReadSql['unread'] = [];
  let passedOver = 0;
  let turnEnds = performance.now() + turnMs;
  let line = 1;
  let counted = 0;
  for (const { from, to } of splitSql(clean, { lenient: true })) {
    const statement = clean.slice(from, to);
    if (!/^\W*(create|alter|comment|drop|set|--|\/\*)/i.test(statement) || statement.length > longestStatement) {
      passedOver++;
      continue;
    }
    const outcome = (await postgresParser()).parse(statement);
    if (outcome.kind === 'parsed') {
      for (const { node } of outcome.statements) if (!graph.take(node)) passedOver++;
    } else if (unread.length < mostUnread) {
      line += newLines(clean, counted, from);
      counted = from;
      unread.push({ line, message: outcome.kind === 'rejected' ? outcome.message : 'It is nested too deeply.' });
    }
    if (performance.now() > turnEnds) {
      await nextTurn();
      turnEnds = performance.now() + turnMs;
    }
  }
  return { graph: graph.graph(), passedOver, unread };
}

function newLines(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

/** Without the rows of COPY … FROM stdin and psql's own commands: blank lines stand in their place, so that lines keep their numbers. */
export function withoutData(text: string): string {
  let inData = false;
  const lines = text.split('\n').map((line) => {
    if (inData) {
      inData = line.trimEnd() !== '\\.';
      return '';
    }
    if (/^\\[a-z!?]/i.test(line)) return '';
    inData = /^copy\b.*\bfrom\s+stdin\b.*;\s*$/i.test(line);
    return inData ? '' : line;
  });
  return lines.join('\n');
}
