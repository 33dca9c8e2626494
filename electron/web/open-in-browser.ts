/** Hands an address to the person's own browser, from a program that has no window. */
import { spawn } from 'node:child_process';

/** Whether this machine shows anything to anyone. */
export const hasDisplay = (env: NodeJS.ProcessEnv = process.env): boolean =>
  process.platform !== 'linux' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);

/** False where there is no display or no program for it. The address goes as one argument; no shell reads it. */
export async function openInBrowser(url: string): Promise<boolean> {
  if (!hasDisplay()) return false;
  const [command, ...args] = opener(url);
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'ignore', detached: true });
    child.once('error', () => resolve(false));
    child.once('spawn', () => {
      child.unref();
      resolve(true);
    });
  });
}

function opener(url: string): [string, ...string[]] {
  if (process.platform === 'darwin') return ['open', url];
  // Not `cmd /c start`: that would be a shell, and an ampersand in the address a second command.
  if (process.platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', url];
  return ['xdg-open', url];
}
