/** The blueprint of what a statement reads on a server, by its catalog. */
import { FailureError } from '../../../../shared/failure.ts';
import { ddlCollation } from '../../../postgres/ddl/schema-object-ddl.sql.ts';
import type { Source } from '../../../postgres/source.ts';
import type { Blueprint } from './blueprint.ts';
import { type Named, namedIn, nameLists, type WrittenName } from './named.ts';
import {
  type CopiedFunction,
  type CopiedRelation,
  copiedCollations,
  copiedColumns,
  copiedConstraints,
  copiedDatabase,
  copiedFunctions,
  copiedIndexes,
  copiedRelations,
  copiedStatistics,
  copiedTypes,
  plannerSettings,
} from './what-if.sql.ts';

/** Beyond so many partitions only those that the server's own plan reads are copied. */
const mostRelations = 600;

export interface BlueprintQuestion {
  readonly source: Source;
  readonly named: Named;
  /** Relations of the server's own plan: what functions and policies read, the text does not name. */
  readonly planned: readonly WrittenName[];
  readonly path: readonly string[];
  readonly signal: AbortSignal | undefined;
}

/** @throws FailureError unsupported where a foreign table is read */
export async function readBlueprint({ source, named, planned, path, signal }: BlueprintQuestion): Promise<Blueprint> {
  const options = signal ? { signal } : {};
  const notes: string[] = [];
  const found = await source.ask(
    copiedRelations,
    [...nameLists(named.relations), path, ...nameLists(planned)],
    options,
  );
  const relations = withoutTheCrowd(found, planned, notes);
  const foreign = relations.find(({ kind }) => kind === 'f');
  if (foreign) {
    throw new FailureError({
      kind: 'unsupported',
      needs: 'HypoPG',
      message: `${foreign.schema}.${foreign.name} is a foreign table: its rows are elsewhere, and how long they take is not known here. With the extension HypoPG on the server itself it can be asked about.`,
    });
  }
  const oids = relations.map(({ oid }) => oid);
  const functions = await readFunctions(source, named, path, oids, options);
  const ofFunctions = functions.map(({ oid }) => oid);
  const [columns, types, constraints, indexes, settings, database, collations] = await Promise.all([
    source.ask(copiedColumns, [oids], options),
    source.ask(copiedTypes, [oids, ofFunctions, ...nameLists(named.types), path], options),
    source.ask(copiedConstraints, [oids], options),
    source.ask(copiedIndexes, [oids], options),
    source.ask(plannerSettings, [], options),
    source.ask(copiedDatabase, [], options),
    source.ask(copiedCollations, [oids], options),
  ]);
  const statistics = await source.ask(copiedStatistics, [...nameLists([...relations, ...indexes])], options);
  const [known] = database;
  return {
    ...{ relations, columns, types, functions, constraints, indexes, statistics, settings, notes },
    collations: await Promise.all(
      collations.map(async ({ oid, name }) => {
        const [made] = await source.ask(ddlCollation, [oid], options);
        return { name, sql: made?.statements[0] ?? null };
      }),
    ),
    extensions: (known?.extensions ?? []).map((name, at) => ({ name, schema: known?.schemas[at] ?? 'public' })),
    byBytes: known?.byBytes ?? null,
  };
}

/** With what functions in SQL call in turn, which the catalog does not know. */
async function readFunctions(
  source: Source,
  named: Named,
  path: readonly string[],
  oids: readonly string[],
  options: { signal?: AbortSignal },
): Promise<CopiedFunction[]> {
  const found = new Map<string, CopiedFunction>();
  let wanted = named.functions;
  for (let round = 0; round < 5; round++) {
    const rows = await source.ask(copiedFunctions, [...nameLists(wanted), path, round === 0 ? oids : []], options);
    const fresh = rows.filter(({ oid }) => !found.has(oid));
    for (const each of fresh) found.set(each.oid, each);
    wanted = (await namedIn(fresh.flatMap(({ body }) => body ?? []))).functions;
    if (wanted.length === 0) break;
  }
  return [...found.values()];
}

function withoutTheCrowd(
  found: readonly CopiedRelation[],
  planned: readonly WrittenName[],
  notes: string[],
): readonly CopiedRelation[] {
  if (found.length <= mostRelations) return found;
  const inPlan = new Set(planned.map(({ schema, name }) => JSON.stringify([schema, name])));
  const kept = found.filter(
    ({ bound, kind, schema, name }) => bound === null || kind === 'p' || inPlan.has(JSON.stringify([schema, name])),
  );
  notes.push(
    `Of ${found.length} tables and partitions ${kept.length} are copied: those that the server’s own plan reads, and what they are parts of.`,
  );
  return kept;
}
