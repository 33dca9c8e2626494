/** The parameters of the statements of a run: which there are, of which types, and the statements with values bound. */
import type { Parameter } from '../../../shared/api/sessions.ts';
import { FailureError } from '../../../shared/failure.ts';
import { commandOf } from '../../../shared/sql/classify.ts';
import {
  type BoundStatement,
  bindParameters,
  MissingParameter,
  type ParameterPlace,
  type ParameterValue,
  parameterPlaces,
} from '../../../shared/sql/parameters.ts';
import { postgresParser } from '../../postgres/parser/postgres-parser.ts';
import type { ParameterType, RunStatement, Session } from '../../postgres/source.ts';

/** In all others a `$1` is the statement's own (PREPARE, CREATE FUNCTION), or the server takes none. */
const taking = new Set([
  'select',
  'insert',
  'update',
  'delete',
  'merge',
  'explain',
  'declare',
  'create table as',
  'call',
]);
/** So many statements of a script are described at most. */
const describedAtMost = 20;
const stand: ParameterValue = { kind: 'value', text: '' };

export interface ScanRules {
  readonly standardConformingStrings: boolean;
}
/** What was bound before, by statement and name; null where nothing was. */
export type Recall = (statement: string, name: string) => ParameterValue | null;

/** The statements as they are sent. Throws invalid (`values`) where a parameter has no value. */
export async function withValues(
  statements: readonly RunStatement[],
  values: Readonly<Record<string, ParameterValue>>,
  rules: ScanRules,
): Promise<RunStatement[]> {
  const bound: RunStatement[] = [];
  for (const statement of statements) {
    const places = await placesIn(statement, rules);
    bound.push(places.length > 0 ? { ...statement, bound: boundOrRefused(statement, places, values) } : statement);
  }
  return bound;
}

function boundOrRefused(
  { text, range }: RunStatement,
  places: readonly ParameterPlace[],
  values: Readonly<Record<string, ParameterValue>>,
): BoundStatement | undefined {
  try {
    return bindParameters(text, places, values) ?? undefined;
  } catch (thrown) {
    if (!(thrown instanceof MissingParameter)) throw thrown;
    throw refused('values', thrown.message, range.from + thrown.place.from);
  }
}

/** The places where a value is to be put. Throws invalid where the kind of statement takes none. */
async function placesIn({ text, range }: RunStatement, rules: ScanRules): Promise<ParameterPlace[]> {
  const places = parameterPlaces(text, rules);
  if (places.length === 0) return [];
  const stands = Object.fromEntries(places.map(({ name }) => [name, stand]));
  const sent = bindParameters(text, places, stands)?.text ?? text;
  const outcome = (await postgresParser()).parse(sent);
  const [node] = outcome.kind === 'parsed' ? outcome.statements : [];
  // What our parser does not know is the server's to judge.
  const command = node ? commandOf(node.node) : 'select';
  if (taking.has(command)) return places;
  const named = places.find(({ name }) => !/^\d/.test(name));
  if (!named) return [];
  const message = `PostgreSQL takes no parameters in ${command.toUpperCase()}: write the value in place of :${named.name}.`;
  throw refused('text', message, range.from + named.from);
}

/** Says where in the editor's text. */
const refused = (field: string, message: string, at: number): FailureError =>
  new FailureError({ kind: 'invalid', field, message, at, certainTo: 0 });

/** The parameters of the statements, each name once, in the order in which they come. */
export async function parametersOf(
  statements: readonly RunStatement[],
  rules: ScanRules,
  recall: Recall,
  session: Session | null,
): Promise<Parameter[]> {
  const found = new Map<string, Parameter>();
  let described = 0;
  for (const statement of statements) {
    const places = await placesIn(statement, rules);
    if (places.length === 0) continue;
    const types = session && described++ < describedAtMost ? await typesOf(statement.text, places, session) : new Map();
    for (const place of places) {
      const { name, inList } = place;
      const known = found.get(name);
      const type: ParameterType | undefined = types.get(name);
      found.set(name, {
        name,
        typeName: known?.typeName ?? type?.typeName ?? null,
        category: known?.category ?? type?.category ?? null,
        takesList: (known?.takesList ?? false) || inList || type?.category === 'A',
        remembered: known?.remembered ?? recall(statement.text, name),
      });
    }
  }
  return [...found.values()];
}

/** By name; nothing where the server refuses the statement, or may not be asked now: running it will tell. */
async function typesOf(
  text: string,
  places: readonly ParameterPlace[],
  session: Session,
): Promise<ReadonlyMap<string, ParameterType>> {
  const types = new Map<string, ParameterType>();
  const { transaction, running, lost } = session.state;
  if (transaction === 'failed' || running || lost) return types;
  const bound = bindParameters(text, places, Object.fromEntries(places.map(({ name }) => [name, stand])));
  if (!bound) return types;
  const described = await session.describe(bound.text).catch(() => []);
  for (const [at, name] of bound.names.entries()) {
    const type = described[at];
    if (type) types.set(name, type);
  }
  return types;
}
