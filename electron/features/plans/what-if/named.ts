/** What a statement names: the parser says it, for the server's catalog or a recording's to find. */
import { type ParseNode, postgresParser } from '../../../postgres/parser/postgres-parser.ts';

export interface WrittenName {
  /** Null where it is left to the search_path. */
  readonly schema: string | null;
  readonly name: string;
}
export interface Named {
  readonly relations: readonly WrittenName[];
  readonly functions: readonly WrittenName[];
  readonly types: readonly WrittenName[];
  /** Of WITH: they may hide a table of the same name. */
  readonly common: ReadonlySet<string>;
}

/** Of everything in the texts; of one that does not parse, nothing. */
export async function namedIn(texts: readonly string[]): Promise<Named> {
  const parser = await postgresParser();
  const found = { relations: [], functions: [], types: [], common: new Set<string>() };
  for (const text of texts) {
    const outcome = parser.parse(text);
    if (outcome.kind === 'parsed') for (const { node } of outcome.statements) collect(node, found);
  }
  return found;
}

interface Found {
  readonly relations: WrittenName[];
  readonly functions: WrittenName[];
  readonly types: WrittenName[];
  readonly common: Set<string>;
}

function collect(root: ParseNode, found: Found): void {
  const waiting: unknown[] = [root];
  while (waiting.length > 0) {
    const node = waiting.pop();
    if (typeof node !== 'object' || node === null) continue;
    const { relname, schemaname, ctename, funcname, names } = node as Record<string, unknown>;
    if (typeof relname === 'string')
      found.relations.push({ schema: typeof schemaname === 'string' ? schemaname : null, name: relname });
    if (typeof ctename === 'string') found.common.add(ctename);
    add(found.functions, funcname);
    add(found.types, names);
    waiting.push(...Object.values(node));
  }
}

function add(to: WrittenName[], parts: unknown): void {
  if (!Array.isArray(parts)) return;
  const words = parts.map((part) => (part as { String?: { sval?: unknown } }).String?.sval);
  const [name, schema = null] = words.filter((word): word is string => typeof word === 'string').reverse();
  if (name !== undefined && schema !== 'pg_catalog') to.push({ schema, name });
}

/** Schemas and names side by side, as two parameters of a query. */
export const nameLists = (names: readonly { readonly schema: string | null; readonly name: string }[]) =>
  [names.map(({ schema }) => schema), names.map(({ name }) => name)] as const;
