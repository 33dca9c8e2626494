/** `howdah serve`: the program in the browser, until interrupted. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { dataFolderPath, makeDataFolder } from '../data-folder.ts';
import { outliveFaults } from '../faults.ts';
import { createLog } from '../log.ts';
import { createSecrets } from '../secrets/create-secrets.ts';
import { type RunningServer, serve } from '../server.ts';
import { version } from '../version.ts';
import { createTransfers } from '../web/chosen-files.ts';
import { openInBrowser } from '../web/open-in-browser.ts';
import { createWebPlatform, programFolder } from '../web/platform.ts';
import { interrupted, readArguments, readPort } from './command.ts';

export async function serveCommand(args: readonly string[]): Promise<number> {
  const { values } = readArguments(args, {
    data: { type: 'string' },
    port: { type: 'string' },
    open: { type: 'boolean' },
    queries: { type: 'string' },
  });
  const port = readPort(values.port);
  const pageFolder = join(programFolder, 'out', 'renderer');
  if (!existsSync(join(pageFolder, 'index.html'))) {
    console.error('The page has not been built yet. Run: npm run build');
    return 1;
  }
  const stopped = interrupted();
  const folders = { data: makeDataFolder(dataFolderPath(values.data)), page: pageFolder, queries: values.queries };
  const server = await start(folders, port).catch((thrown: unknown) => {
    const taken = thrown instanceof Error && 'code' in thrown && thrown.code === 'EADDRINUSE';
    throw taken ? new Error(`Port ${port} is in use. Name another with --port, or none for any that is free.`) : thrown;
  });
  const address = server.newAddress();
  console.log(`Howdah is at ${address}`);
  if (values.open) await openInBrowser(address);
  const stopPrinting = printAnotherOnEnter(server);
  await stopped;
  stopPrinting();
  await server.close();
  // What a closing that was left behind still holds ends with the program.
  process.exit(0);
}

async function start(
  folders: { readonly data: string; readonly page: string; readonly queries: string | undefined },
  port: number,
): Promise<RunningServer> {
  const { data: dataFolder, page: pageFolder } = folders;
  const log = createLog(dataFolder, { echo: true });
  outliveFaults(log);
  const transfers = createTransfers(dataFolder);
  const platform = createWebPlatform({
    version,
    dataFolder,
    secrets: createSecrets({ dataFolder, log }),
    files: transfers,
    queriesFolder: folders.queries === undefined ? undefined : resolve(folders.queries),
    log,
  });
  return serve({ platform, transfers, pageFolder, port });
}

/** Each address lets one browser in. */
function printAnotherOnEnter(server: RunningServer): () => void {
  if (!process.stdin.isTTY) return () => {};
  console.log('It lets one browser in. Press Enter for another address, Ctrl+C to stop.');
  const lines = createInterface({ input: process.stdin });
  lines.on('line', () => console.log(server.newAddress()));
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  return () => lines.close();
}
