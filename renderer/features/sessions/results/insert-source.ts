/** The table that cells come from, as far as the server says: rows copied as INSERT can be put there again. */
import type { RelationModel } from '../../../../shared/api/data.ts';
import type { Column } from '../../../../shared/api/sessions.ts';
import { qualified } from '../../../../shared/sql/quote.ts';
import type { GridRange } from '../../../grid/grid-source.ts';

export interface InsertSource {
  /** As one writes it in SQL. */
  readonly tableName: string;
  /** Result columns that the server computes there. */
  readonly computed: ReadonlySet<number>;
  /** Result columns whose values it takes only when it is told to. */
  readonly identities: ReadonlySet<number>;
}

/** The one table that all of these columns are of, by its oid; 0 where there is none. */
export function oneTable(columns: readonly Column[], ranges: readonly GridRange[]): number {
  const oids = new Set(ranges.flatMap((range) => range.columns.map((at) => columns[at]?.tableOid ?? 0)));
  const [oid] = oids;
  return oids.size === 1 ? (oid ?? 0) : 0;
}

export function insertSource(model: RelationModel, columns: readonly Column[]): InsertSource {
  const found = columns.map((column) =>
    column.tableOid === model.oid ? model.columns.find(({ number }) => number === column.attributeNumber) : undefined,
  );
  const those = (is: (column: RelationModel['columns'][number]) => boolean): ReadonlySet<number> =>
    new Set(found.flatMap((column, at) => (column && is(column) ? [at] : [])));
  return {
    tableName: qualified(model.schema, model.name),
    computed: those(({ generated }) => generated !== 'no'),
    identities: those(({ identity }) => identity === 'always'),
  };
}

/** What to ask for: without computed columns where others are left, and with OVERRIDING where one is an identity. */
export function insertRequest(
  { computed, identities }: InsertSource,
  ranges: readonly GridRange[],
): { readonly ranges: readonly GridRange[]; readonly overriding: boolean } {
  const left = ranges
    .map((range) => ({ ...range, columns: range.columns.filter((at) => !computed.has(at)) }))
    .filter((range) => range.columns.length > 0);
  const written = left.length > 0 ? left : ranges;
  return { ranges: written, overriding: written.some((range) => range.columns.some((at) => identities.has(at))) };
}
