/** The bundle that the desktop app is: main.js opens a window, hands over a port and answers through it; preload.cjs hands it on. */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createContext, runInContext } from 'node:vm';
import { beforeAll, describe, expect, it } from 'vitest';
import { givePort, wantPort } from '../../shared/handover.ts';
import { temporaryFolder } from './electron-stub.ts';

const out = join(import.meta.dirname, '..', '..', 'out');

beforeAll(() => {
  if (!existsSync(join(out, 'main', 'main.js'))) throw new Error('Bundle the desktop app first: npm run build');
});

describe('main.js', () => {
  it('opens a window, hands over a port, and answers the contract through it', async () => {
    const dataFolder = temporaryFolder();
    const { stdout } = await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'run-main.ts')], {
      env: { ...process.env, HOWDAH_DATA: dataFolder },
      timeout: 170_000,
    });
    const report = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
    expect(report).toMatchObject({
      windows: 1,
      url: 'app://howdah/index.html',
      shown: true,
      sandboxed: true,
      info: { host: 'desktop', platform: process.platform, dataFolder, setAside: [] },
      event: { kind: 'command', commandId: 'run.all' },
      refusal: 'invalid',
      rowLimit: 4321,
      page: [200, true],
      outside: 404,
      listening: false,
      exitCode: 0,
      errors: [],
    });
    expect(report.webPreferences).toMatchObject({ sandbox: true, contextIsolation: true, nodeIntegration: false });
    expect(report.webPreferences.preload).toBe(join(out, 'preload', 'preload.cjs'));
    expect(existsSync(report.webPreferences.preload)).toBe(true);
  });

  it('has its worker threads and migrations beside it', () => {
    const names = readdirSync(join(out, 'main'));
    const workers = ['session-worker.js', 'result-worker.js', 'read-worker.js', 'recorder-worker.js'];
    expect(names).toEqual(expect.arrayContaining(['main.js', ...workers, 'migrations']));
    const shipped = readdirSync(join(import.meta.dirname, '..', '..', 'electron', 'store', 'migrations'));
    expect(readdirSync(join(out, 'main', 'migrations'))).toEqual(shipped);
  });
});

describe('preload.cjs', () => {
  /** Runs it as Electron does: a sandboxed script that may require only `electron`. */
  function load() {
    const sent: unknown[][] = [];
    const posted: unknown[][] = [];
    const pageListeners: ((event: unknown) => void)[] = [];
    const mainListeners = new Map<string, (event: unknown) => void>();
    const required: string[] = [];
    const window: Record<string, unknown> = {
      origin: 'app://howdah',
      addEventListener: (_name: string, listener: (event: unknown) => void) => pageListeners.push(listener),
      postMessage: (...args: unknown[]) => posted.push(args),
    };
    const before = Object.keys(window);
    const electron = {
      ipcRenderer: {
        send: (...args: unknown[]) => sent.push(args),
        on: (channel: string, listener: (event: unknown) => void) => mainListeners.set(channel, listener),
      },
      contextBridge: {
        exposeInMainWorld: () => {
          throw new Error('nothing may be exposed');
        },
      },
    };
    const require = (name: string) => {
      required.push(name);
      return electron;
    };
    const context = createContext({ window, require, exports: {}, module: { exports: {} } });
    runInContext(readFileSync(join(out, 'preload', 'preload.cjs'), 'utf8'), context);
    return { window, before, sent, posted, pageListeners, mainListeners, required };
  }

  it('requires only Electron and leaves nothing on the window', () => {
    const { window, before, required } = load();
    expect(new Set(required)).toEqual(new Set(['electron']));
    expect(Object.keys(window)).toEqual(before);
  });
  it('asks for a port when the page does, and hands over the port alone', () => {
    const { window, sent, posted, pageListeners, mainListeners } = load();
    for (const listener of pageListeners) {
      listener({ source: {}, data: wantPort });
      listener({ source: window, data: 'something else' });
    }
    expect(sent).toEqual([]);
    for (const listener of pageListeners) listener({ source: window, data: wantPort });
    expect(sent).toEqual([[wantPort]]);
    const port = { name: 'a port' };
    mainListeners.get(givePort)?.({ sender: { secret: true }, ports: [port] });
    expect(posted).toEqual([[givePort, 'app://howdah', [port]]]);
  });
});
