/** Bytes from the text forms in which they travel, and what they look like. */

export function fromBase64(text: string): Uint8Array {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

export function toBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += 0x8000) {
    parts.push(String.fromCharCode(...bytes.subarray(at, at + 0x8000)));
  }
  return btoa(parts.join(''));
}

const nibble = (code: number) =>
  code >= 48 && code <= 57
    ? code - 48
    : code >= 97 && code <= 102
      ? code - 87
      : code >= 65 && code <= 70
        ? code - 55
        : -1;

/** Bytes of hex digits; ends before the first pair that is none. */
export function fromHex(digits: string): Uint8Array {
  const bytes = new Uint8Array(digits.length >> 1);
  for (let at = 0; at < bytes.length; at++) {
    const high = nibble(digits.charCodeAt(at * 2));
    const low = nibble(digits.charCodeAt(at * 2 + 1));
    if (high < 0 || low < 0) return bytes.subarray(0, at);
    bytes[at] = high * 16 + low;
  }
  return bytes;
}

export interface HexLine {
  /** Of the first byte, in hex, eight digits or more. */
  readonly offset: string;
  readonly hex: string;
  /** Printable ASCII, and a dot for the rest. */
  readonly text: string;
}

/** Sixteen bytes a line, as hexdump shows them. */
export function hexLines(bytes: Uint8Array, startOffset: number): HexLine[] {
  const lines: HexLine[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const part = [...bytes.subarray(at, at + 16)];
    const pairs = part.map((byte) => byte.toString(16).padStart(2, '0'));
    lines.push({
      offset: (startOffset + at).toString(16).padStart(8, '0'),
      hex: `${pairs.slice(0, 8).join(' ')}  ${pairs.slice(8).join(' ')}`,
      text: part.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join(''),
    });
  }
  return lines;
}

const starts = (bytes: Uint8Array, at: number, text: string) =>
  [...text].every((char, offset) => bytes[at + offset] === char.charCodeAt(0));

export type ImageKind = 'png' | 'jpeg' | 'gif' | 'webp' | 'avif' | 'bmp';

/** What kind of picture the first bytes announce; null where it is none that a browser draws without running anything. */
export function imageKind(bytes: Uint8Array): ImageKind | null {
  if (starts(bytes, 0, '\u0089PNG\r\n\u001a\n')) return 'png';
  if (starts(bytes, 0, '\u00ff\u00d8\u00ff')) return 'jpeg';
  if (starts(bytes, 0, 'GIF87a') || starts(bytes, 0, 'GIF89a')) return 'gif';
  if (starts(bytes, 0, 'RIFF') && starts(bytes, 8, 'WEBP')) return 'webp';
  if (starts(bytes, 4, 'ftypavif')) return 'avif';
  // Two letters are too few to tell: the four reserved bytes must be 0 too.
  if (starts(bytes, 0, 'BM') && starts(bytes, 6, '\0\0\0\0')) return 'bmp';
  return null;
}
