/** What completion answers with, and the list in which the best are kept. */
import { identifier, quoteIdentifier } from '../sql/quote.ts';
import type { Catalog, Relation, RelationKind } from './catalog.ts';
import { matchScore } from './match.ts';

export type SuggestionKind =
  | 'table'
  | 'view'
  | 'cte'
  | 'column'
  | 'alias'
  | 'function'
  | 'procedure'
  | 'keyword'
  | 'schema'
  | 'type'
  | 'value'
  | 'join'
  | 'list'
  | 'snippet'
  | 'role'
  | 'setting'
  | 'extension'
  | 'sequence';

export interface Suggestion {
  readonly label: string;
  readonly kind: SuggestionKind;
  /** Beside the label: type, arguments, schema. */
  readonly detail: string;
  /** The comment in the database. */
  readonly comment: string;
  readonly insert: string;
  /** `insert` has tab stops (`${1:name}`), and `$`, `}` and `\` of its own are escaped. */
  readonly isSnippet: boolean;
  /** The offer is worth another one right away: a qualifier, a keyword that something must follow. */
  readonly more: boolean;
  /** Where it takes the place of something else than what is being typed. */
  readonly replaces: { readonly from: number; readonly to: number } | null;
}
export type Offer = Pick<Suggestion, 'label' | 'kind'> & Partial<Omit<Suggestion, 'label' | 'kind'>>;

export class Offers {
  /** In lower case. */
  readonly wanted: string;
  private readonly found: { readonly score: number; readonly place: number; readonly make: () => Offer }[] = [];

  constructor(prefix: string) {
    this.wanted = prefix.toLowerCase();
  }

  /** Offers what is called `name` with a weight (0 to 500, kind and nearness); `make` is called only for the best. */
  /** @param least the worst match that still counts, see match.ts */
  add(name: string, weight: number, make: () => Offer, least = 1): void {
    const match = matchScore(name, this.wanted);
    if (match >= least || (match > 0 && this.wanted === ''))
      this.found.push({ score: match + weight, place: this.found.length, make });
  }

  best(limit: number): Suggestion[] {
    const sorted = this.found.sort((a, b) => b.score - a.score || a.place - b.place);
    const seen = new Set<string>();
    const best: Suggestion[] = [];
    for (const { make } of sorted) {
      if (best.length === limit) break;
      const made = make();
      const suggestion = {
        detail: '',
        comment: '',
        insert: made.label,
        isSnippet: false,
        more: false,
        replaces: null,
        ...made,
      };
      // Overloads and the same name from several places are one line of the list.
      const key = `${suggestion.label}\n${suggestion.insert}`;
      if (!seen.has(key)) best.push(suggestion);
      seen.add(key);
    }
    return best;
  }
}

/** How names are written here: in quotes where needed, or always where the person has begun with one. */
export class Names {
  private readonly catalog: Catalog;
  private readonly path: readonly string[];
  private readonly quoteAll: boolean;

  constructor(catalog: Catalog, path: readonly string[], quoteAll: boolean) {
    this.catalog = catalog;
    this.path = path;
    this.quoteAll = quoteAll;
  }

  name(name: string): string {
    if (name === '') return '""';
    return this.quoteAll ? quoteIdentifier(name) : identifier(name);
  }

  /** With its schema only where the bare name would mean another relation, or none. */
  relation(relation: Relation): string {
    const bare = this.catalog.relation(null, relation.name, this.path)?.oid === relation.oid;
    return bare ? this.name(relation.name) : `${identifier(relation.schema)}.${this.name(relation.name)}`;
  }

  routine(schema: string, name: string): string {
    const bare = schema === 'pg_catalog' || this.path.includes(schema);
    return bare ? this.name(name) : `${identifier(schema)}.${this.name(name)}`;
  }

  type(written: string): string {
    for (const schema of this.path)
      if (written.startsWith(`${identifier(schema)}.`)) return written.slice(identifier(schema).length + 1);
    return written;
  }
}

export const kindOfRelation: Readonly<Record<RelationKind, SuggestionKind>> = {
  table: 'table',
  partitionedTable: 'table',
  foreignTable: 'table',
  view: 'view',
  materializedView: 'view',
  composite: 'type',
  sequence: 'sequence',
};

/** Text as it stands, inside a snippet. */
export const plain = (text: string): string => text.replace(/[\\$}]/g, '\\$&');

/** "1.2 million rows": how many there are about, for a person. */
export function about(rows: number): string {
  if (rows < 0) return '';
  if (rows < 10_000) return `${rows} ${rows === 1 ? 'row' : 'rows'}`;
  if (rows < 1_000_000) return `${Math.round(rows / 1000)}k rows`;
  if (rows < 1_000_000_000) return `${Math.round(rows / 100_000) / 10}M rows`;
  return `${Math.round(rows / 100_000_000) / 10}G rows`;
}
