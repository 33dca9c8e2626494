/** Tables and columns that are not there, with what was probably meant. */
import type { Relation } from '../../complete/catalog.ts';
import { identifier, qualified } from '../../sql/quote.ts';
import { nearest } from '../did-you-mean.ts';
import type { NamedReference, NamedRelation } from '../names/names.ts';
import type { From, Level } from '../names/sources.ts';
import { type CheckedStatement, replace } from '../statement.ts';

export function checkNames(statement: CheckedStatement): void {
  const unknown = new Set<string>();
  for (const relation of statement.names.relations) {
    if (relation.known || relation.at < 0) continue;
    unknown.add(relation.name);
    unknownRelation(statement, relation);
  }
  for (const reference of statement.names.references) unknownReference(statement, reference);
  for (const { relation, name, at } of statement.names.missingTargets)
    if (at >= 0) unknownColumn(statement, relation, name, placeOf(statement, name, at), null);
}

function unknownRelation(statement: CheckedStatement, { schema, name, at }: NamedRelation): void {
  const { catalog, script } = statement;
  const range = statement.nameRange(at);
  const elsewhere = catalog.relationsCalled(name).filter(({ kind }) => kind !== 'composite');
  const inSight = (each: Relation): boolean => script.path.includes(each.schema) || each.schema === 'pg_catalog';
  const writtenIn = (each: Relation): string =>
    inSight(each) ? identifier(each.name) : qualified(each.schema, each.name);
  if (elsewhere.length > 0) {
    const [found] = elsewhere as [Relation];
    const where = elsewhere.map((each) => each.schema).join(', ');
    statement.report(
      'name',
      'error',
      range,
      schema === null
        ? `${name} is in the schema ${where}, which is not on the search_path`
        : `There is no ${schema}.${name}; there is one in ${where}`,
      'A name without a schema is looked for along the search_path only.',
      elsewhere.slice(0, 3).map((each) => ({
        title: `Write ${qualified(each.schema, found.name)}`,
        edits: [replace(range, qualified(each.schema, found.name))],
      })),
    );
    return;
  }
  if (schema !== null && !catalog.schemas.has(schema) && !schema.startsWith('pg_temp')) {
    const meant = nearest(schema, catalog.schemas.keys());
    const relation = meant === null ? null : catalog.relation(meant, name);
    statement.report(
      'name',
      'error',
      range,
      `There is no schema ${schema}`,
      meant ? `Did you mean ${meant}?` : 'It may have been renamed, or be in another database.',
      [
        meant
          ? {
              title: `Write ${relation ? qualified(meant, name) : identifier(meant)}`,
              edits: [
                replace(
                  { from: range.from, to: relation ? range.to : statement.tokenRange(at).to },
                  relation ? qualified(meant, name) : identifier(meant),
                ),
              ],
            }
          : null,
      ],
    );
    return;
  }
  const candidates = catalog.relations.filter(
    (each) => each.kind !== 'composite' && (schema === null ? inSight(each) : each.schema === schema),
  );
  const meant =
    nearest(
      name,
      candidates.map((each) => each.name),
    ) ??
    nearest(
      name,
      statement.names.relations.filter((each) => each.known).map((each) => each.name),
    );
  const relation = candidates.find((each) => each.name === meant);
  const written =
    meant === null
      ? ''
      : schema !== null
        ? qualified(schema, meant)
        : relation
          ? writtenIn(relation)
          : identifier(meant);
  statement.report(
    'name',
    'error',
    range,
    `There is no table ${schema === null ? name : `${schema}.${name}`}`,
    meant ? `Did you mean ${written}?` : 'No table, view or CTE of this name is in sight.',
    [meant ? { title: `Write ${written}`, edits: [replace(range, written)] } : null],
  );
}

/** Of a column in ON CONFLICT only the bracket's place is known. */
function placeOf(statement: CheckedStatement, name: string, at: number): number {
  const index = statement.tokenAt(at);
  if (statement.word(index) !== '(') return at;
  return statement.tokens.find((token, place) => place > index && token.word === name)?.from ?? at;
}

function unknownReference(statement: CheckedStatement, { path, at, found, level }: NamedReference): void {
  if (at < 0) return;
  if (found.kind === 'noSource') {
    const sources = sourcesAround(level);
    const having = sources.filter(({ columns }) => columns?.some((column) => column.name === path[1]));
    const near = nearest(
      found.alias,
      sources.map(({ alias }) => alias),
    );
    // Short aliases are all alike: then the one that has the column is meant.
    const meant = having.length === 1 ? (having[0]?.alias ?? null) : found.alias.length > 3 ? near : null;
    const range = statement.tokenRange(at);
    const hidden = statement.names.relations.find((each) => each.name === found.alias);
    const explanation = hidden
      ? `The table ${found.alias} has an alias here: its columns are called by that.`
      : meant
        ? `Did you mean ${meant}?`
        : 'No table of this name or alias is in the FROM of this query.';
    statement.report('name', 'error', range, `${found.alias} is not in FROM`, explanation, [
      meant ? { title: `Write ${identifier(meant)}`, edits: [replace(range, identifier(meant))] } : null,
    ]);
  } else if (found.kind === 'noColumn') unknownColumn(statement, found.source, found.name, at, path, level);
  else if (found.kind === 'ambiguous') {
    const name = path[0] ?? '';
    const range = statement.tokenRange(at);
    const aliases = found.sources.map(({ alias }) => alias);
    statement.report(
      'name',
      'error',
      range,
      `${name} is in ${aliases.join(' and in ')}`,
      'Say which one is meant.',
      aliases.slice(0, 4).map((alias) => ({
        title: `Write ${qualified(alias, name)}`,
        edits: [replace(range, qualified(alias, name))],
      })),
    );
  }
}

function unknownColumn(
  statement: CheckedStatement,
  source: From | null,
  name: string,
  at: number,
  path: readonly string[] | null,
  level?: Level,
): void {
  const first = statement.tokenAt(at);
  // Of `alias.column` the column is marked; of INSERT (column) the name itself.
  const index = first + 2 * ((path?.length ?? 1) - 1);
  const token = statement.tokens[index] ?? statement.tokens[first];
  if (!token) return;
  const range = { from: token.from, to: token.to };
  const columns = source ? (source.columns ?? []).map((column) => column.name) : columnsAround(level);
  const meant = nearest(name, columns);
  const inQuotes = /^[a-z]/.test(name) ? columns.find((column) => column.toLowerCase() === name) : undefined;
  const whose = source
    ? `${source.relation?.name ?? source.alias} has no column ${name}`
    : `There is no column ${name}`;
  const best = inQuotes ?? meant;
  const explanation = inQuotes
    ? `It is called ${identifier(inQuotes)}: a name in capitals needs quotes.`
    : best
      ? `Did you mean ${best}?`
      : columns.length > 0
        ? `There are ${columns.slice(0, 12).join(', ')}${columns.length > 12 ? ', …' : ''}.`
        : 'Nothing in FROM has it.';
  statement.report('name', 'error', range, whose, explanation, [
    best ? { title: `Write ${identifier(best)}`, edits: [replace(range, identifier(best))] } : null,
    isStringInQuotes(statement, token)
      ? { title: 'Make it a string', edits: [replace(range, `'${name.replaceAll("'", "''")}'`)] }
      : null,
  ]);
}

const isStringInQuotes = (statement: CheckedStatement, token: { from: number; kind: string }): boolean =>
  token.kind === 'quotedIdentifier' && statement.text.charAt(token.from) === '"';

function sourcesAround(level: Level): From[] {
  const sources: From[] = [];
  for (let each: Level | null = level; each; each = each.parent) sources.push(...each.sources);
  return sources;
}
const columnsAround = (level: Level | undefined): string[] => [
  ...new Set((level ? sourcesAround(level) : []).flatMap(({ columns }) => (columns ?? []).map(({ name }) => name))),
];
