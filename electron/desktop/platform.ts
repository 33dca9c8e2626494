/** What the desktop host supplies to the core. */
import { join } from 'node:path';
import { app, type BrowserWindow, dialog, Menu, Notification, powerMonitor } from 'electron';
import type { MenuCommand } from '../../shared/api/app.ts';
import type { HostEvent, Log, Platform } from '../platform.ts';
import { createSecrets } from '../secrets/create-secrets.ts';
import { version } from '../version.ts';
import { createDialogFiles } from './chosen-files.ts';
import { menuTemplate } from './menu.ts';
import { openExternal } from './open-external.ts';

export interface DesktopPlatform {
  readonly platform: Platform;
  /** The window that dialogs belong to from now on. */
  attach(window: BrowserWindow): void;
}

export function createDesktopPlatform({ dataFolder, log }: { dataFolder: string; log: Log }): DesktopPlatform {
  let window: BrowserWindow | null = null;
  const listeners = new Set<(event: HostEvent) => void>();
  const tell = (event: HostEvent): void => {
    for (const listener of listeners) listener(event);
  };
  powerMonitor.on('suspend', () => tell({ kind: 'suspend' }));
  powerMonitor.on('resume', () => tell({ kind: 'resume' }));
  const setCommands = (commands: readonly MenuCommand[]): void => {
    const facts = { mac: process.platform === 'darwin', development: !app.isPackaged };
    const template = menuTemplate(commands, facts, (commandId) => tell({ kind: 'command', commandId }));
    Menu.setApplicationMenu(Menu.buildFromTemplate(template));
  };
  // Until the page has said what it can do: the system's own items, not Electron's.
  setCommands([]);

  return {
    attach: (opened) => {
      window = opened;
      opened.once('closed', () => {
        if (window === opened) window = null;
      });
    },
    platform: {
      host: 'desktop',
      version,
      dataFolder,
      resourcesFolder: app.isPackaged ? join(process.resourcesPath, 'howdah') : join(app.getAppPath(), 'resources'),
      secrets: createSecrets({ dataFolder, log }),
      files: createDialogFiles(() => window),
      log,
      notify: (message) => {
        if (Notification.isSupported()) new Notification(message).show();
      },
      openExternal,
      async chooseFolder(title) {
        const options = { title, properties: ['openDirectory' as const, 'createDirectory' as const] };
        const answer = await (window ? dialog.showOpenDialog(window, options) : dialog.showOpenDialog(options));
        return answer.canceled ? null : (answer.filePaths[0] ?? null);
      },
      setCommands,
      onHostEvent(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
  };
}
