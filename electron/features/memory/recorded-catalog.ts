/** A recording's catalog as completion reads it: the packs of `catalog.read`, made from its snapshots. */
import type { CatalogEvent, CatalogSection } from '../../../shared/api/catalog.ts';
import type { CatalogFunction, CatalogRelation, CatalogType } from '../../../shared/metrics/snapshots.ts';
import type { RecordedDatabase, RelationSize } from '../../recorder/open/recorded-database.ts';

/** Tabs, line breaks and U+007F divide the packs: in a name they become blanks, as in what a server sends. */
const clean = (text: string): string => text.replace(/[\t\n\r\u007f]/g, ' ');
const line = (...fields: readonly (string | number)[]): string => fields.join('\t');
const said = (comment: string | null): string => clean((comment ?? '').replaceAll('\n', '\u0001'));

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

/** A recording has the types of columns as they are written: these are numbered here, schemas too. */
interface Numbering {
  readonly schemas: Numbers;
  readonly types: Numbers;
}

export function recordedCatalog(recorded: RecordedDatabase): CatalogEvent[] {
  const { catalog, builtins, roles, settings, extensions, atMs, versionNum, database, user } = recorded;
  const numbering: Numbering = { schemas: new Numbers(), types: new Numbers() };
  const keys = new Map(catalog.constraints.filter(({ type }) => type === 'p').map((key) => [key.table, key.columns]));
  const sized = sizesWithIndexes(recorded);
  const relations = catalog.relations.map((relation) =>
    relationLine(relation, numbering, keys.get(relation.oid) ?? [], sized(relation.oid)),
  );
  const constraints = catalog.constraints
    .filter(({ type }) => type === 'p' || type === 'u' || type === 'f')
    .map((key) =>
      line(key.table, key.foreignTable ?? 0, key.type, key.columns.join(), key.foreignColumns.join(), clean(key.name)),
    );
  const types = [...(builtins?.types ?? []), ...(catalog.types ?? [])].map((type) => typeLine(type, numbering));
  const functions = [...(builtins?.functions ?? []), ...(catalog.functions ?? [])].map((one) =>
    functionLine(one, numbering),
  );
  const set = settings.settings.map(({ name, description, context }) => line(name, '', said(description), '', context));
  const added = extensions.map(({ name, version }) => line(clean(name), clean(version), ''));
  // A recording does not say which schemas stand in the path: all that it has are in sight, public first.
  const names = [...new Set(catalog.relations.map(({ schema }) => schema))];
  const searchPath = ['public', ...names.filter((name) => name !== 'public').sort()];
  const missing: CatalogSection[] = [
    ...(builtins && catalog.types ? [] : ['types' as const]),
    ...(builtins && catalog.functions ? [] : ['functions' as const]),
  ];
  return [
    { kind: 'begin', stamp: `recorded ${atMs}`, readAtMs: atMs, versionNum, database, user, searchPath },
    ...pack(
      'schemas',
      numbering.schemas.lines((name, number) => line(number, clean(name), '')),
    ),
    ...pack('types', types),
    ...pack(
      'columnTypes',
      numbering.types.lines((name, number) => line(number, -1, clean(name))),
    ),
    ...pack('relations', relations),
    ...pack('keys', constraints),
    ...pack('functions', functions),
    ...pack(
      'roles',
      roles.map(({ name }) => clean(name)),
    ),
    ...pack('settings', set),
    ...pack('extensions', added),
    { kind: 'end', missing },
  ];
}

const pack = (section: CatalogSection, lines: readonly string[]): CatalogEvent[] =>
  lines.length === 0 ? [] : [{ kind: 'pack', section, text: lines.join('\n') }];

/** Of a relation: its rows as they were counted last (-1: never), and its bytes with its indexes. */
function sizesWithIndexes({ catalog, sizes, blockSize }: RecordedDatabase) {
  const pages = new Map<number, number>();
  const add = (oid: number, size: RelationSize | undefined) =>
    pages.set(oid, (pages.get(oid) ?? 0) + (size?.pages ?? 0));
  for (const { oid } of catalog.relations) add(oid, sizes.get(oid));
  for (const { oid, table } of catalog.indexes) add(table, sizes.get(oid));
  return (oid: number) => ({ rows: sizes.get(oid)?.rows ?? -1, bytes: (pages.get(oid) ?? 0) * blockSize });
}

function relationLine(
  relation: CatalogRelation,
  { schemas, types }: Numbering,
  key: readonly number[],
  { rows, bytes }: { readonly rows: number; readonly bytes: number },
): string {
  const columns = relation.columns.map((column) => {
    const flags = (column.notNull ? 1 : 0) + (key.includes(column.num) ? 2 : 0) + (column.default === null ? 0 : 4);
    return `${column.num} ${types.of(column.type)} ${flags.toString(16)} ${clean(column.name)}`;
  });
  const { oid, schema, name, kind, comment } = relation;
  const parent = relation.parent ?? 0;
  const fields = [oid, schemas.of(schema), clean(name), kind, Math.round(rows), bytes, said(comment), parent];
  return line(...fields, columns.join('\u007f'), '');
}

function typeLine(type: CatalogType, { schemas, types }: Numbering): string {
  const base = type.base === null ? 0 : types.of(type.base);
  const labels = type.labels.map(clean).join('\u007f');
  const fields = [types.of(type.written), schemas.of(type.schema), clean(type.name), type.kind, base];
  return line(...fields, clean(type.written), said(type.comment), labels, 0, type.relation ?? 0);
}

function functionLine(one: CatalogFunction, { schemas, types }: Numbering): string {
  const { oid, schema, name, kind, set, result, comment } = one;
  const fields = [oid, schemas.of(schema), clean(name), kind, set ? 1 : 0, clean(one.arguments), clean(result)];
  return line(...fields, said(comment), types.of(result.replace(/^SETOF /, '')));
}
