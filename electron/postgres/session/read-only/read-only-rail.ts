/**
 * A read-only connection, enforced where the statement is sent. Each statement
 * 1. is exactly one for PostgreSQL's own parser, which reads it as the server does (else it is refused);
 * 2. is of a kind that is known to be harmless, with everything within it (shared/guard/read-only.ts);
 * 3. calls only functions that do nothing outside of a transaction, looked up in the very session, through views too;
 * 4. runs in a transaction that is read-only and has taken its snapshot: from then on neither SET nor a function can
 *    make it write, which the server itself sees to. Outside of a transaction block it is ours, and is rolled back.
 * The extended protocol takes one statement at a time, so nothing can follow it unseen.
 *
 * What it does not see: what a function that is declared STABLE does through others, policies of row security, and
 * domain checks. Those can write nothing in the transaction either; for the rest use a role that may only read.
 */
import type { Failure } from '../../../../shared/api/base.ts';
import type { Admission } from '../../../../shared/guard/read-only.ts';
import { lostFailure } from '../../connect/failures.ts';
import type { Link } from '../link.ts';
import { hasUses, objectionToUses, readStatement } from './check-uses.ts';
import { againReadOnlySql, beginReadOnlySql, endReadOnlySql, keepReadOnlySql, lookupSql } from './lookup.sql.ts';

export type Admitted =
  | { readonly kind: 'refused'; readonly failure: Failure }
  /** `own`: a transaction was begun around it, to be ended by `over`. */
  | { readonly kind: 'admitted'; readonly own: boolean };

export class ReadOnlyRail {
  readonly #link: Link;

  constructor(link: Link) {
    this.#link = link;
  }

  /** After SQL-on-connect. */
  async settle(): Promise<void> {
    await this.#link.script(againReadOnlySql);
  }

  /** Before a statement: refuses it, or sees to the transaction that it runs in. Throws where the link is lost. */
  async admit(text: string): Promise<Admitted> {
    const admitted = await this.#read(text);
    if (admitted.kind === 'refused') return refusal(admitted.why);
    const { transaction } = this.#link;
    // The server takes nothing there but the transaction's end.
    if (transaction === 'failed') return { kind: 'admitted', own: false };
    const inner = transaction === 'open';
    if (admitted.kind !== 'query') {
      const why = hasUses(admitted.uses) ? await this.#check(admitted) : null;
      return why ? refusal(why) : { kind: 'admitted', own: false };
    }
    try {
      await this.#link.script(inner ? keepReadOnlySql : beginReadOnlySql);
    } catch (thrown) {
      if (this.#link.lost) throw lostFailure(thrown);
      if (!inner) await this.over();
      return refusal('The server did not begin a read-only transaction.');
    }
    const why = await this.#check(admitted);
    if (!why) return { kind: 'admitted', own: !inner };
    if (!inner) await this.over();
    return refusal(why);
  }

  /** Why a statement may act, be it by what it calls; null where it only reads. Within a transaction that reads. */
  async objectionTo(text: string): Promise<string | null> {
    const read = await this.#read(text);
    if (read.kind === 'refused') return read.why;
    return read.kind === 'query' ? await this.#check(read) : 'It is not a query.';
  }

  /** Ends the transaction that was begun by `admit`. */
  async over(): Promise<void> {
    if (!this.#link.lost && this.#link.transaction !== 'idle') await this.#link.scalar(endReadOnlySql);
  }

  async #read(text: string): Promise<Admission> {
    if (!this.#link.standardConformingStrings)
      return { kind: 'refused', why: 'With standard_conforming_strings off it is not certain what a statement says.' };
    return await readStatement(text);
  }

  #check(admitted: Exclude<Admission, { kind: 'refused' }>): Promise<string | null> {
    return objectionToUses(admitted, async (wanted, schemas) => {
      const answer = await this.#link.scalar(lookupSql, [wanted, schemas]);
      if (answer.lost) throw lostFailure(answer.error ?? new Error('closed'));
      if (answer.error || answer.value === null) return { why: answer.error?.message ?? 'no answer' };
      return { found: answer.value };
    });
  }
}

const refusal = (why: string): Admitted => ({
  kind: 'refused',
  failure: {
    kind: 'unsupported',
    needs: 'a connection that may write',
    message: `This connection is read-only. ${why} Nothing was sent. To run it, use a connection that is not read-only.`,
  },
});
