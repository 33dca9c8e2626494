/** Plain sockets: TCP to the first address that answers, or a Unix-domain socket. */
import { connect, type NetConnectOpts, type Socket } from 'node:net';
import type { Address } from './address.ts';
import { waitFor } from './deadline.ts';

/**
 * After so long without an answer the next address of the host is tried beside it. Node's own 250 ms gives up on
 * servers that are merely far away.
 */
const nextAddressAfterMs = 1500;

/** Idle time before the first probe; the system then probes each second, ten times: a dead link shows within 15 s. */
export const keepAliveIdleMs = 5_000;

export function openTcp(
  addresses: readonly Address[],
  port: number,
  keepAliveMs: number | null,
  signal: AbortSignal,
): Promise<Socket> {
  const first = addresses[0];
  if (!first) throw new RangeError('openTcp needs an address');
  return open(
    {
      host: first.address,
      port,
      noDelay: true,
      keepAlive: keepAliveMs !== null,
      keepAliveInitialDelay: keepAliveMs ?? 0,
      autoSelectFamily: addresses.length > 1,
      autoSelectFamilyAttemptTimeout: nextAddressAfterMs,
      // The names were resolved (and timed) before: only hand the addresses over.
      ...(addresses.length > 1 && { host: 'resolved.invalid', lookup: handOver(addresses) }),
    },
    signal,
  );
}

export const openUnixSocket = (path: string, signal: AbortSignal): Promise<Socket> => open({ path }, signal);

type Lookup = NonNullable<Extract<NetConnectOpts, { port: number }>['lookup']>;
const handOver =
  (addresses: readonly Address[]): Lookup =>
  (_host, options, callback) => {
    const first = addresses[0] as Address;
    if (options.all) callback(null, [...addresses]);
    else callback(null, first.address, first.family);
  };

function open(options: NetConnectOpts, signal: AbortSignal): Promise<Socket> {
  return waitFor<Socket>(signal, (resolve, reject) => {
    const socket = connect(options);
    // Stays for good: an error on a socket that nobody listens to would end the process.
    socket.on('error', () => {});
    const onConnect = () => resolve(socket);
    const onError = (error: Error) => reject(error);
    const onAbort = () => socket.destroy();
    socket.once('connect', onConnect);
    socket.once('error', onError);
    signal.addEventListener('abort', onAbort, { once: true });
    return () => {
      socket.off('connect', onConnect);
      socket.off('error', onError);
      signal.removeEventListener('abort', onAbort);
      if (socket.connecting) socket.destroy();
    };
  });
}
