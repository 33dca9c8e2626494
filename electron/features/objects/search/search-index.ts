/**
 * All names and comments of one database, in memory, for type-ahead search: read in three bulk questions (packed, see
 * search.sql.ts) and kept packed, about 25 bytes an object beside its name. Work is done in short slices, so that
 * neither reading nor searching holds the host's event loop.
 */
import { type ObjectKind, objectKinds } from '../../../../shared/api/objects.ts';
import type { Asker } from '../../../postgres/ddl/asker.ts';
import type { Query } from '../../../postgres/query.ts';
import { BestOf } from './rank.ts';
import { type PackedRow, searchColumns, searchOthers, searchRelations } from './search.sql.ts';
import { numbersIn, Texts } from './texts.ts';

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
const natural = new Intl.Collator('en', { numeric: true });
const pathOf = (hit: SearchHit): string => hit.ancestors.map(({ name }) => name).join('.');
/** Equal matches as a person would list them: `part_2` before `part_10`, then by where they are. */
const byName = (a: SearchHit, b: SearchHit): number =>
  natural.compare(a.name, b.name) || natural.compare(pathOf(a), pathOf(b));
/** A comment's match is worth less than any of the name. */
const commentScore = 100;
const sliceMs = 6;
const parentKinds: ReadonlySet<ObjectKind> = new Set<ObjectKind>([
  'schema',
  'table',
  'partitionedTable',
  'foreignTable',
  'view',
  'materializedView',
  'type',
  'domain',
]);

export interface SearchHit {
  readonly kind: ObjectKind;
  readonly oid: number;
  readonly subId: number;
  readonly name: string;
  readonly comment: string | null;
  /** Outermost first; a schema, then a relation or type where the hit is a part of one. */
  readonly ancestors: readonly SearchHit[];
}
/** Up to 4,000 objects. A place in the index is the pack's number times 4,000 plus the place in the pack. */
interface Pack {
  readonly kinds: Uint8Array;
  readonly oids: Uint32Array;
  readonly subIds: Uint32Array;
  readonly parents: Uint32Array;
  readonly names: Texts;
  /** Places in the pack that have comments, ascending, and those. */
  readonly commented: Uint32Array;
  readonly comments: Texts | null;
}
const packSize = 4000;

/** Lets the event loop turn whenever a slice has been used up, by however many questions one after the other. */
class Slices {
  private began = performance.now();
  async pause(): Promise<void> {
    if (performance.now() - this.began < sliceMs) return;
    await new Promise((resolve) => setImmediate(resolve));
    this.began = performance.now();
  }
}

export class SearchIndex {
  private readonly packs: Pack[] = [];
  /** Of what can be a parent: schemas, relations, types, domains. */
  private readonly placeOf = new Map<number, number>();
  private readonly slices = new Slices();

  static async read(asker: Asker, includeSystem: boolean): Promise<SearchIndex> {
    const index = new SearchIndex();
    const questions: Query<PackedRow>[] = [searchRelations, searchOthers, searchColumns];
    for (const question of questions) {
      for (const row of await asker.ask(question, [includeSystem], { timeoutMs: 60_000 })) {
        index.add(row);
        await index.slices.pause();
      }
    }
    return index;
  }

  private add(row: PackedRow): void {
    const kinds = kindNumbers(row.kinds);
    const oids = numbersIn(row.oids);
    const commented = row.commented === null ? new Uint32Array(0) : numbersIn(row.commented);
    const first = this.packs.length * packSize;
    this.packs.push({
      kinds,
      oids,
      subIds: numbersIn(row.subIds),
      parents: numbersIn(row.parents),
      names: new Texts(row.names, kinds.length),
      commented,
      comments: row.comments === null ? null : new Texts(row.comments, commented.length),
    });
    // An oid is unique only in its catalog; parents come first and from three of them, where clashes are next to impossible.
    for (let at = 0; at < kinds.length; at++) {
      const oid = oids[at] ?? 0;
      if (parentKinds.has(objectKinds[kinds[at] ?? 0] as ObjectKind) && !this.placeOf.has(oid))
        this.placeOf.set(oid, first + at);
    }
  }

  /** The best hits, best first. `schema.name` looks for the name in schemas whose name has the first part. */
  async search(text: string, limit: number, kinds?: readonly ObjectKind[]): Promise<SearchHit[]> {
    const lower = text.trim().toLowerCase().replaceAll('\u0001', '');
    const dot = lower.lastIndexOf('.');
    const best = new BestOf(limit);
    const wantedKinds = kinds ? new Set(kinds) : null;
    for (const [number, pack] of this.packs.entries()) {
      const first = number * packSize;
      const offer = (at: number, score: number) => {
        const kind = objectKinds[pack.kinds[at] ?? 0] as ObjectKind;
        if (!wantedKinds || wantedKinds.has(kind)) best.offer(first + at, score + (kindBonus[kind] ?? 0));
      };
      if (lower !== '') matchPack(pack, lower, offer);
      if (dot > 0) {
        const within = lower.slice(0, dot);
        const isWithin = (at: number) => this.isWithin(first + at, within);
        const name = lower.slice(dot + 1);
        if (name !== '') matchPack(pack, name, (at, score) => isWithin(at) && offer(at, score));
        else for (let at = 0; at < pack.kinds.length; at++) if (isWithin(at)) offer(at, 1);
      }
      await this.slices.pause();
    }
    const scores = new Map<number, number>();
    for (const [at, place] of best.items.entries()) if (!scores.has(place)) scores.set(place, best.scores[at] ?? 0);
    return [...scores]
      .map(([place, score]) => ({ score, hit: this.hit(place) }))
      .sort((a, b) => b.score - a.score || byName(a.hit, b.hit))
      .map(({ hit }) => hit);
  }

  /** Whether something above the place is called so; `a.b` is looked for in the whole path. */
  private isWithin(place: number, wanted: string): boolean {
    for (let up = this.parentOf(place); up !== undefined; up = this.parentOf(up)) {
      const name: string = wanted.includes('.') ? this.path(up) : this.lowerName(up);
      if (name.includes(wanted)) return true;
    }
    return false;
  }

  private packOf(place: number): Pack {
    return this.packs[Math.floor(place / packSize)] as Pack;
  }

  private lowerName(place: number): string {
    return this.packOf(place).names.lowerAt(place % packSize);
  }

  private parentOf(place: number): number | undefined {
    const parent = this.packOf(place).parents[place % packSize];
    return parent ? this.placeOf.get(parent) : undefined;
  }

  private path(place: number): string {
    const up = this.parentOf(place);
    return `${up === undefined ? '' : `${this.path(up)}.`}${this.lowerName(place)}`;
  }

  private hit(place: number): SearchHit {
    const pack = this.packOf(place);
    const at = place % packSize;
    const up = this.parentOf(place);
    const parent = up === undefined ? null : this.hit(up);
    const comment = pack.commented.indexOf(at);
    return {
      kind: objectKinds[pack.kinds[at] ?? 0] as ObjectKind,
      oid: pack.oids[at] ?? 0,
      subId: pack.subIds[at] ?? 0,
      name: pack.names.at(at),
      comment: comment < 0 ? null : (pack.comments?.at(comment) ?? null),
      ancestors: parent ? [...parent.ancestors, parent] : [],
    };
  }
}

/** Offers what matches by name, and by comment where the name does not. */
function matchPack(pack: Pack, wanted: string, offer: (at: number, score: number) => void): void {
  const { commented, comments, names } = pack;
  const byComment = new Set<number>();
  comments?.eachContaining(wanted, (which) => byComment.add(commented[which] ?? 0));
  names.eachMatch(wanted, (at, score) => {
    byComment.delete(at);
    offer(at, score);
  });
  for (const at of byComment) offer(at, commentScore);
}

const numberOfKind = new Map<string, number>(objectKinds.map((kind, number) => [kind, number]));
const kindNumbers = (list: string): Uint8Array =>
  Uint8Array.from(list.split(','), (kind) => numberOfKind.get(kind) ?? 0);
