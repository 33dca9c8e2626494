/** What can be told from a statement's first words without parsing it. Where it matters, the doubt goes the safe way. */

/** The first words of a statement in lower case, comments left out: `['prepare', 'transaction']`. */
export function firstWords(text: string, count: number): string[] {
  const words: string[] = [];
  const token = /\s+|--[^\n\r]*|\/\*|\(|([A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)/y;
  let at = 0;
  while (words.length < count && at < text.length) {
    token.lastIndex = at;
    const match = token.exec(text);
    if (!match) break;
    if (match[1]) words.push(match[1].toLowerCase());
    at = match[0] === '/*' ? afterComment(text, at) : token.lastIndex;
  }
  return words;
}

/** Comments of PostgreSQL nest. */
function afterComment(text: string, from: number): number {
  const edge = /\/\*|\*\//g;
  edge.lastIndex = from;
  let depth = 0;
  for (let match = edge.exec(text); match; match = edge.exec(text)) {
    depth += match[0] === '/*' ? 1 : -1;
    if (depth === 0) return edge.lastIndex;
  }
  return text.length;
}

/** Ends a transaction such that it may be committed although the answer never came. */
export function mayCommit(text: string): boolean {
  const [first, second] = firstWords(text, 2);
  return first === 'commit' || first === 'end' || (first === 'prepare' && second === 'transaction');
}

/** Begins or ends a transaction by itself. */
export function beginsOrEnds(text: string): boolean {
  const [first = '', second] = firstWords(text, 2);
  if (first === 'prepare') return second === 'transaction';
  // COMMIT PREPARED and ROLLBACK PREPARED cannot run in one either.
  return ['begin', 'start', 'commit', 'end', 'rollback', 'abort'].includes(first);
}

/**
 * The server refuses it inside of a transaction block (PreventInTransactionBlock in its source). What is missing here
 * is refused by the server, which fails the transaction.
 */
export function outsideOnly(text: string): boolean {
  const words = firstWords(text, 4);
  const [first = '', second = '', third = ''] = words;
  switch (first) {
    case 'vacuum':
      return true;
    case 'create':
    case 'drop':
      return ['database', 'tablespace', 'subscription'].includes(second) || isConcurrentIndex(words);
    case 'alter':
      if (second === 'system') return true;
      if (second === 'database') return /\bset\s+tablespace\b/i.test(text);
      return second === 'table' && /\bdetach\s+partition\b[^;]*\bconcurrently\b/i.test(text);
    case 'reindex':
      return /\b(concurrently|database|system|schema)\b/i.test(text);
    case 'cluster':
      return second === '' || (second === 'verbose' && third === '');
    case 'discard':
      return second === 'all';
    default:
      return false;
  }
}

const isConcurrentIndex = ([, second, third, fourth]: readonly string[]): boolean =>
  (second === 'index' && third === 'concurrently') ||
  (second === 'unique' && third === 'index' && fourth === 'concurrently');

const writingWords = /\b(insert|update|delete|merge|into|call|execute)\b/i;

/**
 * True only for a query whose own text writes nothing. What its functions do cannot be told from the text; see
 * `TabSession`, which asks the server about that.
 */
export function looksReadOnly(text: string): boolean {
  const [first] = firstWords(text, 1);
  if (!first || !['select', 'values', 'table', 'with', 'show', 'copy', 'explain'].includes(first)) return false;
  return !writingWords.test(text);
}

const harmless = new Set([
  'select', 'values', 'table', 'with', 'show', 'explain', 'fetch', 'move', 'close', 'declare', 'set', 'reset',
  'begin', 'start', 'rollback', 'abort', 'savepoint', 'release', 'listen', 'unlisten', 'discard', 'deallocate', 'load',
]); // biome-ignore format: a list

/**
 * Outside of a transaction every statement commits by itself: with the link lost, whether it did is unknown unless
 * there was nothing to commit. The text decides, so a SELECT of a function that writes counts as reading.
 */
export const commitsByItself = (text: string): boolean => {
  const [first] = firstWords(text, 1);
  return first !== undefined && !(harmless.has(first) && (first !== 'with' || looksReadOnly(text)));
};
