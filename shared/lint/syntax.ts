/** What PostgreSQL's parser objects to, in its own words and with what was probably meant. */
import { Scanner } from '../sql/scan.ts';
import { nearest } from './did-you-mean.ts';
import type { Problem } from './problem.ts';
import { psqlCommand } from './psql.ts';

export function syntaxProblem(text: string, message: string, at: number): Problem {
  const psql = backslash(text);
  if (psql !== null) {
    const { name, to, hint } = psqlCommand(text, psql);
    return {
      rule: 'psql',
      severity: 'error',
      from: psql,
      to,
      message: `${name} is a command of psql, which the server does not know`,
      explanation: hint,
      fixes: [],
    };
  }
  const range = wordAt(text, at);
  const word = text.slice(range.from, range.to);
  const misspelt = misspeltKeyword(text, range.from, word);
  const shown = message.charAt(0).toUpperCase() + message.slice(1);
  if (misspelt) {
    const { from, to, keyword } = misspelt;
    const written = text.slice(from, to);
    const inCase = written === written.toUpperCase() ? keyword.toUpperCase() : keyword;
    return {
      rule: 'syntax',
      severity: 'error',
      from,
      to,
      message: shown,
      explanation: `Did you mean ${inCase}?`,
      fixes: [{ title: `Write ${inCase}`, edits: [{ from, to, text: inCase }] }],
    };
  }
  const comma = commaBefore(text, range.from);
  const clause = /^(from|where|group|order|limit|having|union|\))$/i.test(word);
  if (comma !== null && clause)
    return {
      rule: 'syntax',
      severity: 'error',
      ...range,
      message: shown,
      explanation: `There is a comma too many before ${word}.`,
      fixes: [{ title: 'Leave the comma out', edits: [{ from: comma, to: comma + 1, text: '' }] }],
    };
  return {
    rule: 'syntax',
    severity: 'error',
    ...range,
    message: shown,
    explanation: atEnd(text, at)
      ? 'Something is still missing here.'
      : 'PostgreSQL cannot read the statement from here on.',
    fixes: [],
  };
}

const atEnd = (text: string, at: number): boolean => text.slice(at).replace(/;\s*$/, '').trim() === '';

/** A backslash outside of strings and comments: psql's. */
function backslash(text: string): number | null {
  if (!text.includes('\\')) return null;
  const scanner = new Scanner(text);
  while (scanner.next()) if (scanner.kind === 'other' && text.charAt(scanner.from) === '\\') return scanner.from;
  return null;
}

function wordAt(text: string, at: number): { from: number; to: number } {
  const scanner = new Scanner(text);
  let last = { from: 0, to: Math.min(1, text.length) };
  while (scanner.next()) {
    if (scanner.kind === 'comment') continue;
    if (scanner.to > at) {
      // Of a string that is never closed its beginning is shown.
      const to = Math.min(scanner.to, scanner.from + 200);
      return scanner.from >= at || scanner.from <= at ? { from: scanner.from, to } : last;
    }
    last = { from: scanner.from, to: scanner.to };
  }
  return last;
}

const keywords =
  'select insert update delete from where group order having limit offset union join inner left right full cross values returning create alter drop table index view function distinct between exists'.split(
    ' ',
  );

/** The parser stumbles one word after the one that is misspelt: `selct * from`, `select * form t`. */
function misspeltKeyword(text: string, at: number, word: string): { from: number; to: number; keyword: string } | null {
  const own = keywordNear(word);
  if (own) return { from: at, to: at + word.length, keyword: own };
  const before = /([A-Za-z]+)\s+$/.exec(text.slice(Math.max(0, at - 60), at));
  const keyword = before?.[1] ? keywordNear(before[1]) : null;
  if (!before?.[1] || !keyword) return null;
  const from = at - before[0].length;
  return { from, to: from + before[1].length, keyword };
}

function keywordNear(word: string): string | null {
  const lower = word.toLowerCase();
  if (lower.length < 4 || keywords.includes(lower) || !/^[a-z]+$/.test(lower)) return null;
  const meant = nearest(lower, keywords);
  return meant !== null && Math.abs(meant.length - lower.length) <= 1 ? meant : null;
}

function commaBefore(text: string, at: number): number | null {
  const before = text.slice(0, at).trimEnd();
  return before.endsWith(',') ? before.length - 1 : null;
}
