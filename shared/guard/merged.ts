/**
 * From a MERGE to the SELECTs of the rows that it may change, made of slices of its own text; as with UPDATE it is the
 * parse trees that decide whether they are the same.
 */
import type { ParseNode } from '../sql/classify.ts';
import { type Affected, type Parse, type Pieces, piecesOf } from './affected.ts';
import { withoutPlaces } from './always-true.ts';
import { type TopWord, topWords } from './top-words.ts';
import { isNode, listOf, opened, textOf, within } from './tree.ts';

export interface Merged {
  /** How the rows' table is called in the pieces: its alias, or its name. */
  readonly target: string;
  readonly relation: Affected['relation'];
  /** Each finds some of the rows that it updates or deletes, and all of them together. */
  readonly finds: readonly Pieces[];
  /** It may add rows. */
  readonly adds: boolean;
  /** The columns that it sets. */
  readonly sets: readonly string[];
}

/** Null where it is none, or cannot be proven to be the same. */
export function mergedBy(text: string, node: ParseNode, parse: Parse): Merged | null {
  const [kind, fields] = opened(node);
  if (kind !== 'MergeStmt' || !isNode(fields.relation)) return null;
  for (const [key] of within(fields.withClause)) if (/^(Insert|Update|Delete|Merge)Stmt$/.test(key)) return null;
  const sliced = slices(text);
  const clauses = listOf(fields.mergeWhenClauses).map((clause) => opened(clause)[1]);
  if (!sliced || sliced.conditions.length !== clauses.length) return null;
  const { withText, target, source, on, conditions } = sliced;
  const [, made] = opened(parse(`${withText}\nselect 1 from ${target}\njoin ${source}\non ${on}\n`));
  const [, join] = opened(listOf(made.fromClause)[0]);
  const same =
    withoutPlaces(made.withClause) === withoutPlaces(fields.withClause) &&
    withoutPlaces(join.larg) === withoutPlaces({ RangeVar: fields.relation }) &&
    withoutPlaces(join.rarg) === withoutPlaces(fields.sourceRelation) &&
    withoutPlaces(join.quals) === withoutPlaces(fields.joinCondition) &&
    clauses.every((clause, at) => isCondition(conditions[at] ?? null, clause.condition, parse));
  if (!same) return null;
  const changing = clauses.map((clause) => clause.commandType === 'CMD_UPDATE' || clause.commandType === 'CMD_DELETE');
  const of = (matchKind: string) =>
    conditions.filter((_, at) => changing[at] === true && clauses[at]?.matchKind === matchKind);
  const matched = of('MERGE_WHEN_MATCHED');
  const unmatched = of('MERGE_WHEN_NOT_MATCHED_BY_SOURCE');
  const either = (these: readonly (string | null)[]) =>
    these.includes(null) ? 'true' : these.map((each) => `(${each}\n)`).join(' or ');
  const finds: Pieces[] = [];
  if (matched.length > 0)
    finds.push(piecesOf(withText, `from ${target}\njoin ${source}\non ${on}\nwhere (${either(matched)})\n`));
  if (unmatched.length > 0) {
    const none = `not exists (select 1 from ${source}\nwhere ${on}\n)`;
    finds.push(piecesOf(withText, `from ${target}\nwhere ${none} and (${either(unmatched)})\n`));
  }
  const { relation } = fields;
  return {
    target: textOf((relation.alias as ParseNode | undefined)?.aliasname) || textOf(relation.relname),
    relation: { schema: textOf(relation.schemaname) || null, name: textOf(relation.relname) },
    finds,
    adds: clauses.some((clause) => clause.commandType === 'CMD_INSERT'),
    sets: clauses.flatMap((clause) =>
      clause.commandType === 'CMD_UPDATE' ? listOf(clause.targetList).map((each) => textOf(opened(each)[1].name)) : [],
    ),
  };
}

function isCondition(text: string | null, condition: unknown, parse: Parse): boolean {
  if (text === null || condition === undefined) return text === null && condition === undefined;
  return withoutPlaces(opened(parse(`select 1 where ${text}`))[1].whereClause) === withoutPlaces(condition);
}

interface Slices {
  readonly withText: string;
  readonly target: string;
  readonly source: string;
  readonly on: string;
  /** Of each WHEN, in order; null where it has none. */
  readonly conditions: readonly (string | null)[];
}

function slices(text: string): Slices | null {
  const { words, end } = topWords(text);
  const after = (word: string, from: number) => words.findIndex((each, at) => at >= from && each.word === word);
  const merge = after('merge', 0);
  const into = merge < 0 ? -1 : after('into', merge);
  const using = into < 0 ? -1 : after('using', into);
  const on = using < 0 ? -1 : after('on', using);
  const when = on < 0 ? -1 : after('when', on);
  if (when < 0) return null;
  const between = (from: number, to: number): string =>
    text.slice(words[from]?.to ?? end, words[to]?.from ?? end).trim();
  const conditions: (string | null)[] = [];
  for (let at = when; at >= 0; at = after('when', at + 1)) {
    const then = after('then', at);
    if (then < 0) return null;
    const begins = afterHead(words, at);
    conditions.push(words[begins]?.word === 'and' ? between(begins, then) : null);
  }
  return {
    withText: text.slice(0, words[merge]?.from).trim(),
    target: between(into, using),
    source: between(using, on),
    on: between(on, when),
    conditions,
  };
}

/** Behind WHEN [NOT] MATCHED [BY SOURCE | TARGET]. */
function afterHead(words: readonly TopWord[], when: number): number {
  let at = when + 1;
  if (words[at]?.word === 'not') at++;
  if (words[at]?.word === 'matched') at++;
  return words[at]?.word === 'by' ? at + 2 : at;
}
