/**
 * From an UPDATE or DELETE to the SELECT of the rows that it would touch, made of slices of its own text. The slices
 * are taken by words at the top level, and it is the parse trees that decide: the SELECT must have the very FROM and
 * WHERE of the statement, or there is none.
 */
import type { ParseNode } from '../sql/classify.ts';
import { Scanner } from '../sql/scan.ts';
import { withoutPlaces } from './always-true.ts';
import { topWords } from './top-words.ts';
import { isNode, listOf, opened, relationName, textOf, within } from './tree.ts';

export interface Affected extends Pieces {
  /** How the rows' table is called in the pieces: its alias, or its name. */
  readonly target: string;
  /** Others are joined: a row may be found more than once. */
  readonly joined: boolean;
  readonly relation: { readonly schema: string | null; readonly name: string };
}
/** What follows the list of a SELECT, and what stands before it. */
export interface Pieces {
  /** "WITH …", or empty. */
  readonly withText: string;
  /** From FROM on: the target, what it is joined with, and the condition. */
  readonly fromText: string;
  /**
   * The pieces' own $1, $2… as numbers of the statement's. The server infers the same types for them: it reads WITH,
   * FROM and WHERE before the SET and RETURNING of an UPDATE, too.
   */
  readonly parameters: readonly number[];
}

/** One statement's tree; null where the text is not exactly one. */
export type Parse = (text: string) => ParseNode | null;

/** Null where it is neither, has a part that a SELECT has not, or cannot be proven to be the same. */
export function affectedBy(text: string, node: ParseNode, parse: Parse): Affected | null {
  const [kind, fields] = opened(node);
  if (kind !== 'UpdateStmt' && kind !== 'DeleteStmt') return null;
  if (!isNode(fields.relation)) return null;
  // A WITH that writes would write; a cursor has no place in a SELECT.
  for (const [key] of within(fields)) if (acting.test(key)) return null;
  const sliced = slices(text, kind === 'UpdateStmt' ? 'update' : 'delete');
  if (!sliced) return null;
  const others = listOf(kind === 'UpdateStmt' ? fields.fromClause : fields.usingClause);
  // Each on a line of its own: a piece may end in a line comment.
  const from = `from ${sliced.target}\n${sliced.others ? `, ${sliced.others}\n` : ''}`;
  const fromText = sliced.where ? `${from}where ${sliced.where}\n` : from;
  const target = textOf((fields.relation.alias as ParseNode | undefined)?.aliasname) || textOf(fields.relation.relname);
  const made = parse(`${sliced.withText}\nselect 1 ${fromText}`);
  const [madeKind, select] = opened(made);
  const same =
    madeKind === 'SelectStmt' &&
    withoutPlaces(select.fromClause) === withoutPlaces([{ RangeVar: fields.relation }, ...others]) &&
    withoutPlaces(select.whereClause) === withoutPlaces(fields.whereClause) &&
    withoutPlaces(select.withClause) === withoutPlaces(fields.withClause) &&
    Object.keys(select).every((key) => expected.has(key));
  if (!same || relationName(fields.relation) === null) return null;
  return {
    target,
    ...piecesOf(sliced.withText, fromText),
    joined: others.length > 0,
    relation: { schema: textOf(fields.relation.schemaname) || null, name: textOf(fields.relation.relname) },
  };
}

/** With parameters of their own. */
export function piecesOf(withText: string, fromText: string): Pieces {
  const parameters: number[] = [];
  return { withText: renumbered(withText, parameters), fromText: renumbered(fromText, parameters), parameters };
}

/** With its $n counted from 1, as a statement of its own needs it; `parameters` gets what they were. */
function renumbered(text: string, parameters: number[]): string {
  const scanner = new Scanner(text);
  let made = '';
  let done = 0;
  while (scanner.next()) {
    if (scanner.kind !== 'param') continue;
    const number = Number(text.slice(scanner.from + 1, scanner.to));
    if (!parameters.includes(number)) parameters.push(number);
    made += `${text.slice(done, scanner.from)}$${parameters.indexOf(number) + 1}`;
    done = scanner.to;
  }
  return made + text.slice(done);
}

/** The values that go with the pieces. */
export const valuesFor = (
  { parameters }: Pieces,
  values: readonly (string | null)[] | undefined,
): readonly (string | null)[] => parameters.map((number) => values?.[number - 1] ?? null);

const acting = /^(InsertStmt|UpdateStmt|DeleteStmt|MergeStmt|CurrentOfExpr)$/;
const expected: ReadonlySet<string> = new Set([
  ...['targetList', 'fromClause', 'whereClause', 'withClause', 'limitOption', 'op'],
]);

interface Slices {
  readonly withText: string;
  readonly target: string;
  readonly others: string;
  readonly where: string;
}

/** The words that begin a part, by the statement's kind. */
const parts = {
  update: ['set', 'from', 'where', 'returning'],
  delete: ['using', 'where', 'returning'],
} as const;

/** Cuts at the words that stand outside of all brackets, each the first of its kind after the one before. */
function slices(text: string, kind: 'update' | 'delete'): Slices | null {
  const cuts = new Map<string, { from: number; to: number }>();
  const { words, end } = topWords(text);
  for (const { word, previous, from, to } of words) {
    if (!cuts.has(kind)) {
      if (word === kind) cuts.set(kind, { from, to });
    } else if (kind === 'delete' && word === 'from' && !cuts.has('start')) {
      cuts.set('start', { from, to });
    } else if (parts[kind].some((part) => part === word) && previous !== 'distinct' && !cuts.has(word)) {
      cuts.set(word, { from, to });
    }
  }
  return cutAt(text, cuts, kind, end);
}

function cutAt(
  text: string,
  cuts: ReadonlyMap<string, { from: number; to: number }>,
  kind: 'update' | 'delete',
  end: number,
): Slices | null {
  const begin = cuts.get(kind);
  const start = kind === 'delete' ? cuts.get('start') : begin;
  if (!begin || !start) return null;
  const after = (place: number): number =>
    Math.min(end, ...[...cuts.values()].map(({ from }) => from).filter((from) => from >= place));
  const piece = (word: string): string => {
    const cut = cuts.get(word);
    return cut ? text.slice(cut.to, after(cut.to)).trim() : '';
  };
  return {
    withText: text.slice(0, begin.from).trim(),
    target: text.slice(start.to, after(start.to)).trim(),
    others: piece(kind === 'update' ? 'from' : 'using'),
    where: piece('where'),
  };
}
