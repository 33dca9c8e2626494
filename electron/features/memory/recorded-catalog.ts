/** A recording's catalog as completion reads it: the packs of `catalog.read`, made from the snapshot. */
import type { CatalogEvent } from '../../../shared/api/catalog.ts';
import type { CatalogRelation, CatalogSnapshot, RolesSnapshot } from '../../../shared/metrics/snapshots.ts';

export interface RecordedFacts {
  readonly catalog: CatalogSnapshot;
  readonly roles: RolesSnapshot;
  readonly atMs: number;
  readonly versionNum: number;
  readonly database: string;
  readonly user: string;
}

/** Tabs, line breaks and U+007F divide the packs: in a name they become blanks, as in what a server sends. */
const clean = (text: string): string => text.replace(/[\t\n\r\u007f]/g, ' ');
const line = (...fields: readonly (string | number)[]): string => fields.join('\t');

/** Numbers by name, in the order of their first mention, from 1. */
class Numbers {
  readonly #known = new Map<string, number>();
  of(name: string): number {
    const known = this.#known.get(name) ?? this.#known.size + 1;
    this.#known.set(name, known);
    return known;
  }
  lines(of: (name: string, number: number) => string): string[] {
    return [...this.#known].map(([name, number]) => of(name, number));
  }
}

export function recordedCatalog(facts: RecordedFacts): CatalogEvent[] {
  const { catalog, roles, atMs, versionNum, database, user } = facts;
  const schemas = new Numbers();
  const types = new Numbers();
  const keys = new Map(catalog.constraints.filter(({ type }) => type === 'p').map((key) => [key.table, key.columns]));
  const relations = catalog.relations.map((relation) =>
    relationLine(relation, schemas.of(relation.schema), types, keys.get(relation.oid) ?? []),
  );
  const constraints = catalog.constraints
    .filter(({ type }) => type === 'p' || type === 'u' || type === 'f')
    .map((key) =>
      line(key.table, key.foreignTable ?? 0, key.type, key.columns.join(), key.foreignColumns.join(), clean(key.name)),
    );
  const pack = (
    section: Extract<CatalogEvent, { kind: 'pack' }>['section'],
    lines: readonly string[],
  ): CatalogEvent[] => (lines.length === 0 ? [] : [{ kind: 'pack', section, text: lines.join('\n') }]);
  // A recording does not say which schemas stand in the path: all that it has are in sight, public first.
  const names = [...new Set(catalog.relations.map(({ schema }) => schema))];
  const searchPath = ['public', ...names.filter((name) => name !== 'public').sort()];
  return [
    { kind: 'begin', stamp: `recorded ${atMs}`, readAtMs: atMs, versionNum, database, user, searchPath },
    ...pack(
      'schemas',
      schemas.lines((name, number) => line(number, clean(name), '')),
    ),
    ...pack(
      'columnTypes',
      types.lines((name, number) => line(number, -1, clean(name))),
    ),
    ...pack('relations', relations),
    ...pack('keys', constraints),
    ...pack(
      'roles',
      roles.map(({ name }) => clean(name)),
    ),
    { kind: 'end', missing: ['types', 'functions', 'settings', 'extensions'] },
  ];
}

function relationLine(relation: CatalogRelation, schema: number, types: Numbers, key: readonly number[]): string {
  const columns = relation.columns.map((column) => {
    const flags = (column.notNull ? 1 : 0) + (key.includes(column.num) ? 2 : 0) + (column.default === null ? 0 : 4);
    return `${column.num} ${types.of(column.type)} ${flags.toString(16)} ${clean(column.name)}`;
  });
  const comment = (relation.comment ?? '').replaceAll('\n', '\u0001');
  const { oid, name, kind, parent } = relation;
  const partition = parent === null ? 0 : 1;
  return line(oid, schema, clean(name), kind, -1, 0, clean(comment), partition, columns.join('\u007f'), '');
}
