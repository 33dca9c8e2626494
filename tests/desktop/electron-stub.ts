/**
 * Stands in for Electron's module where its program is not there: it keeps what it was told, lets a test play the
 * system and the page, and passes messages over real MessagePorts.
 */
import { EventEmitter } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel, type MessagePort } from 'node:worker_threads';

/** What was asked of Electron, by function. */
export const told = {
  windows: [] as BrowserWindow[],
  trays: [] as Tray[],
  schemes: [] as unknown[],
  protocols: new Map<string, (request: Request) => Promise<Response>>(),
  external: [] as string[],
  revealed: [] as string[],
  menus: [] as unknown[],
  notifications: [] as unknown[],
  errorBoxes: [] as string[][],
  dialogs: [] as Record<string, unknown>[],
  paths: new Map<string, string>(),
  sandboxed: false,
  exited: null as number | null,
};
/** What the stub answers. */
export const answers = {
  singleInstance: true,
  tray: true,
  save: { canceled: true } as { canceled: boolean; filePath?: string },
  open: { canceled: true, filePaths: [] as string[] },
  /** The button of a message box. */
  button: 0,
};

export type Handler = (...args: never[]) => unknown;

class StubApp extends EventEmitter {
  isPackaged = false;
  setName(): void {}
  setPath(name: string, path: string): void {
    told.paths.set(name, path);
  }
  getPath(name: string): string {
    return told.paths.get(name) ?? tmpdir();
  }
  getAppPath(): string {
    return join(import.meta.dirname, '..', '..');
  }
  requestSingleInstanceLock(): boolean {
    return answers.singleInstance;
  }
  enableSandbox(): void {
    told.sandboxed = true;
  }
  async whenReady(): Promise<void> {}
  quit(): void {
    const event = cancellable();
    this.emit('will-quit', event);
    if (!event.prevented) this.exit(0);
  }
  exit(code: number): void {
    told.exited = code;
    this.emit('stub-exit', code);
  }
}
export const app = new StubApp();

export interface Cancellable {
  prevented: boolean;
  preventDefault(): void;
}
export const cancellable = <More extends object>(more?: More): Cancellable & More => {
  const event = {
    prevented: false,
    preventDefault() {
      event.prevented = true;
    },
    ...more,
  } as Cancellable & More;
  return event;
};

export class WebContents extends EventEmitter {
  readonly ipc = new EventEmitter();
  readonly mainFrame = { origin: 'app://howdah' };
  readonly posted: { channel: string; ports: StubPort[] }[] = [];
  windowOpen: (details: { url: string }) => { action: string } = () => ({ action: 'allow' });
  url = '';
  reloads = 0;
  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.windowOpen = handler;
  }
  postMessage(channel: string, _message: unknown, ports: StubPort[]): void {
    this.posted.push({ channel, ports });
    this.emit('stub-posted', channel, ports);
  }
  getURL(): string {
    return this.url;
  }
  reload(): void {
    this.reloads += 1;
  }
}

export class BrowserWindow extends EventEmitter {
  readonly webContents = new WebContents();
  readonly options: Record<string, unknown>;
  shown = false;
  static getAllWindows(): BrowserWindow[] {
    return told.windows;
  }
  constructor(options: Record<string, unknown>) {
    super();
    this.options = options;
    told.windows.push(this);
    app.emit('web-contents-created', {}, this.webContents);
  }
  async loadURL(url: string): Promise<void> {
    this.webContents.url = url;
    this.emit('ready-to-show');
  }
  show(): void {
    this.shown = true;
  }
  maximize(): void {}
  isMaximized(): boolean {
    return false;
  }
  isMinimized(): boolean {
    return false;
  }
  focus(): void {
    this.emit('stub-focus');
  }
  getNormalBounds() {
    return { x: 10, y: 20, width: 1000, height: 700 };
  }
}

/** Electron's port: an emitter with `{data}` events that is silent until started, around one of Node's. */
export class StubPort extends EventEmitter {
  readonly raw: MessagePort;
  constructor(raw: MessagePort) {
    super();
    this.raw = raw;
    raw.on('close', () => this.emit('close'));
  }
  start(): void {
    this.raw.on('message', (data) => this.emit('message', { data, ports: [] }));
  }
  postMessage(data: unknown): void {
    this.raw.postMessage(data);
  }
  close(): void {
    this.raw.close();
  }
}
export class MessageChannelMain {
  readonly port1: StubPort;
  readonly port2: StubPort;
  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.port1 = new StubPort(port1);
    this.port2 = new StubPort(port2);
  }
}

export const protocol = {
  registerSchemesAsPrivileged: (schemes: unknown[]) => void told.schemes.push(...schemes),
  handle: (scheme: string, handler: (request: Request) => Promise<Response>) =>
    void told.protocols.set(scheme, handler),
};

/** Handlers by the name of the function they were given to. */
export const sessionHandlers = new Map<string, Handler>();
const keep = (name: string) => (handler: Handler) => void sessionHandlers.set(name, handler);
export const session = {
  defaultSession: Object.assign(new EventEmitter(), {
    setPermissionRequestHandler: keep('permissionRequest'),
    setPermissionCheckHandler: keep('permissionCheck'),
    setDevicePermissionHandler: keep('devicePermission'),
    webRequest: { onBeforeRequest: keep('beforeRequest') },
  }),
};

export const shell = {
  openExternal: async (url: string) => void told.external.push(url),
  showItemInFolder: (path: string) => void told.revealed.push(path),
};
const options = (args: unknown[]) => void told.dialogs.push(args.at(-1) as Record<string, unknown>);
export const dialog = {
  showErrorBox: (title: string, text: string) => void told.errorBoxes.push([title, text]),
  async showSaveDialog(...args: unknown[]) {
    options(args);
    return answers.save;
  },
  showMessageBoxSync(...args: unknown[]) {
    options(args);
    return answers.button;
  },
  async showOpenDialog(...args: unknown[]) {
    options(args);
    return answers.open;
  },
};
export const Menu = {
  buildFromTemplate: (template: unknown) => template,
  setApplicationMenu: (menu: unknown) => void told.menus.push(menu),
};
export class Notification {
  readonly options: unknown;
  static isSupported(): boolean {
    return true;
  }
  constructor(options: unknown) {
    this.options = options;
  }
  show(): void {
    told.notifications.push(this.options);
  }
}
/** An icon in the tray: its menu, and whether it is gone. */
export class Tray extends EventEmitter {
  menu: { label?: string; click?: () => void }[] = [];
  toolTip = '';
  destroyed = false;
  constructor(image: unknown) {
    super();
    if (!answers.tray) throw new Error('no tray here');
    told.trays.push(this);
    void image;
  }
  setToolTip(text: string): void {
    this.toolTip = text;
  }
  setContextMenu(menu: { label?: string; click?: () => void }[]): void {
    this.menu = menu;
  }
  destroy(): void {
    this.destroyed = true;
  }
}
export const nativeImage = { createFromPath: (path: string) => ({ path }) };
export const powerMonitor = new EventEmitter();
export const screen = { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] };
export const nativeTheme = { shouldUseDarkColors: false };

/** A folder for one run. */
export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), 'howdah-desktop-'));
