/**
 * How a value looks in one line of a cell. What would be invisible or would mislead (line ends, tabs, control,
 * zero-width and direction-changing characters, spaces at the ends) becomes a mark that is drawn unlike text, so that
 * a value holding the mark's own character is not mistaken for it. Long values are cut, and the cut is a mark too.
 */
export interface Piece {
  readonly text: string;
  readonly mark: boolean;
}

const marked =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: single code points are meant
  /[\u0000-\u001f\u007f-\u00a0\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\u3164\u2800\ufe00-\ufe0d\ufeff\uffa0\ufff9-\ufffc\ud800-\udfff]|[\u{e0000}-\u{e0fff}]|^ +| +$/u;
const everyMark = new RegExp(marked.source, 'gu');

/** True where the text can be shown as it is. */
export const isPlain = (text: string, maxChars: number): boolean => text.length <= maxChars && !marked.test(text);

/** By ASCII: the pictures that Unicode has for them are missing from many fonts. */
const controlNames =
  'NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US'.split(
    ' ',
  );

function markFor(found: string): string {
  const code = found.codePointAt(0) ?? 0;
  if (found[0] === ' ') return '·'.repeat(found.length);
  if (code === 0x0a) return '↵';
  if (code === 0x09) return '⇥';
  if (code < 0x20) return controlNames[code] ?? '';
  if (code === 0x7f) return 'DEL';
  if (code === 0xa0) return 'NBSP';
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** @param maxChars UTF-16 units of the value that are shown; a cut never splits a character */
export function cellPieces(text: string, maxChars: number, cut = false): Piece[] {
  let shown = text;
  if (text.length > maxChars) {
    const last = text.charCodeAt(maxChars - 1);
    shown = text.slice(0, last >= 0xd800 && last <= 0xdbff ? maxChars - 1 : maxChars);
  }
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of shown.matchAll(everyMark)) {
    // Spaces before our own cut are not at the value's end.
    if (shown !== text && match[0][0] === ' ' && match.index + match[0].length === shown.length) continue;
    if (match.index > from) pieces.push({ text: shown.slice(from, match.index), mark: false });
    pieces.push({ text: markFor(match[0]), mark: true });
    from = match.index + match[0].length;
  }
  if (from < shown.length) pieces.push({ text: shown.slice(from), mark: false });
  if (cut || shown !== text) pieces.push({ text: '…', mark: true });
  return pieces;
}

const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
/** "1.2 GB", in steps of 1,024. */
export function sizeText(bytes: number): string {
  let size = bytes;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit++;
  }
  const digits = unit === 0 || size >= 100 ? 0 : 1;
  return `${size.toFixed(digits)} ${unit === 0 && bytes === 1 ? 'byte' : units[unit]}`;
}
