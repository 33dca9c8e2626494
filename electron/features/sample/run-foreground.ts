/** `howdah sample`: the sample server until Ctrl+C. Scripts read its address from the last word of the line. */
import type { Log } from '../../platform.ts';
import { createSampleServer, type SampleTarget } from './sample-server.ts';

export interface ForegroundOptions {
  readonly dataFolder: string;
  /** Exactly this one; where not given: the last one if free, otherwise any. */
  readonly port?: number;
  readonly resourcesFolder?: string;
  /** `few` for tests. */
  readonly rows?: 'few' | 'all';
}

/** Resolves when it has stopped, after SIGINT or SIGTERM. Steps go to standard error, the address to standard output. */
export async function runSampleForeground(options: ForegroundOptions): Promise<void> {
  const server = createSampleServer({ ...options, log: logToStandardError });
  const asked = Promise.withResolvers<void>();
  const end = () => asked.resolve();
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
  try {
    let told = '';
    const opened = server.open((step) => {
      if (step !== told) process.stderr.write(`${step}\n`);
      told = step;
    });
    const target = await Promise.race([opened, asked.promise]);
    if (!target) {
      opened.catch(() => undefined);
      return;
    }
    process.stdout.write(`The sample server is ready at ${urlOf(target)}\n`);
    // Nothing else may keep this process alive.
    const alive = setInterval(() => undefined, 60_000);
    await asked.promise;
    clearInterval(alive);
  } finally {
    await server.stop();
    process.off('SIGINT', end);
    process.off('SIGTERM', end);
  }
}

/** The password is base64url: nothing to encode. */
export const urlOf = ({ user, password, host, port, database }: SampleTarget): string =>
  `postgres://${user}:${password}@${host}:${port}/${database}`;

const write = (message: string, facts?: Record<string, unknown>) =>
  process.stderr.write(`${message}${facts ? ` ${JSON.stringify(facts)}` : ''}\n`);
const logToStandardError: Log = { info: write, warn: write, error: write };
