/** `howdah backup tools`: which client programs of PostgreSQL were found, for `run --with pg_dump` and for its archives. */
import { findTools } from '../../postgres/backup/tools/find-tools.ts';
import { readArguments } from '../command.ts';
import { plain } from './console.ts';

export async function toolsCommand(args: readonly string[]): Promise<number> {
  const { values } = readArguments(args, { json: { type: 'boolean', default: false } });
  const { usable, broken } = await findTools();
  if (values.json) console.log(JSON.stringify({ usable, broken }));
  else {
    for (const { version, folder } of usable) console.log(plain(`pg_dump ${version} in ${folder}`));
    for (const { folder, why } of broken) console.log(plain(`not usable: ${folder}: ${why}`));
    if (usable.length + broken.length === 0) console.log('None. The built-in backup needs none.');
  }
  return 0;
}
