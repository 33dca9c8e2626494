/**
 * The rows of tables on a read-only connection: what a person writes behind WHERE, and the views themselves, may call
 * functions that act in spite of a read-only transaction. Each text is judged once, and again after a while.
 */
import type { Client } from 'pg';
import { FailureError } from '../../../../shared/failure.ts';
import { textTypes } from '../../wire/catalog-types.ts';
import { objectionToQuery } from './check-uses.ts';
import { lookupSql } from './lookup.sql.ts';

/** A view or a function may have become another meanwhile. */
const trustedMs = 30_000;
const mostKept = 500;

export class AdmittedReads {
  readonly #admitted = new Map<string, number>();

  /** Throws unsupported where the query may act. */
  async admit(client: Client, text: string): Promise<void> {
    const now = performance.now();
    const admittedAt = this.#admitted.get(text);
    if (admittedAt !== undefined && now - admittedAt < trustedMs) return;
    const why = await objectionToQuery(text, async (wanted, schemas) => {
      const asked = { text: lookupSql, values: [wanted, schemas], types: textTypes, rowMode: 'array' as const };
      const found = (await client.query<(string | null)[]>(asked)).rows[0]?.[0];
      return typeof found === 'string' ? { found } : { why: 'no answer' };
    });
    if (why) {
      throw new FailureError({
        kind: 'unsupported',
        needs: 'a connection that may write',
        message: `This connection is read-only. ${why} Nothing was read. Use a connection that is not marked read-only.`,
      });
    }
    if (this.#admitted.size >= mostKept) this.#admitted.clear();
    this.#admitted.set(text, now);
  }
}
