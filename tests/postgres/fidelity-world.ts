/** A server with `every_type`, its own word on every value, and the whole program between the two: page's line to connection. */
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { loadSampleSchema } from '../../electron/features/sample/load-schema.ts';
import type { ConnectionDraft } from '../../shared/api/connections.ts';
import type { Column } from '../../shared/api/sessions.ts';
import type { ExportFormat } from '../../shared/api/transfer.ts';
import type { Client } from '../../shared/api.ts';
import { startPageServer } from '../web/page-server.ts';
import { outcome } from './results-world.ts';
import { type Major, startServer, type TestServer } from './servers.ts';

export type Cell = string | null;
/** A result as it stands in the program. */
export interface Shown {
  readonly resultId: string;
  readonly columns: readonly Column[];
  readonly rowCount: number;
}

export interface FidelityWorld {
  readonly server: TestServer;
  readonly client: Client;
  /** A connection whose sessions begin with these settings. */
  connect(under: string): Promise<string>;
  /** Runs a query as a tab does. */
  run(connectionId: string, sql: string): Promise<Shown>;
  /** The bytes of an export, as the browser would download them. */
  exported(of: { resultId: string } | { connectionId: string; sql: string }, format: ExportFormat): Promise<Buffer>;
  close(): Promise<void>;
}

export async function openFidelityWorld(major: Major): Promise<FidelityWorld> {
  const server = await startServer(major);
  await loadSampleSchema(server, { rows: 'few' });
  const pages = await startPageServer();
  const { client, socket } = await pages.connect({ cookie: await pages.signIn(), origin: pages.origin });
  return {
    server,
    client,
    async connect(under) {
      const { port, user, database, password } = server;
      const draft = { ...plainDraft, port, user, database, onConnectSql: under };
      return (await client.connections.create({ draft, secrets: { password } })).id;
    },
    run: (connectionId, sql) => run(client, connectionId, sql),
    async exported(of, format) {
      const target = await client.files.chooseSave({ suggestedName: `values.${format}`, kinds: [] });
      if (!target) throw new Error('no file was chosen');
      const source = 'resultId' in of ? { kind: 'result' as const, ...of } : { kind: 'query' as const, ...of };
      const end = await outcome(await client.transfer.export({ source, options: { format }, target: target.token }));
      if (end.kind === 'failed') throw new Error(JSON.stringify(end.failure));
      return readFile(pages.transfers.path(target.token));
    },
    async close() {
      socket.terminate();
      await pages.close();
      await server.stop();
    },
  };
}

const plainDraft: Omit<ConnectionDraft, 'port' | 'user' | 'database' | 'onConnectSql'> = {
  name: 'every type',
  group: '',
  tags: [],
  color: 'none',
  environment: 'development',
  region: '',
  provider: '',
  host: '127.0.0.1',
  sslMode: 'auto',
  sslRootCert: '',
  sslCert: '',
  ssh: null,
  readOnly: false,
  password: 'ask',
  parameters: {},
};

async function run(client: Client, connectionId: string, sql: string): Promise<Shown> {
  const { sessionId, onConnectError } = await client.sessions.open({ connectionId });
  if (onConnectError) throw new Error(JSON.stringify(onConnectError));
  let shown: Shown | undefined;
  const request = { sessionId, text: sql, what: { kind: 'all' }, rowLimit: null, stopOnError: true } as const;
  for await (const event of await client.sessions.run(request)) {
    if (event.kind === 'failed') throw new Error(JSON.stringify(event.failure));
    if (event.kind === 'result') shown = { ...event, rowCount: 0 };
    if (event.kind === 'resultEnd' && shown) shown = { ...shown, rowCount: event.rows };
  }
  await client.sessions.close({ sessionId });
  if (!shown) throw new Error('no result');
  return shown;
}

/** What the server's COPY writes under the settings, byte for byte. */
export async function copied(server: TestServer, sql: string, options: string, under: string): Promise<Buffer> {
  const file = path.join(server.socketFolder, 'copied');
  await asked(server, under, `copy (${sql}) to '${file}' (${options})`);
  const bytes = await readFile(file);
  await rm(file);
  return bytes;
}

/** Asks the oracle under settings that are gone afterwards. */
export async function asked<Row>(server: TestServer, under: string, sql: string): Promise<Row[]> {
  await server.query(under);
  try {
    return await server.query<Row>(sql);
  } finally {
    await server.query('reset all');
  }
}

/** The cells of COPY's text format. */
export function cellsOfCopy(bytes: Buffer): Cell[][] {
  const lines = bytes.toString('utf8').split('\n').slice(0, -1);
  return lines.map((line) => line.split('\t').map((field) => (field === '\\N' ? null : unescaped(field))));
}
const letters: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };
const unescaped = (field: string): string => field.replace(/\\(.)/gs, (_, letter: string) => letters[letter] ?? letter);

/** The cells of what spreadsheets take: quotes around what would be mistaken, nothing for NULL. */
export function cellsOfClipboard(text: string): Cell[][] {
  const rows: Cell[][] = [[]];
  const cell = /("(?:[^"]|"")*"|[^\t\n]*)(\t|\n|$)/y;
  for (;;) {
    const [, field = '', end] = cell.exec(text) ?? [];
    if (end === undefined) throw new Error('not a cell');
    const quoted = field.startsWith('"');
    rows.at(-1)?.push(quoted ? field.slice(1, -1).replaceAll('""', '"') : field === '' ? null : field);
    if (end === '') return rows;
    if (end === '\n') rows.push([]);
  }
}

/** Where two tables of cells differ, in words; empty where they are the same. */
export function differences(
  left: readonly (readonly Cell[])[],
  right: readonly (readonly Cell[])[],
  names: readonly string[],
): string[] {
  const found = left.length === right.length ? [] : [`${left.length} rows and ${right.length}`];
  for (const [row, cells] of right.entries()) {
    for (const [column, cell] of cells.entries()) {
      const other = left[row]?.[column];
      if (other === cell) continue;
      const say = (value: Cell | undefined) => JSON.stringify(value)?.slice(0, 200);
      found.push(`row ${row + 1}, ${names[column]}: ${say(other)} is not ${say(cell)}`);
    }
  }
  return found;
}
