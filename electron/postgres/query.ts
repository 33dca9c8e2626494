/** A catalog query as a typed constant: its marker, its text by server version, and the row it gives. */

export type SqlByVersion = Readonly<Record<number, string>>;

export interface Query<Row> {
  /** Sent as a comment, so that a DBA knows who asks: `objects.children`. */
  readonly name: string;
  readonly text: (serverVersion: number) => string;
  /** Only for the type; never set. */
  readonly row?: Row;
}

/**
 * @param name feature and question: `locks.tree`
 * @param text SQL; pieces that differ by version come from `since`, whole texts from `byVersion`
 */
export function query<Row>(name: string, text: string | ((since: Since) => string) | SqlByVersion): Query<Row> {
  const marker = `/* howdah:${name} */ `;
  if (typeof text === 'string') return { name, text: () => marker + text };
  if (typeof text === 'function')
    return { name, text: (version) => marker + text((pieces) => highest(pieces, version)) };
  return { name, text: (version) => marker + highest(text, version) };
}

/** Picks the piece for the server: the highest key (a major version) not above it. */
export type Since = (pieces: SqlByVersion) => string;

function highest(pieces: SqlByVersion, serverVersion: number): string {
  const fitting = Object.keys(pieces)
    .map(Number)
    .filter((key) => key <= serverVersion);
  if (fitting.length === 0) throw new RangeError(`no text for server version ${serverVersion}`);
  return pieces[Math.max(...fitting)] as string;
}
