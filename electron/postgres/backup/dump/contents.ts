/** Everything a database holds as pieces that can be made one after the other, each with what it needs. */
import type { ObjectKind, ObjectRef } from '../../../../shared/api/objects.ts';
import { identifier, quoteQualified } from '../../../../shared/sql/quote.ts';
import type { Asker } from '../../ddl/asker.ts';
import { ddlParts } from '../../ddl/ddl.ts';
import { create, type DdlPart } from '../../ddl/ddl-words.ts';
import {
  backupNeeds,
  backupObjects,
  backupParts,
  backupSequences,
  backupTables,
  type ObjectRow,
  publicIsChanged,
  type SequenceRow,
  type TableRow,
} from './contents.sql.ts';
import { inOrder, type Node } from './order.ts';

export interface Piece extends Node {
  readonly kind: string;
  readonly schema: string | null;
  readonly name: string;
  readonly section: 'before' | 'data' | 'after';
  readonly sql: string[];
  readonly needs: Set<string>;
  readonly tablespace?: string;
  /** Its rows are to be read. */
  readonly table?: TableRow;
  /** Its value is to be read. */
  readonly sequence?: SequenceRow;
}

export interface Contents {
  readonly pieces: readonly Piece[];
  readonly tables: readonly TableRow[];
  readonly sequences: readonly SequenceRow[];
  readonly warnings: readonly string[];
}

/** What comes when, where needs leave the choice. */
const rank = {
  schema: 0,
  extension: 1,
  object: 2,
  rows: 20,
  value: 21,
  index: 30,
  attach: 40,
  state: 45,
  refresh: 50,
  refreshedIndex: 51,
  after: 60,
  grants: 70,
  publication: 75,
  defaultPrivileges: 80,
  eventTrigger: 90,
} as const;

const catalogOfPart: Readonly<Record<string, string>> = {
  constraint: 'pg_constraint',
  index: 'pg_class',
  trigger: 'pg_trigger',
  rule: 'pg_rewrite',
  policy: 'pg_policy',
  statistics: 'pg_statistic_ext',
};
const keyOf = (catalog: string, oid: number): string => `${catalog}:${oid}`;

/**
 * Reads the catalog within the snapshot of the askers, the DDL of several objects at a time.
 * @param askers connections that see the same snapshot
 * @param onObject told how many objects of how many were read
 */
export async function readContents(
  askers: readonly [Asker, ...Asker[]],
  onObject: (done: number, all: number) => void,
): Promise<Contents> {
  const [first] = askers;
  const objects = (await first.ask(backupObjects)).sort(
    (a, b) => byText(a.kind, b.kind) || byText(a.schema ?? '', b.schema ?? '') || byText(a.name, b.name),
  );
  const tables = await first.ask(backupTables);
  const sequences = await first.ask(backupSequences);
  const links = await readLinks(first);
  const all: { row: ObjectRow; parts: DdlPart[] }[] = new Array(objects.length);
  let next = 0;
  let done = 0;
  await Promise.all(
    askers.map(async (asker) => {
      for (let at = next++; at < objects.length; at = next++) {
        const row = objects[at] as ObjectRow;
        all[at] = { row, parts: await partsOf(asker, row) };
        onObject(++done, objects.length);
      }
    }),
  );
  const building = new Building(links);
  for (const { row, parts } of all) building.object(row, parts);
  for (const table of tables) if (table.relkind === 'r') building.rows(table);
  for (const sequence of sequences) building.value(sequence);
  const { nodes, forced } = inOrder(building.finished());
  return { pieces: nodes, tables, sequences, warnings: [...building.warnings, ...forced.map(circleWarning)] };
}

/** userMapping: user mapping. */
const kindWords = (kind: string): string => kind.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

const circleWarning = ({ kind, schema, name }: Piece): string =>
  `The ${kindWords(kind)} ${schema === null ? '' : `${schema}.`}${name} and others need each other; it is made first, and may fail on restore.`;

async function partsOf(asker: Asker, { kind, oid, schema, name }: ObjectRow): Promise<DdlPart[]> {
  const object: ObjectRef = { kind: kind as ObjectKind, oid, schema, name };
  const parts = await ddlParts(asker, object, 'backup');
  if (kind !== 'schema' || oid >= 16384) return parts;
  // There from the start, and left as the target's version has it unless somebody has changed it here.
  const [changed] = await asker.ask(publicIsChanged);
  if (!changed) return [];
  const [, owner, ...rest] = parts;
  const closed = create('REVOKE ALL ON SCHEMA public FROM PUBLIC;');
  return owner ? [owner, closed, ...rest] : [];
}

interface Links {
  /** What a thing is a part of, to the end: keys. */
  of(key: string): string;
  readonly needs: ReadonlyMap<string, ReadonlySet<string>>;
}
async function readLinks(asker: Asker): Promise<Links> {
  const whole = new Map<string, string>();
  for (const part of await asker.ask(backupParts))
    whole.set(keyOf(part.catalog, part.oid), keyOf(part.ofCatalog, part.ofOid));
  const of = (key: string): string => {
    let found = key;
    for (let step = 0; step < 8; step++) {
      const next = whole.get(found);
      if (next === undefined || next === found) break;
      found = next;
    }
    return found;
  };
  const needs = new Map<string, Set<string>>();
  for (const row of await asker.ask(backupNeeds)) {
    const from = of(keyOf(row.catalog, row.oid));
    const to = of(keyOf(row.refCatalog, row.refOid));
    if (from === to) continue;
    const known = needs.get(from);
    if (known) known.add(to);
    else needs.set(from, new Set([to]));
  }
  withoutTypeCircles(needs);
  return { of, needs };
}

/** A base type is made together with the functions it is read and written by; those name it and come after it. */
function withoutTypeCircles(needs: Map<string, Set<string>>): void {
  for (const [key, own] of needs) {
    if (!key.startsWith('pg_type:')) continue;
    for (const need of [...own]) {
      if (!need.startsWith('pg_proc:') || !needs.get(need)?.has(key)) continue;
      own.delete(need);
      for (const other of needs.get(need) ?? []) if (other !== key) own.add(other);
    }
  }
}

class Building {
  readonly warnings: string[] = [];
  readonly #links: Links;
  readonly #pieces = new Map<string, Piece>();
  /** Keys of what is made over rows: by their table or materialized view. */
  readonly #indexesOf = new Map<string, string[]>();
  readonly #attaches: { key: string; table: string }[] = [];

  constructor(links: Links) {
    this.#links = links;
  }

  object(row: ObjectRow, parts: readonly DdlPart[]): void {
    const key = keyOf(row.catalog, row.oid);
    for (const part of parts) {
      const hidden = /^-- Not shown: ([^\n]*)/.exec(part.sql);
      if (hidden)
        this.warnings.push(
          `Not in the backup, because it is a secret: ${hidden[1]} of ${kindWords(row.kind)} ${row.name}.`,
        );
      this.#part(row, key, part);
    }
  }

  rows(table: TableRow): void {
    const owner = keyOf('pg_class', table.oid);
    this.#add({
      key: `rows:${table.oid}`,
      rank: rank.rows,
      kind: 'rows',
      schema: table.schema,
      name: table.name,
      section: 'data',
      sql: [],
      needs: new Set([this.#links.of(owner)]),
      table,
    });
  }

  value(sequence: SequenceRow): void {
    this.#add({
      key: `value:${sequence.oid}`,
      rank: rank.value,
      kind: 'sequence value',
      schema: sequence.schema,
      name: sequence.name,
      section: 'data',
      sql: [],
      needs: new Set([this.#links.of(keyOf('pg_class', sequence.oid))]),
      sequence,
    });
  }

  finished(): Piece[] {
    for (const { key, table } of this.#attaches) {
      const piece = this.#pieces.get(key);
      const parents = [...(this.#links.needs.get(table) ?? [])].filter(
        (need) => this.#pieces.has(`attach:${need}`) || this.#indexesOf.has(need),
      );
      for (const owner of [table, ...parents])
        for (const made of this.#indexesOf.get(owner) ?? []) piece?.needs.add(made);
      for (const parent of parents) piece?.needs.add(`attach:${parent}`);
      // Attaching takes the oldest index that fits: of two alike the one that was attached before is made first.
      const own = this.#indexesOf.get(table) ?? [];
      for (const [at, made] of own.entries()) if (at > 0) this.#pieces.get(made)?.needs.add(own[at - 1] as string);
    }
    return [...this.#pieces.values()];
  }

  #part(row: ObjectRow, key: string, part: DdlPart): void {
    const [word = '', number = ''] = part.of?.split(':') ?? [];
    const catalog = catalogOfPart[word];
    const own = catalog === undefined ? key : keyOf(catalog, Number(number));
    const isMatview = row.kind === 'materializedView';
    if (part.stage === 'index' && catalog !== undefined) {
      const found = this.#late(own, word, isMatview ? rank.refreshedIndex : rank.index, row, part);
      found.needs.add(isMatview ? `refresh:${row.oid}` : `rows:${row.oid}`).add(key);
      push(this.#indexesOf, key, own);
    } else if (part.stage === 'refresh')
      this.#late(`refresh:${row.oid}`, 'rows of a materialized view', rank.refresh, row, part).needs.add(key);
    else if (part.stage === 'attach') {
      const found = this.#late(`attach:${key}`, 'partition', rank.attach, row, part);
      found.needs.add(key).add(`rows:${row.oid}`);
      this.#attaches.push({ key: `attach:${key}`, table: key });
    } else if (part.stage === 'state') {
      const found = this.#late(`state:${key}`, 'state', rank.state, row, part);
      found.needs.add(key);
      for (const index of this.#indexesOf.get(key) ?? []) found.needs.add(index);
    } else if (part.stage === 'grants') this.#late(`grants:${key}`, 'grants', rank.grants, row, part).needs.add(key);
    else if (part.phase === 'after') this.#after(row, key, catalog === undefined ? null : own, word, part);
    else this.#create(row, key, part);
  }

  #create(row: ObjectRow, key: string, part: DdlPart): void {
    const known = this.#pieces.get(key);
    if (known) {
      known.sql.push(part.sql);
      return;
    }
    this.#add({
      key,
      rank:
        row.kind === 'schema'
          ? rank.schema
          : row.kind === 'extension'
            ? rank.extension
            : row.kind === 'publication'
              ? rank.publication
              : rank.object,
      kind: row.kind,
      schema: row.schema,
      name: row.name,
      section: row.kind === 'publication' ? 'after' : 'before',
      sql: [part.sql],
      needs: new Set(this.#links.needs.get(key) ?? []),
      ...(part.tablespace === undefined ? {} : { tablespace: part.tablespace }),
    });
  }

  #after(row: ObjectRow, key: string, own: string | null, word: string, part: DdlPart): void {
    const whole = !this.#pieces.has(key);
    const kindOfAfter = word === 'constraint' ? 'foreign key' : own ? word : whole ? row.kind : 'more';
    const place =
      row.kind === 'eventTrigger'
        ? rank.eventTrigger
        : row.kind === 'defaultPrivileges'
          ? rank.defaultPrivileges
          : rank.after;
    const found = this.#late(own ?? (whole ? key : `more:${key}`), kindOfAfter, place, row, part);
    if (own || !whole) found.needs.add(key);
  }

  /** What comes after the rows; statements of one thing stay together. */
  #late(key: string, kind: string, place: number, row: ObjectRow, part: DdlPart): Piece {
    const known = this.#pieces.get(key);
    if (known) {
      known.sql.push(part.sql);
      return known;
    }
    return this.#add({
      key,
      rank: place,
      kind,
      schema: row.schema,
      name: nameOfPart(row, part),
      section: 'after',
      sql: [part.sql],
      needs: new Set(this.#links.needs.get(key) ?? []),
      ...(part.tablespace === undefined ? {} : { tablespace: part.tablespace }),
    });
  }

  #add(piece: Piece): Piece {
    this.#pieces.set(piece.key, piece);
    return piece;
  }
}

/** The name that the statement gives it, before its table's. */
function nameOfPart(row: ObjectRow, { sql, of }: DdlPart): string {
  if (of === undefined) return row.name;
  const found =
    /(?:ADD CONSTRAINT|CREATE (?:UNIQUE |CONSTRAINT )?(?:INDEX|TRIGGER|RULE|POLICY|STATISTICS)) ("(?:[^"]|"")+"|[^\s(]+)/.exec(
      sql,
    );
  return found ? `${found[1]} on ${row.name}` : row.name;
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const push = (map: Map<string, string[]>, key: string, value: string): void => {
  const values = map.get(key);
  if (!values) map.set(key, [value]);
  else if (!values.includes(value)) values.push(value);
};

export const copyInOf = ({ schema, name, columns }: TableRow): string =>
  `COPY ${quoteQualified(schema, name)}${columns.length === 0 ? '' : ` (${columns.map(identifier).join(', ')})`} FROM STDIN`;
export function copyOutOf({
  schema,
  name,
  columns,
  extensionRows,
}: Pick<TableRow, 'schema' | 'name' | 'columns' | 'extensionRows'>): string {
  const table = quoteQualified(schema, name);
  const list = columns.map(identifier).join(', ');
  if (extensionRows) return `COPY (SELECT ${list} FROM ONLY ${table} ${extensionRows}) TO STDOUT`;
  return `COPY ${table}${columns.length === 0 ? '' : ` (${list})`} TO STDOUT`;
}
