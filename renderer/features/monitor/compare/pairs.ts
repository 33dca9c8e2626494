/** Two lists laid beside each other by what their members are called. Pure. */

export interface Pair<Row> {
  readonly key: string;
  /** Null: only in the other one. At least one of the two is there. */
  readonly shown: Row | null;
  readonly compared: Row | null;
}

/** Each key once: in the order of the shown ones, then those that are only in the compared ones. */
export function pairs<Row>(shown: readonly Row[], compared: readonly Row[], keyOf: (row: Row) => string): Pair<Row>[] {
  const others = new Map(compared.map((row) => [keyOf(row), row]));
  const own = new Map(shown.map((row) => [keyOf(row), row]));
  return [...new Set([...own.keys(), ...others.keys()])].map((key) => ({
    key,
    shown: own.get(key) ?? null,
    compared: others.get(key) ?? null,
  }));
}

/** Whichever is there. */
export const either = <Row>({ shown, compared }: Pair<Row>): Row => (shown ?? compared) as Row;

/** In how many lists it is: a word for the badge. */
export type Presence = 'new' | 'gone' | 'both';
export const presence = ({ shown, compared }: Pair<unknown>): Presence =>
  compared === null ? 'new' : shown === null ? 'gone' : 'both';
