/** The undo journal: what other features put into it, and its page's procedures. */
import { invalid } from '../../../shared/failure.ts';
import type { JournalChange } from '../../../shared/journal/change.ts';
import { type ColumnFacts, inverseScript, NoInverseError } from '../../../shared/journal/inverse.ts';
import type { Log } from '../../platform.ts';
import type { RunStatement } from '../../postgres/source.ts';
import type { Sources } from '../../postgres/sources.ts';
import { procedures } from '../../procedures.ts';
import type { JournalStore } from '../../store/journal.ts';
import { columnFacts } from './journal.sql.ts';
import { type Planned, planCaptures, RunJournal } from './run-journal.ts';

export interface JournalDeps {
  readonly store: JournalStore;
  readonly sources: Sources;
  /** For the journal, which outlives the connection. */
  connectionName(connectionId: string): string;
  /** Whether rows of statements are kept there. */
  wanted(connectionId: string): boolean;
  readonly log: Log;
}

/** What is put into the journal. */
export interface JournalNote {
  readonly connectionId: string;
  readonly database: string;
  readonly atMs: number;
  /** The statement, or what was done in words; without passwords. */
  readonly title: string;
  readonly changes: readonly JournalChange[];
  /** Why there are no rows with it, or what is missing beside them, in one sentence. */
  readonly notCaptured?: string;
}

export function createJournal({ store, sources, connectionName, wanted, log }: JournalDeps) {
  /** Throws invalid where nothing was kept, or a table or column is gone. */
  const inverse = async (id: number): Promise<string> => {
    const found = store.get(id);
    if (!found) throw invalid('id', 'This entry is not in the journal any more.');
    const { entry, changes } = found;
    if (changes.length === 0)
      throw invalid('id', entry.notCaptured ?? 'Nothing was changed, so nothing can be undone.');
    const source = await sources.source(entry.connectionId, entry.database);
    const pairs = [changes.map(({ schema }) => schema), changes.map(({ table }) => table)];
    const tables = new Map<string, Map<string, ColumnFacts>>();
    for (const { schema, table, column, ...facts } of await source.ask(columnFacts, pairs)) {
      const key = JSON.stringify([schema, table]);
      const columns = tables.get(key) ?? new Map<string, ColumnFacts>();
      tables.set(key, columns.set(column, facts));
    }
    try {
      return inverseScript(changes, (schema, table) => tables.get(JSON.stringify([schema, table])));
    } catch (thrown) {
      if (thrown instanceof NoInverseError) throw invalid('id', `This cannot be undone any more. ${thrown.message}`);
      throw thrown;
    }
  };

  const add = ({ notCaptured, ...note }: JournalNote): number =>
    store.add({ ...note, connectionName: connectionName(note.connectionId), notCaptured: notCaptured ?? null });

  return {
    /** Keeps what became of rows; the id is for `inverse`. */
    add,
    inverse,
    /** Which rows a run's statements change, where they are to be kept. */
    plan: async (connectionId: string, statements: readonly RunStatement[]): Promise<Planned> =>
      wanted(connectionId) ? await planCaptures(statements) : { statements, reasons: new Map() },
    /** For one session. @param titleOf the statement as it may be kept */
    ofSession: (connectionId: string, database: string, titleOf: (text: string) => string) =>
      new RunJournal(({ text, captured }) => {
        const about = { connectionId, database, atMs: Date.now(), title: titleOf(text) };
        try {
          if (captured.kind === 'rows')
            add({
              ...about,
              changes: captured.changes,
              ...(captured.beside === undefined ? {} : { notCaptured: captured.beside }),
            });
          else add({ ...about, changes: [], notCaptured: captured.why });
          return true;
        } catch (thrown) {
          // A full disk must not fail the statement that is done already.
          log.warn('The undo journal could not be written', { why: String(thrown) });
          return false;
        }
      }),
    procedures: {
      list: procedures.journal.list.handler(({ input }) => store.list(input)),
      get: procedures.journal.get.handler(({ input }) => {
        const found = store.get(input.id);
        if (!found) throw invalid('id', 'This entry is not in the journal any more.');
        return { entry: found.entry, changes: found.changes.slice(0, input.limit) };
      }),
      inverse: procedures.journal.inverse.handler(async ({ input }) => ({ script: await inverse(input.id) })),
      size: procedures.journal.size.handler(() => store.size()),
      remove: procedures.journal.remove.handler(({ input }) => store.remove(input.ids)),
      clear: procedures.journal.clear.handler(() => store.clear()),
    },
  };
}
