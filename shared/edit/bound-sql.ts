/**
 * A statement in the making: words of the program as they are, names in quotes, values as parameters. There is no way
 * to put a value into its text.
 */
import { identifier, qualified } from '../sql/quote.ts';

export type Value = string | null;

export class BoundSql {
  #text = '';
  readonly #values: Value[] = [];

  get text(): string {
    return this.#text;
  }
  get values(): readonly Value[] {
    return this.#values;
  }

  /** Words of SQL that the program has written; never anything from outside. */
  add(words: string): this {
    this.#text += words;
    return this;
  }
  /** A name, in quotes where it needs them. */
  name(name: string): this {
    this.#text += identifier(name);
    return this;
  }
  relation(schema: string, name: string): this {
    this.#text += qualified(schema, name);
    return this;
  }
  /** A value: its place in the text is a parameter's. */
  value(value: Value): this {
    this.#values.push(value);
    this.#text += `$${this.#values.length}`;
    return this;
  }
  /** What the person wrote, on lines of its own so that a comment at its end cannot hide what follows. Answers with where it begins. */
  written(text: string): number {
    this.#text += '\n';
    const from = this.#text.length;
    this.#text += `${text}\n`;
    return from;
  }
  list<T>(items: readonly T[], each: (item: T, at: number) => void, between = ', '): this {
    for (const [at, item] of items.entries()) {
      if (at > 0) this.#text += between;
      each(item, at);
    }
    return this;
  }
}
