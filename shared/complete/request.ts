/** Everything that is known of a position when suggestions are gathered for it. */
import type { Catalog } from './catalog.ts';
import type { SeenJoin } from './look/seen-joins.ts';
import type { Reader } from './read-query.ts';
import type { Scope } from './scope.ts';
import type { Names, Offers } from './suggestion.ts';

export interface Request {
  readonly text: string;
  readonly catalog: Catalog;
  readonly reader: Reader;
  readonly scope: Scope;
  readonly path: readonly string[];
  readonly offers: Offers;
  readonly names: Names;
  /** The name parts before the caret, each followed by a dot. */
  readonly qualifier: readonly string[];
  /** Index of the token that would be the one being typed. */
  readonly at: number;
  /** First token of the statement. */
  readonly from: number;
  /** How often names occur in what was run lately. */
  readonly uses: ReadonlyMap<string, number>;
  /** Joins of what was run lately. */
  readonly joins: readonly SeenJoin[];
  /** A keyword in the person's own case. */
  readonly keyword: (word: string) => string;
}
