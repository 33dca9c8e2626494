/** The graph of a database as a recording's snapshot of its structure has it. */
import type { DiagramGraph, DiagramTable } from '../api/diagrams.ts';
import type { CatalogRelation, CatalogSnapshot } from '../metrics/snapshots.ts';
import { qualified } from '../sql/quote.ts';

const kinds: Readonly<Record<string, DiagramTable['kind']>> = {
  r: 'table',
  p: 'partitionedTable',
  f: 'foreignTable',
  v: 'view',
  m: 'materializedView',
};

export function graphOfSnapshot(snapshot: CatalogSnapshot): DiagramGraph {
  const relations = new Map(snapshot.relations.filter(({ kind }) => kind in kinds).map((each) => [each.oid, each]));
  const idOf = (oid: number | null): string | null => {
    const relation = oid === null ? undefined : relations.get(oid);
    return relation ? qualified(relation.schema, relation.name) : null;
  };
  const constraints = Map.groupBy(snapshot.constraints, ({ table }) => table);
  const tables = [...relations.values()].map((relation): DiagramTable => {
    const own = constraints.get(relation.oid) ?? [];
    const primary = own.find(({ type }) => type === 'p');
    const uniques = own.filter(({ type }) => type === 'u');
    return {
      id: qualified(relation.schema, relation.name),
      oid: relation.oid,
      schema: relation.schema,
      name: relation.name,
      kind: kinds[relation.kind] ?? 'table',
      comment: relation.comment ?? '',
      columns: relation.columns.map(({ num, name, type, notNull, default: value }) => ({
        name,
        type,
        notNull,
        primary: primary?.columns.includes(num) ?? false,
        hasDefault: value !== null,
        comment: '',
      })),
      uniques: [...(primary ? [primary] : []), ...uniques].map(({ columns }) => namesOf(relation, columns)),
      rowEstimate: null,
      sizeBytes: null,
      parent: idOf(relation.parent),
    };
  });
  const keys = snapshot.constraints.flatMap((key) => {
    const [from, to] = [idOf(key.table), idOf(key.foreignTable)];
    const [table, other] = [relations.get(key.table), relations.get(key.foreignTable ?? 0)];
    if (key.type !== 'f' || from === null || to === null || !table || !other) return [];
    const [fromColumns, toColumns] = [namesOf(table, key.columns), namesOf(other, key.foreignColumns)];
    return [{ id: `${from} ${key.name}`, name: key.name, from, to, fromColumns, toColumns, virtual: false }];
  });
  const types = (snapshot.types ?? []).filter(({ kind }) => kind === 'e' || kind === 'd');
  return {
    tables: tables.sort((a, b) => (a.id < b.id ? -1 : 1)),
    keys,
    types: types.map(({ schema, name, labels, base }) => ({ schema, name, labels: [...labels], base })),
  };
}

const namesOf = ({ columns }: CatalogRelation, numbers: readonly number[]): string[] =>
  numbers.flatMap((number) => columns.find(({ num }) => num === number)?.name ?? []);
