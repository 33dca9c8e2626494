/**
 * The catalog in the page: built pack by pack from what `catalog.read` sends (electron/features/catalog/catalog.sql.ts
 * says how it is packed). The columns of a relation are parsed when first asked for.
 */
import type { CatalogEvent, CatalogHead, CatalogSection } from '../api/catalog.ts';

export type RelationKind =
  | 'table'
  | 'partitionedTable'
  | 'view'
  | 'materializedView'
  | 'foreignTable'
  | 'composite'
  | 'sequence';

export interface Column {
  readonly name: string;
  /** As format_type writes it, schema included where it has one. */
  readonly type: string;
  readonly typeOid: number;
  readonly number: number;
  readonly notNull: boolean;
  readonly key: boolean;
  readonly hasDefault: boolean;
  /** The server makes its value: it has no place in an INSERT. */
  readonly generated: boolean;
  readonly comment: string;
}
export interface Relation {
  readonly oid: number;
  readonly kind: RelationKind;
  readonly schema: string;
  readonly name: string;
  /** -1 where it was never counted. */
  readonly rowEstimate: number;
  /** Of the last VACUUM or ANALYZE, with indexes. */
  readonly sizeBytes: number;
  readonly comment: string;
  readonly isPartition: boolean;
  /** The table that it is a partition of; 0 where it is none. */
  readonly parentOid: number;
  readonly columns: readonly Column[];
}
export interface Routine {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly kind: 'function' | 'procedure' | 'aggregate' | 'window';
  readonly returnsSet: boolean;
  /** As pg_get_function_arguments gives them: `a integer, b text DEFAULT ''`. */
  readonly args: string;
  readonly result: string;
  readonly resultOid: number;
  readonly comment: string;
}
export interface Type {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly kind: 'base' | 'enum' | 'domain' | 'composite' | 'range';
  readonly baseOid: number;
  readonly written: string;
  readonly comment: string;
  readonly labels: readonly string[];
  readonly relationOid: number;
}
export interface ForeignKey {
  readonly from: number;
  readonly to: number;
  readonly fromColumns: readonly number[];
  readonly toColumns: readonly number[];
  readonly name: string;
}
export interface Setting {
  readonly name: string;
  readonly type: string;
  readonly comment: string;
  readonly values: readonly string[];
}

const relationKinds: Readonly<Record<string, RelationKind>> = {
  r: 'table',
  p: 'partitionedTable',
  v: 'view',
  m: 'materializedView',
  f: 'foreignTable',
  c: 'composite',
  S: 'sequence',
};
const routineKinds: Readonly<Record<string, Routine['kind']>> = {
  f: 'function',
  p: 'procedure',
  a: 'aggregate',
  w: 'window',
};
const typeKinds: Readonly<Record<string, Type['kind']>> = {
  e: 'enum',
  d: 'domain',
  c: 'composite',
  r: 'range',
  m: 'range',
};

const listOf = (text: string): string[] => (text === '' ? [] : text.split('\u007f'));
const numbersOf = (text: string): number[] => (text === '' ? [] : text.split(',').map(Number));
const said = (text: string): string => text.replaceAll('\u0001', '\n');

/** Later names of the same spelling are added behind earlier ones. */
function push<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

class PackedRelation implements Relation {
  readonly oid: number;
  readonly kind: RelationKind;
  readonly schema: string;
  readonly name: string;
  readonly rowEstimate: number;
  readonly sizeBytes: number;
  readonly isPartition: boolean;
  readonly parentOid: number;
  private readonly said: string;
  private readonly packed: string;
  private readonly comments: string;
  private readonly catalog: Catalog;
  private parsed: readonly Column[] | null = null;

  constructor(catalog: Catalog, schema: string, fields: readonly string[]) {
    const [
      oid = '',
      ,
      name = '',
      kind = '',
      rows = '',
      size = '',
      comment = '',
      parent = '',
      packed = '',
      comments = '',
    ] = fields;
    this.catalog = catalog;
    this.schema = schema;
    this.oid = Number(oid);
    this.name = name;
    this.kind = relationKinds[kind] ?? 'table';
    this.rowEstimate = Number(rows);
    this.sizeBytes = Number(size);
    this.parentOid = Number(parent);
    this.isPartition = this.parentOid !== 0;
    this.said = comment;
    this.packed = packed;
    this.comments = comments;
  }

  get comment(): string {
    return said(this.said);
  }

  get columns(): readonly Column[] {
    this.parsed ??= this.parse();
    return this.parsed;
  }

  private parse(): Column[] {
    const comments = new Map<number, string>();
    for (const line of listOf(this.comments)) {
      const space = line.indexOf(' ');
      comments.set(Number(line.slice(0, space)), said(line.slice(space + 1)));
    }
    return listOf(this.packed).map((text) => {
      const [number = '', type = '', flagDigit = '', ...name] = text.split(' ');
      const flags = Number.parseInt(flagDigit, 16);
      return {
        name: name.join(' '),
        type: this.catalog.typeWritten(type),
        typeOid: Number.parseInt(type, 10),
        number: Number(number),
        notNull: (flags & 1) !== 0,
        key: (flags & 2) !== 0,
        hasDefault: (flags & 4) !== 0,
        generated: (flags & 8) !== 0,
        comment: comments.get(Number(number)) ?? '',
      };
    });
  }
}

export class Catalog {
  head: CatalogHead;
  readonly missing: CatalogSection[] = [];
  readonly schemas = new Map<string, { readonly oid: number; readonly comment: string }>();
  readonly relations: Relation[] = [];
  readonly routines = new Map<string, Routine[]>();
  readonly types: Type[] = [];
  readonly roles: string[] = [];
  readonly settings: Setting[] = [];
  readonly extensions: { readonly name: string; readonly comment: string }[] = [];
  private readonly schemaNames = new Map<string, string>();
  private readonly relationsByName = new Map<string, Relation[]>();
  private readonly relationsByOid = new Map<number, Relation>();
  private readonly typesByOid = new Map<number, Type>();
  private readonly written = new Map<string, string>();
  private readonly keysFrom = new Map<number, ForeignKey[]>();
  private readonly keysTo = new Map<number, ForeignKey[]>();
  private readonly uniques = new Map<number, (readonly number[])[]>();

  constructor(head: CatalogHead) {
    this.head = head;
  }

  /** Takes the next event of a reading; a pack takes a few milliseconds. */
  take(event: CatalogEvent): void {
    if (event.kind === 'end') this.missing.push(...event.missing);
    if (event.kind === 'pack') for (const line of event.text.split('\n')) this.add(event.section, line.split('\t'));
  }

  get searchPath(): readonly string[] {
    return this.head.searchPath;
  }

  relationsCalled(name: string): readonly Relation[] {
    return this.relationsByName.get(name) ?? [];
  }

  /** By name, in the schema or along the path (pg_catalog first, as the server has it). */
  relation(schema: string | null, name: string, path: readonly string[] = this.searchPath): Relation | null {
    const called = this.relationsCalled(name);
    if (schema !== null) return called.find((each) => each.schema === schema) ?? null;
    for (const each of ['pg_catalog', ...path]) {
      const found = called.find((relation) => relation.schema === each);
      if (found) return found;
    }
    return null;
  }

  relationOf(oid: number): Relation | null {
    return this.relationsByOid.get(oid) ?? null;
  }

  routinesCalled(schema: string | null, name: string, path: readonly string[] = this.searchPath): readonly Routine[] {
    const called = this.routines.get(name) ?? [];
    return called.filter((each) =>
      schema === null ? each.schema === 'pg_catalog' || path.includes(each.schema) : each.schema === schema,
    );
  }

  type(oid: number): Type | null {
    return this.typesByOid.get(oid) ?? null;
  }

  /** The type's own, or that of the type its domain stands on. */
  labelsOf(oid: number): readonly string[] {
    const type = this.typesByOid.get(oid);
    if (!type) return [];
    return type.kind === 'domain' ? this.labelsOf(type.baseOid) : type.labels;
  }

  typeCalled(name: string): Type | null {
    return this.types.find((each) => each.name === name || each.written === name) ?? null;
  }

  typeWritten(key: string): string {
    return this.written.get(key) ?? this.typesByOid.get(Number.parseInt(key, 10))?.written ?? '';
  }

  foreignKeysFrom(oid: number): readonly ForeignKey[] {
    return this.keysFrom.get(oid) ?? [];
  }

  foreignKeysTo(oid: number): readonly ForeignKey[] {
    return this.keysTo.get(oid) ?? [];
  }

  /** The column sets that are unique, primary key first. */
  uniqueKeysOf(oid: number): readonly (readonly number[])[] {
    return this.uniques.get(oid) ?? [];
  }

  private add(section: CatalogSection, fields: readonly string[]): void {
    const [first = '', second = '', third = '', fourth = '', fifth = ''] = fields;
    switch (section) {
      case 'schemas':
        this.schemaNames.set(first, second);
        this.schemas.set(second, { oid: Number(first), comment: said(third) });
        break;
      case 'types':
        this.addType(fields);
        break;
      case 'columnTypes':
        this.written.set(second === '-1' ? first : `${first}:${second}`, third);
        break;
      case 'relations':
        this.addRelation(new PackedRelation(this, this.schemaNames.get(second) ?? '', fields));
        break;
      case 'keys':
        this.addKey(fields);
        break;
      case 'functions':
        this.addRoutine(fields);
        break;
      case 'roles':
        this.roles.push(first);
        break;
      case 'settings':
        this.settings.push({ name: first, type: second, comment: said(third), values: listOf(fourth) });
        break;
      case 'extensions':
        this.extensions.push({ name: first, comment: `${second} ${said(third || fifth)}`.trim() });
    }
  }

  private addRelation(relation: Relation): void {
    // A schema that is not among the named ones is another session's temporary one.
    if (relation.schema === '') return;
    this.relations.push(relation);
    this.relationsByOid.set(relation.oid, relation);
    push(this.relationsByName, relation.name, relation);
  }

  private addType(fields: readonly string[]): void {
    const [
      oid = '',
      schema = '',
      name = '',
      kind = '',
      base = '',
      written = '',
      comment = '',
      labels = '',
      ,
      relation = '',
    ] = fields;
    const type: Type = {
      oid: Number(oid),
      schema: this.schemaNames.get(schema) ?? '',
      name,
      kind: typeKinds[kind] ?? 'base',
      baseOid: Number(base),
      written,
      comment: said(comment),
      labels: listOf(labels),
      relationOid: Number(relation),
    };
    this.types.push(type);
    this.typesByOid.set(type.oid, type);
  }

  private addKey(fields: readonly string[]): void {
    const [from = '', to = '', kind = '', fromColumns = '', toColumns = '', name = ''] = fields;
    const columns = numbersOf(fromColumns);
    if (kind === 'f') {
      const key = { from: Number(from), to: Number(to), fromColumns: columns, toColumns: numbersOf(toColumns), name };
      push(this.keysFrom, key.from, key);
      push(this.keysTo, key.to, key);
      return;
    }
    const sets = this.uniques.get(Number(from)) ?? [];
    this.uniques.set(Number(from), kind === 'p' ? [columns, ...sets] : [...sets, columns]);
  }

  private addRoutine(fields: readonly string[]): void {
    const [
      oid = '',
      schema = '',
      name = '',
      kind = '',
      set = '',
      args = '',
      result = '',
      comment = '',
      resultOid = '',
    ] = fields;
    push(this.routines, name, {
      oid: Number(oid),
      schema: this.schemaNames.get(schema) ?? '',
      name,
      kind: routineKinds[kind] ?? 'function',
      returnsSet: set === '1',
      args,
      result,
      resultOid: Number(resultOid),
      comment: said(comment),
    });
  }
}
