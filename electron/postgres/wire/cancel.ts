/** Our own CancelRequest: over the session's TLS and tunnel, and waited for until the server has acted on it. */
import type { Client } from 'pg';
import type { Transport } from '../connect/client.ts';

const closeWithinMs = 5_000;

/**
 * Resolves when the server has closed the cancel connection, which it does after the signal was sent: what is sent on
 * the session after that (and after its ReadyForQuery) cannot be hit. Rejects where the request could not be sent.
 */
export async function sendCancelRequest(client: Client, transport: Transport): Promise<void> {
  if (client.processID === null || client.secretKey === null) throw new Error('The server gave no cancel key.');
  const stream = await transport.openCancelStream(AbortSignal.timeout(closeWithinMs));
  const request = Buffer.alloc(16);
  request.writeInt32BE(16, 0);
  request.writeInt16BE(1234, 4);
  request.writeInt16BE(5678, 6);
  request.writeInt32BE(client.processID, 8);
  request.writeInt32BE(client.secretKey, 12);
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => stream.destroy(), closeWithinMs);
    // The server answers nothing; it closes. A reset is a close, too.
    stream.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
    stream.once('end', () => stream.destroy());
    stream.on('error', () => stream.destroy());
    stream.resume();
    stream.write(request);
  });
}
