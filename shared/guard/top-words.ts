import { Scanner } from '../sql/scan.ts';

export interface TopWord {
  /** In lower case; empty where it is too long to be one of SQL's. */
  readonly word: string;
  /** What stands before it, words and signs alike. */
  readonly previous: string;
  readonly from: number;
  readonly to: number;
}

const longest = 12;

/** The words outside of all brackets and of CASE … END, and where the statement ends: at its semicolon, or the text's end. */
export function topWords(text: string): { words: TopWord[]; end: number } {
  const scanner = new Scanner(text);
  const words: TopWord[] = [];
  let depth = 0;
  let cases = 0;
  let end = text.length;
  let previous = '';
  while (scanner.next()) {
    if (scanner.kind === 'comment') continue;
    const { from, to } = scanner;
    const word = to - from <= longest ? text.slice(from, to).toLowerCase() : '';
    if (scanner.kind === 'punctuation') {
      if (word === '(' || word === '[') depth++;
      else if (word === ')' || word === ']') depth--;
      else if (word === ';' && depth === 0) end = from;
    } else if (scanner.kind === 'word' && depth === 0) {
      if (word === 'case') cases++;
      if (cases === 0) words.push({ word, previous, from, to });
      else if (word === 'end') cases--;
    }
    previous = word;
  }
  return { words, end };
}
