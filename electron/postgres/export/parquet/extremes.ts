/** Least and greatest of a column's numbers: they help readers to pass over groups. Of texts and bytes they are not kept. */
import type { SchemaElement } from 'hyparquet';

type Value = number | bigint;

export class Extremes {
  readonly #element: SchemaElement;
  #least: Value | undefined;
  #greatest: Value | undefined;

  constructor(element: SchemaElement) {
    this.#element = element;
  }

  /** @param plain the values as they are stored, little-endian */
  add(plain: Buffer): void {
    const values = this.#numbers(plain);
    if (!values) return;
    for (const value of values) {
      // NaN is neither.
      if (Number.isNaN(value)) continue;
      if (this.#least === undefined || value < this.#least) this.#least = value;
      if (this.#greatest === undefined || value > this.#greatest) this.#greatest = value;
    }
  }

  /** What was seen since the last time; nothing where there was no number. */
  take(): { min_value?: Value; max_value?: Value } {
    const [least, greatest] = [this.#least, this.#greatest];
    this.#least = undefined;
    this.#greatest = undefined;
    if (least === undefined || greatest === undefined) return {};
    // Which of the two zeros was seen first says nothing (Parquet format, "Statistics").
    return { min_value: least === 0 ? -0 : least, max_value: greatest === 0 ? 0 : greatest };
  }

  #numbers(plain: Buffer): Iterable<Value> | null {
    const { type } = this.#element;
    const make =
      type === 'INT32'
        ? Int32Array
        : type === 'INT64'
          ? BigInt64Array
          : type === 'DOUBLE'
            ? Float64Array
            : type === 'FLOAT'
              ? Float32Array
              : null;
    if (!make) return null;
    // A buffer of the pool may begin at any byte, a typed array may not.
    const aligned = plain.byteOffset % make.BYTES_PER_ELEMENT === 0 ? plain : new Uint8Array(plain);
    return new make(aligned.buffer as ArrayBuffer, aligned.byteOffset, plain.length / make.BYTES_PER_ELEMENT);
  }
}
