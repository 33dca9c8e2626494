/** The way to a server, found once for a connection: the session goes over it, and later each cancel request. */
import type { Duplex } from 'node:stream';
import type { ConnectSpec } from '../source.ts';
import { isLoopbackAddress, isLoopbackHost, isSocketFolder, resolveHost, socketPath } from './address.ts';
import { keepAliveMs } from './parameters.ts';
import { keepAliveIdleMs, openTcp, openUnixSocket } from './socket.ts';
import { openTunnel } from './ssh/tunnel.ts';
import type { Steps } from './steps.ts';

export interface Path {
  /** Another raw stream to the same server: the address is not looked up again. */
  open(signal: AbortSignal): Promise<Duplex>;
  /** The bytes do not leave this machine (in a tunnel: the SSH server's). */
  readonly local: boolean;
  readonly unixSocket: boolean;
  /** "over SSH to bastion", or nothing. */
  readonly via: string;
  close(): void;
}

export interface FoundPath {
  readonly path: Path;
  readonly first: Duplex;
}

/** Finds the way and opens the first stream; the steps resolve, ssh and tcp are reported. */
export async function findPath(spec: ConnectSpec, steps: Steps, signal: AbortSignal): Promise<FoundPath> {
  if (spec.ssh) return await throughSsh(spec, spec.ssh, steps, signal);
  return isSocketFolder(spec.host) ? await overUnixSocket(spec, steps, signal) : await overTcp(spec, steps, signal);
}

async function overUnixSocket(spec: ConnectSpec, steps: Steps, signal: AbortSignal): Promise<FoundPath> {
  steps.skip('resolve', 'a Unix-domain socket');
  steps.skip('ssh', 'no tunnel');
  const open = (stop: AbortSignal) => openUnixSocket(socketPath(spec.host, spec.port), stop);
  const first = await steps.run('tcp', () => open(signal));
  return { first, path: { open, local: true, unixSocket: true, via: '', close: () => {} } };
}

async function overTcp(spec: ConnectSpec, steps: Steps, signal: AbortSignal): Promise<FoundPath> {
  const addresses = await steps.run(
    'resolve',
    () => resolveHost(spec.host, signal),
    (found) => found.map(({ address }) => address).join(', '),
  );
  steps.skip('ssh', 'no tunnel');
  const probe = keepAliveMs(spec.parameters, keepAliveIdleMs);
  const first = await steps.run('tcp', () => openTcp(addresses, spec.port, probe, signal));
  const address = first.remoteAddress ?? addresses[0]?.address ?? '';
  const reached = addresses.find((each) => each.address === address) ?? addresses[0];
  const open = (stop: AbortSignal) => openTcp(reached ? [reached] : addresses, spec.port, probe, stop);
  return { first, path: { open, local: isLoopbackAddress(address), unixSocket: false, via: '', close: () => {} } };
}

async function throughSsh(
  spec: ConnectSpec,
  ssh: NonNullable<ConnectSpec['ssh']>,
  steps: Steps,
  signal: AbortSignal,
): Promise<FoundPath> {
  const addresses = await steps.run(
    'resolve',
    () => resolveHost(ssh.host, signal),
    (found) => `${ssh.host}: ${found.map(({ address }) => address).join(', ')}`,
  );
  const tunnel = await steps.run(
    'ssh',
    () => openTunnel(ssh, addresses, signal),
    ({ note }) => note,
  );
  const unixSocket = isSocketFolder(spec.host);
  const open = (stop: AbortSignal) =>
    unixSocket ? tunnel.openSocket(socketPath(spec.host, spec.port), stop) : tunnel.openTcp(spec.host, spec.port, stop);
  try {
    const first = await steps.run('tcp', () => open(signal));
    const via = `over SSH to ${ssh.host}`;
    return { first, path: { open, local: isLoopbackHost(spec.host), unixSocket, via, close: tunnel.close } };
  } catch (thrown) {
    tunnel.close();
    throw thrown;
  }
}
