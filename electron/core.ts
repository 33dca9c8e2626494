/** What exists, as a list one can read. Both hosts and the command line start here. */
import type { Platform } from './platform.ts';

export interface Core {
  readonly router: unknown;
  close(): Promise<void>;
}

export async function createCore(_platform: Platform): Promise<Core> {
  return { router: {}, close: async () => {} };
}
