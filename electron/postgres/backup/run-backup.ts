/**
 * The built-in backup: one snapshot seen by several connections, the catalog as DDL in an order that can be run, rows
 * by COPY, all into one file that gets its name only after it was read back and found to be what its manifest says.
 */
import { FailureError, invalid } from '../../../shared/failure.ts';
import { identifier, quoteLiteral, quoteQualified } from '../../../shared/sql/quote.ts';
import { ddlParts } from '../ddl/ddl.ts';
import type { ConnectSpec } from '../source.ts';
import { ArchiveWriter } from './archive/archive-writer.ts';
import type { ArchiveItem, ItemData, Manifest } from './archive/manifest.ts';
import { verifyArchive } from './archive/verify.ts';
import { chosenPieces, type DumpChoice, isWhole } from './dump/choice.ts';
import { backupFacts, backupRoles, type TableRow, tablesToLock } from './dump/contents.sql.ts';
import { type Contents, copyInOf, copyOutOf, type Piece, readContents } from './dump/contents.ts';
import { afterLargeObjects, beforeLargeObjects, copyLargeObjects, largeObjectRows } from './dump/large-objects.ts';
import { RowBlocks } from './dump/row-blocks.ts';
import { Snapshot } from './dump/snapshot.ts';
import type { BackupProgress, WorkTold } from './progress.ts';
import type { BackupLink } from './wire/backup-link.ts';

export interface BackupRequest {
  readonly spec: ConnectSpec;
  /** The file; one of that name is replaced in the last moment. */
  readonly path: string;
  readonly choice: DumpChoice;
  /** Connections that read at once. */
  readonly jobs: number;
  /** Of zstd: 1 fast, 19 small. */
  readonly level: number;
  /** How long a table's lock is waited for. */
  readonly lockTimeoutMs: number;
  /** Program and version, for the manifest. */
  readonly program: string;
}
export interface BackupOutcome {
  readonly manifest: Manifest;
  readonly sizeBytes: number;
  readonly rows: number;
  readonly rawBytes: number;
  readonly tookMs: number;
  /** Of which the reading back. */
  readonly verifiedMs: number;
}

/** @throws why there is no backup; then nothing of it is left in the folder */
export async function runBackup(request: BackupRequest, told: WorkTold = {}): Promise<BackupOutcome> {
  const began = performance.now();
  const startedAt = new Date().toISOString();
  const writer = await ArchiveWriter.create(request.path, request.level);
  try {
    const manifest = await new Run(request, told, writer, startedAt).written();
    await writer.seal(manifest);
    const wrote = performance.now();
    const rawBytes = manifest.items.reduce((sum, item) => sum + (item.data?.rawBytes ?? 0), 0);
    const verified = await verifyArchive(writer.temporary, {
      onBytes: (bytes) => told.onProgress?.({ step: 'verifying', done: 0, all: 0, bytes, allBytes: rawBytes, now: [] }),
      ...(told.signal ? { signal: told.signal } : {}),
    });
    told.signal?.throwIfAborted();
    await writer.finish();
    const { sizeBytes, rows } = verified;
    const ended = performance.now();
    return { manifest, sizeBytes, rows, rawBytes, tookMs: ended - began, verifiedMs: ended - wrote };
  } catch (thrown) {
    await writer.discard();
    throw told.signal?.aborted
      ? new FailureError({ kind: 'cancelled', message: 'The backup was cancelled. Nothing is left of it.' })
      : thrown;
  }
}

class Run {
  readonly #request: BackupRequest;
  readonly #told: WorkTold;
  readonly #writer: ArchiveWriter;
  readonly #startedAt: string;
  readonly #now = new Map<BackupLink, string>();
  #step: BackupProgress['step'] = 'connecting';
  #done = 0;
  #all = 0;
  #bytes = 0;
  #allBytes: number | null = null;

  constructor(request: BackupRequest, told: WorkTold, writer: ArchiveWriter, startedAt: string) {
    this.#request = request;
    this.#told = told;
    this.#writer = writer;
    this.#startedAt = startedAt;
  }

  /** Everything but the end of the file. */
  async written(): Promise<Manifest> {
    const { spec, jobs, lockTimeoutMs } = this.#request;
    this.#tell();
    const snapshot = await Snapshot.open(spec, jobs, this.#told.signal);
    try {
      this.#say(`PostgreSQL ${snapshot.first.facts.version}, database ${snapshot.first.facts.database}`);
      const tables = await snapshot.first.ask(tablesToLock);
      refuseHidden(tables, this.#request.choice);
      await snapshot.lock(tables, lockTimeoutMs);
      this.#step = 'reading';
      const contents = await readContents(snapshot.links, (done, all) => {
        this.#done = done;
        this.#all = all;
        this.#tell();
      });
      const pieces = chosenPieces(contents.pieces, this.#request.choice);
      this.#say(`${pieces.length} pieces in an order that can be run`);
      const items = await this.#items(snapshot, pieces);
      return await this.#manifest(snapshot, contents, items);
    } catch (thrown) {
      this.#told.signal?.throwIfAborted();
      throw thrown;
    } finally {
      await snapshot.close();
    }
  }

  async #items(snapshot: Snapshot, pieces: readonly Piece[]): Promise<ArchiveItem[]> {
    const ids = new Map(pieces.map((piece, at) => [piece.key, at + 1]));
    const values = await sequenceValues(snapshot.first, pieces);
    const data = await this.#copyRows(snapshot, pieces, ids);
    const items = pieces.map((piece, at) => {
      const id = at + 1;
      const rows = data.get(id);
      const needs = [...piece.needs].flatMap((key) => {
        const need = ids.get(key);
        // Of two that need each other, one stands first all the same.
        return need !== undefined && need < id ? [need] : [];
      });
      return {
        id,
        kind: piece.kind,
        schema: piece.schema,
        name: piece.name,
        section: piece.section,
        sql: piece.sequence ? (values.get(piece.sequence.oid) ?? []) : piece.sql,
        needs,
        ...(piece.tablespace === undefined ? {} : { tablespace: piece.tablespace }),
        ...(rows ? { data: rows } : {}),
      };
    });
    return [...items, ...(await this.#largeObjects(snapshot.first, items.length + 1))];
  }

  /** They belong to no schema: with the whole database only. */
  async #largeObjects(link: BackupLink, id: number): Promise<ArchiveItem[]> {
    const { choice } = this.#request;
    const [facts] = await link.ask(backupFacts);
    if (Number(facts?.largeObjects ?? 0) === 0 || choice.rows === 'none' || choice.schemas) return [];
    const data = await this.#copyTable(link, largeObjectRows, id, copyLargeObjects);
    this.#say(`${facts?.largeObjects} large objects`);
    const afterRows = await afterLargeObjects(link);
    return [
      {
        id,
        kind: 'large objects',
        schema: null,
        name: `${facts?.largeObjects}`,
        section: 'data',
        sql: beforeLargeObjects,
        needs: [],
        data,
        afterRows,
      },
    ];
  }

  /** The largest first, each connection taking the next. */
  async #copyRows(
    snapshot: Snapshot,
    pieces: readonly Piece[],
    ids: ReadonlyMap<string, number>,
  ): Promise<Map<number, ItemData>> {
    const found = new Map<number, ItemData>();
    const waiting = pieces
      .flatMap(({ table, key }) => (table ? [{ table, id: ids.get(key) as number }] : []))
      .sort((a, b) => Number(b.table.sizeBytes) - Number(a.table.sizeBytes));
    this.#step = 'copying';
    this.#done = 0;
    this.#all = waiting.length;
    this.#allBytes = waiting.reduce((sum, { table }) => sum + Number(table.sizeBytes), 0);
    await snapshot.share(waiting, async (link, { table, id }) => {
      this.#now.set(link, `${table.schema}.${table.name}`);
      this.#tell();
      const data = await this.#copyTable(link, table, id);
      found.set(id, data);
      this.#now.delete(link);
      this.#done++;
      this.#say(`${table.schema}.${table.name}: ${data.rows} rows`);
      this.#tell();
    });
    return found;
  }

  async #copyTable(link: BackupLink, table: TableRow, id: number, sql = copyOutOf(table)): Promise<ItemData> {
    const blocks = new RowBlocks(id, this.#writer, link, (bytes) => {
      this.#bytes += bytes;
      this.#tell();
    });
    try {
      const rows = await link.copyOut(sql, blocks);
      const places = await blocks.end();
      if (rows !== blocks.rows)
        throw new FailureError({
          kind: 'internal',
          message: `The server says it sent ${rows} rows of ${table.name}, and ${blocks.rows} came.`,
        });
      const { rawBytes, crc } = blocks;
      return { columns: table.columns, rows, rawBytes, crc, blocks: places, copy: copyInOf(table) };
    } catch (thrown) {
      throw blocks.failure?.thrown ?? thrown;
    }
  }

  async #manifest(snapshot: Snapshot, contents: Contents, items: ArchiveItem[]): Promise<Manifest> {
    const { first, name, lsn } = snapshot;
    const { spec, choice, program } = this.#request;
    const [facts] = await first.ask(backupFacts);
    if (!facts) throw new Error('the server does not know its own database');
    const roles = await first.ask(backupRoles);
    const create = await ddlParts(first, { kind: 'database', oid: facts.oid, schema: null, name: facts.name });
    const warnings = [...contents.warnings];
    if (Number(facts.subscriptions) > 0)
      warnings.push('Subscriptions are not in the backup: their connection strings hold passwords.');
    if (Number(facts.largeObjects) > 0 && !items.some(({ kind }) => kind === 'large objects'))
      warnings.push(`${facts.largeObjects} large objects are not in the backup: they come with whole databases only.`);
    if (facts.invalidIndexes !== null)
      warnings.push(`Indexes that are not valid on the server are not in the backup: ${facts.invalidIndexes}.`);
    const texts = items.flatMap((item) => [...item.sql, ...(item.afterRows ?? [])]).join('\n');
    return {
      program,
      startedAt: this.#startedAt,
      endedAt: new Date().toISOString(),
      server: {
        version: first.facts.version,
        versionNum: first.facts.versionNum,
        host: spec.host,
        port: spec.port,
      },
      database: {
        name: facts.name,
        encoding: facts.encoding,
        collate: facts.collate,
        ctype: facts.ctype,
        create: create.map(({ sql }) => sql),
      },
      snapshot: { name, lsn },
      whole: isWhole(choice),
      items,
      roles: await Promise.all(
        roles
          .filter((role) => texts.includes(identifier(role.name)))
          .map(async (role) => {
            const parts = await ddlParts(first, { kind: 'role', oid: role.oid, schema: null, name: role.name });
            return { name: role.name, sql: parts.map(({ sql }) => sql) };
          }),
      ),
      tablespaces: [...new Set(items.flatMap(({ tablespace }) => (tablespace === undefined ? [] : [tablespace])))],
      warnings,
    };
  }

  #say(line: string): void {
    this.#told.onLine?.(line);
  }
  #tell(): void {
    this.#told.onProgress?.({
      step: this.#step,
      done: this.#done,
      all: this.#all,
      bytes: this.#bytes,
      allBytes: this.#allBytes,
      now: [...this.#now.values()],
    });
  }
}

/** Rows that this role may not read, or that policies would keep from it, would be missing without a word. */
function refuseHidden(tables: readonly TableRow[], choice: DumpChoice): void {
  if (choice.rows === 'none') return;
  const wanted = tables.filter(
    ({ schema, name, relkind }) =>
      relkind === 'r' &&
      !choice.withoutRowsOf?.includes(`${schema}.${name}`) &&
      (choice.schemas?.includes(schema) ?? true) &&
      !choice.withoutSchemas?.includes(schema),
  );
  const unreadable = wanted.filter(({ readable }) => !readable);
  const hidden = wanted.filter((table) => table.readable && table.hidden);
  const list = (of: readonly TableRow[]): string => {
    const names = of.slice(0, 10).map(({ schema, name }) => `${schema}.${name}`);
    return names.join(', ') + (of.length > names.length ? ` and ${of.length - names.length} more` : '');
  };
  if (unreadable.length > 0)
    throw invalid(
      'tables',
      `This role may not read ${list(unreadable)}. Grant it SELECT there (or pg_read_all_data), use another role, or leave out their rows.`,
    );
  if (hidden.length > 0)
    throw invalid(
      'tables',
      `Row security would hide rows of ${list(hidden)} from this role. Use their owner or a role with BYPASSRLS, or leave out their rows.`,
    );
}

async function sequenceValues(link: BackupLink, pieces: readonly Piece[]): Promise<Map<number, string[]>> {
  const found = new Map<number, string[]>();
  for (const { sequence } of pieces) {
    if (!sequence) continue;
    const name = quoteQualified(sequence.schema, sequence.name);
    if (!sequence.readable)
      throw invalid(
        'tables',
        `This role may not read the sequence ${sequence.schema}.${sequence.name}. Grant it SELECT.`,
      );
    const [value] = await link.rows<{ at: string; called: boolean }>(
      `select last_value::text as at, is_called as called from ${name}`,
    );
    // The server's own number, read as what it is: a bigint is longer than a double.
    if (value && /^-?\d+$/.test(value.at))
      found.set(sequence.oid, [
        `SELECT pg_catalog.setval(${quoteLiteral(name)}, ${quoteLiteral(value.at)}::bigint, ${quoteLiteral(String(value.called))}::boolean);`,
      ]);
  }
  return found;
}
