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
import { type Admission, admission, type Uses } from '../../../../shared/guard/read-only.ts';
import { splitSql } from '../../../../shared/sql/split.ts';
import { lostFailure } from '../../connect/failures.ts';
import { postgresParser } from '../../parser/postgres-parser.ts';
import type { Link } from '../link.ts';
import { lookedUp, objection } from './judge-use.ts';
import { againReadOnlySql, beginReadOnlySql, endReadOnlySql, keepReadOnlySql, lookupSql } from './lookup.sql.ts';

export type Admitted =
  | { readonly kind: 'refused'; readonly failure: Failure }
  /** `own`: a transaction was begun around it, to be ended by `over`. */
  | { readonly kind: 'admitted'; readonly own: boolean };

/** Views within views; a deeper nest is refused. */
const mostRounds = 30;
const longestParsed = 1_000_000;

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

  /** What the server knows of what the statement uses, and of what the views in it use in turn. */
  async #check(admitted: Exclude<Admission, { kind: 'refused' }>): Promise<string | null> {
    const seen = new Set<string>();
    let waiting: Uses[] = [admitted.uses];
    for (let round = 0; round < mostRounds; round++) {
      const uses = waiting.filter(hasUses);
      if (uses.length === 0) return null;
      const found = await this.#lookUp(uses, seen, admitted.anySchema);
      if (typeof found === 'string') return found;
      const why = objection(found);
      if (why) return why;
      waiting = [];
      for (const view of found.views) {
        seen.add(view.oid);
        const read = await readStatement(view.definition);
        if (read.kind === 'refused') return `The view ${view.name} cannot be looked into. ${read.why}`;
        waiting.push(read.uses);
      }
    }
    return 'Its views are nested too deeply to be looked into.';
  }

  async #lookUp(uses: readonly Uses[], seen: ReadonlySet<string>, anySchema: boolean) {
    const named = (names: readonly (readonly [string | null, string])[]) =>
      names.map(([schema, name]) => ({ schema, name }));
    const wanted = {
      functions: named(uses.flatMap(({ functions }) => functions)),
      relations: named(uses.flatMap(({ relations }) => relations)),
      fields: uses.flatMap(({ fields }) => fields),
      operators: uses.flatMap(({ operators }) => operators),
      types: uses.flatMap(({ types }) => types),
      seen: [...seen],
    };
    const answer = await this.#link.scalar(lookupSql, [JSON.stringify(wanted), anySchema ? 'any' : 'visible']);
    if (answer.lost) throw lostFailure(answer.error ?? new Error('closed'));
    if (answer.error || answer.value === null)
      return `What it uses could not be looked up: ${answer.error?.message ?? 'no answer'}.`;
    return lookedUp.parse(JSON.parse(answer.value));
  }
}

const hasUses = ({ functions, relations, fields, operators, types }: Uses): boolean =>
  functions.length + relations.length + fields.length + types.length > 0 || operators.some((name) => name !== '=');

/** Exactly one statement for our reader and for PostgreSQL's, read in the same way by both. */
async function readStatement(text: string): Promise<Admission> {
  const refused = (why: string): Admission => ({ kind: 'refused', why });
  if (text.length > longestParsed) return refused('It is too long to be looked into.');
  const outcome = (await postgresParser()).parse(text);
  if (outcome.kind === 'crashed') return refused('It is nested too deeply to be looked into.');
  if (outcome.kind === 'rejected') return refused(`PostgreSQL’s parser does not understand it: ${outcome.message}.`);
  const [first, ...others] = outcome.statements;
  if (!first || others.length > 0) return refused('It is not exactly one statement.');
  const ours = splitSql(text);
  if (ours.length !== 1 || ours[0]?.joinsOverComments || ours[0]?.escapesInPlainStrings)
    return refused('It is not certain how the server would read it.');
  return admission(first.node);
}

const refusal = (why: string): Admitted => ({
  kind: 'refused',
  failure: {
    kind: 'unsupported',
    needs: 'a connection that may write',
    message: `This connection is read-only. ${why} Nothing was sent. To run it, use a connection that is not marked read-only.`,
  },
});
