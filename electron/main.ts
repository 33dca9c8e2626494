/** The desktop entry: createCore -> window -> one MessagePort to the page. Run only as the bundle out/main/main.js. */
import { join } from 'node:path';
import { app } from 'electron';
import { createCore } from './core.ts';
import { dataFolderPath, makeDataFolder } from './data-folder.ts';
import { serveAppProtocol } from './desktop/app-protocol.ts';
import { guardContents, guardSession } from './desktop/guards.ts';
import { giveLine } from './desktop/page-line.ts';
import { createDesktopPlatform } from './desktop/platform.ts';
import { prepare } from './desktop/prepare.ts';
import { BackgroundTray } from './desktop/tray.ts';
import { closeWith, openMainWindow, tellStartFailure } from './desktop/window.ts';
import { outliveFaults } from './faults.ts';
import { createLog } from './log.ts';

const pageFolder = join(import.meta.dirname, '..', 'renderer');
const preload = join(import.meta.dirname, '..', 'preload', 'preload.cjs');

const dataFolder = makeDataFolder(dataFolderPath());
const log = createLog(dataFolder);
outliveFaults(log);

// Not awaited: Electron gets ready only after this module has been evaluated.
if (prepare(dataFolder)) void app.whenReady().then(start).catch(tellStartFailure(log));

async function start(): Promise<void> {
  guardContents(app);
  guardSession();
  serveAppProtocol(pageFolder);

  const { platform, attach } = createDesktopPlatform({ dataFolder, log });
  const core = createCore(platform);
  const open = () => {
    const window = openMainWindow({ preload, dataFolder, log });
    attach(window);
    giveLine(window, core);
  };
  open();
  const { resourcesFolder } = platform;
  closeWith(core, open, (acts) => new BackgroundTray({ ...acts, resourcesFolder, dataFolder, log }));
  await core;
}
