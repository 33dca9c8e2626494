/** Some tables of a server as a plan: everything that planning needs, and no row. */
import { FailureError } from '../../../../shared/failure.ts';
import { identifier } from '../../../../shared/sql/quote.ts';
import type { Source } from '../../../postgres/source.ts';
import {
  type CopiedColumn,
  type CopiedIndex,
  type CopiedRelation,
  type CopiedStatistics,
  copiedColumns,
  copiedIndexes,
  copiedRelations,
  copiedStatistics,
  plannerSettings,
} from './what-if.sql.ts';

export interface Blueprint {
  readonly relations: readonly CopiedRelation[];
  readonly columns: readonly CopiedColumn[];
  readonly indexes: readonly CopiedIndex[];
  readonly statistics: readonly CopiedStatistics[];
  readonly settings: readonly { readonly name: string; readonly value: string }[];
}

type Name = { readonly schema: string; readonly name: string };

/** @throws FailureError unsupported for what is no plain table */
export async function readBlueprint(source: Source, names: readonly Name[], signal?: AbortSignal): Promise<Blueprint> {
  const options = signal ? { signal } : {};
  const values = [names.map(({ schema }) => schema), names.map(({ name }) => name)];
  const relations = await source.ask(copiedRelations, values, options);
  const other = relations.find(({ kind }) => kind !== 'r' && kind !== 'm');
  if (other) {
    throw new FailureError({
      kind: 'unsupported',
      needs: 'HypoPG',
      message: `${other.schema}.${other.name} is no plain table: partitioned and foreign tables are not copied for planning. With the extension HypoPG on the server itself they can be asked about.`,
    });
  }
  const oids = [relations.map(({ oid }) => oid)];
  const [columns, indexes, statistics, settings] = await Promise.all([
    source.ask(copiedColumns, oids, options),
    source.ask(copiedIndexes, oids, options),
    source.ask(copiedStatistics, values, options),
    source.ask(plannerSettings, [], options),
  ]);
  return { relations, columns, indexes, statistics, settings };
}

export const qualified = ({ schema, name }: Name): string => `${identifier(schema)}.${identifier(name)}`;

/** The statements that make its tables anew, empty and without their indexes. */
export function blueprintScript({ relations, columns }: Blueprint): string[] {
  const types = new Map(
    columns.flatMap(({ typeSchema: schema, typeName: name, type }) =>
      schema !== null && name !== null ? [[qualified({ schema, name }), { schema, type }] as const] : [],
    ),
  );
  const schemas = new Set([
    ...relations.map(({ schema }) => schema),
    ...[...types.values()].map(({ schema }) => schema),
  ]);
  schemas.delete('public');
  return [
    ...[...schemas].map((schema) => `create schema ${identifier(schema)}`),
    ...[...types].map(([name, { type }]) => `create domain ${name} as ${type}`),
    ...relations.map((relation) => {
      const own = columns.filter(({ oid }) => oid === relation.oid).map(columnText);
      return `create table ${qualified(relation)} (${own.join(', ')}) with (autovacuum_enabled = off)`;
    }),
  ];
}

function columnText({ name, type, typeSchema, typeName, notNull }: CopiedColumn): string {
  const own = typeSchema !== null && typeName !== null ? qualified({ schema: typeSchema, name: typeName }) : type;
  return `${identifier(name)} ${own}${notNull ? ' not null' : ''}`;
}
