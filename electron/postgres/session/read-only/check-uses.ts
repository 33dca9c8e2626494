/** What a statement uses, judged by what the server says of it; through the views in it, too. */
import { type Admission, admission, type Uses } from '../../../../shared/guard/read-only.ts';
import { splitSql } from '../../../../shared/sql/split.ts';
import { postgresParser } from '../../parser/postgres-parser.ts';
import { lookedUp, objection } from './judge-use.ts';

/** Views within views; a deeper nest is refused. */
const mostRounds = 30;
const longestParsed = 1_000_000;

/** Asks `lookupSql` where the statement will run: its first value, or why there is none. */
export type LookUp = (
  wanted: string,
  schemas: 'any' | 'visible',
) => Promise<{ readonly found: string } | { readonly why: string }>;

/** Null where nothing speaks against it; else one sentence. */
export async function objectionToUses(
  { uses: first, anySchema }: Exclude<Admission, { kind: 'refused' }>,
  lookUp: LookUp,
): Promise<string | null> {
  const seen = new Set<string>();
  let waiting: Uses[] = [first];
  for (let round = 0; round < mostRounds; round++) {
    const uses = waiting.filter(hasUses);
    if (uses.length === 0) return null;
    const answer = await lookUp(JSON.stringify(wantedOf(uses, seen)), anySchema ? 'any' : 'visible');
    if ('why' in answer) return `What it uses could not be looked up: ${answer.why}.`;
    const found = lookedUp.parse(JSON.parse(answer.found));
    const why = objection(found);
    if (why) return why;
    waiting = [];
    for (const view of found.views) {
      seen.add(view.oid);
      const read = await readStatement(view.definition);
      if (read.kind === 'refused') return `The view ${view.name} cannot be looked into. ${read.why}`;
      waiting.push(read.uses);
    }
  }
  return 'Its views are nested too deeply to be looked into.';
}

/** Why a query may act, be it by what it calls; null where it only reads. */
export async function objectionToQuery(text: string, lookUp: LookUp): Promise<string | null> {
  const read = await readStatement(text);
  if (read.kind === 'refused') return read.why;
  return read.kind === 'query' ? await objectionToUses(read, lookUp) : 'It is not a query.';
}

/** As `lookupSql` takes it. */
export function wantedOf(uses: readonly Uses[], seen: ReadonlySet<string>) {
  const named = (names: readonly (readonly [string | null, string])[]) =>
    names.map(([schema, name]) => ({ schema, name }));
  return {
    functions: named(uses.flatMap(({ functions }) => functions)),
    relations: named(uses.flatMap(({ relations }) => relations)),
    fields: uses.flatMap(({ fields }) => fields),
    operators: uses.flatMap(({ operators }) => operators),
    types: uses.flatMap(({ types }) => types),
    seen: [...seen],
  };
}

export const hasUses = ({ functions, relations, fields, operators, types }: Uses): boolean =>
  functions.length + relations.length + fields.length + types.length > 0 || operators.some((name) => name !== '=');

/** Exactly one statement for our reader and for PostgreSQL's, read in the same way by both. */
export async function readStatement(text: string): Promise<Admission> {
  const refused = (why: string): Admission => ({ kind: 'refused', why });
  if (text.length > longestParsed) return refused('It is too long to be looked into.');
  const outcome = (await postgresParser()).parse(text);
  if (outcome.kind === 'crashed') return refused('It is nested too deeply to be looked into.');
  if (outcome.kind === 'rejected') return refused(`PostgreSQL’s parser does not understand it: ${outcome.message}.`);
  const [first, ...others] = outcome.statements;
  if (!first || others.length > 0) return refused('It is not exactly one statement.');
  const ours = splitSql(text);
  if (ours.length !== 1 || ours[0]?.joinsOverComments || ours[0]?.escapesInPlainStrings)
    return refused('It is not certain how the server would read it.');
  return admission(first.node);
}
