/** What the runs of this program may have changed: told to the kept results when a statement, and a transaction, ends. */
import type { PostgresParser } from '../../postgres/parser/postgres-parser.ts';
import { postgresParser } from '../../postgres/parser/postgres-parser.ts';
import type { RunRequest, RunWatch, Session } from '../../postgres/source.ts';
import { addEffects, type Effect, noEffect } from './effects.ts';
import type { KeptResults } from './kept-results.ts';

/** Of a session, since it was last outside of a transaction. */
interface Begun {
  readonly texts: string[];
  /** Of the first `looked` texts. */
  readonly effect: Effect;
  looked: number;
  running: boolean;
}
/** In one transaction so many statements are remembered. */
const mostTexts = 100_000;

export class WritesWatch implements RunWatch {
  readonly #kept: () => KeptResults;
  readonly #begun = new WeakMap<Session, Begun>();
  #parser: PostgresParser | null = null;

  constructor(kept: () => KeptResults) {
    this.#kept = kept;
    this.#load();
  }

  began(session: Session, { statements }: RunRequest): void {
    const begun = this.#begun.get(session) ?? { texts: [], effect: noEffect(), looked: 0, running: true };
    begun.running = true;
    if (begun.texts.length + statements.length > mostTexts) begun.effect.anything = true;
    else for (const { text, bound } of statements) begun.texts.push(bound?.text ?? text);
    this.#begun.set(session, begun);
  }

  went(session: Session): void {
    const begun = this.#begun.get(session);
    if (!begun) return;
    const { running, lost, transaction } = session.state;
    const { database } = session.source.facts;
    // What was on its way when the link broke, or was closed, may still come to be.
    const unknown = begun.running && (lost !== null || session.closed.aborted);
    if (this.#kept().concerned || unknown) {
      const effect = this.#effectOf(begun);
      if (unknown) this.#kept().doubt(database, effect);
      else this.#kept().changed(database, effect);
    }
    if (running) return;
    begun.running = false;
    if (transaction === 'idle') this.#begun.delete(session);
  }

  wrote(database: string, texts: readonly string[], known: boolean): void {
    const kept = this.#kept();
    if (known && !kept.concerned) return;
    const effect = noEffect();
    this.#add(effect, texts);
    if (known) kept.changed(database, effect);
    else kept.doubt(database, effect);
  }

  #effectOf(begun: Begun): Effect {
    this.#add(begun.effect, begun.texts.slice(begun.looked));
    begun.looked = begun.texts.length;
    return begun.effect;
  }

  #add(effect: Effect, texts: readonly string[]): void {
    addEffects(
      effect,
      texts.filter((text) => text.trim() !== ''),
      this.#parser,
    );
    // It may have crashed, and is another one now.
    if (effect.anything) this.#load();
  }

  #load(): void {
    void postgresParser().then(
      (parser) => {
        this.#parser = parser;
      },
      () => {
        this.#parser = null;
      },
    );
  }
}
