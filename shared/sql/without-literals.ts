/** A statement without the values written into it: what is kept of texts that somebody else's program sent. */
import { Scanner } from './scan.ts';

/**
 * Literals become `?`, a list of them one, comments go (they carry request ids and worse), and space is evened out, so
 * that the same statement with other values gives the same text. A text that was cut in the middle is no problem.
 */
export function withoutLiterals(sql: string): string {
  const scanner = new Scanner(sql);
  let text = '';
  let end = 0;
  let lastWasValue = false;
  let pendingComma = false;
  while (scanner.next()) {
    const { kind, from, to } = scanner;
    if (kind === 'comment') continue;
    const value = kind === 'string' || kind === 'number' || kind === 'param';
    const word = value ? (kind === 'param' ? sql.slice(from, to) : '?') : sql.slice(from, to);
    if (pendingComma) {
      pendingComma = false;
      // `?, ?` is `?`: lists of any length look alike.
      if (word === '?') {
        end = to;
        continue;
      }
      text += ',';
      end = from - 1;
    }
    if (word === ',' && lastWasValue) {
      pendingComma = true;
      continue;
    }
    if (text !== '' && from > end) text += ' ';
    text += word;
    end = to;
    lastWasValue = word === '?';
  }
  return text;
}

/** FNV-1a over UTF-16 units, lower case, as a signed 32-bit number. */
export function fingerprint(text: string): number {
  let hash = 0x811c9dc5;
  const lower = text.toLowerCase();
  for (let at = 0; at < lower.length; at++) {
    hash ^= lower.charCodeAt(at);
    hash = Math.imul(hash, 0x01000193);
  }
  return hash | 0;
}
