/**
 * Chosen files where there is no file dialog: what is written goes into a folder of its own and is fetched from
 * `/download/<token>` once it is finished; what is read was uploaded first.
 */
import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ChosenFile } from '../../shared/api/files.ts';
import { FailureError, invalid } from '../../shared/failure.ts';
import type { ChosenFiles } from '../platform.ts';

export interface Transfers extends ChosenFiles {
  /** The finished file to send, or why there is none. */
  download(token: string): { path: string; name: string } | 'unknown' | 'unfinished';
  /** Takes a request's body; fails `invalid` over the limit and leaves nothing behind then. */
  receive(name: string, body: AsyncIterable<Buffer>): Promise<ChosenFile>;
  /** Removes every file that is still there. */
  close(): Promise<void>;
}

const largestUploadBytes = 16 * 2 ** 30;

interface Transfer {
  readonly path: string;
  readonly name: string;
  finished: boolean;
}

export function createTransfers(dataFolder: string, uploadLimitBytes = largestUploadBytes): Transfers {
  const folder = join(dataFolder, 'transfers', String(process.pid));
  const transfers = new Map<string, Transfer>();

  const add = async (suggestedName: string): Promise<{ token: string; transfer: Transfer }> => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const name = safeName(suggestedName);
    const transfer = { path: join(await mkdtemp(join(folder, 'file-')), name), name, finished: false };
    const token = randomBytes(24).toString('base64url');
    transfers.set(token, transfer);
    return { token, transfer };
  };
  const known = (token: string): Transfer => {
    const transfer = transfers.get(token);
    if (!transfer) throw invalid('token', 'This file is not known (any more). Choose it again.');
    return transfer;
  };
  const release = async (token: string): Promise<void> => {
    const transfer = transfers.get(token);
    transfers.delete(token);
    if (transfer) await rm(dirname(transfer.path), { recursive: true, force: true });
  };

  return {
    async chooseSave({ suggestedName }) {
      const { token, transfer } = await add(suggestedName);
      return { token, name: transfer.name, downloadPath: `/download/${token}` };
    },
    chooseOpen: async () => null,
    path: (token) => known(token).path,
    finished: (token) => {
      known(token).finished = true;
    },
    release,
    reveal: async () => {
      throw new FailureError({
        kind: 'unsupported',
        needs: 'desktop',
        message: 'A browser cannot show files in a file manager. The file is among your downloads.',
      });
    },
    download(token) {
      const transfer = transfers.get(token);
      if (!transfer) return 'unknown';
      return transfer.finished ? { path: transfer.path, name: transfer.name } : 'unfinished';
    },
    async receive(name, body) {
      const { token, transfer } = await add(name);
      try {
        await pipeline(body, atMost(uploadLimitBytes), createWriteStream(transfer.path, { mode: 0o600, flags: 'wx' }));
      } catch (error) {
        await release(token);
        throw error;
      }
      transfer.finished = true;
      return { token, name: transfer.name };
    },
    async close() {
      transfers.clear();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A file name that means the same on every system and nothing but a name on any. */
function safeName(suggested: string): string {
  const name = basename(suggested.replaceAll('\\', '/'))
    .replace(/[\p{Cc}\p{Cf}<>:"|?*]/gu, '_')
    .replace(/^\.+/, '')
    .slice(-120);
  return name || 'download';
}

function atMost(limitBytes: number): Transform {
  let seen = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length;
      if (seen > limitBytes) done(invalid('body', `A file of more than ${limitBytes} bytes is not accepted.`));
      else done(null, chunk);
    },
  });
}
