/** All live sources of this process: each database of each connection has a worker thread, made when first used. */
import { randomBytes } from 'node:crypto';
import type { ServerFacts } from '../../shared/api/sessions.ts';
import { FailureError, failureOf, invalid } from '../../shared/failure.ts';
import type { Log } from '../platform.ts';
import type { Query } from './query.ts';
import { HostSession } from './session/host-session.ts';
import { ResultRegistry } from './session/result-registry.ts';
import { WorkerLink } from './session/worker-link.ts';
import type { Happening, WorkerCalls } from './session/worker-messages.ts';
import type {
  AskOptions,
  ConnectSpec,
  RunWatch,
  Session,
  Source,
  TextRows,
  WriteOutcome,
  WriteRequest,
} from './source.ts';

export interface SourcesDeps {
  /** For result files; made where it is missing. */
  readonly resultsFolder: string;
  /** Everything needed to connect, secrets included. May throw what the person has to do first. */
  specOf(connectionId: string, database?: string): Promise<ConnectSpec>;
  readonly log: Log;
  readonly watch?: RunWatch | undefined;
}

export class Sources {
  readonly results: ResultRegistry;
  readonly #deps: SourcesDeps;
  readonly #sources = new Map<string, HostSource>();
  readonly #sessions = new Map<string, HostSession>();

  constructor(deps: SourcesDeps) {
    this.#deps = deps;
    this.results = new ResultRegistry(deps.resultsFolder);
  }

  /** Connects where that has not happened yet. Throws why there is no connection. */
  async source(connectionId: string, database?: string): Promise<Source> {
    if (database !== undefined) {
      // The database that the connection opens by itself is the same one by its name: one thread and its connections do.
      const usual = this.#sources.get(JSON.stringify([connectionId, null]));
      await usual?.settled();
      if (usual?.isOf(database)) {
        await usual.connect();
        return usual;
      }
    }
    const key = JSON.stringify([connectionId, database ?? null]);
    let source = this.#sources.get(key);
    if (!source) {
      const specOf = () => this.#deps.specOf(connectionId, database);
      source = new HostSource(connectionId, specOf, this.results, this.#sessions, this.#deps);
      this.#sources.set(key, source);
    }
    await source.connect();
    return source;
  }

  /** Throws invalid for a session that is not open (any more). */
  session(sessionId: string): Session {
    const session = this.#sessions.get(sessionId);
    if (!session) throw invalid('sessionId', 'This session is not open any more.');
    return session;
  }

  /** Ends everything of a connection that was changed or deleted: its next use connects anew. */
  async closeConnection(connectionId: string): Promise<void> {
    const closing = [...this.#sources].filter(([, source]) => source.connectionId === connectionId);
    for (const [key] of closing) this.#sources.delete(key);
    await Promise.all(closing.map(([, source]) => source.close()));
  }

  async close(): Promise<void> {
    const closing = [...this.#sources.values()];
    this.#sources.clear();
    await Promise.all(closing.map((source) => source.close()));
    await this.results.close();
  }
}

/** Makes the results folder and removes from it what processes that are no more have left. */
export async function createSources(deps: SourcesDeps): Promise<Sources> {
  const sources = new Sources(deps);
  await sources.results.prepare();
  return sources;
}

const unknownWrite =
  'The part of the program that was saving has failed. The changes may have been made or not: look before saving again.';

class HostSource implements Source {
  readonly connectionId: string;
  readonly #specOf: () => Promise<ConnectSpec>;
  readonly #results: ResultRegistry;
  /** Of all sources; this one's are `#own`. */
  readonly #sessions: Map<string, HostSession>;
  readonly #own = new Map<string, HostSession>();
  readonly #opening = new Map<string, Happening[]>();
  readonly #openFiles = new Set<string>();
  readonly #log: Log;
  readonly #watch: RunWatch | undefined;
  #facts: ServerFacts | null = null;
  #link: WorkerLink | null = null;
  #connecting: Promise<WorkerLink> | null = null;
  /** The last attempt failed to connect: the spec may have changed since. */
  #stale = true;

  constructor(
    connectionId: string,
    specOf: () => Promise<ConnectSpec>,
    results: ResultRegistry,
    sessions: Map<string, HostSession>,
    { log, watch }: Pick<SourcesDeps, 'log' | 'watch'>,
  ) {
    this.connectionId = connectionId;
    this.#specOf = specOf;
    this.#results = results;
    this.#sessions = sessions;
    this.#log = log;
    this.#watch = watch;
  }

  /** Waits for a connection that is being made; makes none. */
  async settled(): Promise<void> {
    await this.#connecting?.catch(() => undefined);
  }
  /** It has been connected, and to this database. */
  isOf(database: string): boolean {
    return this.#facts?.database === database;
  }

  get facts(): ServerFacts {
    if (!this.#facts) throw new FailureError({ kind: 'internal', message: 'The source was never connected.' });
    return this.#facts;
  }

  /** The thread, connected; a new one where the last has gone. */
  connect(): Promise<WorkerLink> {
    if (this.#link && !this.#link.gone && !this.#stale) return Promise.resolve(this.#link);
    this.#connecting ??= this.#connect().finally(() => {
      this.#connecting = null;
    });
    return this.#connecting;
  }

  async ask<Row>(query: Query<Row>, values?: readonly unknown[], options: AskOptions = {}): Promise<Row[]> {
    await this.connect();
    const text = query.text(Math.floor(this.facts.versionNum / 10_000));
    return (await this.#ask({ text, values, timeoutMs: options.timeoutMs }, options.signal)) as Row[];
  }

  async parse(text: string, searchPath: readonly string[], options: AskOptions = {}): Promise<void> {
    await this.#ask({ text, parseIn: searchPath, timeoutMs: options.timeoutMs }, options.signal);
  }

  async #ask(question: WorkerCalls['ask'][0], signal: AbortSignal | undefined): Promise<WorkerCalls['ask'][1]> {
    const link = await this.connect();
    try {
      return await link.call('ask', question, signal);
    } catch (thrown) {
      if (thrown instanceof FailureError && thrown.failure.kind === 'connection') this.#stale = true;
      throw thrown;
    }
  }

  async read(text: string, values?: readonly unknown[], options: AskOptions = {}): Promise<TextRows> {
    const link = await this.connect();
    try {
      return await link.call('read', { text, values, timeoutMs: options.timeoutMs }, options.signal);
    } catch (thrown) {
      if (thrown instanceof FailureError && thrown.failure.kind === 'connection') this.#stale = true;
      throw thrown;
    }
  }

  async write(request: WriteRequest): Promise<WriteOutcome> {
    const link = await this.connect();
    const spec = await this.#specOf();
    const texts = [spec.onConnectSql, ...request.statements.map(({ text }) => text)];
    let known = true;
    try {
      return await link.call('write', { spec, request });
    } catch (thrown) {
      known = !link.gone && failureOf(thrown).kind !== 'outcomeUnknown';
      // The thread went down while a COMMIT may have been on its way.
      if (link.gone) throw new FailureError({ kind: 'outcomeUnknown', message: unknownWrite }, { cause: thrown });
      throw thrown;
    } finally {
      this.#watch?.wrote(this.facts.database, texts, known);
    }
  }

  async openSession(): Promise<Session> {
    const link = await this.connect();
    const sessionId = randomBytes(16).toString('base64url');
    // What happens before the answer arrives is told when the session is there.
    const early: Happening[] = [];
    this.#opening.set(sessionId, early);
    try {
      const spec = await this.#specOf();
      const opened = await link.call('open', { sessionId, spec });
      if (spec.onConnectSql.trim()) this.#watch?.wrote(this.facts.database, [spec.onConnectSql], true);
      const session = new HostSession(sessionId, this, link, opened, () => this.#forget(sessionId), this.#watch);
      this.#own.set(sessionId, session);
      this.#sessions.set(sessionId, session);
      for (const happening of early) session.happened(happening);
      return session;
    } finally {
      this.#opening.delete(sessionId);
    }
  }

  async close(): Promise<void> {
    const sessions = [...this.#own.values()];
    await this.#link?.close(sessions.map((session) => session.id));
    await Promise.all(sessions.map((session) => session.close()));
  }

  async #connect(): Promise<WorkerLink> {
    const spec = await this.#specOf();
    let link = this.#link;
    if (!link || link.gone) {
      const made: WorkerLink = new WorkerLink(
        { filePrefix: this.#results.filePrefix, spec },
        { happened: (happening) => this.#happened(happening), gone: (failure) => this.#gone(failure) },
        this.#log,
      );
      link = made;
      this.#link = made;
    }
    try {
      this.#facts = await link.call('facts', { spec });
    } catch (thrown) {
      // A thread with nothing in it is not kept for another try.
      if (this.#own.size === 0) await link.close([]);
      throw thrown;
    }
    this.#stale = false;
    return link;
  }

  #happened(happening: Happening): void {
    if (happening.kind === 'session' || happening.kind === 'run' || happening.kind === 'captured') {
      const session = this.#own.get(happening.sessionId);
      if (session) session.happened(happening);
      else this.#opening.get(happening.sessionId)?.push(happening);
      return;
    }
    if (happening.kind === 'fileOpened') this.#openFiles.add(happening.id);
    if (happening.kind === 'fileEnded') this.#openFiles.delete(happening.id);
    this.#results.happened(happening);
  }

  /** The thread's sessions are lost and its results stay as they are; the next use starts another thread. */
  #gone(failure: FailureError): void {
    this.#stale = true;
    for (const id of this.#openFiles) this.#results.happened({ kind: 'fileEnded', id });
    this.#openFiles.clear();
    for (const session of this.#own.values()) session.gone(failure);
  }

  #forget(sessionId: string): void {
    this.#own.delete(sessionId);
    this.#sessions.delete(sessionId);
  }
}
