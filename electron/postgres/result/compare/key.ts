/**
 * Sort keys: two unsigned 32-bit words for each value, whose order is the values' order. Where two values may differ
 * though their keys are equal (a number of 40 digits, a long text), the key says so by `exact: false`.
 */

/** Filled by a key function; one object is used again for all values. */
export interface Key {
  high: number;
  low: number;
  exact: boolean;
}

/** Answers false where the text is not of the kind (another DateStyle, say): such a column is ordered as text. */
export type KeyOf = (bytes: Uint8Array, start: number, end: number, key: Key) => boolean;

export const emptyKey = (): Key => ({ high: 0, low: 0, exact: true });

/** Above every value: NULLs come last ascending, and first descending. */
export const nullWord = 0xffff_ffff;
