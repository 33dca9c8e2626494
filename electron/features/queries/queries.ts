/** The library of saved queries, on this machine and as files. */
import { EventPublisher } from '@orpc/server';
import type { SavedQueries, SavedQuery } from '../../../shared/api/queries.ts';
import { FailureError, invalid } from '../../../shared/failure.ts';
import type { Log } from '../../platform.ts';
import { procedures, stream } from '../../procedures.ts';
import type { KeptQuery, QueryStore } from '../../store/queries.ts';
import { QueryFiles } from './query-files.ts';
import { checkedFolder, checkedName } from './query-names.ts';

export interface QueriesDeps {
  readonly store: QueryStore;
  /** The host's own dialog; absent where it has none. */
  readonly chooseFolder?: ((title: string) => Promise<string | null>) | undefined;
  /** Given when the host was started; it goes before one that was chosen. */
  readonly folder?: string | undefined;
  readonly log: Log;
}

export function createQueries({ store, chooseFolder, folder: given, log }: QueriesDeps) {
  const events = new EventPublisher<{ changed: null }>();
  const changed = (): void => events.publish('changed', null);
  let files: QueryFiles | null = null;

  const openFiles = async (root: string): Promise<void> => {
    files?.close();
    files = new QueryFiles(root, store, changed, log);
    await files.open();
    changed();
  };
  const kept = given ?? store.folder();
  const opened = kept
    ? openFiles(kept).catch((thrown) => log.warn('the folder of saved queries cannot be read', { why: String(thrown) }))
    : Promise.resolve();

  /** Alone with the files, after a look at them. */
  const look = async <T>(work: () => Promise<T>): Promise<T> => {
    await opened;
    return files ? await files.afterLook(work) : await work();
  };
  const now = (): SavedQueries => ({
    queries: store.all().map(listed),
    filesFolder: files?.root ?? null,
    mayChooseFolder: chooseFolder !== undefined && given === undefined,
    notes: [...(files?.notes ?? [])],
  });

  async function* watching(signal: AbortSignal | undefined): AsyncGenerator<SavedQueries, void, void> {
    const changes = events.subscribe('changed', { signal });
    await opened;
    yield now();
    for await (const _ of changes) yield now();
  }

  const found = (id: string): KeptQuery => {
    const query = store.get(id);
    if (!query) throw invalid('id', 'This query is not there any more. Save it as a new one.');
    return query;
  };
  const refuseTaken = (folder: string, name: string, self?: string): void => {
    const other = store.at(folder, name);
    if (other && other.id !== self) throw invalid('name', `There is a query “${name}” in this folder already.`);
  };

  const moved = async (query: KeptQuery, folder: string, name: string): Promise<KeptQuery> => {
    if (query.folder === folder && query.name === name) return query;
    refuseTaken(folder, name, query.id);
    const next = store.change(query.id, { folder, name, fileDigest: null });
    if (!files) return next;
    const written = await files.write(next);
    await files.removeFile(query);
    return written;
  };

  const { queries } = procedures;
  return {
    close: () => files?.close(),
    procedures: {
      watch: queries.watch.handler(({ signal }) => stream(watching(signal))),
      get: queries.get.handler(async ({ input }) => {
        const query = await look(async () => found(input.id));
        return { ...listed(query), text: query.text };
      }),
      search: queries.search.handler(({ input }) => ({ ids: store.search(input.text) })),
      save: queries.save.handler(async ({ input }) => {
        const folder = checkedFolder(input.group);
        const name = checkedName(input.name);
        const { text, connectionId } = input;
        const answer = await look(async () => {
          const before = input.id === undefined ? null : found(input.id);
          if (before && before.digest !== input.basedOn)
            return { kind: 'conflict' as const, theirs: before.text, digest: before.digest };
          refuseTaken(folder, name, before?.id);
          const query = before
            ? store.change(before.id, { text, connectionId })
            : store.add({ folder, name, text, connectionId, fileDigest: null });
          return { kind: 'saved' as const, query: listed(files ? await files.write(query) : query) };
        });
        changed();
        return answer;
      }),
      move: queries.move.handler(async ({ input }) => {
        const [folder, name] = [checkedFolder(input.group), checkedName(input.name)];
        const query = await look(async () => moved(found(input.id), folder, name));
        changed();
        return listed(query);
      }),
      moveFolder: queries.moveFolder.handler(async ({ input }) => {
        const to = checkedFolder(input.to);
        if (to === input.from || to.startsWith(`${input.from}/`))
          throw invalid('to', 'A folder cannot be moved into itself.');
        await look(async () => {
          const inside = store.all().filter((query) => isWithin(query.folder, input.from));
          const moves = inside.map((query) => ({ query, folder: rebased(query.folder, input.from, to) }));
          for (const { query, folder } of moves) refuseTaken(folder, query.name, query.id);
          for (const { query, folder } of moves) await moved(query, folder, query.name);
        });
        changed();
      }),
      remove: queries.remove.handler(async ({ input }) => {
        await look(async () => {
          for (const id of input.ids) {
            const query = store.get(id);
            if (!query) continue;
            store.remove(id);
            await files?.removeFile(query);
          }
        });
        changed();
      }),
      restore: queries.restore.handler(async ({ input }) => {
        await look(async () => {
          for (const id of input.ids) {
            const query = store.removed(id);
            if (!query) continue;
            const name = freeName(store, query);
            const back = store.bringBack(id, query.folder, name);
            await files?.write(back);
          }
        });
        changed();
      }),
      chooseFolder: queries.chooseFolder.handler(async () => {
        if (!chooseFolder || given) throw noDialog;
        const chosen = await chooseFolder('A folder for saved queries');
        if (chosen === null) return { chosen: false };
        store.setFolder(chosen);
        await openFiles(chosen);
        return { chosen: true };
      }),
      leaveFolder: queries.leaveFolder.handler(() => {
        if (given) throw noDialog;
        files?.close();
        files = null;
        store.setFolder(null);
        changed();
      }),
    },
  };
}

const noDialog = new FailureError({
  kind: 'unsupported',
  needs: 'the desktop app',
  message: 'In the browser the folder is named when Howdah is started: howdah serve --queries FOLDER',
});

const listed = ({ id, folder, name, connectionId, changedAtMs, digest }: KeptQuery): SavedQuery => ({
  id,
  group: folder,
  name,
  connectionId,
  changedAtMs,
  digest,
});

const isWithin = (folder: string, parent: string): boolean => folder === parent || folder.startsWith(`${parent}/`);

/** `a/b/c` of `a/b` in `x` is `x/c`. */
const rebased = (folder: string, from: string, to: string): string =>
  [to, folder.slice(from.length + 1)].filter(Boolean).join('/');

function freeName(store: QueryStore, { folder, name }: KeptQuery): string {
  let free = name;
  for (let number = 2; store.at(folder, free); number++) free = `${name} (${number})`;
  return free;
}
