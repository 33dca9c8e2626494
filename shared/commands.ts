/**
 * Every command that has a place in a menu, the palette or on a key, as data: the desktop's native menu and the page
 * are made from this one list. What a command does is bound in the page (renderer/workspace/commands.ts).
 */
import { createKinds, createWord } from './api/structure.ts';

export const menus = ['file', 'edit', 'view', 'object', 'run', 'help'] as const;
export type Menu = (typeof menus)[number];
export const menuLabels: Record<Menu, string> = {
  file: 'File',
  edit: 'Edit',
  view: 'View',
  object: 'Object',
  run: 'Run',
  help: 'Help',
};

export interface CommandSpec {
  readonly id: string;
  /** In sentence case, with an ellipsis where it asks for more. */
  readonly label: string;
  readonly menu: Menu;
  /** `Mod` is Cmd on macOS, Ctrl elsewhere: 'Mod+Shift+Enter'. */
  readonly keys?: string;
  /** Where a browser keeps `keys` for itself. */
  readonly browserKeys?: string;
  /** Taken by the editor while it has the focus, and by nobody else: for showing. */
  readonly editorKeys?: string;
}

/** One for each kind that has a form. */
const creates = createKinds.map((kind) => ({
  id: `structure.new.${kind}` as const,
  label: `Create ${createWord(kind).toLowerCase()}…`,
  menu: 'object' as const,
}));

export const commandSpecs = [
  { id: 'query.new', label: 'New query', menu: 'file', keys: 'Mod+T', browserKeys: 'Alt+T' },
  { id: 'connection.new', label: 'New connection…', menu: 'file', keys: 'Mod+Shift+N', browserKeys: 'Alt+Shift+N' },
  { id: 'connection.import', label: 'Import connections…', menu: 'file' },
  { id: 'sample.open', label: 'Open the sample database', menu: 'file' },
  // Before the query's own: in the rows of its result the keys mean these.
  { id: 'data.save', label: 'Save the edited rows', menu: 'file', keys: 'Mod+S' },
  { id: 'query.save', label: 'Save the query', menu: 'file', keys: 'Mod+S' },
  { id: 'query.saveAs', label: 'Save the query as…', menu: 'file', keys: 'Mod+Shift+S' },
  { id: 'recording.open', label: 'Open a recording…', menu: 'file' },
  { id: 'tab.close', label: 'Close tab', menu: 'file', keys: 'Mod+W', browserKeys: 'Alt+W' },
  { id: 'tab.reopen', label: 'Reopen closed tab', menu: 'file', keys: 'Mod+Shift+T', browserKeys: 'Alt+Shift+T' },
  { id: 'settings.open', label: 'Settings', menu: 'file', keys: 'Mod+,' },
  { id: 'query.run', label: 'Run statement', menu: 'run', keys: 'Mod+Enter' },
  { id: 'query.runAll', label: 'Run all statements', menu: 'run', keys: 'Mod+Shift+Enter' },
  { id: 'query.runAgain', label: 'Run again with the last values', menu: 'run', keys: 'F9' },
  { id: 'query.commit', label: 'Commit the transaction', menu: 'run', keys: 'Alt+Shift+C' },
  { id: 'query.rollback', label: 'Roll back the transaction', menu: 'run', keys: 'Alt+Shift+R' },
  { id: 'query.explain', label: 'Explain statement', menu: 'run', keys: 'Mod+E' },
  { id: 'query.explainAnalyze', label: 'Explain and analyze statement', menu: 'run', keys: 'Mod+Shift+X' },
  { id: 'query.memory', label: 'Show what is remembered of the statement', menu: 'run', keys: 'Mod+Shift+Y' },
  { id: 'query.format', label: 'Format the statement or selection', menu: 'edit', keys: 'Shift+Alt+F' },
  { id: 'query.formatAll', label: 'Format all statements', menu: 'edit' },
  { id: 'editor.suggest', label: 'Complete at the caret', menu: 'edit', editorKeys: 'Ctrl+Space' },
  { id: 'editor.definition', label: 'Go to the definition', menu: 'edit', editorKeys: 'F12' },
  { id: 'editor.rename', label: 'Rename the alias or WITH query', menu: 'edit', editorKeys: 'F2' },
  { id: 'problem.next', label: 'Go to the next problem', menu: 'edit', keys: 'F8' },
  { id: 'problem.previous', label: 'Go to the previous problem', menu: 'edit', keys: 'Shift+F8' },
  { id: 'problem.fix', label: 'Fix the problem at the caret…', menu: 'edit', keys: 'Alt+Enter' },
  { id: 'plan.paste', label: 'Open a plan from text…', menu: 'run' },
  { id: 'query.cancel', label: 'Cancel the running statement', menu: 'run', keys: 'Mod+.' },
  { id: 'query.export', label: 'Export the result…', menu: 'run', keys: 'Mod+Shift+E' },
  { id: 'result.pin', label: 'Pin or unpin the result', menu: 'run', keys: 'Mod+Shift+P', browserKeys: 'Alt+P' },
  { id: 'result.compare', label: 'Compare two results…', menu: 'run' },
  { id: 'tables.import', label: 'Import a file…', menu: 'file' },
  { id: 'script.run', label: 'Run a script of SQL from a file…', menu: 'file' },
  { id: 'tables.export', label: 'Export tables…', menu: 'file' },
  { id: 'query.exportQuery', label: 'Export the statement’s full result…', menu: 'run' },
  { id: 'query.copyTo', label: 'Copy the statement’s rows into a table…', menu: 'run' },
  { id: 'data.refresh', label: 'Refresh the rows', menu: 'view', keys: 'F5' },
  { id: 'data.find', label: 'Find a value in all tables…', menu: 'view' },
  { id: 'data.related', label: 'Show or hide related rows', menu: 'view', keys: 'Mod+Shift+R', browserKeys: 'Alt+R' },
  { id: 'diagram.open', label: 'Diagram of the database', menu: 'view', keys: 'Mod+Shift+D', browserKeys: 'Alt+D' },
  { id: 'diagram.file', label: 'Diagram of a file of SQL…', menu: 'file' },
  { id: 'rowGraph.open', label: 'Graph of rows…', menu: 'view' },
  { id: 'diagram.find', label: 'Find a table in the diagram', menu: 'view', keys: 'Mod+F' },
  { id: 'structure.alter', label: 'Alter the object in front…', menu: 'object' },
  { id: 'structure.drop', label: 'Drop the object in front…', menu: 'object' },
  ...creates,
  { id: 'palette.open', label: 'Command palette', menu: 'view', keys: 'Mod+K' },
  { id: 'sidebar.toggle', label: 'Show or hide the sidebar', menu: 'view', keys: 'Mod+B' },
  { id: 'queries.open', label: 'Saved queries', menu: 'view', keys: 'Mod+Shift+L' },
  { id: 'objects.search', label: 'Search objects', menu: 'view', keys: 'Mod+Shift+O' },
  { id: 'history.open', label: 'Query history', menu: 'view', keys: 'Mod+Shift+H', browserKeys: 'Alt+H' },
  { id: 'servers.open', label: 'All servers', menu: 'view', keys: 'Mod+Shift+M', browserKeys: 'Alt+M' },
  { id: 'monitor.overview', label: 'Monitoring: Overview', menu: 'view' },
  { id: 'monitor.activity', label: 'Monitoring: Activity', menu: 'view' },
  { id: 'monitor.sessions', label: 'Monitoring: Sessions', menu: 'view' },
  { id: 'monitor.locks', label: 'Monitoring: Locks', menu: 'view' },
  { id: 'monitor.statements', label: 'Monitoring: Statements', menu: 'view' },
  { id: 'journal.open', label: 'Undo journal', menu: 'view' },
  { id: 'backups.open', label: 'Backups', menu: 'view' },
  { id: 'monitor.objects', label: 'Monitoring: Objects and sizes', menu: 'view' },
  { id: 'monitor.replication', label: 'Monitoring: Replication and I/O', menu: 'view' },
  { id: 'monitor.settings', label: 'Monitoring: Settings and changes', menu: 'view' },
  { id: 'monitor.compare', label: 'Monitoring: Compare', menu: 'view' },
  { id: 'monitor.recorder', label: 'Monitoring: Recorder', menu: 'view' },
  { id: 'tab.next', label: 'Next tab', menu: 'view', keys: 'Ctrl+Tab', browserKeys: 'Alt+PageDown' },
  { id: 'tab.previous', label: 'Previous tab', menu: 'view', keys: 'Ctrl+Shift+Tab', browserKeys: 'Alt+PageUp' },
  { id: 'theme.toggle', label: 'Switch between light and dark', menu: 'view' },
  { id: 'workload.toggle', label: 'Start or stop the sample workload', menu: 'view' },
  { id: 'help.shortcuts', label: 'Keyboard shortcuts', menu: 'help', keys: 'F1' },
  { id: 'welcome.open', label: 'Welcome page', menu: 'help' },
] as const satisfies readonly CommandSpec[];

export type CommandId = (typeof commandSpecs)[number]['id'];
