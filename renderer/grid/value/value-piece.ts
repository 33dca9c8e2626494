/** A value that may be as large as the server allows comes in pieces; no view holds more of it than it shows. */
export interface ValuePiece {
  readonly isNull: boolean;
  /** Of the value's text form. */
  readonly sizeBytes: number;
  /** Text, or base64 of the bytes where that was asked for. */
  readonly text: string;
  /** Where the next piece begins; null at the end. */
  readonly nextOffsetBytes: number | null;
}
export type LoadPiece = (
  offsetBytes: number,
  lengthBytes: number,
  options: { readonly base64: boolean; readonly signal: AbortSignal },
) => Promise<ValuePiece>;

/** The most that one call may ask for. */
const MOST_AT_ONCE = 4_000_000;

/** The whole text, in as many pieces as it takes. Fails with words for a person where it is over `mostBytes`. */
export async function loadText(load: LoadPiece, mostBytes: number, signal: AbortSignal): Promise<string> {
  const texts: string[] = [];
  let at: number | null = 0;
  while (at !== null) {
    const piece: ValuePiece = await load(at, MOST_AT_ONCE, { base64: false, signal });
    signal.throwIfAborted();
    if (piece.sizeBytes > mostBytes) throw new TooLarge(piece.sizeBytes, mostBytes);
    texts.push(piece.text);
    at = piece.nextOffsetBytes;
  }
  return texts.join('');
}

export class TooLarge extends Error {
  readonly sizeBytes: number;
  readonly mostBytes: number;
  constructor(sizeBytes: number, mostBytes: number) {
    super('The value is too large for this view');
    this.sizeBytes = sizeBytes;
    this.mostBytes = mostBytes;
  }
}
