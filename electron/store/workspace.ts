/**
 * Open tabs, their texts and the layout, one workspace a window. A workspace is held by one window of one running
 * program: a second one on the same folder gets another, so that neither overwrites the other.
 */
import { randomUUID } from 'node:crypto';
import type Database from 'better-sqlite3';
import type { SavedTab, SavedText } from '../../shared/api/workspace.ts';
import { told } from './open.ts';

export interface OpenedWorkspace {
  readonly windowId: string;
  readonly tabs: SavedTab[];
  readonly texts: SavedText[];
  readonly layout: Record<string, unknown>;
}
export interface WorkspaceStore {
  /**
   * Takes the wanted workspace if nobody alive holds it, else the one used last that nobody holds, else a new one.
   * @param holder one a page; it starts with this program's instance (see `instanceId`)
   */
  open(wanted: string | null, holder: string): OpenedWorkspace;
  /** Lets go of what the holder held. */
  release(holder: string): void;
  saveTabs(windowId: string, tabs: readonly SavedTab[]): void;
  saveText(text: Omit<SavedText, 'savedAtMs'>): number;
  saveLayout(windowId: string, layout: Record<string, unknown>): void;
  closed(limit: number): { tab: SavedTab; closedAtMs: number }[];
  versions(tabId: string): SavedText[];
  text(tabId: string): SavedText | null;
}

/** Names this running program: the process id, and a part that a later process with the same id does not share. */
export const instanceId = `${process.pid}:${randomUUID().slice(0, 8)}`;

interface TabRow {
  id: string;
  place: string;
  title: string;
  position: number;
  active: number;
  closed_at_ms: number | null;
}
interface TextRow {
  tab_id: string;
  text: string;
  caret: number;
  scroll_top: number;
  saved_at_ms: number;
}
const versionEveryMs = 5 * 60_000;
const keptVersions = 50;
const keptClosedTabs = 200;

const tabOf = (row: TabRow): SavedTab => ({
  id: row.id,
  place: JSON.parse(row.place),
  title: row.title,
  position: row.position,
  active: row.active === 1,
});
const textOf = (row: TextRow): SavedText => ({
  tabId: row.tab_id,
  text: row.text,
  caret: row.caret,
  scrollTop: row.scroll_top,
  savedAtMs: row.saved_at_ms,
});

/** False for a process that is gone, and for this process's id with another instance's name. */
function holderLives(holder: string): boolean {
  if (holder.startsWith(instanceId)) return true;
  const pid = Number(holder.split(':')[0]);
  if (pid === process.pid || !Number.isInteger(pid)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM';
  }
}

export function createWorkspaceStore(db: Database.Database): WorkspaceStore {
  const statements = {
    workspaces: db.prepare<[], { id: string; layout: string; held_by: string | null }>(
      'SELECT id, layout, held_by FROM workspace ORDER BY used_at_ms DESC',
    ),
    take: db.prepare(
      'INSERT INTO workspace (id, used_at_ms, held_by) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET used_at_ms = excluded.used_at_ms, held_by = excluded.held_by',
    ),
    release: db.prepare('UPDATE workspace SET held_by = NULL WHERE held_by = ?'),
    tabs: db.prepare<[string], TabRow>(
      'SELECT * FROM tab WHERE workspace_id = ? AND closed_at_ms IS NULL ORDER BY position',
    ),
    texts: db.prepare<[string], TextRow>(
      'SELECT x.* FROM tab_text x JOIN tab t ON t.id = x.tab_id WHERE t.workspace_id = ? AND t.closed_at_ms IS NULL',
    ),
    layout: db.prepare('UPDATE workspace SET layout = ?, used_at_ms = ? WHERE id = ?'),
    putTab: db.prepare(
      `INSERT INTO tab (id, workspace_id, place, title, position, active) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET workspace_id = excluded.workspace_id, place = excluded.place, title = excluded.title,
         position = excluded.position, active = excluded.active, closed_at_ms = NULL`,
    ),
    closeTab: db.prepare('UPDATE tab SET closed_at_ms = ?, active = 0 WHERE id = ?'),
    dropOldClosed: db.prepare(
      'DELETE FROM tab WHERE closed_at_ms IS NOT NULL AND id NOT IN (SELECT id FROM tab WHERE closed_at_ms IS NOT NULL ORDER BY closed_at_ms DESC LIMIT ?)',
    ),
    text: db.prepare<[string], TextRow>('SELECT * FROM tab_text WHERE tab_id = ?'),
    putText: db.prepare(
      `INSERT INTO tab_text (tab_id, text, caret, scroll_top, saved_at_ms) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (tab_id) DO UPDATE SET text = excluded.text, caret = excluded.caret, scroll_top = excluded.scroll_top, saved_at_ms = excluded.saved_at_ms`,
    ),
    lastVersion: db.prepare<[string], { saved_at_ms: number }>(
      'SELECT saved_at_ms FROM tab_text_version WHERE tab_id = ? ORDER BY id DESC LIMIT 1',
    ),
    putVersion: db.prepare(
      'INSERT INTO tab_text_version (tab_id, text, caret, scroll_top, saved_at_ms) VALUES (?, ?, ?, ?, ?)',
    ),
    dropOldVersions: db.prepare(
      'DELETE FROM tab_text_version WHERE tab_id = ? AND id NOT IN (SELECT id FROM tab_text_version WHERE tab_id = ? ORDER BY id DESC LIMIT ?)',
    ),
    versions: db.prepare<[string], TextRow>('SELECT * FROM tab_text_version WHERE tab_id = ? ORDER BY id DESC'),
    closed: db.prepare<[number], TabRow>(
      'SELECT * FROM tab WHERE closed_at_ms IS NOT NULL ORDER BY closed_at_ms DESC LIMIT ?',
    ),
  };

  const open = db.transaction((wanted: string | null, holder: string): OpenedWorkspace => {
    const all = statements.workspaces.all();
    const free = all.filter((each) => each.held_by === null || each.held_by === holder || !holderLives(each.held_by));
    const chosen = free.find((each) => each.id === wanted) ?? free[0];
    const windowId = chosen?.id ?? randomUUID();
    statements.take.run(windowId, Date.now(), holder);
    return {
      windowId,
      tabs: statements.tabs.all(windowId).map(tabOf),
      texts: statements.texts.all(windowId).map(textOf),
      layout: chosen ? JSON.parse(chosen.layout) : {},
    };
  });

  const saveTabs = db.transaction((windowId: string, tabs: readonly SavedTab[]) => {
    const now = Date.now();
    const kept = new Set(tabs.map((tab) => tab.id));
    for (const before of statements.tabs.all(windowId))
      if (!kept.has(before.id)) statements.closeTab.run(now, before.id);
    for (const tab of tabs) {
      statements.putTab.run(tab.id, windowId, JSON.stringify(tab.place), tab.title, tab.position, tab.active ? 1 : 0);
    }
    statements.dropOldClosed.run(keptClosedTabs);
  });

  const saveText = db.transaction(({ tabId, text, caret, scrollTop }: Omit<SavedText, 'savedAtMs'>): number => {
    const now = Date.now();
    const before = statements.text.get(tabId);
    if (before && before.text !== text && before.text.trim() !== '') {
      const last = statements.lastVersion.get(tabId)?.saved_at_ms ?? 0;
      // A text that shrinks to almost nothing is kept at once: that is how work is lost.
      if (now - last >= versionEveryMs || text.length < before.text.length / 2) {
        statements.putVersion.run(tabId, before.text, before.caret, before.scroll_top, before.saved_at_ms);
        statements.dropOldVersions.run(tabId, tabId, keptVersions);
      }
    }
    statements.putText.run(tabId, text, caret, scrollTop, now);
    return now;
  });

  return {
    open: (wanted, holder) => told(() => open.immediate(wanted, holder)),
    release: (holder) => told(() => void statements.release.run(holder)),
    saveTabs: (windowId, tabs) => told(() => saveTabs.immediate(windowId, tabs)),
    saveText: (text) => told(() => saveText.immediate(text)),
    saveLayout: (windowId, layout) =>
      told(() => void statements.layout.run(JSON.stringify(layout), Date.now(), windowId)),
    closed: (limit) =>
      told(() => statements.closed.all(limit).map((row) => ({ tab: tabOf(row), closedAtMs: row.closed_at_ms ?? 0 }))),
    versions: (tabId) => told(() => statements.versions.all(tabId).map(textOf)),
    text: (tabId) =>
      told(() => {
        const row = statements.text.get(tabId);
        return row ? textOf(row) : null;
      }),
  };
}
