/**
 * What a run leaves in the tab's session that nobody else can see: temporary tables, what an open transaction has
 * made, another search_path or role. The checks are silent about these.
 */
import { piecesOf } from '../../../../shared/lint/pieces.ts';
import { Scanner } from '../../../../shared/sql/scan.ts';

/** A longer text is not looked through: anything may be in it. */
const longest = 200_000;
const anything = '*';

/** Names as the server folds them; `*` where anything may be there. */
export function sessionNames(text: string, transactionOpen: boolean): string[] {
  if (text.length > longest) return /\btemp|search_path|\brole\b/i.test(text) ? [anything] : [];
  return piecesOf(text).flatMap(({ from, to }) => namesOf(wordsOf(text.slice(from, to)), transactionOpen));
}

function namesOf(words: readonly string[], transactionOpen: boolean): string[] {
  const [first = ''] = words;
  if (first === 'set' || first === 'reset')
    return /search_path|role|authorization|^all$/.test(words.slice(1, 4).join(' ')) ? [anything] : [];
  if (words.includes('set_config')) return [anything];
  const temporary = words.slice(0, 5).some((word) => word === 'temp' || word === 'temporary');
  const into = words.indexOf('into');
  if (first === 'select' || first === 'with') {
    const made = words[into + 1] ?? '';
    if (into > 0 && (made === 'temp' || made === 'temporary')) return words.slice(into + 2, into + 4);
    return into > 0 && transactionOpen ? words.slice(into + 1, into + 4) : [];
  }
  if (['do', 'call', 'execute'].includes(first)) return [anything];
  // The first few words hold the name, whatever it is that is made.
  if ((first === 'create' && temporary) || (transactionOpen && ['create', 'alter', 'drop'].includes(first)))
    return words.slice(1, 9);
  return [];
}

function wordsOf(text: string): string[] {
  const scanner = new Scanner(text);
  const words: string[] = [];
  while (scanner.next() && words.length < 400) {
    if (scanner.kind === 'word') words.push(text.slice(scanner.from, scanner.to).toLowerCase());
    else if (scanner.kind === 'quotedIdentifier')
      words.push(text.slice(scanner.from + 1, scanner.to - 1).replaceAll('""', '"'));
  }
  return words;
}
