/** The desktop host's own modules, against a stand-in for Electron: every preference and every handler. */
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { contentSecurityPolicy } from '../../electron/page-files.ts';
import type { Log } from '../../electron/platform.ts';
import { FailureError } from '../../shared/failure.ts';
import { appScheme, givePort, wantPort } from '../../shared/handover.ts';
import * as electron from './electron-stub.ts';

vi.mock('electron', () => import('./electron-stub.ts'));

const { answer, pageUrl, serveAppProtocol } = await import('../../electron/desktop/app-protocol.ts');
const { guardContents, guardSession } = await import('../../electron/desktop/guards.ts');
const { closeWith, openMainWindow, tellStartFailure, webPreferences } = await import(
  '../../electron/desktop/window.ts'
);
const { giveLine } = await import('../../electron/desktop/page-line.ts');
const { openExternal } = await import('../../electron/desktop/open-external.ts');
const { createDialogFiles } = await import('../../electron/desktop/chosen-files.ts');
const { createDesktopPlatform } = await import('../../electron/desktop/platform.ts');
const { BackgroundTray } = await import('../../electron/desktop/tray.ts');
const { prepare } = await import('../../electron/desktop/prepare.ts');

const { app, answers, cancellable, session, sessionHandlers, told } = electron;
const silent: Log = { info: () => {}, warn: () => {}, error: () => {} };
const handlerOf = <T>(name: string): T => sessionHandlers.get(name) as unknown as T;

afterEach(() => {
  told.windows.length = 0;
  told.external.length = 0;
});

describe('without a window', () => {
  let reasons: string[] = [];
  let opened = 0;
  const dataFolder = electron.temporaryFolder();
  const closed = vi.fn(async () => {});
  const core = Promise.resolve({ router: {}, pageGone: () => {}, background: () => reasons, close: closed });
  const parts = { resourcesFolder: '/r', dataFolder, log: silent };
  const lastWindowCloses = async () => {
    told.windows.length = 0;
    app.emit('window-all-closed');
    await core.then(() => new Promise((done) => setImmediate(done)));
  };

  it.skipIf(process.platform === 'darwin')(
    'it stays in the tray while something goes on, says so once, and ends when told to',
    async () => {
      const open = () => void opened++;
      closeWith(core as never, open, (acts) => new BackgroundTray({ ...parts, ...acts }));
      reasons = ['1 backup schedule', 'Recording shop'];
      await lastWindowCloses();
      const [tray] = told.trays;
      expect(tray?.menu.map(({ label }) => label)).toEqual([...reasons, undefined, 'Open Howdah', 'Quit Howdah']);
      expect(told.notifications).toMatchObject([{ title: 'Howdah goes on without its window' }]);
      expect(told.exited).toBe(null);
      tray?.emit('click');
      expect([opened, tray?.destroyed]).toEqual([1, true]);

      await lastWindowCloses();
      expect(told.trays).toHaveLength(2);
      expect(told.notifications).toHaveLength(1);
      app.emit('second-instance');
      expect([opened, told.trays[1]?.destroyed]).toEqual([2, true]);

      await lastWindowCloses();
      const exited = new Promise((done) => app.once('stub-exit', done));
      told.trays[2]?.menu.find(({ label }) => label === 'Quit Howdah')?.click?.();
      expect(await exited).toBe(0);
      expect(closed).toHaveBeenCalledOnce();
      expect(told.trays[2]?.destroyed).toBe(true);

      // Nothing goes on, or there is no tray: the program ends with its window.
      for (const [going, tray] of [
        [[], true],
        [['1 backup schedule'], false],
      ] as const) {
        reasons = [...going];
        answers.tray = tray;
        told.exited = null;
        await lastWindowCloses();
        expect(told.exited).toBe(0);
      }
      answers.tray = true;
      told.exited = null;
      told.notifications.length = 0;
      app.removeAllListeners();
    },
  );
});

describe('before ready', () => {
  it('sandboxes everything, makes app:// a secure scheme, and runs once a data folder', () => {
    expect(prepare('/data')).toBe(true);
    expect(told.sandboxed).toBe(true);
    expect(told.schemes).toEqual([
      { scheme: appScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
    ]);
    expect(told.paths.get('userData')).toBe(join('/data', 'window'));
    answers.singleInstance = false;
    const registered = told.schemes.length;
    expect(prepare('/data')).toBe(false);
    expect(told.schemes).toHaveLength(registered);
    answers.singleInstance = true;
  });
});

describe('the window', () => {
  it('has exactly these preferences', () => {
    expect(webPreferences('/p.cjs')).toEqual({
      preload: '/p.cjs',
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
      spellcheck: false,
      devTools: true,
    });
    app.isPackaged = true;
    expect(webPreferences('/p.cjs').devTools).toBe(false);
    app.isPackaged = false;
  });

  const open = () => {
    const dataFolder = electron.temporaryFolder();
    openMainWindow({ preload: '/p.cjs', dataFolder, log: silent });
    return told.windows.at(-1) as electron.BrowserWindow;
  };

  it('opens the page with them, and is shown when there is something to see', () => {
    const window = open();
    expect(window.options.webPreferences).toEqual(webPreferences('/p.cjs'));
    expect(window.options).toMatchObject({ show: false, width: 1360, height: 860 });
    expect(window.webContents.url).toBe('app://howdah/index.html');
    expect(window.shown).toBe(true);
  });

  it('loads the page again after a crash, but not for ever', () => {
    const window = open();
    for (let crash = 1; crash <= 5; crash += 1) {
      window.webContents.emit('render-process-gone', {}, { reason: 'crashed' });
    }
    expect(window.webContents.reloads).toBe(3);
    expect(told.errorBoxes.at(-1)?.[1]).toContain('keeps failing');
  });

  it('asks before it closes over an open transaction, and stays where that is wanted', () => {
    const window = open();
    let left = 0;
    const leave = () => window.webContents.emit('will-prevent-unload', { preventDefault: () => left++ });
    leave();
    expect(left).toBe(0);
    expect(told.dialogs.at(-1)).toMatchObject({ cancelId: 0, message: expect.stringContaining('open transaction') });
    electron.answers.button = 1;
    leave();
    electron.answers.button = 0;
    expect(left).toBe(1);
  });

  it('says in a box why the program cannot start', () => {
    tellStartFailure(silent)(new FailureError({ kind: 'unsupported', needs: 'x', message: 'A newer data folder.' }));
    expect(told.errorBoxes.at(-1)).toEqual(['Howdah cannot start', 'A newer data folder.']);
    expect(told.exited).toBe(1);
  });
});

describe('what a page may not do', () => {
  let contents: electron.WebContents;
  beforeAll(() => {
    guardContents(app as never);
    guardSession();
    contents = new electron.BrowserWindow({}).webContents;
  });

  it.each([
    'https://example.com/',
    'file:///etc/passwd',
    'app://howdah/other.html',
    'app://other/index.html',
    'javascript:alert(1)',
    'data:text/html,x',
    'about:blank',
  ])('go to %s', (url) => {
    const event = cancellable({ url });
    contents.emit('will-navigate', event);
    expect(event.prevented).toBe(true);
  });
  it('but load itself again', () => {
    const event = cancellable({ url: pageUrl });
    contents.emit('will-navigate', event);
    expect(event.prevented).toBe(false);
  });
  it('be redirected, move a frame, embed a webview, open a window, download', () => {
    for (const name of ['will-redirect', 'will-frame-navigate', 'will-attach-webview']) {
      const event = cancellable({ url: pageUrl, isMainFrame: false });
      contents.emit(name, event);
      expect(event.prevented, name).toBe(true);
    }
    for (const url of [pageUrl, 'https://example.com', 'about:blank']) {
      expect(contents.windowOpen({ url })).toEqual({ action: 'deny' });
    }
    const download = cancellable();
    session.defaultSession.emit('will-download', download);
    expect(download.prevented).toBe(true);
  });

  const permissions = [
    'clipboard-read',
    'clipboard-sanitized-write',
    'display-capture',
    'fullscreen',
    'geolocation',
    'hid',
    'idle-detection',
    'keyboardLock',
    'media',
    'mediaKeySystem',
    'midi',
    'midiSysex',
    'notifications',
    'openExternal',
    'pointerLock',
    'fileSystem',
    'serial',
    'storage-access',
    'top-level-storage-access',
    'speaker-selection',
    'usb',
    'window-management',
    'unknown',
  ];
  it.each(permissions)('use the permission %s, unless it is to put text on the clipboard', (permission) => {
    type Request = (contents: unknown, permission: string, callback: (granted: boolean) => void) => void;
    type Check = (contents: unknown, permission: string, origin: string) => boolean;
    const allowed = permission === 'clipboard-sanitized-write';
    const ask = (url: string) => {
      const callback = vi.fn();
      handlerOf<Request>('permissionRequest')({ getURL: () => url }, permission, callback);
      return callback.mock.calls;
    };
    expect(ask(pageUrl)).toEqual([[allowed]]);
    expect(ask('https://example.com/')).toEqual([[false]]);
    expect(ask('app://howdah.evil/')).toEqual([[false]]);
    const check = handlerOf<Check>('permissionCheck');
    expect(check(null, permission, 'app://howdah/')).toBe(allowed);
    expect(check(null, permission, 'https://example.com')).toBe(false);
    expect(handlerOf<() => boolean>('devicePermission')()).toBe(false);
  });
  it.each([
    ['app://howdah/index.html', false],
    ['data:image/png;base64,', false],
    ['blob:app://howdah/1', false],
    ['https://example.com/', true],
    ['http://127.0.0.1:5432/', true],
    ['ws://127.0.0.1/', true],
    ['wss://example.com/', true],
    ['file:///etc/passwd', true],
    ['ftp://example.com/', true],
  ])('ask for %s: cancelled %s', (url, cancel) => {
    const callback = vi.fn();
    handlerOf<(details: { url: string }, callback: (answer: unknown) => void) => void>('beforeRequest')(
      { url },
      callback,
    );
    expect(callback.mock.calls).toEqual([[{ cancel }]]);
  });
});

describe('app://', () => {
  let folder: string;
  beforeAll(async () => {
    const outside = electron.temporaryFolder();
    folder = join(outside, 'page');
    await mkdir(join(folder, 'assets'), { recursive: true });
    await writeFile(join(outside, 'secret.js'), 'secret');
    await writeFile(join(folder, 'index.html'), '<!doctype html>');
    await writeFile(join(folder, 'assets', 'a.js'), 'export {};');
    await symlink(join(outside, 'secret.js'), join(folder, 'link.js'));
    await symlink(outside, join(folder, 'up'));
  });
  const get = (url: string, method = 'GET') => answer({ url, method }, folder);

  it('serves the page and its files with their types and the headers', async () => {
    serveAppProtocol(folder);
    const handler = told.protocols.get('app');
    const page = await handler?.(new Request('app://howdah/index.html'));
    expect(page?.status).toBe(200);
    expect(await page?.text()).toBe('<!doctype html>');
    expect(page?.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page?.headers.get('content-security-policy')).toBe(contentSecurityPolicy);
    expect(page?.headers.get('x-content-type-options')).toBe('nosniff');
    expect((await get('app://howdah/assets/a.js?v=1#x')).headers.get('content-type')).toContain('text/javascript');
    expect((await get('app://howdah/')).status).toBe(200);
  });
  it.each([
    'app://x/../../etc/passwd',
    'app://other/index.html',
    'app://howdah.evil/index.html',
    'app:index.html',
    'file:///etc/passwd',
    'app://howdah/../secret.js',
    'app://howdah/%2e%2e/secret.js',
    'app://howdah/%2e%2e%2fsecret.js',
    'app://howdah/assets/..%2f..%2fsecret.js',
    'app://howdah/..\\secret.js',
    'app://howdah/..%5csecret.js',
    'app://howdah//etc/passwd',
    'app://howdah/%00index.html',
    'app://howdah/index.html%00.js',
    'app://howdah/secret.js',
    'app://howdah/link.js',
    'app://howdah/up/secret.js',
    'app://howdah/assets',
    'app://howdah/C:/Windows/win.ini',
    'app://howdah/%E0%A4%A',
    'app://howdah/assets/a.js.map',
  ])('does not serve %s', async (url) => {
    const refused = await get(url);
    expect(refused.status).toBe(404);
    expect(await refused.text()).not.toContain('secret');
    expect(refused.headers.get('content-security-policy')).toBe(contentSecurityPolicy);
  });
  it('answers no other method', async () => {
    expect((await get('app://howdah/index.html', 'POST')).status).toBe(404);
  });
});

describe('the line to the backend', () => {
  const core = Promise.resolve({ router: {}, pageGone: vi.fn(), background: () => [], close: async () => {} });
  const ask = (event: object) => {
    const window = new electron.BrowserWindow({});
    giveLine(window as never, core);
    window.webContents.ipc.emit(wantPort, event instanceof Function ? event(window) : event);
    return window.webContents.posted;
  };
  it('is given to the main frame of the page, and to nothing else', () => {
    const frameOf = (window: electron.BrowserWindow) => ({ senderFrame: window.webContents.mainFrame });
    expect(ask(frameOf)).toMatchObject([{ channel: givePort }]);
    expect(ask({ senderFrame: null })).toEqual([]);
    expect(ask({ senderFrame: { origin: 'app://howdah' } })).toEqual([]);
    const moved = (window: electron.BrowserWindow) => {
      window.webContents.mainFrame.origin = 'https://example.com';
      return { senderFrame: window.webContents.mainFrame };
    };
    expect(ask(moved)).toEqual([]);
  });
});

describe('addresses for the system', () => {
  it.each([
    'file:///etc/passwd',
    'smb://host/share',
    'ms-msdt:x',
    'vscode://x',
    'javascript:alert(1)',
    'http://example.com/',
    'https://a@example.com/',
    'https://example.com/\u0000',
    '\\\\host\\share',
    'app://howdah/index.html',
    '',
  ])('refuses %j', async (url) => {
    await expect((async () => openExternal(url))()).rejects.toMatchObject({
      failure: { kind: 'invalid', field: 'url' },
    });
    expect(told.external).toEqual([]);
  });
  it('opens web pages and mail', async () => {
    await openExternal('https://www.postgresql.org/docs/');
    await openExternal('mailto:someone@example.com');
    expect(told.external).toEqual(['https://www.postgresql.org/docs/', 'mailto:someone@example.com']);
  });
});

describe('chosen files', () => {
  it('cross as tokens, and only what was written is shown in its folder', async () => {
    const files = createDialogFiles(() => null);
    expect(await files.chooseSave({ suggestedName: 'x.csv', kinds: [] })).toBeNull();
    answers.save = { canceled: false, filePath: '/home/me/out.csv' };
    const file = await files.chooseSave({
      suggestedName: '../../x.csv',
      kinds: [{ name: 'CSV', extensions: ['csv'] }],
    });
    expect(told.dialogs.at(-1)).toMatchObject({ filters: [{ name: 'CSV', extensions: ['csv'] }] });
    expect(String(told.dialogs.at(-1)?.defaultPath)).toMatch(/[/\\]x\.csv$/);
    expect(file).toMatchObject({ name: 'out.csv' });
    expect(JSON.stringify(file)).not.toContain('/home/me');
    const token = file?.token ?? '';
    expect(files.path(token)).toBe('/home/me/out.csv');
    await expect(files.reveal(token)).rejects.toMatchObject({ failure: { kind: 'invalid' } });
    files.finished(token);
    await files.reveal(token);
    expect(told.revealed).toEqual(['/home/me/out.csv']);
    await files.release(token);
    expect(() => files.path(token)).toThrow('not known');
    expect(() => files.path('made-up-token')).toThrow('not known');
    answers.open = { canceled: false, filePaths: ['/home/me/in.csv'] };
    expect(await files.chooseOpen({ title: 'Open', kinds: [] })).toMatchObject({ name: 'in.csv' });
  });
});

describe('the platform', () => {
  it('tells of sleep, and makes the menu of the page’s commands', () => {
    const { platform } = createDesktopPlatform({ dataFolder: electron.temporaryFolder(), log: silent });
    const events: unknown[] = [];
    const stop = platform.onHostEvent((event) => events.push(event));
    electron.powerMonitor.emit('suspend');
    electron.powerMonitor.emit('resume');
    platform.setCommands([{ id: 'run.all', label: 'Run & stop', keys: 'Mod+Shift+Enter', menu: 'run', enabled: true }]);
    const menu = told.menus.at(-1) as { label?: string; submenu: { id: string; click(): void }[] }[];
    const run = menu.find((entry) => entry.label === '&Run')?.submenu[0];
    expect(run).toMatchObject({
      id: 'run.all',
      label: 'Run && stop',
      accelerator: 'CmdOrCtrl+Shift+Enter',
      registerAccelerator: false,
    });
    run?.click();
    expect(events).toEqual([{ kind: 'suspend' }, { kind: 'resume' }, { kind: 'command', commandId: 'run.all' }]);
    stop();
    electron.powerMonitor.emit('suspend');
    expect(events).toHaveLength(3);
    platform.notify({ title: 'Done', body: 'x' });
    expect(told.notifications).toEqual([{ title: 'Done', body: 'x' }]);
  });
});
