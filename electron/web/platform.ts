/** What the browser host and the command line supply to the core. */
import { join } from 'node:path';
import { FailureError } from '../../shared/failure.ts';
import { externalUrl } from '../external-url.ts';
import type { Log, Platform, Secrets } from '../platform.ts';
import type { Transfers } from './chosen-files.ts';
import { openInBrowser } from './open-in-browser.ts';

export interface WebPlatformParts {
  readonly version: string;
  readonly dataFolder: string;
  readonly secrets: Secrets;
  readonly files: Transfers;
  readonly log: Log;
  /** Where saved queries are files as well. */
  readonly queriesFolder?: string | undefined;
}

/** The checkout (or the installed program): this file lies two folders below it. */
export const programFolder = join(import.meta.dirname, '..', '..');

export function createWebPlatform(parts: WebPlatformParts): Platform {
  return {
    ...parts,
    host: 'browser',
    resourcesFolder: join(programFolder, 'resources'),
    // A browser page shows its own notifications; there is no menu, and no word of the machine going to sleep.
    notify: () => {},
    setCommands: () => {},
    onHostEvent: () => () => {},
    async openExternal(url) {
      if (!(await openInBrowser(externalUrl(url)))) {
        throw new FailureError({ kind: 'unsupported', needs: 'display', message: `Open it by hand: ${url}` });
      }
    },
  };
}
