/** Opens the line to the backend (MessagePort or WebSocket) and keeps it: the typed client is made once, links come and go. */
import { createORPCClient } from '@orpc/client';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import { RPCLink as SocketLink } from '@orpc/client/websocket';
import type { Client } from '../../shared/api.ts';
import { appScheme, givePort, socketPath, wantPort } from '../../shared/handover.ts';

type Link = Pick<PortLink<Record<never, never>>, 'call'>;
export type LinkState = 'connecting' | 'open' | 'closed';

let link: Promise<Link> | undefined;
let state: LinkState = 'connecting';
const listeners = new Set<() => void>();

function setState(next: LinkState): void {
  state = next;
  for (const listener of listeners) listener();
}

/** Whether the backend can be reached, for `useSyncExternalStore`. */
export const linkState = {
  get: (): LinkState => state,
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

function openPort(): Promise<Link> {
  return new Promise((resolve) => {
    const receive = (event: MessageEvent) => {
      const port = event.ports[0];
      if (event.source !== window || event.data !== givePort || !port) return;
      window.removeEventListener('message', receive);
      port.start();
      setState('open');
      resolve(new PortLink({ port }));
    };
    window.addEventListener('message', receive);
    window.postMessage(wantPort, window.origin);
  });
}

function openSocket(): Promise<Link> {
  return new Promise((resolve, reject) => {
    const address = new URL(socketPath, window.location.href);
    address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(address);
    socket.addEventListener('open', () => {
      setState('open');
      resolve(new SocketLink({ websocket: socket }));
    });
    socket.addEventListener('error', () =>
      reject(new Error('The Howdah server does not answer. Is it still running?')),
    );
    socket.addEventListener('close', () => {
      link = undefined;
      setState('closed');
    });
  });
}

function open(): Promise<Link> {
  setState('connecting');
  const opened = window.location.protocol === `${appScheme}:` ? openPort() : openSocket();
  opened.catch(() => {
    link = undefined;
    setState('closed');
  });
  return opened;
}

/** Tries again after the line was lost; callers' own calls do so by themselves. */
export function reconnect(): Promise<unknown> {
  link ??= open();
  return link;
}

/** Every procedure of the contract, typed. A lost line is opened again by the next call. */
export const client: Client = createORPCClient({
  call: async (path, input, options) => {
    link ??= open();
    return (await link).call(path, input, options);
  },
});
