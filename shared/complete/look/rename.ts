/** Where an alias or a CTE is named in its statement: there and nowhere else, whatever else has the same spelling. */
import type { Catalog } from '../catalog.ts';
import type { Cte, Part, Query, Source } from '../query.ts';
import { Reader } from '../read-query.ts';
import { Scope } from '../scope.ts';
import { scriptFacts } from '../script.ts';
import { tokensAround } from '../tokens.ts';

export interface Renaming {
  readonly kind: 'alias' | 'cte';
  readonly name: string;
  /** The one at the offset. */
  readonly from: number;
  readonly to: number;
  /** All of them, that one included, in their order. */
  readonly places: readonly { readonly from: number; readonly to: number }[];
  /** Names that would mean something else there. */
  readonly taken: readonly string[];
}

type Target = { readonly kind: 'alias'; readonly source: Source } | { readonly kind: 'cte'; readonly cte: Cte };

/** Null where neither is named at the offset. A caret right behind a name means that name. */
export function renameAt(catalog: Catalog, text: string, offset: number): Renaming | null {
  return renameOf(catalog, text, offset) ?? (offset > 0 ? renameOf(catalog, text, offset - 1) : null);
}

function renameOf(catalog: Catalog, text: string, offset: number): Renaming | null {
  const around = tokensAround(text, offset + 1);
  if (around.inComment) return null;
  const at = around.tokens.findIndex(
    ({ kind, from, to }) => from <= offset && offset < to && (kind === 'word' || kind === 'quotedIdentifier'),
  );
  const token = around.tokens[at];
  if (!token || at < around.from || at >= around.to) return null;
  const reader = new Reader(around.tokens, around.from, around.to);
  const { path, tables } = scriptFacts(catalog, around.tokens, around.from);
  const scope = new Scope({ catalog, reader, root: reader.read(), path, scriptTables: tables });
  const names = new NamesOfStatement(reader, scope);
  const target = names.meaning(at);
  if (!target) return null;
  const places = around.tokens.flatMap((each, index) => {
    if (index < around.from || index >= around.to || each.text !== token.text) return [];
    const meant = names.meaning(index);
    return meant && sameTarget(meant, target) ? [{ from: each.from, to: each.to }] : [];
  });
  return { kind: target.kind, name: token.text, from: token.from, to: token.to, places, taken: names.taken(target) };
}

const sameTarget = (one: Target, other: Target): boolean =>
  one.kind === 'alias'
    ? other.kind === 'alias' && one.source === other.source
    : other.kind === 'cte' && one.cte === other.cte;

/** Before a whole row: where an expression begins. */
const beforeOperand = new Set([
  '(',
  ',',
  'select',
  'distinct',
  'by',
  'returning',
  'on',
  'where',
  'and',
  'or',
  'not',
  'when',
  'then',
  'else',
  'of',
]);

class NamesOfStatement {
  private readonly reader: Reader;
  private readonly scope: Scope;
  private readonly declared = new Map<number, Target>();
  private readonly references = new Map<number, Cte>();
  private readonly parts: { readonly part: Part; readonly query: Query }[] = [];

  constructor(reader: Reader, scope: Scope) {
    this.reader = reader;
    this.scope = scope;
    this.gather(scope.root);
  }

  private gather(query: Query): void {
    for (const cte of query.ctes) this.declared.set(cte.at, { kind: 'cte', cte });
    for (const part of query.parts) {
      this.parts.push({ part, query });
      for (const source of part.sources) {
        const place = this.aliasPlace(source);
        if (place >= 0) this.declared.set(place, { kind: 'alias', source });
        const cte = this.cteOf(source, query);
        if (cte) this.references.set(source.from, cte);
      }
    }
    for (const child of query.children) this.gather(child);
  }

  /** The alias stands last in its source, or before a list of column names. */
  private aliasPlace({ alias, from, to }: Source): number {
    if (alias === null) return -1;
    let last = -1;
    for (let at = from; at < to; at = this.reader.skip(at))
      if (this.reader.isName(at) && this.reader.tokens[at]?.text === alias && this.reader.text(at - 1) !== '.')
        last = at;
    return last;
  }

  private cteOf(source: Source, from: Query): Cte | null {
    if (source.kind !== 'relation' || source.schema !== null) return null;
    for (let query: Query | null = from; query; query = query.parent) {
      const cte = query.ctes.findLast((each) => each.name === source.name && each.at < source.from);
      if (cte) return cte;
    }
    return null;
  }

  meaning(at: number): Target | null {
    const declared = this.declared.get(at);
    if (declared) return declared;
    const cte = this.references.get(at);
    if (cte) return { kind: 'cte', cte };
    const { reader } = this;
    if (!reader.isName(at) || reader.text(at - 1) === '.') return null;
    const qualifies = reader.text(at + 1) === '.';
    const name = reader.tokens[at]?.text ?? '';
    const levels = this.scope.levelsAt(at);
    if (!qualifies && !this.isWholeRow(at)) return null;
    for (const { sources } of levels) {
      if (!qualifies && sources.some(({ columns }) => columns.some((column) => column.name === name))) return null;
      const found = sources.find(({ alias, source }) => alias === name && source !== null)?.source;
      if (!found) continue;
      if (found.alias !== null) return { kind: 'alias', source: found };
      const named = this.references.get(found.from);
      return named ? { kind: 'cte', cte: named } : null;
    }
    return null;
  }

  private isWholeRow(at: number): boolean {
    return beforeOperand.has(this.reader.text(at - 1)) && this.reader.text(at + 1) !== '(';
  }

  /** Other tables and aliases in sight of the same query, and of a CTE every name that a FROM uses. */
  taken(target: Target): string[] {
    const own = target.kind === 'alias' ? target.source : null;
    const near = this.parts.filter(({ part }) => own === null || part.sources.includes(own));
    const names = near.flatMap(({ part }) =>
      part.sources.filter((source) => source !== own).map(({ alias, name }) => alias ?? name),
    );
    const ctes =
      target.kind === 'cte'
        ? [...this.declared.values()].flatMap((each) =>
            each.kind === 'cte' && each.cte !== target.cte ? [each.cte.name] : [],
          )
        : [];
    return [...new Set([...names, ...ctes])];
  }
}
