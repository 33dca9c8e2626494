/** The native menu: the page's own commands, in their menus, around the items that every program of the system has. */
import type { MenuItemConstructorOptions } from 'electron';
import type { MenuCommand } from '../../shared/api/app.ts';

type Item = MenuItemConstructorOptions;

export interface MenuFacts {
  readonly mac: boolean;
  /** Items for developers of this program. */
  readonly development: boolean;
}

export function menuTemplate(
  commands: readonly MenuCommand[],
  { mac, development }: MenuFacts,
  chosen: (commandId: string) => void,
): Item[] {
  const of = (menu: MenuCommand['menu']): Item[] =>
    commands.filter((command) => command.menu === menu).map((command) => item(command, chosen));
  const line: Item = { type: 'separator' };
  const developing: Item[] = development ? [line, { role: 'reload' }, { role: 'toggleDevTools' }] : [];

  return [
    ...(mac ? [{ role: 'appMenu' } satisfies Item] : []),
    {
      label: '&File',
      submenu: [
        ...of('file'),
        line,
        // Ctrl+W closes a tab; the window must not go in its place.
        { role: 'close', accelerator: 'CmdOrCtrl+Shift+W' },
        ...(mac ? [] : [{ role: 'quit' } satisfies Item]),
      ],
    },
    {
      label: '&Edit',
      submenu: [
        { role: 'undo' },
        { role: 'redo' },
        line,
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'selectAll' },
        line,
        ...of('edit'),
      ],
    },
    {
      label: '&View',
      submenu: [
        ...of('view'),
        line,
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
        ...developing,
      ],
    },
    { label: '&Object', submenu: of('object') },
    { label: '&Run', submenu: of('run') },
    { role: 'windowMenu' },
    { label: '&Help', role: 'help', submenu: of('help') },
  ];
}

function item({ id, label, keys, enabled }: MenuCommand, chosen: (commandId: string) => void): Item {
  return {
    id,
    // An ampersand would make the next letter a mnemonic.
    label: label.replaceAll('&', '&&'),
    enabled,
    click: () => chosen(id),
    // Shown here, handled by the page: otherwise one key press would run the command twice.
    ...(keys ? { accelerator: keys.replaceAll('Mod', 'CmdOrCtrl'), registerAccelerator: false } : {}),
  };
}
