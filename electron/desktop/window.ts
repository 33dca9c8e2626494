/** The window: sandboxed, at the place where it was left, shown when there is something to see. */
import { app, BrowserWindow, dialog, nativeTheme, screen, type WebPreferences } from 'electron';
import { failureOf } from '../../shared/failure.ts';
import type { Core } from '../core.ts';
import type { Log } from '../platform.ts';
import { pageUrl } from './app-protocol.ts';
import type { BackgroundTray, TrayParts } from './tray.ts';
import { readWindowState, smallest, writeWindowState } from './window-state.ts';

export interface WindowOptions {
  readonly preload: string;
  readonly dataFolder: string;
  readonly log: Log;
}

/** Everything that matters is said, also where it is Electron's default today; a test holds this list. */
export const webPreferences = (preload: string): WebPreferences => ({
  preload,
  sandbox: true,
  contextIsolation: true,
  webSecurity: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webviewTag: false,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  navigateOnDragDrop: false,
  // It would fetch dictionaries from the network.
  spellcheck: false,
  devTools: !app.isPackaged,
});

export function openMainWindow({ preload, dataFolder, log }: WindowOptions): BrowserWindow {
  const { maximized, ...place } = readWindowState(
    dataFolder,
    screen.getAllDisplays().map((display) => display.workArea),
  );
  const window = new BrowserWindow({
    ...place,
    minWidth: smallest.width,
    minHeight: smallest.height,
    show: false,
    title: 'Howdah',
    // Until the page has painted: no white flash in the dark, nor the other way round.
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#16181d' : '#ffffff',
    webPreferences: webPreferences(preload),
  });
  window.once('ready-to-show', () => {
    if (maximized) window.maximize();
    window.show();
  });
  rememberPlace(window, dataFolder);
  reloadAfterCrash(window, log);
  askBeforeLeaving(window);
  void window.loadURL(pageUrl);
  return window;
}

function rememberPlace(window: BrowserWindow, dataFolder: string): void {
  const keep = () => writeWindowState(dataFolder, { ...window.getNormalBounds(), maximized: window.isMaximized() });
  let timer: NodeJS.Timeout | undefined;
  const keepSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(keep, 500);
  };
  window.on('resize', keepSoon);
  window.on('move', keepSoon);
  window.on('close', () => {
    clearTimeout(timer);
    keep();
  });
}

/** The page says no to leaving while a transaction is open or a statement runs; only here can that be asked about. */
function askBeforeLeaving(window: BrowserWindow): void {
  window.webContents.on('will-prevent-unload', (event) => {
    const answer = dialog.showMessageBoxSync(window, {
      type: 'warning',
      message: 'A tab has an open transaction or a running statement.',
      detail: 'Closing rolls the transaction back and cancels the statement. What was not committed is undone.',
      buttons: ['Stay', 'Close all the same'],
      defaultId: 0,
      cancelId: 0,
      noLink: true,
    });
    if (answer === 1) event.preventDefault();
  });
}

function bringToFront(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.focus();
}

/** Nothing of a person's work lives in the page alone; more than three crashes in a minute are not tried again. */
function reloadAfterCrash(window: BrowserWindow, log: Log): void {
  let crashes: number[] = [];
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    log.error('the page ended', { reason });
    if (reason === 'clean-exit') return;
    crashes = [...crashes.filter((at) => Date.now() - at < 60_000), Date.now()];
    if (crashes.length <= 3) window.webContents.reload();
    else dialog.showErrorBox('Howdah', `The window keeps failing (${reason}). Please start Howdah again.`);
  });
}

/**
 * Ends the program with its last window (on macOS with its menu), after the backend has let go of everything; unless
 * something goes on in the background: then it stays in the tray until it is told to quit.
 */
export function closeWith(core: Promise<Core>, open: () => void, makeTray: TrayMaker): void {
  const reopen = () => {
    tray.leave();
    open();
  };
  const tray = makeTray({ open: reopen, quit: () => app.quit() });
  app.on('window-all-closed', () => {
    if (process.platform === 'darwin') return;
    void core
      .then((running) => running.background())
      .catch(() => [])
      .then((reasons) => {
        if (BrowserWindow.getAllWindows().length > 0) return;
        if (reasons.length === 0 || !tray.stay(reasons)) app.quit();
      });
  });
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) reopen();
  });
  app.on('second-instance', () => {
    const [window] = BrowserWindow.getAllWindows();
    if (window) bringToFront(window);
    else reopen();
  });
  app.once('will-quit', (event) => {
    event.preventDefault();
    tray.leave();
    void core
      .then((running) => running.close())
      .catch(() => {})
      .finally(() => app.exit(0));
  });
}

type TrayMaker = (acts: Pick<TrayParts, 'open' | 'quit'>) => Pick<BackgroundTray, 'stay' | 'leave'>;

export const tellStartFailure =
  (log: Log) =>
  (thrown: unknown): void => {
    const { message } = failureOf(thrown);
    log.error('could not start', { message });
    dialog.showErrorBox('Howdah cannot start', message);
    app.exit(1);
  };
