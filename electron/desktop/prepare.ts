/** What has to be said to Electron before it is ready. */
import { join } from 'node:path';
import { app, protocol } from 'electron';
import { appScheme } from '../../shared/handover.ts';

/** False where this program runs on this data folder already: that one comes to the front, and this one ends. */
export function prepare(dataFolder: string): boolean {
  app.setName('Howdah');
  // Chromium's own files, and with them the single-instance lock: one instance a data folder.
  app.setPath('userData', join(dataFolder, 'window'));
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return false;
  }
  app.enableSandbox();
  protocol.registerSchemesAsPrivileged([
    { scheme: appScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
  return true;
}
