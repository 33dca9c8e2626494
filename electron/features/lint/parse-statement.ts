/** One statement through PostgreSQL's parser, its places counted in UTF-16 as the page counts them. */
import type { ParsedStatement } from '../../../shared/api/lint.ts';
import type { ParseNode } from '../../../shared/sql/classify.ts';
import { postgresParser } from '../../postgres/parser/postgres-parser.ts';

export async function parseStatement(text: string): Promise<ParsedStatement> {
  if (text.includes('\0') || !text.isWellFormed()) return { kind: 'unknown' };
  const outcome = (await postgresParser()).parse(text);
  if (outcome.kind === 'crashed') return { kind: 'unknown' };
  const offsets = new Offsets(text);
  if (outcome.kind === 'rejected') {
    const at = outcome.atByte === null ? 0 : offsets.utf16(outcome.atByte);
    return { kind: 'rejected', message: outcome.message, at };
  }
  const [only, ...others] = outcome.statements;
  if (!only || others.length > 0) return { kind: 'unknown' };
  if (!offsets.ascii) relocate(only.node, offsets);
  return { kind: 'parsed', tree: only.node };
}

/** From UTF-8 bytes, as the parser counts, to UTF-16 code units. */
class Offsets {
  readonly ascii: boolean;
  /** Of every code point: where it begins in either. */
  readonly #bytes: number[] = [];
  readonly #units: number[] = [];

  constructor(text: string) {
    this.ascii = Buffer.byteLength(text) === text.length;
    if (this.ascii) return;
    let bytes = 0;
    let units = 0;
    for (const char of text) {
      this.#bytes.push(bytes);
      this.#units.push(units);
      bytes += Buffer.byteLength(char);
      units += char.length;
    }
    this.#bytes.push(bytes);
    this.#units.push(units);
  }

  utf16(byte: number): number {
    if (this.ascii) return byte;
    let low = 0;
    let high = this.#bytes.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#bytes[middle] ?? 0) < byte) low = middle + 1;
      else high = middle;
    }
    return this.#units[low] ?? 0;
  }
}

/** Its own stack, not recursion: a parsed tree may be deeper than JavaScript's. */
function relocate(tree: ParseNode, offsets: Offsets): void {
  const waiting: unknown[] = [tree];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value !== 'object' || value === null) continue;
    if (Array.isArray(value)) {
      for (const item of value) waiting.push(item);
      continue;
    }
    const node = value as Record<string, unknown>;
    for (const [key, inner] of Object.entries(node)) {
      if ((key === 'location' || key === 'name_location') && typeof inner === 'number' && inner > 0)
        node[key] = offsets.utf16(inner);
      else waiting.push(inner);
    }
  }
}

const plannable = new Set(['SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt']);

/** What PREPARE takes; SELECT … INTO makes a table, and is analysed like any other. */
export const isPlannable = (tree: ParseNode): boolean => plannable.has(Object.keys(tree)[0] ?? '');
