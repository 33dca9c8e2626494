/**
 * Every command that has a place in a menu, the palette or on a key, as data: the desktop's native menu and the page
 * are made from this one list. What a command does is bound in the page (renderer/workspace/commands.ts).
 */
export const menus = ['File', 'Edit', 'Query', 'View', 'Help'] as const;
export type Menu = (typeof menus)[number];

export interface CommandSpec {
  readonly id: string;
  /** In sentence case, with an ellipsis where it asks for more. */
  readonly label: string;
  readonly menu: Menu;
  /** `Mod` is Cmd on macOS, Ctrl elsewhere: 'Mod+Shift+Enter'. */
  readonly keys?: string;
  /** Where a browser keeps `keys` for itself. */
  readonly browserKeys?: string;
}

export const commandSpecs = [
  { id: 'query.new', label: 'New query', menu: 'File', keys: 'Mod+T', browserKeys: 'Alt+T' },
  { id: 'connection.new', label: 'New connection…', menu: 'File', keys: 'Mod+Shift+N', browserKeys: 'Alt+Shift+N' },
  { id: 'connection.import', label: 'Import connections…', menu: 'File' },
  { id: 'sample.open', label: 'Open the sample database', menu: 'File' },
  { id: 'tab.close', label: 'Close tab', menu: 'File', keys: 'Mod+W', browserKeys: 'Alt+W' },
  { id: 'tab.reopen', label: 'Reopen closed tab', menu: 'File', keys: 'Mod+Shift+T', browserKeys: 'Alt+Shift+T' },
  { id: 'settings.open', label: 'Settings', menu: 'File', keys: 'Mod+,' },
  { id: 'query.run', label: 'Run statement', menu: 'Query', keys: 'Mod+Enter' },
  { id: 'query.runAll', label: 'Run all statements', menu: 'Query', keys: 'Mod+Shift+Enter' },
  { id: 'query.cancel', label: 'Cancel the running statement', menu: 'Query', keys: 'Mod+.' },
  { id: 'query.export', label: 'Export the result…', menu: 'Query', keys: 'Mod+Shift+E' },
  { id: 'query.exportQuery', label: 'Export the statement’s full result…', menu: 'Query' },
  { id: 'palette.open', label: 'Command palette', menu: 'View', keys: 'Mod+K' },
  { id: 'sidebar.toggle', label: 'Show or hide the sidebar', menu: 'View', keys: 'Mod+B' },
  { id: 'objects.search', label: 'Search objects', menu: 'View', keys: 'Mod+Shift+O' },
  { id: 'history.open', label: 'Query history', menu: 'View', keys: 'Mod+Shift+H', browserKeys: 'Alt+H' },
  { id: 'tab.next', label: 'Next tab', menu: 'View', keys: 'Ctrl+Tab', browserKeys: 'Alt+PageDown' },
  { id: 'tab.previous', label: 'Previous tab', menu: 'View', keys: 'Ctrl+Shift+Tab', browserKeys: 'Alt+PageUp' },
  { id: 'theme.toggle', label: 'Switch between light and dark', menu: 'View' },
  { id: 'workload.toggle', label: 'Start or stop the sample workload', menu: 'View' },
  { id: 'help.shortcuts', label: 'Keyboard shortcuts', menu: 'Help', keys: 'F1' },
  { id: 'welcome.open', label: 'Welcome page', menu: 'Help' },
] as const satisfies readonly CommandSpec[];

export type CommandId = (typeof commandSpecs)[number]['id'];
