import { procedures } from '../../procedures.ts';
import type { HistoryStore } from '../../store/history.ts';

/** The procedures of the run history, over this machine's store. */
export const historyProcedures = ({ history }: { history: HistoryStore }) => ({
  search: procedures.history.search.handler(({ input }) => history.search(input)),
  remove: procedures.history.remove.handler(({ input }) => history.remove(input.ids)),
  clear: procedures.history.clear.handler(() => history.clear()),
});
