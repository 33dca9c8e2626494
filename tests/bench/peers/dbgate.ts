/**
 * DbGate beside psql and Howdah, on the same server in the same run: a query of a million rows, and its export as CSV.
 *
 * `dbgate-serve` is no dependency of this project: npm installs it into a temporary folder here, and where it cannot be
 * had, or does not start, one line says so. It is driven as its page drives it: events come by /stream, a query is
 * sessions/create and sessions/execute-query (its rows are then in a file of DbGate's, for its page to read), an export
 * is a script of its own (runners/start) from `queryReader` to the writer of its CSV plugin.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { freePort } from '../../../electron/features/sample/postgres-process.ts';
import { scratchFolder } from '../../fixtures/row-files.ts';
import { exportQuery, openResultsWorld, outcome, type ResultsWorld } from '../../postgres/results-world.ts';
import { startServer, type TestServer } from '../../postgres/servers.ts';
import { hasPsql, makeTable, psqlCopy, table } from './psql.ts';

interface Row {
  readonly name: string;
  readonly value: number | string;
  readonly unit: string;
}

const version = '7.2.2';
const rounds = 3;
const installWithinMs = 5 * 60_000;
const answersWithinMs = 3 * 60_000;
const sql = `select * from ${table}`;

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** Into a folder of its own. Throws npm's words where it cannot be had. */
async function install(folder: string): Promise<string> {
  // `http` is asked for by name and never loaded, Node has one itself; not every registry has that empty package.
  mkdirSync(path.join(folder, 'http'));
  await writeFile(path.join(folder, 'http', 'package.json'), JSON.stringify({ name: 'http', version: '0.0.1' }));
  const manifest = { private: true, overrides: { http: 'file:./http' } };
  await writeFile(path.join(folder, 'package.json'), JSON.stringify(manifest));
  const words = ['install', `dbgate-serve@${version}`, '--ignore-scripts', '--no-audit', '--no-fund', '--omit=dev'];
  await promisify(execFile)('npm', words, {
    cwd: folder,
    timeout: installWithinMs,
    shell: process.platform === 'win32',
  });
  return path.join(folder, 'node_modules', 'dbgate-serve', 'bin', 'dbgate-serve.js');
}

/** The first of npm's own lines that says why. */
function whyNot(thrown: unknown): string {
  const { stderr = '', message } = thrown as Error & { stderr?: string };
  const said = stderr.split('\n').filter((line) => line.startsWith('npm error') && !line.includes('error code'));
  return (said[0]?.replace(/^npm error\s*/, '') ?? message.split('\n')[0] ?? '').slice(0, 120);
}

class Dbgate {
  readonly #child: ChildProcess;
  readonly #origin: string;
  readonly #workspace: string;
  readonly #connection: Readonly<Record<string, unknown>>;
  /** Told of every event, by its name and data. */
  readonly #listeners = new Set<(name: string, data: string) => void>();
  #token = '';

  private constructor(child: ChildProcess, origin: string, workspace: string, server: TestServer) {
    this.#child = child;
    this.#origin = origin;
    this.#workspace = workspace;
    const { host, port, user, password, database } = server;
    this.#connection = { engine, server: host, port, user, password, database };
  }

  static async start(program: string, server: TestServer, folder: string): Promise<Dbgate> {
    const port = await freePort();
    const workspace = path.join(folder, 'workspace');
    mkdirSync(workspace);
    const child = spawn(process.execPath, [program], {
      stdio: 'ignore',
      env: { ...process.env, ...connectionOf(server), PORT: String(port), HOME: folder, WORKSPACE_DIR: workspace },
    });
    const made = new Dbgate(child, `http://127.0.0.1:${port}`, workspace, server);
    try {
      await made.#ready();
      return made;
    } catch (thrown) {
      child.kill('SIGKILL');
      throw thrown;
    }
  }

  async #ready(): Promise<void> {
    const givenUpAt = Date.now() + 60_000;
    for (;;) {
      if (this.#child.exitCode !== null) throw new Error(`it ended with ${this.#child.exitCode}`);
      const answer = await fetch(`${this.#origin}/health`).catch(() => null);
      if (answer?.ok) break;
      if (Date.now() > givenUpAt) throw new Error('it did not answer within a minute');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const { accessToken } = await this.#ask('auth/login', { amoid: 'none' });
    this.#token = String(accessToken ?? '');
    const events = await fetch(`${this.#origin}/stream?strmid=bench`);
    if (!events.body) throw new Error('it sends no events');
    void this.#listen(Readable.fromWeb(events.body as import('node:stream/web').ReadableStream));
  }

  async #listen(events: Readable): Promise<void> {
    let name = '';
    try {
      for await (const line of createInterface({ input: events })) {
        if (line.startsWith('event: ')) name = line.slice(7);
        if (!line.startsWith('data: ')) continue;
        for (const listener of this.#listeners) listener(name, line.slice(6));
      }
    } catch {
      // It was stopped.
    }
  }

  async #ask(route: string, input: unknown): Promise<Record<string, unknown>> {
    const answer = await fetch(`${this.#origin}/${route}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(this.#token ? { authorization: `Bearer ${this.#token}` } : {}),
      },
      body: JSON.stringify(input),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${route}: ${answer.status} ${text.slice(0, 200)}`);
    return JSON.parse(text);
  }

  /** The first such event from now on. */
  #event(wanted: string, holds: (data: string) => boolean = () => true): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const listener = (name: string, data: string) => {
      if (name === wanted && holds(data)) resolve(data);
    };
    const timer = setTimeout(() => reject(new Error(`no ${wanted} came`)), answersWithinMs);
    this.#listeners.add(listener);
    return promise.finally(() => {
      clearTimeout(timer);
      this.#listeners.delete(listener);
    });
  }

  /** A query tab: ends once it is not heard of for a while, as a page's would. */
  async session(): Promise<{ readonly sesid: string; end(): void }> {
    const sesid = String((await this.#ask('sessions/create', { conid: 'bench', database: 'postgres' })).sesid);
    const pings = setInterval(() => void this.#ask('sessions/ping', { sesid }).catch(() => {}), 3_000);
    // Connected, and what it looks up first is there.
    await this.query(sesid, 'select 1');
    return { sesid, end: () => clearInterval(pings) };
  }

  /** Until all rows are in its file. */
  async query(sesid: string, text: string): Promise<void> {
    const done = this.#event(`session-info-${sesid}`, (data) => JSON.parse(data).rowCount !== undefined);
    await this.#ask('sessions/execute-query', { sesid, sql: text });
    await done;
  }

  /** @returns where the file is */
  async exportCsv(text: string): Promise<string> {
    const assign = (variableName: string, functionName: string, props: unknown) => ({
      type: 'assign',
      variableName,
      functionName,
      props,
    });
    const commands = [
      assign('from', 'queryReader', { connection: this.#connection, query: text }),
      assign('to', 'writer@dbgate-plugin-csv', { fileName: 'theirs.csv' }),
      { type: 'copyStream', sourceVar: 'from', targetVar: 'to' },
    ];
    const packageNames = ['dbgate-plugin-postgres', 'dbgate-plugin-csv'];
    const script = { type: 'json', commands, packageNames };
    // A process is started for it, so that its end cannot come before the answer.
    const { runid, errorMessage } = await this.#ask('runners/start', { script });
    if (!runid) throw new Error(String(errorMessage));
    await this.#event(`runner-done-${runid}`);
    return path.join(this.#workspace, 'run', String(runid), 'theirs.csv');
  }

  async stop(): Promise<void> {
    this.#child.kill();
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'exit');
  }
}

const engine = 'postgres@dbgate-plugin-postgres';
const connectionOf = ({ host, port, user, password }: TestServer): NodeJS.ProcessEnv => ({
  CONNECTIONS: 'bench',
  ENGINE_bench: engine,
  SERVER_bench: host,
  PORT_bench: String(port),
  USER_bench: user,
  PASSWORD_bench: password,
});

/** DbGate's figures beside psql's and ours, or one row that says why there are none. */
export async function dbgateFigures(rowCount: number): Promise<Row[]> {
  const folder = scratchFolder();
  let program: string;
  try {
    program = await install(folder);
  } catch (thrown) {
    return [{ name: `dbgate-serve ${version} does not install here: ${whyNot(thrown)}`, value: '-', unit: '' }];
  }
  const server = await startServer(18);
  const world = await openResultsWorld(() => server.spec());
  let dbgate: Dbgate | undefined;
  try {
    await server.query(makeTable(rowCount));
    await server.query(`vacuum analyze ${table}`);
    dbgate = await Dbgate.start(program, server, folder);
    return await measure(dbgate, world, server, folder);
  } catch (thrown) {
    return [{ name: `dbgate-serve ${version}: ${(thrown as Error).message}`, value: '-', unit: '' }];
  } finally {
    await dbgate?.stop();
    await world.close();
    await server.stop();
  }
}

async function measure(dbgate: Dbgate, world: ResultsWorld, server: TestServer, folder: string): Promise<Row[]> {
  const ours = { format: 'csv' as const, header: true, path: path.join(folder, 'ours.csv') };
  const psqlFile = path.join(folder, 'psql.csv');
  const times = {
    psql: [] as number[],
    query: [] as number[],
    csv: [] as number[],
    ourQuery: [] as number[],
    ourCsv: [] as number[],
  };
  let theirs = '';
  const { sesid, end } = await dbgate.session();
  // In turn: what else the machine does falls on all alike.
  for (let round = 0; round < rounds; round++) {
    if (hasPsql()) times.psql.push(await timed(() => psqlCopy(server, psqlFile)));
    times.ourQuery.push(await timed(() => world.fetch(sql)));
    times.ourCsv.push(await timed(() => outcome(exportQuery(world.results, server.spec(), sql, ours))));
    times.query.push(await timed(() => dbgate.query(sesid, sql)));
    times.csv.push(
      await timed(async () => {
        theirs = await dbgate.exportCsv(sql);
      }),
    );
  }
  end();
  const base = median(times.psql);
  const rows: Row[] = [];
  const say = (name: string, tookMs: number) => {
    rows.push({ name, value: Math.round(tookMs), unit: 'ms' });
    if (!Number.isNaN(base))
      rows.push({ name: `${name}, x psql`, value: Math.round((tookMs / base) * 100) / 100, unit: 'x' });
  };
  if (Number.isNaN(base)) rows.push({ name: 'psql is not here: no ratios', value: '-', unit: '' });
  else rows.push({ name: 'psql \\copy of 1M rows x 12 to CSV', value: Math.round(base), unit: 'ms' });
  say(`dbgate-serve ${version}: 1M rows x 12 into its result`, median(times.query));
  say('Howdah: the same into a result file', median(times.ourQuery));
  say(`dbgate-serve ${version}: the same as CSV`, median(times.csv));
  say('Howdah: the same as CSV', median(times.ourCsv));
  rows.push({ name: 'bytes of its CSV', value: Math.round(statSync(theirs).size / 1e6), unit: 'MB' });
  if (existsSync(psqlFile))
    rows.push({ name: 'bytes of psql’s', value: Math.round(statSync(psqlFile).size / 1e6), unit: 'MB' });
  return rows;
}
