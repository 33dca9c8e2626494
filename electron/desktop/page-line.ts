/** Hands the page its line to the backend: a MessagePort for each time it asks (it asks anew after a reload). */
import { randomUUID } from 'node:crypto';
import { RPCHandler } from '@orpc/server/message-port';
import { type BrowserWindow, MessageChannelMain } from 'electron';
import { givePort, wantPort } from '../../shared/handover.ts';
import type { Core } from '../core.ts';
import type { CallContext } from '../procedures.ts';
import { pageOrigin } from './app-protocol.ts';

/** What the page asks before the backend stands waits in the port. */
export function giveLine(window: BrowserWindow, core: Promise<Core>): void {
  const { webContents } = window;
  webContents.ipc.on(wantPort, (event) => {
    const frame = event.senderFrame;
    if (!frame || frame !== webContents.mainFrame || frame.origin !== pageOrigin) return;
    const { port1, port2 } = new MessageChannelMain();
    webContents.postMessage(givePort, null, [port2]);
    void core
      .then((running) => {
        const clientId = randomUUID();
        port1.once('close', () => running.pageGone(clientId));
        new RPCHandler<CallContext>(running.router).upgrade(port1, { context: { role: 'admin', clientId } });
        port1.start();
      })
      .catch(() => port1.close());
  });
}
