/**
 * The server must not outlive the programs that use it, even when they are killed. A small shell waits for the end of
 * its standard input, which comes however we end, and then does what stopping does: strikes us off the list of users
 * and, if nobody is left, stops the server. On Windows there is no such shell; the next start takes the server over.
 */
import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';

const script = `
cat >/dev/null
rm -f "$1/$2"
for user in "$1"/*; do
  kill -0 "\${user##*/}" 2>/dev/null && exit
done
read -r pid <"$3/postmaster.pid" && kill -INT "$pid"
`;

/** @returns ends the watch, for when we stop in good order */
export function stopWithUs(usersFolder: string, dataFolder: string): () => void {
  if (process.platform === 'win32') return () => undefined;
  const words = ['-c', script, 'howdah-sample', usersFolder, String(process.pid), dataFolder];
  const watcher = spawn('/bin/sh', words, { stdio: ['pipe', 'ignore', 'ignore'], detached: true, cwd: '/' });
  watcher.on('error', () => undefined);
  watcher.stdin?.on('error', () => undefined);
  watcher.unref();
  // A child's stdin is a socket; only that type tells of unref.
  (watcher.stdin as Socket).unref();
  return () => {
    watcher.kill('SIGKILL');
  };
}
