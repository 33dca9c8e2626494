/**
 * All names and comments of one database, in memory, for type-ahead search. Read in three bulk questions (packed, see
 * search.sql.ts); a quarter of a million entries take about 60 MB. Work is done in short slices, so that neither
 * reading nor searching holds the host's event loop.
 */
import { type ObjectKind, objectKinds } from '../../../../shared/api/objects.ts';
import type { Query } from '../../../postgres/query.ts';
import type { Asker } from '../asker.ts';
import { BestOf, nameScore } from './rank.ts';
import { type PackedRow, searchColumns, searchOthers, searchRelations } from './search.sql.ts';

/** Among equal matches what one opens most comes first; added to the score. */
const kindBonus: Partial<Record<ObjectKind, number>> = {
  schema: 9,
  table: 40,
  partitionedTable: 40,
  view: 35,
  materializedView: 35,
  foreignTable: 35,
  function: 30,
  procedure: 30,
  column: 10,
  index: 5,
  constraint: 3,
};
/** A comment's match is worth less than any of the name. */
const commentScore = 100;
const sliceMs = 8;

export interface SearchHit {
  readonly kind: ObjectKind;
  readonly oid: number;
  readonly subId: number;
  readonly name: string;
  readonly comment: string | null;
  /** Outermost first; a schema, then a relation or type where the hit is a part of one. */
  readonly ancestors: readonly SearchHit[];
}
type Packed = readonly [ObjectKind, number, number, number, string, string | null];

/** Lets the event loop turn whenever a slice has been used up. */
class Slices {
  private began = performance.now();
  async pause(): Promise<void> {
    if (performance.now() - this.began < sliceMs) return;
    await new Promise((resolve) => setImmediate(resolve));
    this.began = performance.now();
  }
}

export class SearchIndex {
  private readonly kinds: ObjectKind[] = [];
  private readonly oids: number[] = [];
  private readonly subIds: number[] = [];
  private readonly parents: number[] = [];
  private readonly names: string[] = [];
  private readonly lowers: string[] = [];
  private readonly comments = new Map<number, string>();
  private readonly lowerComments = new Map<number, string>();
  /** Of what can be a parent: schemas, relations, types, domains. */
  private readonly placeOf = new Map<number, number>();

  get size(): number {
    return this.names.length;
  }

  static async read(asker: Asker, includeSystem: boolean): Promise<SearchIndex> {
    const index = new SearchIndex();
    const slices = new Slices();
    const questions: Query<PackedRow>[] = [searchRelations, searchOthers, searchColumns];
    for (const question of questions) {
      const rows = await asker.ask(question, [includeSystem], { timeoutMs: 60_000 });
      for (const row of rows) {
        index.add(JSON.parse(row.entries) as Packed[]);
        await slices.pause();
      }
    }
    return index;
  }

  private add(entries: readonly Packed[]): void {
    for (const [kind, oid, subId, parent, name, comment] of entries) {
      const place = this.names.length;
      this.kinds.push(kind);
      this.oids.push(oid);
      this.subIds.push(subId);
      this.parents.push(parent);
      this.names.push(name);
      this.lowers.push(name.toLowerCase());
      if (comment) {
        this.comments.set(place, comment);
        this.lowerComments.set(place, comment.toLowerCase());
      }
      // An oid is unique only in its catalog; parents come first and from three of them, where clashes are next to impossible.
      if (isParent.has(kind) && !this.placeOf.has(oid)) this.placeOf.set(oid, place);
    }
  }

  /** The best hits, best first. `schema.name` looks for the name in schemas whose name has the first part. */
  async search(text: string, limit: number, kinds?: readonly ObjectKind[]): Promise<SearchHit[]> {
    const lower = text.trim().toLowerCase();
    const dot = lower.lastIndexOf('.');
    const inSchema = dot > 0 ? lower.slice(0, dot) : null;
    const wanted = dot > 0 ? lower.slice(dot + 1) : lower;
    const wantedKinds = kinds ? new Set(kinds) : null;
    const best = new BestOf(limit);
    const slices = new Slices();
    for (let place = 0; place < this.names.length; place++) {
      if ((place & 2047) === 0) await slices.pause();
      const score = Math.max(this.score(place, wanted, inSchema), dot > 0 ? this.score(place, lower, null) : 0);
      const kind = this.kinds[place] as ObjectKind;
      if (score > 0 && (!wantedKinds || wantedKinds.has(kind))) best.offer(place, score + (kindBonus[kind] ?? 0));
    }
    return best.items.map((place) => this.hit(place));
  }

  private score(place: number, wanted: string, inParent: string | null): number {
    const score =
      wanted === ''
        ? inParent === null
          ? 0
          : 1
        : Math.max(nameScore(this.lowers[place] ?? '', wanted), this.comment(place, wanted));
    if (score === 0 || inParent === null) return score;
    for (let up: number | undefined = this.parentPlace(place); up !== undefined; up = this.parentPlace(up)) {
      const qualifier: string = inParent.includes('.') ? this.path(up) : (this.lowers[up] ?? '');
      if (qualifier.includes(inParent)) return score;
    }
    return 0;
  }

  private comment(place: number, wanted: string): number {
    const comment = this.lowerComments.get(place);
    return comment?.includes(wanted) ? commentScore : 0;
  }

  private parentPlace(place: number): number | undefined {
    const parent = this.parents[place];
    return parent ? this.placeOf.get(parent) : undefined;
  }

  private path(place: number): string {
    const up = this.parentPlace(place);
    return `${up === undefined ? '' : `${this.path(up)}.`}${this.lowers[place] ?? ''}`;
  }

  private hit(place: number): SearchHit {
    const up = this.parentPlace(place);
    const parent = up === undefined ? null : this.hit(up);
    return {
      kind: this.kinds[place] as ObjectKind,
      oid: this.oids[place] ?? 0,
      subId: this.subIds[place] ?? 0,
      name: this.names[place] ?? '',
      comment: this.comments.get(place) ?? null,
      ancestors: parent ? [...parent.ancestors, parent] : [],
    };
  }
}
const isParent: ReadonlySet<ObjectKind> = new Set(
  objectKinds.filter((kind) =>
    ['schema', 'table', 'partitionedTable', 'foreignTable', 'view', 'materializedView', 'type', 'domain'].includes(
      kind,
    ),
  ),
);
