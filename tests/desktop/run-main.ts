/**
 * Runs the bundled out/main/main.js with a stand-in for Electron, plays the page that gets a port, and prints what
 * happened as one line of JSON. A program of its own, because main.js starts by being loaded.
 */
import { once } from 'node:events';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { Client } from '../../shared/api.ts';
import { givePort, wantPort } from '../../shared/handover.ts';
import { app, type StubPort, told } from './electron-stub.ts';

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron'
      ? { url: pathToFileURL(join(import.meta.dirname, 'electron-stub.ts')).href, shortCircuit: true }
      : next(specifier, context),
});

const windowMade = once(app, 'web-contents-created');
await import(pathToFileURL(join(import.meta.dirname, '..', '..', 'out', 'main', 'main.js')).href);
await windowMade;
const [window] = told.windows;
if (!window) throw new Error('no window was made');
const { webContents } = window;

/** As the preload script asks, and hands over what comes. */
async function openLine(): Promise<{ client: Client; port: StubPort }> {
  const posted = once(webContents, 'stub-posted');
  webContents.ipc.emit(wantPort, { senderFrame: webContents.mainFrame });
  const [channel, ports] = (await posted) as [string, StubPort[]];
  const [port] = ports;
  if (channel !== givePort || !port) throw new Error(`posted ${channel} with ${ports.length} ports`);
  port.raw.start();
  return { client: createORPCClient(new RPCLink({ port: port.raw })), port };
}

const first = await openLine();
const info = await first.client.app.info();
const events = await first.client.app.events();
const coming = events.next();
await first.client.app.setCommands({
  commands: [{ id: 'run.all', label: 'Run all', keys: 'Mod+Shift+Enter', menu: 'run', enabled: true }],
});
const menu = told.menus.at(-1) as { label?: string; submenu: { id: string; click(): void }[] }[];
menu.find((entry) => entry.label === '&Run')?.submenu[0]?.click();
const event = (await coming).value;
const refusal = await first.client.app.openExternal({ url: 'file:///etc/passwd' }).catch((error) => error.code);
first.port.close();

// After a reload the page asks anew.
const second = await openLine();
const settings = await second.client.app.saveSettings({ rowLimit: 4321 });
const protocol = told.protocols.get('app');
const page = await protocol?.(new Request('app://howdah/index.html'));
const outside = await protocol?.(new Request('app://howdah/..%2fmain%2fmain.js'));

const exited = once(app, 'stub-exit');
const listening = process.getActiveResourcesInfo().includes('TCPServerWrap');
app.quit();
const [exitCode] = await exited;
console.log(
  JSON.stringify({
    windows: told.windows.length,
    webPreferences: window.options.webPreferences,
    url: webContents.url,
    shown: window.shown,
    sandboxed: told.sandboxed,
    info,
    event,
    refusal,
    rowLimit: settings.rowLimit,
    page: [page?.status, (await page?.text())?.includes('<div id="root">')],
    outside: outside?.status,
    listening,
    exitCode,
    errors: told.errorBoxes,
  }),
);
// As app.exit does.
process.exit(exitCode);
