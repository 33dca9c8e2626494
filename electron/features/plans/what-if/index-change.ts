/** CREATE INDEX and DROP INDEX as a question. */
import { invalid } from '../../../../shared/failure.ts';
import { quoteQualified } from '../../../../shared/sql/quote.ts';
import { type ParseNode, postgresParser } from '../../../postgres/parser/postgres-parser.ts';
import type { WrittenName } from './named.ts';

export interface IndexChange {
  /** As it was written. */
  readonly sql: string;
  readonly kind: 'create' | 'drop';
  /** Of CREATE: what is run on a copy, where nobody has to be waited for. */
  readonly runs: string;
  /** Of CREATE: its table. */
  readonly table: WrittenName | null;
  /** Of DROP: the indexes, quoted. */
  readonly names: readonly string[];
}

/** @throws invalid for what is not exactly one of the two */
export async function indexChange(sql: string): Promise<IndexChange> {
  const outcome = (await postgresParser()).parse(sql);
  if (outcome.kind === 'rejected') throw invalid('indexes', `${outcome.message}, in: ${sql}`);
  const nodes: readonly ParseNode[] = outcome.kind === 'parsed' ? outcome.statements.map(({ node }) => node) : [];
  const [node] = nodes;
  if (node && nodes.length === 1) {
    const { relation } = (node.IndexStmt ?? {}) as { relation?: { schemaname?: string; relname?: string } };
    if (relation?.relname !== undefined) {
      const table = { schema: relation.schemaname ?? null, name: relation.relname };
      return { sql, kind: 'create', runs: sql.replace(/\bconcurrently\b/i, ''), table, names: [] };
    }
    const { removeType, objects = [] } = (node.DropStmt ?? {}) as { removeType?: string; objects?: unknown[] };
    if (removeType === 'OBJECT_INDEX') return { sql, kind: 'drop', runs: '', table: null, names: objects.map(nameOf) };
  }
  throw invalid('indexes', `Only CREATE INDEX and DROP INDEX can be asked about, not: ${sql}`);
}

function nameOf(object: unknown): string {
  const { List } = object as { List?: { items?: { String?: { sval?: string } }[] } };
  return quoteQualified(...(List?.items ?? []).map(({ String: word }) => word?.sval ?? ''));
}
