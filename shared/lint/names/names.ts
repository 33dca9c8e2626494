/** What was found of names in one statement. */
import type { Relation } from '../../complete/catalog.ts';
import type { Found, From, Level, NamedColumn } from './sources.ts';

export interface NamedRelation {
  readonly schema: string | null;
  readonly name: string;
  readonly at: number;
  readonly relation: Relation | null;
  /** It is a CTE, made by the script, or in the catalog; or it may be. */
  readonly known: boolean;
}
export interface NamedReference {
  readonly path: readonly string[];
  readonly at: number;
  readonly found: Found;
  readonly level: Level;
}
export interface NamedTarget {
  readonly relation: From;
  readonly name: string;
  readonly at: number;
}

/** What was found in one statement. Columns are looked up by their node: `columnOf`. */
export class Names {
  readonly relations: NamedRelation[] = [];
  readonly references: NamedReference[] = [];
  /** Columns that are written to, and are not there. */
  readonly missingTargets: NamedTarget[] = [];
  /** Of every query and of each writing statement. */
  readonly levels: Level[] = [];
  private readonly byNode = new Map<unknown, Found>();

  note(node: unknown, reference: NamedReference): void {
    this.references.push(reference);
    this.byNode.set(node, reference.found);
  }
  /** Of a ColumnRef node; null where it is not known. */
  columnOf(node: unknown): NamedColumn | null {
    const found = this.byNode.get(node);
    return found?.kind === 'column' ? found.column : null;
  }
  sourceOf(node: unknown): { source: From; depth: number } | null {
    const found = this.byNode.get(node);
    return found?.kind === 'column' ? { source: found.source, depth: found.depth } : null;
  }
}
