/** What the planner knows of tables and columns, put into the copy as pg_restore of PostgreSQL 18 does it. */
import { failureOf } from '../../../../shared/failure.ts';
import type { PlainClient } from '../../../postgres/plain-client.ts';
import { type Blueprint, qualified } from './blueprint.ts';
import type { CopiedStatistics } from './what-if.sql.ts';

export async function restoreStatistics(client: PlainClient, blueprint: Blueprint, notes: string[]): Promise<void> {
  const { relations, statistics } = blueprint;
  const withRows = relations.filter(({ kind }) => kind === 'r' || kind === 'm');
  await client.query(
    `select pg_catalog.pg_restore_relation_stats('schemaname', r.schema, 'relname', r.name, 'relpages', r.relpages,
      'reltuples', r.reltuples, 'relallvisible', r.relallvisible)
    from jsonb_to_recordset($1::jsonb) as r(schema text, name text, relpages int4, reltuples real, relallvisible int4)`,
    [JSON.stringify(withRows.map((each) => ({ ...each, relallvisible: Math.min(each.relallvisible, each.relpages) })))],
  );
  await restoreColumns(client, statistics).catch(async () => {
    // All or nothing: one at a time tells which.
    for (const one of statistics)
      await restoreColumns(client, [one]).catch((thrown) =>
        notes.push(`No statistics of ${one.name}.${one.column}: ${failureOf(thrown).message}`),
      );
  });
  tellWhatIsMissing(blueprint, notes);
}

const restoreColumns = (client: PlainClient, statistics: readonly CopiedStatistics[]) =>
  client.query(
    `select pg_catalog.pg_restore_attribute_stats('schemaname', s.schema, 'relname', s.name, 'attname', s."column",
      'inherited', s.inherited, 'null_frac', s."nullFraction"::real, 'avg_width', s."averageWidth",
      'n_distinct', s."distinct"::real, 'most_common_vals', s."values", 'most_common_freqs', s.frequencies::real[],
      'histogram_bounds', s.bounds, 'correlation', s.correlation::real)
    from jsonb_to_recordset($1::jsonb) as s(schema text, name text, "column" text, inherited bool, "nullFraction" text,
      "averageWidth" int4, "distinct" text, "values" text, frequencies text, bounds text, correlation text)`,
    [JSON.stringify(statistics)],
  );

function tellWhatIsMissing({ relations, statistics }: Blueprint, notes: string[]): void {
  const known = new Set(statistics.map((each) => qualified(each)));
  const unknown = relations.filter((each) => each.blocks > 0 && !known.has(qualified(each)));
  if (unknown.length > 0)
    notes.push(
      `Of ${listed(unknown)} no statistics are known: never analyzed, or not to be read by the role that asked. Estimates are guesses.`,
    );
  const extended = relations.filter((each) => each.extended > 0);
  if (extended.length > 0)
    notes.push(`What CREATE STATISTICS has gathered of ${listed(extended)} cannot be restored and does not count.`);
  const secured = relations.filter(({ rowSecurity }) => rowSecurity);
  if (secured.length > 0) notes.push(`Planned without the row security of ${listed(secured)}.`);
}

const most = 4;
function listed(names: readonly { readonly schema: string; readonly name: string }[]): string {
  const shown = names.slice(0, most).map(({ schema, name }) => `${schema}.${name}`);
  return names.length > most ? `${shown.join(', ')} and ${names.length - most} more` : shown.join(', ');
}
