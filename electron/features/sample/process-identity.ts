/** Whether a process number found in a file still belongs to the server that wrote it. Numbers are used again. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** True when the process's command line names the data folder. */
export async function isPostmasterOf(pid: number, dataFolder: string): Promise<boolean> {
  return (await commandLine(pid)).includes(dataFolder);
}

async function commandLine(pid: number): Promise<string> {
  try {
    if (process.platform === 'linux') return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ');
    if (process.platform !== 'win32') return (await run('ps', ['-o', 'command=', '-p', String(pid)])).stdout;
    const script = `(Get-CimInstance Win32_Process -Filter "ProcessId=${pid}").CommandLine`;
    return (await run('powershell.exe', ['-NoProfile', '-Command', script])).stdout;
  } catch {
    return '';
  }
}
