/** `howdah sample`: the sample server in the foreground. */
import { join } from 'node:path';
import { dataFolderPath, makeDataFolder } from '../data-folder.ts';
import { runSampleForeground } from '../features/sample/run-foreground.ts';
import { programFolder } from '../web/platform.ts';
import { readArguments, readPort } from './command.ts';

export async function sampleCommand(args: readonly string[]): Promise<number> {
  const { values } = readArguments(args, { data: { type: 'string' }, port: { type: 'string' } });
  await runSampleForeground({
    dataFolder: makeDataFolder(dataFolderPath(values.data)),
    port: readPort(values.port) || undefined,
    resourcesFolder: join(programFolder, 'resources'),
  });
  return 0;
}
