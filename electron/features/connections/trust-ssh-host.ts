/** Writes a confirmed host key down: it is fetched again and must have the fingerprint that the person saw. */
import { resolveHost } from '../../postgres/connect/address.ts';
import { startDeadline } from '../../postgres/connect/deadline.ts';
import { connectFailure, connectionFailure, timeoutFailure, type Where } from '../../postgres/connect/failures.ts';
import { fingerprintOf, hostToken, trustHostKey } from '../../postgres/connect/ssh/known-hosts.ts';
import { fetchHostKey } from '../../postgres/connect/ssh/tunnel.ts';

export interface ConfirmedHost {
  readonly host: string;
  readonly port: number;
  readonly algorithm: string;
  readonly fingerprint: string;
}

/** Throws sshHostChanged where the server shows another key now. */
export async function trustSshHost(
  file: string,
  { host, port, algorithm, fingerprint }: ConfirmedHost,
  caller?: AbortSignal,
) {
  const where: Where = { host, port, database: '', user: '', step: 'ssh', sshHost: host };
  const deadline = startDeadline(10_000, () => timeoutFailure(where), caller);
  try {
    const addresses = await resolveHost(host, deadline.signal);
    const key = await fetchHostKey({ host, port }, addresses, algorithm, deadline.signal);
    const shown = fingerprintOf(key.key);
    if (shown !== fingerprint) {
      throw connectionFailure(
        'sshHostChanged',
        `The SSH server ${host} now shows another key (${key.algorithm} ${shown}) than the one that was confirmed.`,
        'Nothing was trusted. Ask the administrator.',
        { sshHostKey: { host: hostToken(host, port), algorithm: key.algorithm, fingerprint: shown } },
      );
    }
    await trustHostKey(file, host, port, key);
  } catch (thrown) {
    throw connectFailure(thrown, where);
  } finally {
    deadline.clear();
  }
}
