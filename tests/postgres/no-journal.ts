/** For sessions whose statements nobody wants to undo. */
import type { Journal } from '../../electron/features/sessions/journaled.ts';

export const noJournal: Journal = {
  plan: async (_, statements) => ({ statements, reasons: new Map() }),
  ofSession: () => ({ begin: () => {}, captured: () => {}, saw: () => {}, ended: () => ({ rows: 0, waiting: 0 }) }),
};
