/**
 * How far an import in batches has got: a row of a table beside the target, changed in the transaction of each batch, so that a
 * kill at any moment leaves rows and place as one. The table goes with its last row.
 */
import type { ImportCounts } from '../../../shared/api/import-plan.ts';
import { quoteLiteral, quoteQualified } from '../../../shared/sql/quote.ts';
import { throwIfFailed } from '../copy/copy-in.ts';
import type { Link } from '../session/link.ts';
import { scriptOn } from './import-link.ts';

/** Of files, and of copies, which know their place by a key. */
export const progressTable = 'howdah_import_progress';
export const copyProgressTable = 'howdah_copy_progress';

export interface KeptPlace {
  readonly batches: number;
  readonly counts: ImportCounts;
  readonly rejectBytes: number;
  /** Of a copy. */
  readonly place: string | null;
}

export class ImportPlace {
  readonly #link: Link;
  readonly #key: string;
  readonly #table: string;
  readonly #hasPlace: boolean;

  /** @param key what the attempt that goes on is known by @param hasPlace it is a copy */
  constructor(link: Link, schema: string, key: string, hasPlace: boolean) {
    this.#link = link;
    this.#key = key;
    this.#hasPlace = hasPlace;
    this.#table = quoteQualified(schema, hasPlace ? copyProgressTable : progressTable);
  }

  /** Where an earlier attempt had got to; null where there was none. */
  async open(): Promise<KeptPlace | null> {
    const place = this.#hasPlace ? ' place text,' : '';
    await scriptOn(
      this.#link,
      `create table if not exists ${this.#table} (key text primary key, batches bigint not null, read bigint not null,
      inserted bigint not null, updated bigint not null, rejected bigint not null, reject_bytes bigint not null,${place}
      changed_at timestamptz not null default pg_catalog.now())`,
    );
    const end = await this.#link.rows(
      `select batches, read, inserted, updated, rejected, reject_bytes, ${this.#hasPlace ? 'place' : 'null'}
      from ${this.#table} where key = $1`,
      [this.#key],
      1,
    );
    throwIfFailed(end);
    const [row] = end.rows;
    if (!row) return null;
    const [batches = 0, read = 0, inserted = 0, updated = 0, rejected = 0, rejectBytes = 0] = row.map(Number);
    return { batches, counts: { read, inserted, updated, rejected }, rejectBytes, place: row[6] ?? null };
  }

  /** In the transaction of the batch. */
  async keep({ batches, counts, rejectBytes, place }: KeptPlace): Promise<void> {
    const { read, inserted, updated, rejected } = counts;
    const values = [quoteLiteral(this.#key), batches, read, inserted, updated, rejected, rejectBytes];
    const names = ['key', 'batches', 'read', 'inserted', 'updated', 'rejected', 'reject_bytes'];
    if (this.#hasPlace) {
      values.push(place === null ? 'null' : quoteLiteral(place));
      names.push('place');
    }
    const set = names.slice(1).map((name) => `${name} = excluded.${name}`);
    await scriptOn(
      this.#link,
      `insert into ${this.#table} (${names.join(', ')}) values (${values.join(', ')})
      on conflict (key) do update set ${set.join(', ')}, changed_at = pg_catalog.now()`,
    );
  }

  /** With the last batch. */
  async forget(): Promise<void> {
    await scriptOn(
      this.#link,
      `delete from ${this.#table} where key = ${quoteLiteral(this.#key)};
      do $howdah$ begin lock table ${this.#table} in access exclusive mode;
        if not exists (select from ${this.#table}) then drop table ${this.#table}; end if; end $howdah$`,
    );
  }
}
