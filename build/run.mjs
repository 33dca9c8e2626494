/** Starting one of our own programs and ending as it ends. */
import { spawn } from 'node:child_process';
import { root } from './setup.mjs';

/**
 * Runs a program in the project's folder on this terminal. Resolves with its exit code; an interrupt goes to the
 * program, which decides.
 */
export function run(command, args, { env = {}, quiet = false, cwd = root } = {}) {
  return new Promise((resolve) => {
    const output = [];
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    });
    child.stdout?.on('data', (chunk) => output.push(chunk));
    child.stderr?.on('data', (chunk) => output.push(chunk));
    const forward = (signal) => child.kill(signal);
    const keep = () => {};
    process.on('SIGTERM', forward);
    process.on('SIGHUP', forward);
    // A terminal sends Ctrl+C to both; this one only has to wait.
    process.on('SIGINT', keep);
    const done = (code) => {
      process.off('SIGTERM', forward);
      process.off('SIGHUP', forward);
      process.off('SIGINT', keep);
      resolve({ code, output: Buffer.concat(output).toString() });
    };
    child.once('error', (error) => {
      output.push(Buffer.from(error.message));
      done(127);
    });
    child.once('close', (code, signal) => done(code ?? (signal === 'SIGINT' ? 130 : 143)));
  });
}
